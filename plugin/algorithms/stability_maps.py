"""Detects whether a raster is a factor of safety, a probability of failure or a failure mask."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Sequence

from ..core.errors import InputError
from ..core.foreign_text import foreign_entries, foreign_text
from ..core.raster.inputs import STABILITY_MAP
from ..text import Text
from ..variables import VARIABLES
from .provenance import stored_provenance, tool_title
from .translation import tr

if TYPE_CHECKING:
    import numpy as np

    from .layers import RasterSource
    from .log import Log

KINDS = {
    "auto": "Determine from the map",
    "factor of safety": "Factor of safety",
    "probability": "Probability of failure, 0 to 1",
    "mask": "Failure mask, 0 and 1",
}
#: Names of the bands that Slopecast writes, and the kind of map that each is.
_OURS = {
    "Factor of safety": "factor of safety",
    "Initial factor of safety": "factor of safety",
    "Mean factor of safety": "factor of safety",
    "Failure probability": "probability",
    "Susceptibility": "probability",
    "Calibrated factor of safety": "factor of safety",
    "Calibrated failure mask": "mask",
    "Failure frequency": "probability",
    "Model confidence: probability that the engine finds failure": "probability",
    "Failure mask": "mask",
}
#: A kind that some tools take beside these: whole numbers, of which 0 is no class.
CLASSES = "classes"
_FAILURE_CLASS = "Failure class"
#: Names of the bands of classes that Slopecast writes.
_CLASS_MAPS = (
    _FAILURE_CLASS, "Influence of the map's edge", "Failure mode", "Stability class", "First failing scenario",
    "Agreement", "Agreement with the physics engine",
)  # fmt: skip
#: Names of the bands that Slopecast writes beside them.
_OTHERS = (
    *_CLASS_MAPS, "Soil depth", "Elevation (synthetic)", "Water table above bedrock", "Wetting front depth",
    "Failure time", "Failure depth", "Runoff", "Critical rainfall", "Soil depth of the sets",
)  # fmt: skip
#: Tools of Slopecast that write no such map.
_OTHER_TOOLS = tuple(
    f"slopecast:{tool}" for tool in ("exampledata", "estimatesoildepth", "parametersfromzones", "comparemasks")
)
#: Kinds of map by words in a band's name.
_WORDS = {
    "factor of safety": "factor of safety", "probability": "probability", "confidence": "probability",
    "susceptibility": "probability",
    "failure mask": "mask",
}  # fmt: skip
_PERCENT = re.compile(r"%|percent|pct", re.IGNORECASE)
_HIGHEST_CLASS = 254
_LEAST_BEYOND_DOUBT = 5.0  # of a whole map: where nothing is less stable, no slope is near failure


def check_stability_map(source: RasterSource) -> None:
    """Raise :class:`InputError` for rasters of Slopecast that hold something else."""
    name = _band_name(source)
    made_by = stored_provenance(source.source).get("algorithm", "")
    if _is_other(name) or made_by in _OTHER_TOOLS:
        what = name or tool_title(made_by)
        raise InputError(
            source.label, Text("contains '{}', which is not a map of that kind", what),
            "a factor of safety, a probability of failure or a failure mask", "Choose the raster that contains it.",
        )  # fmt: skip


def stability_map(source: RasterSource, kind: str, values: np.ndarray, log: Log) -> tuple[str, np.ndarray]:
    """Find out what a map holds.

    Args:
        source: the map.
        kind: that the user has chosen; ``auto`` leaves it to the band's name, else to the values.
        values: (rows, cols), NaN for NoData.
        log: gets the kind that is found, conversions and doubts.

    Returns:
        The kind and the values, a probability as a share of 1.

    Raises:
        InputError: values that cannot be of that kind.
    """
    import numpy as np

    by_name, percent = _kind_by_name(source), _is_percent(source)
    known = values[np.isfinite(values)]
    if kind == "auto":
        kind = by_name or ("probability" if percent else _kind_by_values(known))
        log.pushInfo(tr("The map is read as: {}.").format(tr(KINDS[kind])))
    if percent and kind == "probability":
        log.pushNote(Text("{}: probabilities are converted from percent to shares of 1 (x 0.01).", source.label))
        values, known = values * np.float32(0.01), known * np.float32(0.01)
    _check_range(source, kind, known)
    if not by_name and kind == "factor of safety" and _cannot_be_factors(known):
        log.pushCaution(
            Text(
                "{}: no name states what it contains, and values from {:g} to {:g} are unusual for a factor of "
                "safety. Is it a factor of safety?",
                source.label, float(known.min()), float(known.max()),
            )
        )  # fmt: skip
    return kind, values


def kind_of_any_map(source: RasterSource, kind: str, values: np.ndarray, log: Log) -> tuple[str, np.ndarray]:
    """Find out what a map holds as :func:`stability_map` does, for tools that take classes too.

    A map without a known name must be a mask or a probability: heights, taken for factors of safety, would give a
        plausible
    result.
    """
    import numpy as np

    known = values[np.isfinite(values)]
    least, greatest = float(known.min()), float(known.max())
    if kind == CLASSES or (kind == "auto" and _is_named_as(_band_name(source), _CLASS_MAPS)):
        if not (known == np.round(known)).all() or least < 0.0 or greatest > _HIGHEST_CLASS:
            raise InputError(
                source.label, Text("contains values from {:g} to {:g}, which are not classes", least, greatest),
                Text("whole numbers from 0 to {}", _HIGHEST_CLASS), "Choose the kind of map.",
            )  # fmt: skip
        return CLASSES, values
    check_stability_map(source)
    if kind == "auto" and not (is_named(source) or _is_percent(source)) and not 0.0 <= least <= greatest <= 1.0:
        raise InputError(
            source.label, Text("contains values from {:g} to {:g}, and no name states what they are", least, greatest),
            "0 (stable) and 1 (failed), or probabilities between them; for other maps choose the kind (KIND)",
            "Choose the kind of map, or make a mask first with the raster calculator.",
        )  # fmt: skip
    return stability_map(source, kind, values, log)


def is_failure_class(source: RasterSource) -> bool:
    """Tell whether a map is one of the failure classes that Slopecast writes."""
    return _is_named_as(_band_name(source), [_FAILURE_CLASS])


def is_named(source: RasterSource) -> bool:
    """Return whether the band name identifies the kind of map."""
    return bool(_kind_by_name(source))


def _check_range(source: RasterSource, kind: str, known: np.ndarray) -> None:
    least, greatest = float(known.min()), float(known.max())
    wrong = {
        "factor of safety": least < 0.0,
        "probability": least < 0.0 or greatest > 1.0,
        "mask": not bool(((known == 0.0) | (known == 1.0)).all()),
    }
    if wrong[kind]:
        allowed = {"factor of safety": "0 or more", "probability": "0 to 1", "mask": "0 and 1, NoData elsewhere"}
        advice = "Choose the kind of map, or declare its NoData value in the layer's properties."
        if kind == "probability" and least >= 0.0:
            advice = "Choose the kind of map. Divide percent by 100, e.g. with Raster > Raster Calculator."
        raise InputError(
            source.label,
            Text(
                "contains values from {:g} to {:g}, which are not valid for this kind of map: {}", least, greatest, kind
            ),
            allowed[kind],
            advice,
        )


def _cannot_be_factors(known: np.ndarray) -> bool:
    """Whether values are classes or counts, have exact zeros, or are all far beyond 1."""
    import numpy as np

    whole = bool((known == np.round(known)).all())
    return float(known.min()) > _LEAST_BEYOND_DOUBT or bool((known == 0.0).any()) or (whole and np.ptp(known) > 0.0)


def _kind_by_values(known: np.ndarray) -> str:
    if known.max() > 1.0:
        return "factor of safety"
    return "mask" if ((known == 0.0) | (known == 1.0)).all() else "probability"


def _kind_by_name(source: RasterSource) -> str:
    """Kind of map by the name of its band, in English or as Slopecast writes it here; empty where it has none."""
    from ..core.raster.names import quantities_named

    name = _band_name(source)
    ours = {tr(label).casefold(): kind for label, kind in _OURS.items()}
    found = next((kind for label, kind in {**_WORDS, **ours}.items() if label in name.casefold()), "")
    named = quantities_named(name)
    if not found and len(named) == 1 and named <= set(STABILITY_MAP.names):
        found = {"factor_of_safety": "factor of safety", "failure_mask": "mask"}.get(next(iter(named)), "probability")
    return found


def _is_other(name: str) -> bool:
    """Tell whether a band's name is one that Slopecast writes for something else."""
    return _is_named_as(name, (*_OTHERS, *(variable.label for variable in VARIABLES)))


def _is_named_as(name: str, labels: Sequence[str]) -> bool:
    """Whether a band's name is one of some labels, in English or as Slopecast writes it here."""
    bare = re.sub(r"\s*\[[^\]]*\]\s*$", "", name).strip().casefold()
    return bare in {text.casefold() for label in labels for text in (label, tr(label))}


def _is_percent(source: RasterSource) -> bool:
    """Whether the band declares percent, as its unit or in its name."""
    from ..core.raster.opening import open_raster

    dataset = open_raster(source.source, source.label)  # kept: a band does not hold it
    band = dataset.GetRasterBand(source.band or 1)
    known = {key.casefold(): text for key, text in foreign_entries(band.GetMetadata()).items()}
    units = [foreign_text(band.GetUnitType() or ""), known.get("units", ""), known.get("unit", "")]
    units += re.findall(r"[\[(](.*?)[\])]", _band_name(source))
    return any(_PERCENT.fullmatch(unit.strip()) for unit in units)


def _band_name(source: RasterSource) -> str:
    from ..core.raster.opening import open_raster

    dataset = open_raster(source.source, source.label)  # kept: a band does not hold it
    return foreign_text(dataset.GetRasterBand(source.band or 1).GetDescription())
