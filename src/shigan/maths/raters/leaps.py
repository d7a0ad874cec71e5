"""Officials whose lines have two camps: Newton's steps stay in the camp they began in, a leap looks at both.

For each official every place on a coarse grid is tried, each with several shares of hostile lines and of
favours; where that is likelier than the present place by more than GAIN, the official leaps there.
"""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from shigan.maths.raters.crossed import Places
from shigan.maths.raters.doubt import DOWN, SURE, Doubt
from shigan.maths.raters.sheets import Floats, sums

if TYPE_CHECKING:
    from shigan.maths.raters.fit import Fit

POINTS: Final = np.arange(-3.5, 3.6, 0.7)
FEW: Final = 0.02
MANY: Final = (0.15, 0.35, 0.55)
SHARES: Final = np.array([(FEW, FEW), *((FEW, e) for e in MANY), *((e, FEW) for e in MANY)])
"""Pairs of ε⁺ and ε⁻ that are tried."""
GAIN: Final = 1.0


def leap(fit: Fit) -> tuple[Places, Doubt]:
    """Places and shares after the leaps."""
    now = fit.places.official
    here = _worth(fit, now).max(axis=0)
    there = np.array([_worth(fit, np.full(len(now), point)) for point in POINTS])
    best = there.max(axis=1).argmax(axis=0)
    each = np.arange(len(now))
    shares = there[best, :, each].argmax(axis=1)
    leaps = there.max(axis=(0, 1)) > here + GAIN
    moved = copy(fit.places)
    moved.official = np.where(leaps, POINTS[best], now)
    favour, hostile = SHARES[shares].T
    return moved, replace(
        fit.doubt,
        favour=np.where(leaps, favour, fit.doubt.favour),
        hostile=np.where(leaps, hostile, fit.doubt.hostile),
    )


def _worth(fit: Fit, place: Floats) -> Floats:
    """(shares, N) log likelihood of each official's lines at a place (N,), with the priors of both."""
    of, p, n = fit.sheets, fit.places, len(place)
    eta = p.eta + (place - p.official)[of.official]
    (plain,) = fit.passes.likelihoods([fit.tables[0].log], fit.number, eta)
    (down,) = fit.passes.likelihoods([fit.tables[0].log], fit.number, eta - DOWN)
    hostile, favour = 0.5 * (fit.clues.bottom[fit.number] + down), fit.clues.favour[fit.number]
    speak = fit.vote * fit.doubt.kinds[of.sheet, :2].sum(axis=1)
    found = []
    for plus, minus in SHARES:
        line = np.log((1 - plus - minus) * plain + plus * favour + minus * hostile)
        prior = _beta(plus, float(fit.doubt.favour.mean())) + _beta(minus, float(fit.doubt.hostile.mean()))
        found.append(sums(of.official, line * speak, n) + prior)
    return np.array(found) - (place - p.unit[of.unit]) ** 2 / (2 * p.spread.official**2)


def _beta(share: float, usual: float) -> float:
    """Log of a beta law round the county's usual share, but for a constant."""
    return float(SURE * (usual * np.log(share) + (1 - usual) * np.log(1 - share)))
