"""How sure the readings are: standard errors by units, and what can be compared with what.

The information on the officials of a unit is what is left when the severities of the sheets that judge them
are not known (Schur complement); officials of other units count as known, which the calibration makes good.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components

from shigan.maths.raters.crossed import Places
from shigan.maths.raters.sheets import Floats, Indices, Sheets


def standard_errors(places: Places, bend: Floats) -> Floats:
    """(N,) standard errors of the officials; `bend` (L,) is the information of each line."""
    of, spread = places.sheets, places.spread
    cell = np.bincount(places.cell, bend, places.cells)
    bend = bend / (1 + cell[places.cell] * spread.vantage**2)
    n, s = len(of.unit), len(of.home)
    information = csr_array((bend, (of.official, of.sheet)), shape=(n, s))
    severity = np.bincount(of.sheet, bend, s) + spread.sheet**-2
    found = np.zeros(n)
    order = np.argsort(of.unit, kind="stable")
    for unit in np.split(order, np.flatnonzero(np.diff(of.unit[order])) + 1):
        found[unit] = _unit_errors(information[unit], severity, of.home, int(of.unit[unit[0]]), spread)
    return found


def _unit_errors(information, severity, home, unit, spread) -> Floats:
    """The unit's officials, and the common severity of its own sheets as one more unknown."""
    sheets = np.unique(information.indices)
    part = information[:, sheets].toarray()
    n = len(part)
    shared = np.where(home[sheets] == unit, spread.sheet**-2, 0.0)
    cross = np.vstack([part, shared])
    whole = -(cross / severity[sheets]) @ cross.T
    prior = np.linalg.inv(spread.official**2 * np.eye(n) + spread.unit**2)
    whole[:n, :n] += np.diag(part.sum(axis=1)) + prior
    whole[n, n] += spread.home**-2 + shared.sum()
    return np.sqrt(np.diag(np.linalg.inv(whole))[:n])


def components(sheets: Sheets) -> Indices:
    """(N,) officials who are linked by sheets have the same number."""
    n, s = len(sheets.unit), len(sheets.home)
    graph = coo_array((np.ones(sheets.lines), (sheets.official, sheets.sheet + n)), shape=(n + s, n + s))
    return connected_components(graph, directed=False)[1][:n].astype(np.int64)
