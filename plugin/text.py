"""Texts for users that are composed in the core and translated where they are shown."""

from __future__ import annotations

import re
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Callable, Iterator, Sequence

#: Translates a text into the user's language; unknown texts are returned unchanged.
Translate = Callable[[str], str]
#: Translation of the pages that are written, see :func:`pages_in`.
_OF_PAGES: ContextVar[Translate] = ContextVar("translation of pages", default=str)


_NOUNS = (
    "areas|bands|blocks|cases|cells|columns|days|draws|errors|events|features|files|folds|landslides|layers|lines|masks|"
    "points|polygons|rows|runs|scenarios|seconds|sets|simulations|steps|tables|threads|tiles|titles|values|windows|"
    "workers|years|zones"
)
_VERBS = {
    "are": "is", "were": "was", "have": "has", "contain": "contains", "cover": "covers", "differ": "differs",
    "do": "does", "fail": "fails", "lie": "lies",
}  # fmt: skip
#: Words between a noun and its verb, such as those of "cells of the mask differ".
_OF_NOUN = (
    r" (?:at|in|near|of|with|without) (?:(?!that\b)[\w'<>=-]+ ){0,7}?(?=(?:" + "|".join(_VERBS) + r")\b)"
)  # fmt: skip
#: A counted noun after the number one, and the verb that follows. As elsewhere in what QGIS loads at its start, a
#: pattern is compiled when first used.
_ONE = (
    r"(?<![\w.,:/'\\-])(?<!of )(?<!x )(?<!row )(?<!class )1 "
    r"((?:further|other|failed|hydrological|parameter|stable|study|time|valid|validation|more) )?"
    rf"({_NOUNS})\b( that|{_OF_NOUN})?(?: ?({'|'.join(_VERBS)}))?(?![\w-]|\.\w)"
)


def in_singular(text: str) -> str:
    """An English text with nouns and verbs in the singular after the number 1.

    >>> in_singular("1 features have failed cells; 1 of 20 cells are NoData; 11 rows")
    '1 feature has failed cells; 1 of 20 cells are NoData; 11 rows'
    >>> in_singular("'1 rows.csv' has 1 rows")
    "'1 rows.csv' has 1 row"
    """
    return re.sub(_ONE, _singular, text) if "1 " in text else text


def _singular(found: re.Match[str]) -> str:
    adjective, noun, between, verb = (part or "" for part in found.groups())
    return f"1 {adjective}{noun[:-1]}{between.rstrip()}" + (f" {_VERBS[verb]}" if verb else "")


class Text(str):
    """A sentence with values: an English string that keeps its template for translation.

    >>> text = Text("{} holds {:g} m", Text("Soil depth"), 60.0)
    >>> text
    'Soil depth holds 60 m'
    >>> translated(text, {"{} holds {:g} m": "{}: {:g} m", "Soil depth": "토심"}.get)
    '토심: 60 m'

    Args:
        template: with the places of the values as in :meth:`str.format`; without values it is the text itself.
        values: numbers, names, or texts that are translated too.
    """

    template: str
    values: tuple[Any, ...]

    def __new__(cls, template: str, *values: Any) -> Text:  # noqa: D102 - documented by the class
        made = super().__new__(cls, in_singular(template.format(*values)) if values else template)
        made.template, made.values = template, values
        return made

    def __getnewargs__(self) -> tuple[Any, ...]:
        """Pickle support."""
        return self.template, *self.values


#: The physics engine's algorithm as messages name it.
ENGINE_TOOL = Text("'{}'", Text("Simulate factor of safety (physics engine)"))


def as_text(text: str) -> Text:
    """A plain string as a translatable text."""
    return text if isinstance(text, Text) else Text(text)


def translated(text: str, translate: Translate) -> str:
    """A text in the user's language: a plain string is looked up as it is, a :class:`Text` by its template."""
    if not text:
        return ""
    if not isinstance(text, Text) or not text.values:
        return in_singular(translate(str(text)))
    values = (translated(value, translate) if isinstance(value, Text) else value for value in text.values)
    return in_singular(translate(text.template).format(*values))


@contextmanager
def pages_in(translate: Translate) -> Iterator[None]:
    """Translate the texts of all pages written within the block: core code has no translator."""
    token = _OF_PAGES.set(translate)
    try:
        yield
    finally:
        _OF_PAGES.reset(token)


def on_page(text: str) -> str:
    """A :class:`Text` in the language of the pages; a plain string, which is a name or data, as it is."""
    return translated(text, _OF_PAGES.get()) if isinstance(text, Text) else text


def span(least: float, greatest: float, unit: str) -> Text:
    """A range in words; the unit ``-`` means none."""
    if unit == "-":
        return Text("{:g} to {:g}", least, greatest)
    return Text("{:g} to {:g} {}", least, greatest, unit)


def measure(value: float, unit: str) -> Text:
    """A number with its unit; the unit ``-`` means none."""
    return Text("{:g}", value) if unit == "-" else Text("{:g} {}", value, unit)


def with_unit(title: str, unit: str) -> str:
    """A title and its unit in brackets; the title alone for ratios (``-``) and classes (empty)."""
    return f"{title} [{unit}]" if unit.strip("-") else title


def joined(separator: str, texts: Sequence[str]) -> Text:
    """Several texts as one."""
    return Text(separator.join(["{}"] * len(texts)), *map(as_text, texts))
