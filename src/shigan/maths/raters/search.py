"""The search for blocs: in each unit the best of several guesses, if the sheets are likelier with it by GAIN.

A guess is held for a few rounds while officials and severities settle round it, then it is free; what it is
worth is the difference of the whole likelihood, so that sheets as one finds them have every chance to explain
themselves without a bloc.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from shigan.maths.raters.blocs import Bloc, join
from shigan.maths.raters.doubt import UNIFORM
from shigan.maths.raters.guesses import guesses, promising
from shigan.maths.raters.sheets import Floats

if TYPE_CHECKING:
    from shigan.maths.raters.fit import Fit

TRIED, ROUNDS, HELD = 3, 10, 4
GAIN: Final = 1.5
"""In log units, on top of what members, targets and shifts cost."""


def search(fit: Fit) -> None:
    """Give the fit the blocs of its units, and the places of officials and sheets that go with them."""
    before = fit.worth()
    tries = [_settled(fit, guess) for guess in _guesses(fit)]
    blocs = [each.bloc for each in tries if each.bloc is not None]
    gains = [each.worth() - before for each in tries]
    worth = np.array([
        np.where(bloc.possible, gain, -np.inf) for bloc, gain in zip(blocs, gains, strict=True)
    ])  # fmt: skip
    best, good = worth.argmax(axis=0), worth.max(axis=0) > GAIN
    fit.bloc = join(blocs, best, good)
    fit.bloc.worth = worth.max(axis=0)
    for number, each in enumerate(tries):
        unit = good & (best == number)
        fit.places.official = np.where(unit[fit.sheets.unit], each.places.official, fit.places.official)
        fit.places.sheet = np.where(unit[fit.sheets.home], each.places.sheet, fit.places.sheet)


def _guesses(fit: Fit) -> list[Floats]:
    speak = fit.vote * (1 - fit.doubt.kinds[fit.sheets.sheet, UNIFORM])
    found = guesses(fit.local, fit.residual() * speak, fit.places.official)
    return promising(found, fit, speak, TRIED)


def _settled(fit: Fit, guess: Floats) -> Fit:
    other = fit.branch()
    other.bloc = Bloc.start(fit.local, guess, fit.severity[0])
    for number in range(ROUNDS):
        if number == HELD:
            other.bloc.held = False
        other.step(settle=False)
    return other
