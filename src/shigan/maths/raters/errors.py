"""How sure the readings are, and what can be compared with what.

The information on the officials of a unit is what is left when the severities of the sheets that judge them
are not known (Schur complement); officials of other units count as known. What that and the approximations of
the fit leave out is made good by `calibration`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components

from shigan.maths.raters.crossed import HOME, UNIT, Places
from shigan.maths.raters.law import Law
from shigan.maths.raters.sheets import BLANK, Floats, Indices, Marks, Sheets, sums

if TYPE_CHECKING:
    from shigan.maths.raters.fit import Fit

MISFIT: Final = 1.05
"""Voters differ in more ways than the model knows; on counties of known truth this made intervals honest."""
WIDEST: Final = 1.5
"""No calibration stretches an interval by more: what asks for more is no county that the model fits."""


def standard_errors(places: Places, bend: Floats) -> Floats:
    """(N,) standard errors of the officials; `bend` (L,) is the information of each line.

    Lines of one class about one official share that class's view, so together they tell less."""
    of, spread = places.sheets, places.spread
    cell = sums(places.cell, bend, len(places.owner))
    bend = bend / (1 + cell[places.cell] * spread.vantage**2)
    n, s = len(of.unit), len(of.home)
    information = csr_array((bend, (of.official, of.sheet)), shape=(n, s))
    severity = sums(of.sheet, bend, s) + spread.sheet**-2
    found = np.zeros(n)
    order = np.argsort(of.unit, kind="stable")
    for unit in np.split(order, np.flatnonzero(np.diff(of.unit[order])) + 1):
        own = of.home == of.unit[unit[0]]
        found[unit] = _unit_errors(information[unit], severity, own, places)
    return found


def _unit_errors(information: Any, severity: Floats, own: NDArray[np.bool_], places: Places) -> Floats:
    """The unit's officials, and the common severity of its `own` sheets as one more unknown."""
    sheets = np.unique(information.indices)
    part, spread = information[:, sheets].toarray(), places.spread
    n = len(part)
    shared = np.where(own[sheets], spread.sheet**-2, 0.0)
    cross = np.vstack([part, shared])
    whole = -(cross / severity[sheets]) @ cross.T
    whole[:n, :n] += np.diag(part.sum(axis=1)) + np.linalg.inv(spread.official**2 * np.eye(n) + UNIT**2)
    whole[n, n] += HOME**-2 + shared.sum()
    errors: Floats = np.sqrt(np.diag(np.linalg.inv(whole))[:n])
    return errors


def calibration(fit: Fit, error: Floats, begin: Callable[[Sheets], Fit]) -> float:
    """By how much the errors must be stretched, MISFIT to WIDEST: one parametric refit (Efron & Tibshirani
    1993, An Introduction to the Bootstrap, §6.5), and MISFIT for what no fit of this model can tell of.

    A county like the fitted one is drawn, its officials and sheets scattered as far as they are in doubt; it
    is read as if nobody cheated, and the errors that this reading makes are compared with those it claims.
    Numbers are drawn in the order of the estimates, so that nothing depends on how sheets are numbered."""
    places, random = fit.places, np.random.default_rng(0)
    truth = places.official + _by_rank(random, places.official) * error
    sheet = places.sheet + _by_rank(random, places.sheet) / np.sqrt(places.sure.sheet)
    vantage = places.vantage + _by_rank(random, places.vantage) / np.sqrt(places.sure.vantage)
    of = fit.sheets
    eta = truth[of.official] - sheet[of.sheet] + vantage[places.cell]
    drawn = Sheets(
        of.sheet, of.official, draw(fit.law, of.marks, eta, random), of.home, of.voters, of.unit, of.grades
    )
    again = begin(drawn).plain_from(fit)
    claimed = standard_errors(again.places, again.forces()[1])
    off = again.places.official - again.places.official.mean() - (truth - truth.mean())
    asked = np.sqrt(np.mean((off / claimed) ** 2))
    return float(np.clip(MISFIT * asked, MISFIT, WIDEST))


def draw(law: Law, like: Marks, eta: Floats, random: np.random.Generator) -> Marks:
    """(L, K) marks of honest lines at η, blank where `like` is blank."""
    order = np.lexsort((*like.T, eta))
    halo = np.empty(len(eta))
    halo[order] = law.halo * random.standard_normal(len(eta))
    noise = np.empty(like.shape)
    noise[order] = random.standard_normal(like.shape)
    seen = (eta + halo)[:, None] + law.items + noise
    marks: Marks = np.searchsorted(law.cuts, seen).astype(np.int8)
    return np.where(like == BLANK, BLANK, marks).astype(np.int8)


def _by_rank(random: np.random.Generator, values: Floats) -> Floats:
    drawn = np.empty(len(values))
    drawn[np.argsort(values, kind="stable")] = random.standard_normal(len(values))
    return drawn


def components(sheets: Sheets) -> Indices:
    """(N,) officials who are linked by sheets have the same number."""
    n, s = len(sheets.unit), len(sheets.home)
    graph = coo_array((np.ones(sheets.lines), (sheets.official, sheets.sheet + n)), shape=(n + s, n + s))
    number: Indices = connected_components(graph, directed=False)[1][:n].astype(np.int64)
    return number


def comparable(sheets: Sheets, bend: Floats) -> NDArray[np.bool_]:
    """(units,) whether sheets say more than assumptions do of how a unit stands to the others.

    Only a sheet that judges inside and outside tells them apart: with information a inside and b outside, and
    its severity unknown, a·b / (a + b). The assumptions are the priors of the unit's mean and of its sheets'
    mean severity."""
    key = sheets.sheet * sheets.units + sheets.unit[sheets.official]
    pairs, inverse = np.unique(key, return_inverse=True)
    inside = sums(inverse, bend, len(pairs))
    outside = sums(sheets.sheet, bend, len(sheets.home))[pairs // sheets.units] - inside
    told = inside * outside / np.maximum(inside + outside, 1e-12)
    enough: NDArray[np.bool_] = sums(pairs % sheets.units, told, sheets.units) >= UNIT**-2 + HOME**-2
    return enough
