"""First guesses of a bloc's members. The search that starts from them decides; they need not be right."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from shigan.maths.raters import doubt
from shigan.maths.raters.blocs import Bloc, Local
from shigan.maths.raters.sheets import Floats, Indices, sums

if TYPE_CHECKING:
    from shigan.maths.raters.fit import Fit

DIRECTIONS = 2
DISPUTED, BEST = 6, 4
LOW = -0.7
IN, OUT = 0.8, 0.02


def guesses(local: Local, residual: Floats, official: Floats) -> list[Floats]:
    """(S,) each: chances of membership. `residual` (L,) are standardised score residuals, 0 where a line is
    not to speak; `official` (N,) is where the officials stand."""
    return [*_directions(local, residual), *_low_on_one(local, residual, official)]


def _directions(local: Local, residual: Floats) -> list[Floats]:
    """The strongest directions of each unit's residuals (sheets × officials), both ways; power iteration."""
    s, n = len(local.sheets.home), len(local.sheets.unit)
    rest, found = residual[local.own], []
    for power in range(1, DIRECTIONS + 1):
        x = sums(local.official, rest * np.abs(rest) ** power, n) + 1e-6  # a start that knows no numbering
        for _ in range(8):
            y = sums(local.sheet, rest * x[local.official], s)
            y /= _norm(y, local.sheets.home, local.sheets.units)[local.sheets.home]
            x = sums(local.official, rest * y[local.sheet], n)
            strength = _norm(x, local.sheets.unit, local.sheets.units)[local.sheets.unit]
            x /= strength
        rest = rest - y[local.sheet] * (x * strength)[local.official]
        found += [_near_peak(local, y), _near_peak(local, -y)]
    return found


def _norm(values: Floats, of: Indices, groups: int) -> Floats:
    return np.sqrt(sums(of, values**2, groups)) + 1e-12


def _near_peak(local: Local, values: Floats) -> Floats:
    peak = np.full(local.sheets.units, 1e-12)
    np.maximum.at(peak, local.sheets.home[local.has], values[local.has])
    return np.where(values > 0.5 * peak[local.sheets.home], IN, OUT)


def _low_on_one(local: Local, residual: Floats, official: Floats) -> list[Floats]:
    """Who marks one of the unit's most disputed, or of its best, officials low."""
    rest, n, s = residual[local.own], len(official), len(local.sheets.home)
    low = sums(local.official, np.minimum(rest, 0) ** 2 - 0.5, n)
    found = []
    for value, count in ((low, DISPUTED), (official, BEST)):
        rank = _ranks(value, local.sheets.unit)
        for place in range(count):
            hit = (rank[local.official] == place) & (rest < LOW)
            found.append(np.where(sums(local.sheet, hit, s) > 0, IN, OUT))
    return found


def _ranks(value: Floats, of: Indices) -> Indices:
    """(N,) the rank of each within its group, 0 the highest; of equal ones the first."""
    order = np.lexsort((-value, of))
    first = np.searchsorted(of[order], of[order])
    rank = np.empty(len(value), np.int64)
    rank[order] = np.arange(len(value)) - first
    return rank


def promising(found: list[Floats], fit: Fit, speak: Floats, keep: int) -> list[Floats]:
    """The guesses whose sheets agree best on shifts, `keep` of them, chosen anew in each unit; `speak` (L,)
    is how far a line is heard."""
    home, away = fit.sheets.home, fit.severity[0]
    lines = doubt.likelihoods(fit.doubt, fit.clues, fit.places.eta, fit.tables)
    first = Bloc.start(fit.local, found[0], away)
    first.consider(fit.tables[0], fit.places.eta, lines, speak)
    agreement = []
    for member in found:
        bloc = Bloc.start(fit.local, member, away)
        bloc.evidence = first.evidence
        bloc.retarget()
        agreement.append(bloc.agreement)
    order = np.argsort(-np.array(agreement), axis=0, kind="stable")
    members = np.array(found)
    return [members[order[place][home], np.arange(len(home))] for place in range(keep)]
