"""Checks the entries of a model card against a schema with limits."""

from __future__ import annotations

import math
from functools import partial
from typing import Any, Callable, Iterable, Mapping

from ..variables import BY_NAME

MOST_LATERAL = "lateral_conductivity_maximum_m_per_s"  # among a card's ranges: of K times the lateral anisotropy
#: Key figures of the study area on which a paper's network was trained.
SITE = ("cells", "cell_size", "elevation_mean", "elevation_deviation", "soil_depth_mean")
#: Greatest size of a card [bytes]; those of the shipped networks have less than 10 kB.
LONGEST_CARD = 1_000_000
_MOST_CHANNELS, _MOST_LEVELS = 1024, 8
_LONGEST_NAME, _LONGEST_TEXT = 100, 20_000
_MOST_ENTRIES = 1000
#: Types of a shape's entries.
_FORMS = {
    "kind": str,
    "widths": list,
    "channels": list,
    "frame": str,
    "width": int,
    "levels": int,
    "dropout": (int, float),
}
_SCALED = ("elevation", "soil_depth", "cohesion", "friction_angle", "conductivity")


_Check = Callable[[str, Any], None]


class CardError(ValueError):
    """An entry of a card that is missing, of another type or beyond its limits."""


def check_card(card: Any, required: Iterable[str]) -> None:
    """Check the entries that the code reads of a card; others are only shown.

    Args:
        card: as read from JSON.
        required: entries that it must have.

    Raises:
        CardError: names the entry and what is wrong with it.
    """
    _require(isinstance(card, dict) and len(card) <= _MOST_ENTRIES, "the card is not a list of named entries")
    for key, check in _CHECKS.items():
        _require(key in card or key not in required, f"{key} is missing")
        if card.get(key) is not None or key in required:
            check(key, card.get(key))


def _require(fits: bool, problem: str) -> None:
    if not fits:
        raise CardError(problem)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _name(key: str, value: Any) -> None:
    short = isinstance(value, str) and 0 < len(value) <= _LONGEST_NAME
    _require(short, f"{key} is not a text of 1 to {_LONGEST_NAME} characters")


def _shown(key: str, value: Any) -> None:
    _require(len(str(value)) <= _LONGEST_TEXT, f"{key} is longer than {_LONGEST_TEXT} characters")


def _check_entries(check: _Check, key: str, value: Any) -> None:
    """Check all named entries."""
    _require(isinstance(value, dict) and len(value) <= _MOST_ENTRIES, f"{key} contains no named entries")
    for name, entry in value.items():
        check(f"{key}: {name}", entry)


def _number(key: str, value: Any) -> None:
    _require(_is_number(value), f"{key} is not a finite number")


def _positive(key: str, value: Any) -> None:
    _require(_is_number(value) and value > 0.0, f"{key} is not a number above 0")


def _range(key: str, value: Any) -> None:
    """A range of two finite numbers, the lower one first, or a bound that is one number."""
    if key.endswith(f": {MOST_LATERAL}"):
        return _positive(key, value)
    pair = isinstance(value, list) and len(value) == 2 and all(map(_is_number, value)) and value[0] <= value[1]
    return _require(pair, f"{key} is not a range of two numbers")


def _sites(key: str, value: Any) -> None:
    _require(isinstance(value, list) and len(value) <= _MOST_ENTRIES, f"{key} is not a list of sites")
    for site in value:
        _check_entries(_number, key, site)
        _require(set(site) == set(SITE), f"{key} is not described by {', '.join(SITE)}")


def _constants(key: str, value: Any) -> None:
    _check_entries(_number, key, value)
    _require(set(value) <= set(BY_NAME), f"{key} contains a name that is not a parameter")


def _metrics(key: str, value: Any) -> None:
    _check_entries(_shown, key, value)
    for name in ("mean_iou", "validation_iou"):
        _require(value.get(name) is None or _is_number(value[name]), f"{key}: {name} is not a finite number")


def _architecture(key: str, value: Any) -> None:
    """Shape of a network: whole numbers of channels and levels that can be meant."""
    _require(isinstance(value, dict) and len(value) <= 20, f"{key} contains no named entries")
    for name, entry in value.items():
        form = _FORMS.get(name)
        _require(
            form is None or isinstance(entry, form),
            f"{key}: {name} = {str(entry)[:_LONGEST_NAME]} is not a valid value",
        )
        most = _MOST_LEVELS if name == "levels" else _MOST_CHANNELS
        entries = entry if isinstance(entry, list) else [entry]
        _require(0 < len(entries) <= _MOST_LEVELS, f"{key}: {name} has {len(entries)} entries, at most {_MOST_LEVELS}")
        for one in entries:
            whole = isinstance(one, int) and not isinstance(one, bool) and 1 <= one <= most
            share = isinstance(one, float) and 0.0 <= one < 1.0
            text = isinstance(one, str) and len(one) <= _LONGEST_NAME
            _require(
                whole or share or text, f"{key}: {name} = {str(one)[:_LONGEST_NAME]} is out of range (1 to {most})"
            )


def _scaling(key: str, value: Any) -> None:
    """Check the ranges of the channels, and the rainfall scale, which must be above 0 for logarithm or quotient."""
    entries = {*_SCALED, "rainfall"}
    _require(isinstance(value, dict) and set(value) == entries, f"{key} must contain {', '.join(sorted(entries))} only")
    _check_entries(_range, key, {name: value[name] for name in _SCALED})
    _positive(f"{key}: rainfall", value["rainfall"])
    _require(value["conductivity"][0] > 0.0, f"{key}: conductivity is not above 0")


_ranges, _texts = partial(_check_entries, _range), partial(_check_entries, _shown)
_CHECKS: Mapping[str, _Check] = {
    "id": _name, "architecture": _architecture, "ranges": _ranges, "scaling": _scaling, "sites": _sites,
    "constants": _constants, "temperature": _positive, "training": _texts, "metrics": _metrics, "validation": _metrics,
    "licence": _shown, "date": _shown, "commit": _shown,
}  # fmt: skip
