"""Steepest-descent (D8) flow routing on plain arrays, vectorised over all cells at once.

The flow tree is an integer array of *receivers*: the flat index of the cell that each cell drains to, itself for a root
(an outlet). Everything that runs along the tree is solved by pointer doubling: after k rounds every cell has seen 2^k
steps of its path, so a few rounds replace a loop over cells in stream order, which plain Python could not afford.
Large maps leave few bytes for each cell: receivers are int32 wherever that is enough, and what is copied on the way is
copied piece by piece.

Sources: D8, O'Callaghan & Mark 1984 (CVGIP 28, 323-344). Depressions, Cordonnier, Bovy & Braun 2019 (Earth Surf. Dynam.
7, 549-562). Implicit stream power, Braun & Willett 2013 (Geomorphology 180-181, 170-179).
"""

from __future__ import annotations

from typing import Iterator

import numpy as np

from ..map_parts.strips import pieces
from ..raster import scratch

_PIECE = 1 << 20  # cells
_NEIGHBOURS = ((-1, -1), (-1, 0), (-1, 1), (0, -1), (0, 1), (1, -1), (1, 0), (1, 1))


def steepest_receivers(
    elevation: np.ndarray, fixed: np.ndarray, rng: np.random.Generator | None = None, jitter: float = 0.0
) -> np.ndarray:
    """Find the neighbour of steepest descent of each cell.

    Args:
        elevation: (rows, cols), without NaN.
        fixed: (rows, cols) bool; these cells are outlets and drain nowhere.
        rng: source of the jitter; needed only where `jitter` > 0.
        jitter: relative random perturbation of the slopes, which keeps flow lines from lining up with the grid (Rho8,
            Fairfield & Leymarie 1991).

    Returns:
        (rows * cols,) receivers as flat indices; a cell without a lower neighbour is its own receiver.
    """
    rows, cols = elevation.shape
    receiver = np.arange(elevation.size, dtype=np.int32 if elevation.size < 2**31 else np.int64)
    height = rows if rng is not None else max(_PIECE // cols, 1)  # random numbers are drawn for the whole map
    for first in range(0, rows, height):
        last = min(first + height, rows)
        strip = np.full((last - first + 2, cols + 2), np.inf)
        above, below = max(first - 1, 0), min(last + 1, rows)
        strip[above - first + 1 : below - first + 1, 1:-1] = elevation[above:below]
        offset = _steepest_offsets(strip, rng, jitter)
        offset[fixed[first:last]] = 0
        receiver[first * cols : last * cols] += offset.ravel()
    return receiver


def _steepest_offsets(padded: np.ndarray, rng: np.random.Generator | None, jitter: float) -> np.ndarray:
    """Flat index of each cell's steepest neighbour less its own, int32; padded: (rows + 2, cols + 2) elevations."""
    rows, cols = (size - 2 for size in padded.shape)
    elevation = padded[1:-1, 1:-1]
    best = np.zeros(elevation.shape)
    offset = np.zeros(elevation.shape, dtype=np.int32)
    for row, col in _NEIGHBOURS:
        slope = elevation - padded[1 + row : 1 + row + rows, 1 + col : 1 + col + cols]
        if row and col:
            slope *= np.sqrt(0.5)
        if rng is not None and jitter > 0:
            slope *= 1.0 + jitter * rng.random(slope.shape, dtype=np.float32)
        np.copyto(offset, row * cols + col, where=slope > best)
        np.maximum(best, slope, out=best)
    return offset


def _pieces(cells: int) -> Iterator[slice]:
    return scratch.releasing(pieces(cells, _PIECE))


def _followed(values: np.ndarray, index: np.ndarray) -> np.ndarray:
    """The values at an index, which numpy would copy as a whole if it is int32."""
    found = np.empty(index.shape, values.dtype)
    for at in _pieces(index.size):
        found[at] = values[index[at]]
    return found


def path_roots(receiver: np.ndarray) -> np.ndarray:
    """Follow every path to its end: (cells,) flat index of the root that each cell drains to."""
    root, changed = receiver.copy(), True
    while changed:
        changed = False
        for at in _pieces(root.size):
            further = root[root[at]]
            changed = changed or not np.array_equal(further, root[at])
            root[at] = further
    return root


def drain_depressions(elevation: np.ndarray, receiver: np.ndarray, fixed: np.ndarray) -> np.ndarray:
    """Lead every depression over its lowest pass, so that all water reaches a fixed cell.

    Basins are joined over their lowest passes (Boruvka's minimum spanning tree) and the path from the pit to the pass
    is turned round, as if carved.

    Args:
        elevation: (rows, cols), without NaN.
        receiver: (cells,) from `steepest_receivers`; not changed.
        fixed: (rows, cols) bool, outlets; where there is none, the last basin stays closed.

    Returns:
        (cells,) new receivers.
    """
    receiver = receiver.copy()
    fixed = fixed.ravel()
    basin = path_roots(receiver)
    source, target = _pass_candidates(elevation, basin, fixed)
    while source.size:
        here, there = basin[source], basin[target]
        closed_here, closed_there = ~fixed[here], ~fixed[there]
        # Passes are sorted from high to low: each closed basin keeps the last, its lowest.
        chosen = np.full(basin.size, -1, dtype=basin.dtype)
        order = np.arange(source.size, dtype=basin.dtype)
        both = np.concatenate([here[closed_here], there[closed_there]])
        pass_index = np.concatenate([order[closed_here], order[closed_there]])
        np.maximum.at(chosen, both, pass_index)
        closed = np.flatnonzero(chosen >= 0)
        if not closed.size:
            break
        edge = chosen[closed]
        del chosen
        leaves_here = basin[source[edge]] == closed
        out_of = np.where(leaves_here, source[edge], target[edge])
        into = np.where(leaves_here, target[edge], source[edge])
        # Two basins that chose the same pass would drain into each other: the first of them waits.
        next_basin = np.arange(basin.size, dtype=basin.dtype)
        next_basin[closed] = basin[into]
        waits = (next_basin[next_basin[closed]] == closed) & (closed < next_basin[closed])
        next_basin[closed[waits]] = closed[waits]
        _turn_paths(receiver, out_of[~waits], into[~waits])
        basin = _followed(path_roots(next_basin), basin)
        apart = basin[source] != basin[target]
        source, target = source[apart], target[apart]
    return receiver


def _pass_candidates(elevation: np.ndarray, basin: np.ndarray, fixed: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """List neighbouring cells of different basins, at least one of them closed: two (passes,) arrays of flat indices.

    The highest pass comes first.
    """
    rows, cols = elevation.shape
    label = basin.reshape(rows, cols)
    closed = ~_followed(fixed, basin).reshape(rows, cols)
    sources, targets = [], []
    height = max(_PIECE // cols, 1)
    for down, right in ((0, 1), (1, 0), (1, 1), (1, -1)):
        here_cols, there_cols = (slice(max(0, -side), cols - max(0, side)) for side in (right, -right))
        for first in range(0, rows - down, height):
            last = min(first + height, rows - down)
            here, there = (slice(first, last), here_cols), (slice(first + down, last + down), there_cols)
            row, col = np.nonzero((label[here] != label[there]) & (closed[here] | closed[there]))
            source = ((first + row) * cols + col + max(0, -right)).astype(basin.dtype)
            sources.append(source)
            targets.append(source + basin.dtype.type(down * cols + right))
    source, target = np.concatenate(sources), np.concatenate(targets)
    height = elevation.ravel()
    order = np.argsort(-np.maximum(height[source], height[target]), kind="stable")
    return source[order], target[order]


def _turn_paths(receiver: np.ndarray, start: np.ndarray, new_receiver: np.ndarray) -> None:
    """Reverse, in place, the paths from `start` to their roots, and lead `start` to `new_receiver`.

    The paths must not meet.
    """
    while start.size:
        onward = receiver[start]
        receiver[start] = new_receiver
        goes_on = onward != start
        start, new_receiver = onward[goes_on], start[goes_on]


def accumulate(receiver: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Sum `weight` (cells,) over each cell and all upstream of it: the drainage area for weights of one cell's area."""
    sink = receiver.size
    pointer, total = np.empty(sink + 1, dtype=receiver.dtype), np.empty(sink + 1)
    pointer[sink], total[:sink] = sink, weight
    for at in _pieces(sink):
        own = np.arange(at.start, min(at.stop, sink))
        pointer[own] = np.where(receiver[at] == own, sink, receiver[at])
    while pointer.min() < sink:
        total[sink] = 0.0
        total += np.bincount(pointer, weights=total, minlength=sink + 1)
        pointer = _followed(pointer, pointer)
    return total[:sink]


def solve_upstream(receiver: np.ndarray, constant: np.ndarray, factor: np.ndarray) -> np.ndarray:
    """Solve x = constant + factor * x[receiver] from the outlets upwards.

    Args:
        receiver: (cells,) flow tree.
        constant: (cells,); the value itself at roots.
        factor: (cells,); ignored at roots.

    Returns:
        (cells,) solution.
    """
    value = constant.astype(float)
    weight = np.where(receiver == np.arange(receiver.size), 0.0, factor)
    pointer = receiver
    while True:
        value = value + weight * value[pointer]
        further = pointer[pointer]
        if np.array_equal(further, pointer):
            return value
        weight = weight * weight[pointer]
        pointer = further


def flow_length(receiver: np.ndarray, cols: int) -> np.ndarray:
    """Length of the step from each cell to its receiver in cells: 1 or sqrt(2); 1 at roots, where it has no meaning."""
    step = np.abs(receiver - np.arange(receiver.size))
    return np.where((step == cols) | (step <= 1), 1.0, np.sqrt(2.0))


def fill_along_flow(receiver: np.ndarray, elevation: np.ndarray, gradient: float) -> np.ndarray:
    """Raise every cell that lies below its path to the outlet: (rows, cols), rising by at least `gradient` a cell.

    After `drain_depressions` this is depression filling with drained floors (Planchon & Darboux 2002): a running
    maximum along the paths.
    """
    cells = receiver.size
    length = np.where(receiver == np.arange(cells), 0.0, flow_length(receiver, elevation.shape[1]))
    lift = gradient * solve_upstream(receiver, length, np.ones(cells))
    height = elevation.ravel() - lift
    pointer = receiver
    while True:
        height = np.maximum(height, height[pointer])
        further = pointer[pointer]
        if np.array_equal(further, pointer):
            return (height + lift).reshape(elevation.shape)
        pointer = further
