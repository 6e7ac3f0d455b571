"""Detects whether a raster is a factor of safety, a probability of failure or a failure mask."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, NamedTuple, Sequence

from ...core.errors import InputError
from ...core.quantities.foreign_text import foreign_entries, foreign_text
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
#: Kind of map by the band name that Slopecast writes.
_KIND_BY_BAND_NAME = {
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
#: Further kind of map that some tools accept: classes, whole numbers; 0 means no class.
CLASSES = "classes"
FAILURE_CLASS, STABILITY_CLASS, FIRST_FAILURE = "Failure class", "Stability class", "First failing scenario"
_SERIES = "Factor of safety over time"
#: Class maps without a class of failed cells.
_NO_FAILED_CLASS = ("Influence of the map's edge", "Agreement", "Agreement with the physics engine")
#: Band names of Slopecast's class maps.
_CLASS_MAPS = (FAILURE_CLASS, STABILITY_CLASS, "Failure mode", FIRST_FAILURE, *_NO_FAILED_CLASS)
#: Band names of Slopecast's other rasters.
_OTHER_BANDS = (
    *_CLASS_MAPS, "Soil depth", "Elevation (synthetic)", "Water table above bedrock", "Wetting front depth",
    "Failure time", "Failure depth", "Runoff", "Critical rainfall", "Soil depth of the sets",
)  # fmt: skip
#: Slopecast tools that do not write such maps.
_OTHER_TOOLS = tuple(
    f"slopecast:{tool}" for tool in ("exampledata", "estimatesoildepth", "parametersfromzones", "comparemasks")
)
#: Kinds of map by words in a band's name.
_KIND_BY_WORD = {
    "factor of safety": "factor of safety", "probability": "probability", "confidence": "probability",
    "susceptibility": "probability",
    "failure mask": "mask",
}  # fmt: skip
_PERCENT = r"(?i)%|percent|pct"
_HIGHEST_CLASS = 254
_HIGHEST_SHARE = 1.0 + 1e-6  # a probability of 1 by rounding
_LOWEST_UNLIKELY = 5.0  # of a whole map: where nothing is less stable, no slope is near failure


class _ValueSummary(NamedTuple):
    """Summary of a map's valid values."""

    least: float
    greatest: float
    are_whole: bool
    include_zero: bool
    are_mask_values: bool

    @classmethod
    def of(cls, values: np.ndarray, divisor: float = 1.0) -> _ValueSummary:
        """Summarize a map (rows, cols), NaN for NoData, divided by ``divisor``."""
        import numpy as np

        from ...core.map_parts.strips import known_strips

        least, greatest, are_whole, include_zero, are_mask_values = math.inf, -math.inf, True, False, True
        for strip in known_strips(values):
            known = strip if divisor == 1.0 else strip / np.float32(divisor)
            is_zero = known == 0.0
            least, greatest = min(least, float(known.min())), max(greatest, float(known.max()))
            are_whole = are_whole and bool((known == np.round(known)).all())
            are_mask_values = are_mask_values and bool((is_zero | (known == 1.0)).all())
            include_zero = include_zero or bool(is_zero.any())
        return cls(least, greatest, are_whole, include_zero, are_mask_values)


def check_stability_map(source: RasterSource) -> None:
    """Raise :class:`InputError` for rasters of Slopecast that hold something else."""
    name = _band_name(source)
    made_by = stored_provenance(source.source).get("algorithm", "")
    if _is_other_band(name) or made_by in _OTHER_TOOLS:
        what = name or tool_title(made_by)
        raise InputError(
            source.label, Text("contains '{}', which is not a map of that kind", what),
            "a factor of safety, a probability of failure or a failure mask", "Choose the raster that contains it.",
        )  # fmt: skip


