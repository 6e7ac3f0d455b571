"""Compiled (numba) kernels of :mod:`.lateral_flow_numba`: a step is one pass over the rows, each face computed once.

The faces of a row, and the factor that limits its outflow, need the row below as it was before the step; the water
balance of a row needs both neighbouring rows. The balance therefore follows one row behind the faces, and a further
step two rows behind that. Several steps whose lengths are given are computed in one pass, so that their rows stay in
the processor's cache.
"""

from __future__ import annotations

import numpy as np

from ..compiling import numba
from .step_formulas import ROW_CELLS, VECTORS

#: Water tables below this height [m] do not limit steps: the rounding error of a drained table would.
DRY_M = 1e-9
#: Steps of given lengths that are computed in one pass.
_STEPS_IN_CACHE = 6
#: Cells that are computed at a time; gaps of up to as many missing cells do not divide a row into pieces.
_LANES = 32
#: Places of a piece of a row, of which the first is the face to the west of its first cell, in ``work``.
_WIDE = ROW_CELLS + 32
#: Values of a row that are kept until the next row is done, for two rows in turn. Southern faces: flow due to the
#: downstream table, flow, its derivative by the upstream table, limited flow, scaled flow. Eastern faces: limited flow.
#: Cells: factor that limits the outflow.
_CARRIED, _FLOW, _SLOPE, _SOUTHWARD, _SCALED, _EASTWARD, _SHARE = range(7)

