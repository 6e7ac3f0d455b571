"""``make validate``: the physics against closed forms, conservation laws, its own convergence and other programs.

    python tests/commands validate [--output docs/validation.html]

Writes one self-contained HTML page and prints every check; the exit status is 1 when one fails. The comparison with
Landlab runs where ``build/landlab`` (or the interpreter that the variable LANDLAB_PYTHON names) has it; Landlab needs a
newer numpy than QGIS brings, hence an environment of its own:

    python3 -m venv build/landlab && build/landlab/bin/pip install 'landlab<2.11'
"""

import argparse
import time
from pathlib import Path

import checkout

from .validation import balance, convergence, groundwater, infiltration, invariances, peers, stability
from .validation.checks import Section, shown
from .validation.page import page

SUBJECTS = (stability, infiltration, groundwater, balance, convergence, invariances, peers)


def main() -> int:
    """Run all sections, write the page; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", type=Path, default=checkout.ROOT / "docs" / "validation.html", help="HTML page")
    output = parser.parse_args().output
    began = time.monotonic()
    sections = []
    for subject in SUBJECTS:
        sections.append(subject.section())
        report(sections[-1])
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(page(sections, time.monotonic() - began), encoding="utf-8")
    checks = [check for section in sections for check in section.checks]
    failed = [check for check in checks if not check.passed]
    print(
        f"\n{len(checks) - len(failed)} of {len(checks)} checks pass; {time.monotonic() - began:.0f} s. "
        f"Written: {_short(output)}"
    )
    for check in failed:
        print(f"FAILED: {check.what}")
    return 1 if failed else 0


def report(section: Section) -> None:
    """Print a section's checks as a table."""
    print(f"\n{section.title}")
    for check in section.checks:
        expected = "" if check.expected is None else f" expected {shown(check.expected)} (error {check.error:.1e})"
        print(
            f"  {'pass' if check.passed else 'FAIL'}  {check.number:>2}  {check.what}: "
            f"{shown(check.computed)}{expected}",
            flush=True,
        )
    for note in section.notes:
        print(f"  note: {note}")


def _short(path: Path) -> str:
    return str(path.relative_to(checkout.ROOT)) if path.is_relative_to(checkout.ROOT) else str(path)