def stability_map_kind(source: RasterSource, kind: str, values: np.ndarray, log: Log) -> str:
    """Determine the kind of a map.

    Args:
        kind: that the user has chosen; ``auto`` leaves it to the band's name, else to the values.
        values: (rows, cols), NaN for NoData; a probability in percent is turned into shares of 1.

    Raises:
        InputError: values that cannot be of that kind.
    """
    import numpy as np

    from ...core.map_parts.strips import row_strips

    by_name, percent = _kind_by_name(source), _is_percent(source)
    known = _ValueSummary.of(values)
    if kind == "auto":
        by_values = (
            "factor of safety"
            if known.greatest > _HIGHEST_SHARE
            else "mask"
            if known.are_mask_values
            else "probability"
        )
        kind = by_name or ("probability" if percent else by_values)
        log.pushInfo(tr("The map is read as: {}.").format(tr(KINDS[kind])))
    if percent and kind == "probability":
        log.pushNote(Text("{}: probabilities are converted from percent to shares of 1 (x 0.01).", source.label))
        known = _ValueSummary.of(values, 100.0)
        for at in row_strips(values.shape):
            values[at] /= np.float32(100.0)  # 30 % are 0.3, the nearest number: times 0.01 they are less
    _check_range(source, kind, known)
    if kind == "mask":
        caution_without_stable_cells(source, values, log)
    caution_series(source, log)
    if not by_name and kind == "factor of safety" and _are_unlikely_factors(known):
        text = (
            "{}: no name states what it contains, and values from {:g} to {:g} are unusual for a factor of safety. Is "
            "it a factor of safety?"
        )
        log.pushCaution(Text(text, source.label, known.least, known.greatest))
    return kind


def warn_of_calibration(source: RasterSource, log: Log) -> None:
    """Push a warning for a map of a calibration to landslides, which are no test of it."""
    known, calibration = stored_provenance(source.source), "slopecast:calibratetoinventory"
    if known.get("algorithm") == calibration or "calibrated" in known:
        log.pushWarning(
            tr("The map was made by '{}' or from its parameter sets. If it was calibrated to these landslides, the "
               "scores are too high: use the held-out scores of its report.").format(tool_title(calibration))
        )  # fmt: skip


def warn_of_threshold(source: RasterSource, threshold: float, log: Log) -> None:
    """Push a warning for a threshold of failure probability, which nobody has chosen, on a susceptibility."""
    if _matches_any(_band_name(source), ["Susceptibility"]):
        text = (
            "{}: a susceptibility ranks cells and is not a probability of failure: which cells reach the threshold of "
            "{:g} says nothing about failure. Choose a threshold for this map, e.g. the best one that 'Validate with a "
            "landslide inventory' finds."
        )
        log.pushWarning(Text(text, source.label, threshold))


def caution_without_stable_cells(source: RasterSource, mask: np.ndarray, log: Log) -> None:
    """Push a caution for a mask (rows, cols) with NaN and 1 alone: its 0, declared as NoData, makes all shares 1."""
    import numpy as np

    from ...core.map_parts.strips import known_strips

    known = failed = 0
    for strip in known_strips(mask):
        known, failed = known + strip.size, failed + int(np.count_nonzero(strip == 1.0))
    if 0 < failed == known < mask.size:
        text = (
            "{}: its {} cells with a value are all 1 (failed); the others are NoData. If these are stable, 0 must not "
            "be NoData (Layer Properties > Transparency): no stable cell is counted."
        )
        log.pushCaution(Text(text, source.label, known))


def caution_series(source: RasterSource, log: Log) -> None:
    """Push a caution for another time than the last of a series: it is shown first, and not the end of the event."""
    from ...core.raster.opening import open_raster

    dataset = open_raster(source.source, source.label)
    if _matches_any(_band_name(source), [_SERIES]) and 0 < source.band < dataset.RasterCount:
        text = (
            "{}: it has {} times, and that of band {} is used: '{}'. For the end of the event, choose the last band in "
            "the layer's properties (Symbology), or the factor of safety of the run."
        )
        name = foreign_text(dataset.GetRasterBand(source.band).GetDescription())
        log.pushCaution(Text(text, source.label, dataset.RasterCount, source.band, name))


