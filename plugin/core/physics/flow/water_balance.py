"""Water balance of a cell: infiltration and lateral flow in; water table, wetting front and excess out."""

from __future__ import annotations

import numpy as np

from ....variables import RESIDUAL_AIR


def balance_cells(
    water_table: np.ndarray,
    band: np.ndarray,
    contact: np.ndarray,
    infiltration: np.ndarray,
    net: np.ndarray,
    soil_depth: np.ndarray,
    deficit: np.ndarray,
    air: np.ndarray | float = RESIDUAL_AIR,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Take one step's water into the cells; a step that crosses into contact is split there.

    Apart, infiltration fills the band V and lateral flow moves h with n_y = dTheta + n_min. In
    contact V = dTheta (D - h) and all of it moves h with n_min. At h = D what infiltrated too
    much becomes runoff, what flowed in too much exfiltrates.

    Args:
        water_table, band: h and V [m]; contact: bool; infiltration, net: offered this step [m];
        soil_depth: D [m]; deficit: what the band takes up, dTheta [-]; air: what it keeps, n_min [-].

    Returns:
        (h, V, contact, rejected infiltration [m], exfiltration [m]).
    """
    supply, none = infiltration + net, np.zeros_like(soil_depth)
    table = water_table + supply / air
    apart = np.flatnonzero(~contact) if contact.any() else slice(None)
    before = (water_table, band, infiltration, net, supply, soil_depth, deficit, np.broadcast_to(air, table.shape))
    table[apart], filled, closes = _balance_apart(*(x[apart] for x in before))
    contact = contact.copy()
    contact[apart] = closes
    excess = np.maximum(table - soil_depth, none)  # apart it stays below D
    excess *= air
    table = np.minimum(np.maximum(table, none), soil_depth)
    band = deficit * (soil_depth - table)
    band[apart] = np.where(closes, band[apart], filled)
    rejected = np.minimum(excess, infiltration)
    return table, band, contact, rejected, excess - rejected


def _balance_apart(
    water_table: np.ndarray,
    band: np.ndarray,
    infiltration: np.ndarray,
    net: np.ndarray,
    supply: np.ndarray,
    soil_depth: np.ndarray,
    deficit: np.ndarray,
    air: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Table, band and whether the two meet now, of cells that are not in contact; see :func:`balance_cells`."""
    whole = deficit + air
    table = water_table + net / whole
    filled = band + infiltration
    closes = table + filled / deficit >= soil_depth
    if closes.any():
        at = np.flatnonzero(closes)
        theta, rise, fall = deficit[at], net[at] / whole[at], infiltration[at] / deficit[at]
        gap, closing = soil_depth[at] - water_table[at] - band[at] / theta, rise + fall
        share = np.where(closing > 0, np.clip(gap / np.where(closing > 0, closing, 1.0), 0.0, 1.0), 0.0)
        table[at] = water_table[at] + share * rise + (1.0 - share) * supply[at] / air[at]
    return table, filled, closes
