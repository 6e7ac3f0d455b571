"""The gallery of ``make pictures``: every window and result in light and dark, at two scales, in two languages."""

from __future__ import annotations

import html
import itertools
from pathlib import Path
from typing import Any, Mapping

import desktop

#: What the pictures differ by: language, theme of QGIS, scale of the screen.
LANGUAGES = {"en": "English", "ko": "Korean"}
THEMES = {"default": "light", "Night Mapping": "dark"}
SCALES = (1.0, 2.0)
_STYLE = """
body { font-family: sans-serif; margin: 1em 2em; } nav { columns: 4; font-size: .9em; }
section > div { display: grid; grid-template-columns: repeat(4, 1fr); gap: .6em; align-items: start; }
figure { margin: 0; } figcaption { font-size: .85em; color: #555; } figcaption b { color: #b00; }
img { max-width: 100%; border: 1px solid #bbb; }
"""


def make(folder: Path) -> list[str]:
    """Picture all windows in every way, and write the page.

    Args:
        folder: gets ``index.html`` and a folder of pictures for each way.

    Returns:
        what went wrong, and the texts that do not fit.
    """
    problems: list[str] = []
    seen: dict[str, list[tuple[str, str, list[str]]]] = {}  # title: way, file, faults
    for (language, spoken), (theme, look), scale in itertools.product(LANGUAGES.items(), THEMES.items(), SCALES):
        way, place = f"{spoken}, {look}, {scale:.0%}", f"{language}_{look}_{scale:.0%}".rstrip("%")
        report = desktop.run(folder / place, scale=scale, theme=theme, language=language, steps="gallery_steps.py")
        problems += [f"{way}: {error}" for error in report["errors"]]
        for window in report["windows"]:
            seen.setdefault(window["title"], []).append((way, f"{place}/{window['file']}", window["faults"]))
            problems += [f"{way}: {window['title']}: {fault}" for fault in window["faults"]]
        print(f"{way}: {len(report['windows'])} pictures", flush=True)
    (folder / "index.html").write_text(page(seen), encoding="utf-8")
    return problems


def page(seen: Mapping[str, list[tuple[str, str, list[str]]]]) -> str:
    """The page: a section for each window, a picture for each way.

    Args:
        seen: by the title of the window: way, file below the page's folder, texts that do not fit.
    """
    return (
        f'<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Slopecast: windows and results</title>'
        f"<style>{_STYLE}</style><h1>Windows and results</h1><nav>{_contents(seen)}</nav>"
        + "".join(
            f'<section id="{number}"><h2>{html.escape(title)}</h2><div>'
            f"{''.join(map(_figure, pictures))}</div></section>"
            for number, (title, pictures) in enumerate(sorted(seen.items()))
        )
        + "</html>\n"
    )


def _contents(seen: Mapping[str, Any]) -> str:
    links = (f'<a href="#{number}">{html.escape(title)}</a>' for number, title in enumerate(sorted(seen)))
    return "<br>".join(links)


def _figure(picture: tuple[str, str, list[str]]) -> str:
    way, file, faults = picture
    notes = "".join(f"<br><b>{html.escape(fault)}</b>" for fault in faults)
    image = f'<a href="{html.escape(file)}"><img src="{html.escape(file)}" alt="{html.escape(way)}" loading="lazy"></a>'
    return f"<figure>{image}<figcaption>{html.escape(way)}{notes}</figcaption></figure>"