def summarized_map_kind(source: RasterSource, kind: str, values: np.ndarray, log: Log) -> str:
    """Determine the kind of a map like :func:`stability_map_kind`, for tools that also accept classes.

    A map without a known name must be a mask or a probability: heights, taken for factors of safety, would give a
    plausible result.
    """
    known = _ValueSummary.of(values)
    least, greatest = known.least, known.greatest
    if kind == CLASSES or (kind == "auto" and class_map(source)):
        if not known.are_whole or least < 0.0 or greatest > _HIGHEST_CLASS:
            raise InputError(
                source.label, Text("contains values from {:g} to {:g}, which are not classes", least, greatest),
                Text("whole numbers from 0 to {}", _HIGHEST_CLASS), "Choose the kind of map.",
            )  # fmt: skip
        return CLASSES
    check_stability_map(source)
    if (
        kind == "auto"
        and not (is_named(source) or _is_percent(source))
        and not 0.0 <= least <= greatest <= _HIGHEST_SHARE
    ):
        raise InputError(
            source.label, Text("contains values from {:g} to {:g}, and no name states what they are", least, greatest),
            "0 (stable) and 1 (failed), or probabilities between them; for other maps choose the kind (KIND)",
            "Choose the kind of map, or make a mask first with the raster calculator.",
        )  # fmt: skip
    return stability_map_kind(source, kind, values, log)


def check_has_failed_class(source: RasterSource) -> None:
    """Raise :class:`InputError` for Slopecast's class maps that have no class of failed cells."""
    if class_map(source) in _NO_FAILED_CLASS:
        raise InputError(
            source.label, Text("contains '{}', of which no class means failed cells", _band_name(source)),
            "a failure mask, a probability of failure, a factor of safety or failure classes",
            "Choose the failure mask, or enter the threshold (THRESHOLD) of the classes to count.",
        )  # fmt: skip


def class_map(source: RasterSource) -> str:
    """English name of a map of classes that Slopecast writes; empty for other maps."""
    name = _band_name(source)
    return next((label for label in _CLASS_MAPS if _matches_any(name, [label])), "")


def is_named(source: RasterSource) -> bool:
    """Return whether the band name identifies the kind of map."""
    return bool(_kind_by_name(source))


def _check_range(source: RasterSource, kind: str, known: _ValueSummary) -> None:
    wrong = {
        "factor of safety": known.least < 0.0,
        "probability": known.least < 0.0 or known.greatest > _HIGHEST_SHARE,
        "mask": not known.are_mask_values,
    }
    if wrong[kind]:
        allowed = {"factor of safety": "0 or more", "probability": "0 to 1", "mask": "0 and 1, NoData elsewhere"}
        advice = "Choose the kind of map, or declare its NoData value in the layer's properties."
        if kind == "probability" and known.least >= 0.0:
            advice = "Choose the kind of map. Divide percent by 100, e.g. with Raster > Raster Calculator."
        text = "contains values from {:g} to {:g}, which are not valid for this kind of map: {}"
        raise InputError(source.label, Text(text, known.least, known.greatest, kind), allowed[kind], advice)


def _are_unlikely_factors(known: _ValueSummary) -> bool:
    """Whether values are classes or counts, have exact zeros, or are all far beyond 1."""
    several_whole = known.are_whole and known.greatest > known.least
    return known.least > _LOWEST_UNLIKELY or known.include_zero or several_whole


def _kind_by_name(source: RasterSource) -> str:
    """Kind of map by the name of its band, in English or as Slopecast writes it here; empty where it has none."""
    from ...core.raster.names import quantities_named

    name = _band_name(source)
    ours = {tr(label).casefold(): kind for label, kind in _KIND_BY_BAND_NAME.items()}
    found = next((kind for label, kind in {**_KIND_BY_WORD, **ours}.items() if label in name.casefold()), "")
    named = quantities_named(name)
    if not found and len(named) == 1 and named <= set(STABILITY_MAP.names):
        found = {"factor_of_safety": "factor of safety", "failure_mask": "mask"}.get(next(iter(named)), "probability")
    return found


def _is_other_band(name: str) -> bool:
    """Return whether a band's name is one that Slopecast writes for something else."""
    return _matches_any(name, (*_OTHER_BANDS, *(variable.label for variable in VARIABLES)))


def _matches_any(name: str, labels: Sequence[str]) -> bool:
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
    return any(re.fullmatch(_PERCENT, unit.strip()) for unit in units)


def _band_name(source: RasterSource) -> str:
    """Name of the band; of one that Slopecast wrote, in any language, as it writes it here."""
    from ...core.raster.bands import OUTPUT
    from ...core.raster.opening import open_raster

    dataset = open_raster(source.source, source.label)  # kept: a band does not hold it
    written = dataset.GetMetadataItem(OUTPUT)
    return (
        tr(foreign_text(written)) if written else foreign_text(dataset.GetRasterBand(source.band or 1).GetDescription())
    )
