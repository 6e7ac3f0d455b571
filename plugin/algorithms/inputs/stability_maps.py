"""Detects whether a raster is a factor of safety, a probability of failure or a failure mask."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, NamedTuple, Sequence

from ...core.errors import InputError
from ...core.foreign_text import foreign_entries, foreign_text
from ...core.raster.inputs import STABILITY_MAP
from ...text import Text
from ...variables import VARIABLES
from ..outputs.provenance import stored_provenance, tool_title
from ..translation import tr

if TYPE_CHECKING:
    import numpy as np

    from ..log import Log
    from .layers import RasterSource

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
    "Model confidence": "probability",
    "Failure mask": "mask",
}
#: A kind that some tools take in addition to these: whole numbers, of which 0 is no class.
CLASSES = "classes"
_FAILURE_CLASS, _STABILITY_CLASS = "Failure class", "Stability class"
#: Maps of classes of which none is that of failed cells.
_NO_FAILED_CLASS = ("Influence of the map's edge", "Agreement", "Agreement with the physics engine")
#: Names of the bands of classes that Slopecast writes.
_CLASS_MAPS = (
    _FAILURE_CLASS, _STABILITY_CLASS, "Failure mode", "First failing scenario", *_NO_FAILED_CLASS,
)  # fmt: skip
#: Names of the bands that Slopecast writes in addition to them.
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


class _Values(NamedTuple):
    """What the known values of a map have in common."""

    least: float
    greatest: float
    are_whole: bool
    have_zero: bool
    are_of_mask: bool

    @classmethod
    def of(cls, values: np.ndarray, factor: float = 1.0) -> _Values:
        """Look at a map (rows, cols), NaN for NoData, whose values are to be multiplied."""
        import numpy as np

        from ...core.strips import known_strips

        least, greatest, are_whole, have_zero, are_of_mask = math.inf, -math.inf, True, False, True
        for strip in known_strips(values):
            known = strip if factor == 1.0 else strip * np.float32(factor)
            is_zero = known == 0.0
            least, greatest = min(least, float(known.min())), max(greatest, float(known.max()))
            are_whole = are_whole and bool((known == np.round(known)).all())
            are_of_mask = are_of_mask and bool((is_zero | (known == 1.0)).all())
            have_zero = have_zero or bool(is_zero.any())
        return cls(least, greatest, are_whole, have_zero, are_of_mask)


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


def stability_map(source: RasterSource, kind: str, values: np.ndarray, log: Log) -> str:
    """Find out what a map holds.

    Args:
        source: the map.
        kind: that the user has chosen; ``auto`` leaves it to the band's name, else to the values.
        values: (rows, cols), NaN for NoData; a probability in percent is turned into shares of 1.
        log: gets the kind that is found, conversions and doubts.

    Raises:
        InputError: values that cannot be of that kind.
    """
    import numpy as np

    from ...core.strips import row_strips

    by_name, percent = _kind_by_name(source), _is_percent(source)
    known = _Values.of(values)
    if kind == "auto":
        kind = by_name or ("probability" if percent else _kind_by_values(known))
        log.pushInfo(tr("The map is read as: {}.").format(tr(KINDS[kind])))
    if percent and kind == "probability":
        log.pushNote(Text("{}: probabilities are converted from percent to shares of 1 (x 0.01).", source.label))
        known = _Values.of(values, 0.01)
        for at in row_strips(values.shape):
            values[at] *= np.float32(0.01)
    _check_range(source, kind, known)
    if kind == "mask":
        caution_without_stable_cells(source, values, log)
    if not by_name and kind == "factor of safety" and _cannot_be_factors(known):
        log.pushCaution(
            Text(
                "{}: no name states what it contains, and values from {:g} to {:g} are unusual for a factor of "
                "safety. Is it a factor of safety?",
                source.label, known.least, known.greatest,
            )
        )  # fmt: skip
    return kind


def caution_without_stable_cells(source: RasterSource, mask: np.ndarray, log: Log) -> None:
    """Push a caution for a mask (rows, cols) with NaN and 1 alone: its 0, declared as NoData, makes all shares 1."""
    import numpy as np

    from ...core.strips import known_strips

    known = failed = 0
    for strip in known_strips(mask):
        known, failed = known + strip.size, failed + int(np.count_nonzero(strip == 1.0))
    if 0 < failed == known < mask.size:
        log.pushCaution(
            Text(
                "{}: its {} cells with a value are all 1 (failed); the others are NoData. If these are stable, 0 must "
                "not be NoData (Layer Properties > Transparency): no stable cell is counted.",
                source.label, known,
            )
        )  # fmt: skip


def kind_of_any_map(source: RasterSource, kind: str, values: np.ndarray, log: Log) -> str:
    """Find out what a map holds as :func:`stability_map` does, for tools that take classes too.

    A map without a known name must be a mask or a probability: heights, taken for factors of safety, would give a
    plausible result.
    """
    known = _Values.of(values)
    least, greatest = known.least, known.greatest
    if kind == CLASSES or (kind == "auto" and _is_named_as(_band_name(source), _CLASS_MAPS)):
        if not known.are_whole or least < 0.0 or greatest > _HIGHEST_CLASS:
            raise InputError(
                source.label, Text("contains values from {:g} to {:g}, which are not classes", least, greatest),
                Text("whole numbers from 0 to {}", _HIGHEST_CLASS), "Choose the kind of map.",
            )  # fmt: skip
        return CLASSES
    check_stability_map(source)
    if kind == "auto" and not (is_named(source) or _is_percent(source)) and not 0.0 <= least <= greatest <= 1.0:
        raise InputError(
            source.label, Text("contains values from {:g} to {:g}, and no name states what they are", least, greatest),
            "0 (stable) and 1 (failed), or probabilities between them; for other maps choose the kind (KIND)",
            "Choose the kind of map, or make a mask first with the raster calculator.",
        )  # fmt: skip
    return stability_map(source, kind, values, log)


def check_has_failed_class(source: RasterSource) -> None:
    """Raise :class:`InputError` for maps of classes that Slopecast writes, of which none is that of failed cells."""
    name = _band_name(source)
    if _is_named_as(name, _NO_FAILED_CLASS):
        raise InputError(
            source.label, Text("contains '{}', of which no class means failed cells", name),
            "a failure mask, a probability of failure, a factor of safety or failure classes",
            "Choose the failure mask, or enter the threshold (THRESHOLD) of the classes to count.",
        )  # fmt: skip


def is_stability_class(source: RasterSource) -> bool:
    """Return whether a map is one of the stability classes that Slopecast writes; from 2 on they are failed."""
    return _is_named_as(_band_name(source), [_STABILITY_CLASS])


def is_failure_class(source: RasterSource) -> bool:
    """Return whether a map is one of the failure classes that Slopecast writes."""
    return _is_named_as(_band_name(source), [_FAILURE_CLASS])


def is_named(source: RasterSource) -> bool:
    """Return whether the band name identifies the kind of map."""
    return bool(_kind_by_name(source))


def _check_range(source: RasterSource, kind: str, known: _Values) -> None:
    wrong = {
        "factor of safety": known.least < 0.0,
        "probability": known.least < 0.0 or known.greatest > 1.0,
        "mask": not known.are_of_mask,
    }
    if wrong[kind]:
        allowed = {"factor of safety": "0 or more", "probability": "0 to 1", "mask": "0 and 1, NoData elsewhere"}
        advice = "Choose the kind of map, or declare its NoData value in the layer's properties."
        if kind == "probability" and known.least >= 0.0:
            advice = "Choose the kind of map. Divide percent by 100, e.g. with Raster > Raster Calculator."
        raise InputError(
            source.label,
            Text(
                "contains values from {:g} to {:g}, which are not valid for this kind of map: {}",
                known.least,
                known.greatest,
                kind,
            ),
            allowed[kind],
            advice,
        )


def _cannot_be_factors(known: _Values) -> bool:
    """Whether values are classes or counts, have exact zeros, or are all far beyond 1."""
    several_whole = known.are_whole and known.greatest > known.least
    return known.least > _LEAST_BEYOND_DOUBT or known.have_zero or several_whole


def _kind_by_values(known: _Values) -> str:
    if known.greatest > 1.0:
        return "factor of safety"
    return "mask" if known.are_of_mask else "probability"


def _kind_by_name(source: RasterSource) -> str:
    """Kind of map by the name of its band, in English or as Slopecast writes it here; empty where it has none."""
    from ...core.raster.names import quantities_named

    name = _band_name(source)
    ours = {tr(label).casefold(): kind for label, kind in _OURS.items()}
    found = next((kind for label, kind in {**_WORDS, **ours}.items() if label in name.casefold()), "")
    named = quantities_named(name)
    if not found and len(named) == 1 and named <= set(STABILITY_MAP.names):
        found = {"factor_of_safety": "factor of safety", "failure_mask": "mask"}.get(next(iter(named)), "probability")
    return found


def _is_other(name: str) -> bool:
    """Return whether a band's name is one that Slopecast writes for something else."""
    return _is_named_as(name, (*_OTHERS, *(variable.label for variable in VARIABLES)))


def _is_named_as(name: str, labels: Sequence[str]) -> bool:
    """Whether a band's name is one of some labels, in English or as Slopecast writes it here."""
    bare = re.sub(r"\s*\[[^\]]*\]\s*$", "", name).strip().casefold()
    return bare in {text.casefold() for label in labels for text in (label, tr(label))}


def _is_percent(source: RasterSource) -> bool:
    """Whether the band declares percent, as its unit or in its name."""
    from ...core.raster.opening import open_raster

    dataset = open_raster(source.source, source.label)  # kept: a band does not hold it
    band = dataset.GetRasterBand(source.band or 1)
    known = {key.casefold(): text for key, text in foreign_entries(band.GetMetadata()).items()}
    units = [foreign_text(band.GetUnitType() or ""), known.get("units", ""), known.get("unit", "")]
    units += re.findall(r"[\[(](.*?)[\])]", _band_name(source))
    return any(_PERCENT.fullmatch(unit.strip()) for unit in units)


def _band_name(source: RasterSource) -> str:
    from ...core.raster.opening import open_raster

    dataset = open_raster(source.source, source.label)  # kept: a band does not hold it
    return foreign_text(dataset.GetRasterBand(source.band or 1).GetDescription())
