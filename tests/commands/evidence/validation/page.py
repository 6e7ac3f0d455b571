"""The report as one HTML file: a summary, a table of checks and the pictures of each section."""

from __future__ import annotations

import datetime
import html
import platform
import subprocess
from typing import Sequence

import checkout
import numpy as np
from slopecast.plugin.core.physics import compiling

from .checks import Check, Section, shown

STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; color: #222; max-width: 72rem; margin: 2rem auto; padding: 0 1rem }
h1 { margin-bottom: 0 } h2 { margin-top: 2.5rem; border-bottom: 1px solid #ddd }
table { border-collapse: collapse; width: 100%; font-size: 13px; font-variant-numeric: tabular-nums }
td, th { text-align: left; padding: .2rem .6rem .2rem 0; border-bottom: 1px solid #eee; vertical-align: top }
td.n, th.n { text-align: right; white-space: nowrap } .ok { color: #2c7a3d } .bad { color: #c0233c; font-weight: bold }
figure { margin: 1.2rem 0 } figcaption { font-size: 13px; color: #555; max-width: 50rem } img { max-width: 100% }
.note { background: #fff7df; padding: .4rem .8rem } .about { color: #555; font-size: 13px }
"""
KINDS = {"relative": "≤ {} relative", "absolute": "≤ {} absolute", "below": "< {}", "above": "> {}"}


def page(sections: Sequence[Section], seconds: float) -> str:
    """The whole document."""
    checks = [check for section in sections for check in section.checks]
    failed = sum(not check.passed for check in checks)
    verdict = f"all {len(checks)} checks pass" if not failed else f"{failed} of {len(checks)} checks fail"
    contents = "".join(
        f'<li><a href="#s{n}">{html.escape(s.title)}</a>: {sum(c.passed for c in s.checks)} of {len(s.checks)}</li>'
        for n, s in enumerate(sections)
    )
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        "<title>Slopecast: validation of the physics</title>"
        f"<style>{STYLE}</style></head><body><h1>Validation of the physics</h1>"
        f'<p class="about">{about(seconds)}</p><p class="{"bad" if failed else "ok"}">{verdict}.</p><ul>{contents}</ul>'
        "<p>What this shows: the engine solves the stated equations, conserves water and agrees with closed forms and "
        "with other programs where their assumptions meet. It does not show that the equations describe a given "
        "hillslope.</p>" + "".join(_section(n, s) for n, s in enumerate(sections)) + "</body></html>\n"
    )


def about(seconds: float) -> str:
    """Date, commit, versions and run time in one line."""
    now = datetime.datetime.now(datetime.timezone.utc)
    numba = compiling.numba.__version__ if compiling.compiled() else "not used"
    return (
        f"<code>make validate</code>, {now:%Y-%m-%d %H:%M} UTC, commit {commit()}, Python {platform.python_version()}, "
        f"numpy {np.__version__}, numba {numba}; the run took {seconds:.0f} s."
    )


def commit() -> str:
    """Short hash of the checkout, and whether it has been changed since."""

    def git(*arguments: str) -> str:
        done = subprocess.run(["git", *arguments], cwd=checkout.ROOT, capture_output=True, text=True, check=False)
        return done.stdout.strip() if done.returncode == 0 else ""

    changed = [line for line in git("status", "--porcelain", "plugin").splitlines() if line]
    return (git("rev-parse", "--short", "HEAD") or "unknown") + (" with uncommitted changes" if changed else "")


def _section(number: int, section: Section) -> str:
    rows = "".join(_row(check) for check in section.checks)
    notes = "".join(f'<p class="note">{html.escape(note)}</p>' for note in section.notes)
    pictures = "".join(
        f'<figure><img alt="{html.escape(caption)}" src="data:image/svg+xml;base64,{svg}">'
        f"<figcaption>{html.escape(caption)}</figcaption></figure>"
        for caption, svg in section.figures
    )
    head = (
        "<tr><th>no.</th><th>check</th><th class=n>computed</th><th class=n>expected</th><th class=n>error</th>"
        "<th class=n>allowed</th><th></th></tr>"
    )
    title = f'<h2 id="s{number}">{html.escape(section.title)}</h2>'
    return f"{title}<p>{section.text}</p>{notes}<table>{head}{rows}</table>{pictures}"


def _row(check: Check) -> str:
    error = "-" if check.expected is None else f"{check.error:.1e}"
    allowed = KINDS[check.kind].format(f"{check.tolerance:g}")
    verdict = '<td class="ok">pass</td>' if check.passed else '<td class="bad">FAIL</td>'
    cells = "".join(f"<td class=n>{x}</td>" for x in (shown(check.computed), shown(check.expected), error, allowed))
    return f"<tr><td>{check.number}</td><td>{html.escape(check.what)}</td>{cells}{verdict}</tr>"
