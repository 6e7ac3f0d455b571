"""Sample of landslide and stable cells for a calibration, and their spatial blocks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Sequence

import numpy as np

from ...text import Text
from ..errors import InputError
from ..grid import Grid
from ..map_parts.strips import made_of_strips, numbered_cells, with_rows_around

LANDSLIDES, STABLE = "Landslides (LANDSLIDES)", "Stable points (STABLE)"
#: Stable cells keep this distance from landslides: metres, but at least cells.
DISTANCE_M, DISTANCE_CELLS = 30.0, 3
#: Fewest landslides, or stable cells, for a calibration, and landslides for one that is not called uncertain.
FEWEST, FEW = 10, 30
#: Cells of one landslide that count at most: a large one is no more evidence than many small ones. And of all.
_MOST_CELLS, _MOST_SLIDE_CELLS = 20, 3000
#: Stable cells that are drawn for each landslide cell, and the limits of their number.
_STABLE_PER_CELL, _LEAST_STABLE, _MOST_STABLE = 8, 1000, 4000
_AREA_SAMPLE = 2000
#: Share of the given stable cells that may be landslide cells: points next to a landslide may share its cell.
_MOST_BOTH = 0.05
_FEWEST_IN_BLOCK, _FEWEST_BLOCKS = 2, 2
#: Landslides closer together than so many distances of exclusion form a single block.
_BLOCK_DISTANCES = 2.0
_STARTS, _ROUNDS = 10, 100
REPEATED = "{} landslides have the same cells as others. Landslides with the same cells count as one."
_STRIP_CELLS = 1 << 20


@dataclass(frozen=True)
class Sites:
    """The n cells: of landslides, then stable ones; then some of the area, for the success-rate curve.

    Attributes:
        rows, cols: (n,) their places.
        failed, stable: boolean (n,), landslide cells and stable ones.
        unit: (n,) integers, the landslide of each landslide cell; -1 for the others.
        fold: (n,) integers, the spatial block of each.
        drawn: whether the stable cells were drawn; left_out: how many given ones were landslide cells.
        repeated: how many landslides were left out as others have all of their cells, see :func:`own_cells`.
        area_cells, area_failed: cells of the whole area, and landslide cells among them.
    """

    rows: np.ndarray
    cols: np.ndarray
    failed: np.ndarray
    stable: np.ndarray
    unit: np.ndarray
    fold: np.ndarray
    drawn: bool
    left_out: int
    repeated: int
    area_cells: int
    area_failed: int

    @property
    def slides(self) -> int:
        """Number of landslides."""
        return np.unique(self.unit[self.failed]).size

    @property
    def folds(self) -> int:
        """Number of blocks."""
        return int(self.fold.max()) + 1

    @property
    def compared(self) -> slice:
        """The landslide cells and the stable ones."""
        return slice(0, int(self.failed.sum() + self.stable.sum()))

    def outside(self, fold: int) -> np.ndarray:
        """Cells outside a block, boolean (n,); all where ``fold`` is the number of blocks."""
        return self.fold != fold

    def of(self, values: np.ndarray) -> np.ndarray:
        """Values (n,) of a map."""
        return values[self.rows, self.cols]


def choose_sites(
    grid: Grid, landslides: list[np.ndarray], stable: np.ndarray | None, area: np.ndarray, folds: int, seed: int
) -> Sites:
    """Choose the cells.

    Args:
        landslides: for each mapped one, the flat indices of its cells on the map.
        stable: flat indices of cells known to be stable; ``None`` to draw them from the area.

    Raises:
        InputError: too few landslides on the area, all in one place, or stable cells that are landslides.
    """
    rng = np.random.default_rng(seed)
    inside = area.ravel()
    kept = [cells[inside[cells]] for cells in landslides]
    kept = [cells for cells in kept if cells.size]
    on_area, kept = len(kept), own_cells(kept)
    _check_number(len(kept), on_area, len(landslides))
    all_slides = np.zeros(inside.size, dtype=bool)
    all_slides[np.concatenate(landslides)] = True  # those beyond the area have no stable cells next to them either
    most = int(np.clip(_MOST_SLIDE_CELLS // len(kept), 1, _MOST_CELLS))
    chosen = [c if c.size <= most else np.sort(rng.choice(c, most, replace=False)) for c in kept]
    failed = np.concatenate(chosen)
    unit = np.repeat(np.arange(len(chosen)), [c.size for c in chosen])
    if stable is None:
        others, both = _sample_stable(grid, all_slides, inside, failed.size, rng), 0
    else:
        others, both = _check_stable(stable, all_slides, inside)
    anywhere = int(np.count_nonzero(area))
    sample = _sample(area, anywhere, _AREA_SAMPLE, rng)
    cells = np.concatenate([failed, others, sample])
    kind = np.repeat([0, 1, 2], [failed.size, others.size, sample.size])
    rows, cols = np.divmod(cells, grid.cols)
    places = np.column_stack([rows * grid.cell_height, cols * grid.cell_width])
    fold = _blocks(places, kind, unit, folds, _distance(grid), rng)
    unit = np.append(unit, np.full(cells.size - unit.size, -1))
    return Sites(
        rows, cols, kind == 0, kind == 1, unit, fold, stable is None, both, on_area - len(kept), anywhere,
        sum(cells.size for cells in kept),
    )  # fmt: skip


def own_cells(landslides: Sequence[np.ndarray]) -> list[np.ndarray]:
    """Cells of each landslide, of which no two share one: of several the smallest has it. From small to large.

    Landslides without a cell of their own are left out. Shared cells would be on both sides of a test, and count twice.
    The order of the features in their layer has no effect: what is drawn from landslides depends on theirs.

    Args:
        landslides: flat indices of the cells of each.
    """
    if not landslides:
        return []
    landslides = sorted(landslides, key=lambda cells: (cells.size, cells.tolist()))
    size = np.array([cells.size for cells in landslides])
    cell, number = np.concatenate(landslides), np.arange(size.size).repeat(size)
    kept = np.sort(np.unique(cell, return_index=True)[1])
    ends = np.cumsum(np.bincount(number[kept], minlength=size.size))[:-1]
    return [cells for cells in np.split(cell[kept], ends) if cells.size]


def _check_number(different: int, on_area: int, mapped: int) -> None:
    if not on_area:
        none = Text("has no feature within the elevation model")
        raise InputError(
            LANDSLIDES, Text("none of {} is on a valid cell of the elevation model", mapped) if mapped else none,
            Text("{} or more landslides on the elevation model", FEWEST),
            "Check the extents and coordinate systems of the layers, the area (MASK_LAYER) and the soil depth.",
        )  # fmt: skip
    if different < FEWEST:
        problem = Text("{} of {} are on valid cells of the elevation model", on_area, mapped)
        if different < on_area:
            problem = Text("{}; without repeated ones {}", problem, different)
        raise InputError(
            LANDSLIDES, problem,
            Text("{} or more landslides", FEWEST),
            "These are too few landslides to calibrate and test. Map more of them, or use a larger area.",
        )  # fmt: skip


def _distance(grid: Grid) -> float:
    """Distance of stable cells from landslides [m]."""
    return max(DISTANCE_M, DISTANCE_CELLS * max(grid.cell_width, grid.cell_height))


def _sample_stable(
    grid: Grid, slides: np.ndarray, inside: np.ndarray, slide_cells: int, rng: np.random.Generator
) -> np.ndarray:
    """Draw stable cells at a distance from landslides; flat indices."""
    candidates = near(slides.reshape(grid.shape), grid, _distance(grid))
    np.greater(inside.reshape(grid.shape), candidates, out=candidates)  # inside, and not near
    count = int(np.count_nonzero(candidates))
    if count < FEWEST:
        raise InputError(
            LANDSLIDES, Text("leave {} cells that are {:g} m or more away from them", count, _distance(grid)),
            "an area that is larger than the landslides",
            "Use a larger elevation model or area, or give points of stable ground (STABLE).",
        )  # fmt: skip
    wanted = int(np.clip(_STABLE_PER_CELL * slide_cells, _LEAST_STABLE, _MOST_STABLE))
    return _sample(candidates, count, wanted, rng)


def _sample(cells: np.ndarray, count: int, most: int, rng: np.random.Generator) -> np.ndarray:
    """Sample from the ``count`` true cells of a mask (rows, cols) without replacement; ascending flat indices."""
    return numbered_cells(cells, np.sort(rng.choice(count, min(most, count), replace=False)))


def near(slides: np.ndarray, grid: Grid, distance: float) -> np.ndarray:
    """Cells whose centre lies less than a distance [m] from that of a landslide cell; boolean (rows, cols)."""
    around = min(int(distance / grid.cell_height), grid.rows)

    def of_rows(at: slice) -> np.ndarray:
        wide, inner = with_rows_around(at, around, grid.rows)
        return _near_in_rows(slides[wide], grid, distance)[inner]

    return made_of_strips(slides.shape, bool, of_rows, max(_STRIP_CELLS, 2 * around * grid.cols))


def _near_in_rows(slides: np.ndarray, grid: Grid, distance: float) -> np.ndarray:
    """:func:`near` of some rows, as a map of their own."""
    rows, cols = slides.shape
    up, aside = min(int(distance / grid.cell_height), rows - 1), min(int(distance / grid.cell_width), cols - 1)
    found = np.zeros(slides.shape, dtype=bool)
    padded = np.pad(slides, ((0, 0), (aside + 1, aside)))
    before = np.cumsum(padded, axis=1, dtype=np.int32)  # landslide cells of the row up to each cell
    offsets = np.arange(-aside, aside + 1)
    for down in range(-up, up + 1):
        inside = np.hypot(down * grid.cell_height, offsets * grid.cell_width) < distance
        if inside.any():
            wide = int(offsets[inside].max())
            middle = before[:, aside + 1 + wide : aside + 1 + wide + cols]
            within = middle > before[:, aside - wide : aside - wide + cols]
            found[max(0, down) : rows + min(0, down)] |= within[max(0, -down) : rows + min(0, -down)]
    return found


def _check_stable(stable: np.ndarray, slides: np.ndarray, inside: np.ndarray) -> tuple[np.ndarray, int]:
    """Input stable cells within the area, as flat indices, and the number of landslide cells excluded."""
    cells = np.unique(stable[inside[stable]])
    if not cells.size:
        raise InputError(
            STABLE, "none is on a valid cell of the elevation model", "points on the elevation model",
            "Check the extents and coordinate systems of the layers. Without this layer, stable cells are sampled.",
        )  # fmt: skip
    both = int(slides[cells].sum())
    if both > _MOST_BOTH * cells.size:
        raise InputError(
            STABLE, Text("{} of {} cells are landslide cells too", both, cells.size),
            "points where no landslide is mapped", "Remove them, or omit the layer: stable cells are then sampled.",
        )  # fmt: skip
    cells = cells[~slides[cells]]
    if cells.size < FEWEST:
        raise InputError(
            STABLE, Text("cover {} cells of the elevation model", cells.size), Text("{} or more", FEWEST),
            "Provide more points, or omit the layer: stable cells are then sampled.",
        )  # fmt: skip
    return cells, both


def _blocks(
    places: np.ndarray, kind: np.ndarray, unit: np.ndarray, folds: int, distance: float, rng: np.random.Generator
) -> np.ndarray:
    """Spatial block of each cell: the nearest of the k-means centres of the landslides; places (n, 2) [m].

    Every block holds two landslides and a stable cell at least.
    """
    count = np.bincount(unit)
    centres = np.column_stack([np.bincount(unit, weights=axis) / count for axis in places[kind == 0].T])
    if np.ptp(centres, axis=0).max() > _BLOCK_DISTANCES * distance:
        for number in range(min(folds, len(centres) // _FEWEST_IN_BLOCK), _FEWEST_BLOCKS - 1, -1):
            middles = k_means(centres, number, rng)
            of_slide, fold = nearest(centres, middles), nearest(places, middles)
            fold[kind == 0] = of_slide[unit]
            enough = np.bincount(of_slide, minlength=number).min() >= _FEWEST_IN_BLOCK
            if enough and np.bincount(fold[kind == 1], minlength=number).min() > 0:
                return fold
    raise InputError(
        LANDSLIDES, Text("all {} are in one block", len(centres)),
        "landslides in two or more separate parts of the area, with stable cells in each",
        "Scores are held out by spatial blocks, which needs landslides in several places: use a larger inventory.",
    )  # fmt: skip


def k_means(points: np.ndarray, number: int, rng: np.random.Generator) -> np.ndarray:
    """Centres (number, 2) of clusters of points (n, 2): Lloyd's algorithm, the best of several starts."""
    best, least = points[:number], np.inf
    for _ in range(_STARTS):
        centres = points[rng.choice(len(points), number, replace=False)]
        for _ in range(_ROUNDS):
            group = nearest(points, centres)
            size = np.bincount(group, minlength=number)
            sums = np.column_stack([np.bincount(group, weights=axis, minlength=number) for axis in points.T])
            moved = np.where(size[:, None] > 0, sums / np.maximum(size, 1)[:, None], centres)
            if np.array_equal(moved, centres):
                break
            centres = moved
        total = float(np.sum((points - centres[nearest(points, centres)]) ** 2))
        if total < least:
            best, least = centres, total
    return best


def nearest(points: np.ndarray, centres: np.ndarray) -> np.ndarray:
    """Number of the nearest centre of each point, (n,)."""
    return np.argmin(np.sum((points[:, None, :] - centres[None, :, :]) ** 2, axis=-1), axis=1)