if numba is not None:
    from ..compiling import uncounted
    from .step_formulas import balance, bits_of, compiled_levelled_flow, compiled_step_length, finish_cells

    # Loops write one array from few others, eight at most, so that the compiler can see that these do not overlap and
    # computes several cells at a time. ``work`` holds, _WIDE places each: carried, flow, slope and levelled flow of
    # faces to the east, the same to the south, outflow of the cells and how it answers to their tables.

    @numba.njit(cache=True, error_model="numpy")
    def _pieces(share):
        """Pieces of the rows that have cells: first column and the one after the last; number of those before each row.

        No piece is longer than ROW_CELLS. Those that are no multiple of _LANES go on over missing cells.
        """
        rows, cols = share.shape
        found, before, count = (
            np.empty((rows * (cols // _LANES + 2), 2), dtype=np.int64),
            np.zeros(rows + 1, np.int64),
            0,
        )
        for r in range(rows):
            begin, end = -1, 0
            for k in range(cols):
                if share[r, k] == 0.0:
                    continue
                if begin < 0 or k - end > _LANES or k - begin >= ROW_CELLS:
                    if begin >= 0:
                        found[count, 0], found[count, 1] = begin, end
                        count += 1
                    begin = k
                end = k + 1
            if begin >= 0:
                found[count, 0], found[count, 1] = begin, end
                count += 1
            before[r + 1] = count
            for piece in range(before[r], count):
                begin, end = found[piece]
                end = min(begin - (begin - end) // _LANES * _LANES, cols)
                found[piece, 1] = end
                begin = max(end + (begin - end) // _LANES * _LANES, 0)
                if piece == before[r] or found[piece - 1, 1] <= begin:
                    found[piece, 0] = begin
        return found[:count].copy(), before

    @numba.njit(cache=True, error_model="numpy")
    def _clear_gaps(parts, pieces):
        """Set what is kept of a row (parts, cols) to 0 where it has no cells."""
        end = 0
        for piece in range(len(pieces) + 1):
            begin = pieces[piece, 0] if piece < len(pieces) else parts.shape[1]
            for part in range(len(parts)):
                parts[part, end:begin] = 0.0
            end = pieces[piece, 1] if piece < len(pieces) else begin

    @numba.njit(cache=True, error_model="numpy", fastmath=VECTORS)
    def _faces(work, own, far, drop, coefficient, downstream, levelling):
        """Flow through faces for K_lat = 1 [m/s], see lateral_flow._Faces; slope: of the outflow in its own table."""
        number = own.dtype.type
        none, levelling, mean = number(0.0), number(levelling), number(downstream)
        upstream, steep = number(1.0 - 2.0 * downstream), number(1.0 - downstream)
        for k in range(own.size):
            fall = drop[k] + own[k] - far[k]
            carries = upstream * (own[k] if fall > none else far[k]) + mean * (own[k] + far[k])
            carries *= coefficient[k]
            work[k] = carries
            work[k + _WIDE] = carries * fall
            work[k + 2 * _WIDE] = steep * coefficient[k] * fall
            work[k + 3 * _WIDE] = compiled_levelled_flow(carries, fall, own[k] - far[k], levelling)

    @numba.njit(cache=True, error_model="numpy", fastmath=VECTORS)
    def _outflow(work, h, border, carried, flow, slope):
        """Outflow of cells and how it answers to their tables; carried, flow, slope: of their northern faces."""
        none, dry = h.dtype.type(0.0), h.dtype.type(DRY_M)
        for k in range(h.size):
            to_east, to_west, to_south, to_north = work[k + 1 + _WIDE], work[k + _WIDE], work[k + 5 * _WIDE], flow[k]
            leaves = border[k] * h[k] + (to_east if to_east > none else none) + (to_south if to_south > none else none)
            work[k + 8 * _WIDE] = (
                leaves - (to_west if to_west < none else none) - (to_north if to_north < none else none)
            )
        for k in range(h.size):
            east, west, south, north = work[k + 1 + 2 * _WIDE], work[k + 2 * _WIDE], work[k + 6 * _WIDE], slope[k]
            steep = border[k] + (east if east > none else none) + (south if south > none else none)
            steep -= (west if west < none else none) + (north if north < none else none)
            answer = work[k] + work[k + 1] + work[k + 4 * _WIDE] + carried[k]
            work[k + 9 * _WIDE] = answer + (steep if h[k] > dry else none)

    @numba.njit(cache=True, error_model="numpy", fastmath=VECTORS)
    def _per_storage(work, contact, share, depth, deficit, air, conductivity):
        """Conductivity over the storage per height of table; 0 where there is no soil and thus no table."""
        none = depth.dtype.type(0.0)
        for k in range(contact.size):
            storage = (air[k] + (none if contact[k] else deficit[k])) * share[k]
            work[k] = conductivity / storage if (storage > none) & (depth[k] > none) else none

    @numba.njit(cache=True, error_model="numpy", fastmath=VECTORS)
    def _scale(scale, work, h, now):
        """Share of the outflow that each table can give in a step; returns the greatest rate over the storage [1/s]."""
        none, one = h.dtype.type(0.0), h.dtype.type(1.0)
        for k in range(h.size):
            falls, own = work[k + 8 * _WIDE] * work[k] * now, h[k]
            scale[k] = (own / falls if falls > own else one) if own > none else none
        for k in range(h.size):
            work[k] *= work[k + 9 * _WIDE]
        bits = bits_of(work)  # of numbers that are not negative compare as these do, and several at a time
        most = bits[0]
        for k in range(h.size):
            most = max(most, bits[k])
        bits[0] = most
        return work[0]

    @numba.njit(cache=True, error_model="numpy", fastmath=VECTORS)
    def _copy(made, values):
        """Numbers from a longer array; several at a time, as those of a slice are not."""
        for k in range(made.size):
            made[k] = values[k]

    @numba.njit(cache=True, error_model="numpy", fastmath=VECTORS)
    def _scaled(made, flow, scale, far_scale):
        """Flow through faces, scaled by what the cell that it leaves can give."""
        none = flow.dtype.type(0.0)
        for k in range(flow.size):
            made[k] = flow[k] * (scale[k] if flow[k] > none else far_scale[k])

    @numba.njit(cache=True, error_model="numpy", fastmath=VECTORS)
    def _net_supply(net, work, north, south, h, border, scale, per_share, conductivity):
        """Net supply of cells' valid parts [m/s]; returns what leaves over open edges, of the whole cells."""
        lost = net.dtype.type(0.0)
        for k in range(net.size):
            net[k] = border[k] * h[k] * scale[k]
        for k in range(net.size):
            lost += net[k]
        for k in range(net.size):
            net[k] = (work[k] - work[k + 1] + north[k] - south[k] - net[k]) * (conductivity * per_share[k])
        return lost * conductivity

    @numba.njit(cache=True, error_model="numpy")
    def _row_of(values, r):
        """A row of soil or supply, or the only one, which is that of every row."""
        return values[r if len(values) > 1 else 0]

    @numba.njit(cache=True, error_model="numpy")
    def _begin_row(r, pieces, state, faces, cells, kept, work, conductivity, now):
        """Faces of a row and its share of the outflow; returns its greatest rate."""
        drop_east, drop_south, east, south, border, downstream, levelling = faces
        share, _, depth, deficit, air = cells
        table, contact = state[0], state[2]
        (rows, cols), number = table.shape, table.dtype.type
        mine, above, most = kept[r % 2], kept[(r + 1) % 2], number(0.0)
        _clear_gaps(mine[:_SCALED], pieces)  # there the next row has no neighbour in this one
        for piece in range(len(pieces)):
            a, b = pieces[piece]
            at, low, high = slice(a, b), max(a - 1, 0), min(b, cols - 1)
            _clear_outside(work, a, b, cols)
            near, first = slice(low, high), low - a + 1
            _faces(
                work[first:], table[r, near], table[r, low + 1 : high + 1], drop_east[r, near], east[r, near],
                downstream, levelling,
            )  # fmt: skip
            _copy(mine[_EASTWARD, near], work[3 * _WIDE + first :])
            if r + 1 < rows:
                _faces(
                    work[4 * _WIDE :], table[r, at], table[r + 1, at], drop_south[r, at], south[r, at], downstream,
                    levelling,
                )  # fmt: skip
            else:
                work[4 * _WIDE : 8 * _WIDE] = 0.0
            for part in range(_SCALED):
                _copy(mine[part, at], work[(4 + part) * _WIDE :])
            _outflow(work, table[r, at], border[r, at], above[_CARRIED, at], above[_FLOW, at], above[_SLOPE, at])
            soil = _row_of(depth, r)[at], _row_of(deficit, r)[at], _row_of(air, r)[at]
            _per_storage(work, contact[r, at], share[r, at], *soil, number(conductivity))
            most = max(most, _scale(mine[_SHARE, at], work, table[r, at], number(now)))
        return most

    @numba.njit(cache=True, error_model="numpy")
    def _clear_outside(work, a, b, cols):
        """No flow through the faces at the ends of whole rows; of a piece between two columns."""
        for part in range(4):
            if a == 0:
                work[part * _WIDE] = 0.0
            if b == cols:
                work[part * _WIDE + b - a] = 0.0

    @numba.njit(cache=True, error_model="numpy")
    def _end_row(r, pieces, state, faces, cells, supply, kept, work, net, conductivity, now):
        """Add the water of a step to a row; returns (exfiltration, drainage over open edges) [m]."""
        table, band, contact, infiltrated = state
        share, per_share, depth, deficit, air = cells
        border, cols, number = faces[4], table.shape[1], table.dtype.type
        mine, other = kept[r % 2], kept[(r + 1) % 2]  # of the row below but for what came from the one above
        exfiltrated, lost = 0.0, 0.0
        _clear_gaps(mine[_SCALED : _SCALED + 1], pieces)
        for piece in range(len(pieces)):
            a, b = pieces[piece]
            at, low, high = slice(a, b), max(a - 1, 0), min(b, cols - 1)
            _clear_outside(work, a, b, cols)
            near, far = slice(low, high), slice(low + 1, high + 1)
            _scaled(work[low - a + 1 :], mine[_EASTWARD, near], mine[_SHARE, near], mine[_SHARE, far])
            _scaled(mine[_SCALED, at], mine[_SOUTHWARD, at], mine[_SHARE, at], other[_SHARE, at])
            lost += _net_supply(
                net[: b - a], work, other[_SCALED, at], mine[_SCALED, at], table[r, at], border[r, at],
                mine[_SHARE, at], per_share[r, at], number(conductivity),
            )  # fmt: skip
            of_cells = table[r, at], band[r, at], contact[r, at], infiltrated[r, at]
            soil = _row_of(depth, r)[at], _row_of(deficit, r)[at], _row_of(air, r)[at]
            _, excess, _ = balance(
                of_cells, _row_of(supply, r)[at], soil, net[: b - a], share[r, at], work, number(now)
            )
            exfiltrated += excess
        return exfiltrated, lost * now

    @numba.njit(cache=True)
    def _uncounted(state, faces, cells):
        """See :func:`..compiling.uncounted`."""
        table, band, contact, infiltrated = state
        drop_east, drop_south, east, south, border, downstream, levelling = faces
        share, per_share, depth, deficit, air = cells
        return (
            (uncounted(table), uncounted(band), uncounted(contact), uncounted(infiltrated)),
            (uncounted(drop_east), uncounted(drop_south), uncounted(east), uncounted(south), uncounted(border),
             downstream, levelling),
            (uncounted(share), uncounted(per_share), uncounted(depth), uncounted(deficit), uncounted(air)),
        )  # fmt: skip

    @numba.njit(cache=True, error_model="numpy")
    def _several_steps(
        lengths, ranges, counted, every, before, state, faces, cells, supply, conductivity, kept, work, net, sums, rates
    ):
        """Take steps of given lengths, each two rows behind the one before."""
        rows, (state, faces, cells) = state[0].shape[0], _uncounted(state, faces, cells)
        every, supply, kept = uncounted(every), uncounted(supply), uncounted(kept)
        work, net = uncounted(work), uncounted(net)
        rates[: lengths.size], sums[: lengths.size] = 0.0, 0.0
        for front in range(rows + 2 * lengths.size):
            for step in range(lengths.size):
                r, first, stop = front - 2 * step, ranges[step, 0], ranges[step, 1]
                if r == first:
                    kept[step] = 0.0
                if first <= r < stop:
                    here = every[before[r] : before[r + 1]]
                    rate = _begin_row(r, here, state, faces, cells, kept[step], work, conductivity, lengths[step])
                    if counted[0] <= r < counted[1]:
                        rates[step] = max(rates[step], rate)
                if first < r <= stop:
                    here = every[before[r - 1] : before[r]]
                    exfiltrated, lost = _end_row(
                        r - 1, here, state, faces, cells, supply, kept[step], work, net, conductivity, lengths[step]
                    )
                    if counted[0] <= r - 1 < counted[1]:
                        sums[step, 0] += exfiltrated
                        sums[step, 1] += lost

    @numba.njit(nogil=True, cache=True, error_model="numpy")
    def compiled_steps(
        state, faces, cells, supply, conductivity, seconds, step, most_steps, floor, guess, counted, margins, interval,
    ):  # fmt: skip
        """See :func:`.lateral_flow_numba._few_steps`.

        Args:
            floor: rates that are known [1/s], 0 where they are not.
            guess: taken for unknown ones [1/s]; 0 where a step's length is to be found before it is done.
            counted: first row that counts and the one after the last.
            margins: rows above and below that a step makes wrong, 2 or 0 at an edge of the grid.

        Returns:
            (exfiltrated, drained), rates and lengths of the steps, the seconds that were done, and whether the guess
            was right: if not, the state is none.
        """
        table, band, contact, infiltrated = state
        share, _, depth, deficit, air = cells
        (rows, cols), kind = table.shape, table.dtype
        at_once = _STEPS_IN_CACHE if guess > 0.0 else 1
        kept, work, net = (
            np.zeros((at_once, 2, _SHARE + 1, cols), kind), np.zeros(10 * _WIDE, kind), np.empty(ROW_CELLS, kind)
        )  # fmt: skip
        pieces, before = _pieces(share)
        totals, sums, trace = np.zeros(2), np.zeros((at_once, 2)), np.zeros((2, most_steps))
        ranges = np.zeros((at_once, 2), dtype=np.int64)
        steps, done = 0, 0.0
        while steps < most_steps and done < seconds:
            first, count, begun = steps, 0, done
            while count < at_once and steps < most_steps and done < seconds:
                rate = floor[steps] if floor[steps] > 0.0 else guess
                if guess == 0.0:
                    kept[0] = 0.0
                    for r in range(max(counted[0] - 1, 0), counted[1]):
                        here = pieces[before[r] : before[r + 1]]
                        fastest = _begin_row(r, here, state, faces, cells, kept[0], work, conductivity, 0.0)
                        rate = max(rate, fastest if r >= counted[0] else 0.0)
                now = compiled_step_length(rate, step, seconds - done)
                trace[1, steps] = now
                ranges[count, 0], ranges[count, 1] = margins[0] * steps, rows - margins[1] * steps
                steps += 1
                count += 1
                done = seconds if now >= seconds - done else done + now
            _several_steps(
                trace[1, first:steps], ranges, counted, pieces, before, state, faces, cells, supply, conductivity, kept,
                work, net, sums, trace[0, first:steps],
            )  # fmt: skip
            for k in range(first, steps):
                totals += sums[k - first]
                now = compiled_step_length(max(trace[0, k], floor[k]), step, seconds - begun)
                if now != trace[1, k]:
                    return totals, trace[:, :steps], done, False
                begun = seconds if now >= seconds - begun else begun + now
        offered = interval if done >= seconds else 0.0
        for r in range(rows):
            for piece in range(before[r], before[r + 1]):
                at = slice(pieces[piece, 0], pieces[piece, 1])
                soil = _row_of(depth, r)[at], _row_of(deficit, r)[at], _row_of(air, r)[at]
                of_cells = table[r, at], band[r, at], contact[r, at], infiltrated[r, at]
                finish_cells(of_cells, _row_of(supply, r)[at], soil, kind.type(offered))
        return totals, trace[:, :steps], done, True
