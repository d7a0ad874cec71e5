"""The reading of one who knows every sheet's true parameters and every attack: the ceiling for all methods.

Posterior mean and SD of merit under the law of `county.honest_marks`, exact but for the Monte-Carlo error.
Everything hidden is written as a standard normal variable: what an official's traits share, what each has
alone, a class's bias on the official, the impression of each line. The latent values of the marks are
integrated out, which data augmentation (J. H. Albert, S. Chib, JASA 88 (1993) 669-679) does not do: it was
tried, and where nearly all marks are the best a chain of it hardly moves. The rest is drawn by Hamiltonian
Monte Carlo (R. M. Neal, MCMC using Hamiltonian dynamics, Handbook of Markov Chain Monte Carlo, 2011, ch. 5),
all officials at once; they are independent given the sheets' parameters, so that each accepts or refuses
alone and has its own step.

An attacked mark counts with the honest grades it leaves possible (`World.lowest`, `World.highest`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from shigan.bench.raters.world import ITEMS, TOP, Mask, Voters, World
from shigan.maths.raters.sheets import Floats, Indices

DRAWS, WARM_UP = 180, 50
LEAPS = 8
"""Leapfrog steps a draw."""
ACCEPTED = 0.8
"""Share of draws that an official's step is tuned to."""
STRIDES = (0.5, 1.0, 0.8, 1.0)
"""Length of a step along shared, alone, vantage and impression: shorter where marks tell more."""
LEAST_CHANCE = 1e-300


def oracle(world: World, draws: int = DRAWS, seed: int = 0) -> tuple[Floats, Floats]:
    """(N,) posterior mean and (N,) posterior SD of merit, on the scale of `World.merit`.

    `draws`: kept draws of one chain, at least 2, after WARM_UP more; `seed` is the chain's. With the usual
    number the Monte-Carlo error of a mean is about a tenth of the SD, and intervals of 1.96 SD cover half a
    point less than with 600 draws. Raises ValueError for fewer than 2.
    """
    if draws < 2:
        raise ValueError("an oracle needs two draws or more")
    law = _Law.of_world(world)
    chain = _Chain(law, np.random.default_rng(seed))
    for _ in range(WARM_UP):
        chain.draw(tune=True)
    kept = np.empty((draws, law.officials))
    for number in range(draws):
        chain.draw(tune=False)
        kept[number] = law.merit(chain.place)
    return kept.mean(axis=0), kept.std(axis=0, ddof=1)


@dataclass(frozen=True, slots=True)
class _Law:
    """The marks' law as a function of one flat vector of standard normals, its «place».

    A place holds (N,) shared, (N, ITEMS) alone, (N, G) vantage, (L,) impression, one after the other; `of`
    is the official and `stride` the relative step of each, `sds` scale the four parts. L: the lines that
    say something; G: the classes of voters. `low`, `high`: (L, ITEMS) bounds of the latent value, severity
    added; `halo`, `noise`: (L,); `cell`: (L,) official and class in one number.
    """

    officials: int
    official: Indices
    cell: Indices
    halo: Floats
    noise: Floats
    low: Floats
    high: Floats
    of: Indices
    stride: Floats
    sds: tuple[float, float, float, float]

    @classmethod
    def of_world(cls, world: World) -> _Law:
        """The law of a county's marks, as far as they tell anything."""
        sheets, opinions = world.sheets, world.opinions
        kept = _telling(world)
        sheet, official = sheets.sheet[kept], sheets.official[kept]
        low, high = _bounds(world, kept)
        each = np.arange(len(sheets.unit))
        of = (each, np.repeat(each, ITEMS), np.repeat(each, len(Voters)), official)
        return cls(
            officials=len(each), official=official, cell=official * len(Voters) + sheets.voters[sheet],
            halo=opinions.halo[sheet], noise=opinions.noise[sheet], low=low, high=high,
            of=np.concatenate(of), stride=np.repeat(STRIDES, [len(part) for part in of]),
            sds=(opinions.shared, opinions.alone, opinions.vantage, opinions.impression),
        )  # fmt: skip

    def parts(self, place: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        """Views of a place: shared, alone, vantage, impression."""
        ends = np.cumsum([self.officials * n for n in (1, ITEMS, len(Voters))])
        shared, alone, vantage, impression = np.split(place, ends)
        return shared, alone.reshape(-1, ITEMS), vantage, impression

    def merit(self, place: Floats) -> Floats:
        """(N,) the mean of the five traits."""
        shared, alone, _, _ = self.parts(place)
        merit: Floats = self.sds[0] * shared + self.sds[1] * alone.mean(axis=1)
        return merit

    def look(self, place: Floats) -> tuple[Floats, Floats]:
        """(N,) log posterior of each official's part of a place, and its slope (like `place`)."""
        scores, pull = self._marks(self._centres(place))
        told = np.bincount(self.official, scores, minlength=self.officials)
        prior = np.bincount(self.of, place**2, minlength=self.officials) / 2
        return told - prior, self._slope(pull) - place

    def _centres(self, place: Floats) -> Floats:
        """(L, ITEMS) the expected latent value of every mark, severity left out."""
        shared, alone, vantage, impression = self.parts(place)
        s, a, v, i = self.sds
        merit = self.merit(place)
        line = v * vantage[self.cell] + self.halo * (merit[self.official] + i * impression)
        traits = s * shared[:, None] + a * alone
        return line[:, None] + (1 - self.halo)[:, None] * traits[self.official]

    def _marks(self, centre: Floats) -> tuple[Floats, Floats]:
        """(L,) log chance of each line's marks, and (L, ITEMS) its slope by the centres."""
        scale = self.noise[:, None]
        below, above = (self.low - centre) / scale, (self.high - centre) / scale
        mirrored = below > 0  # differences of small numbers, not of numbers near 1
        chance = ndtr(np.where(mirrored, -below, above)) - ndtr(np.where(mirrored, -above, below))
        chance = np.maximum(chance, LEAST_CHANCE)
        slope = (np.exp(-(below**2) / 2) - np.exp(-(above**2) / 2)) / (np.sqrt(2 * np.pi) * scale * chance)
        return np.log(chance).sum(axis=1), slope

    def _slope(self, pull: Floats) -> Floats:
        """The slopes by the centres (L, ITEMS), carried back to a place."""
        s, a, v, i = self.sds
        line = pull.sum(axis=1)
        direct = (1 - self.halo)[:, None] * pull + (self.halo * line / ITEMS)[:, None]
        traits = np.stack(
            [np.bincount(self.official, item, minlength=self.officials) for item in direct.T], 1
        )
        vantage = np.bincount(self.cell, line, minlength=self.officials * len(Voters))
        return np.concatenate([s * traits.sum(axis=1), a * traits.ravel(), v * vantage, i * self.halo * line])


class _Chain:
    """A place that wanders over the posterior, and each official's step."""

    def __init__(self, law: _Law, random: np.random.Generator) -> None:
        self.law = law
        self.random = random
        self.place = np.zeros(len(law.of))
        self.height, self.slope = law.look(self.place)
        self.step = np.full(law.officials, 0.2)

    def draw(self, tune: bool) -> None:
        """Push the place at random, follow the slope, and let each official accept or refuse."""
        law = self.law
        push = self.random.standard_normal(len(self.place))
        start = self.height - self._energy(push)
        step = (self.step * self.random.uniform(0.9, 1.1, law.officials))[law.of] * law.stride
        place, slope = self.place, self.slope
        for _ in range(LEAPS):
            push = push + step / 2 * slope
            place = place + step * push
            height, slope = law.look(place)
            push += step / 2 * slope
        chance = np.exp(np.minimum(height - self._energy(push) - start, 0))
        taken = self.random.random(law.officials) < chance
        self.place = np.where(taken[law.of], place, self.place)
        self.slope = np.where(taken[law.of], slope, self.slope)
        self.height = np.where(taken, height, self.height)
        if tune:
            self.step *= np.exp(0.1 * (chance - ACCEPTED))

    def _energy(self, push: Floats) -> Floats:
        """(N,) kinetic energy of each official's part."""
        return np.bincount(self.law.of, push**2, minlength=self.law.officials) / 2


def _telling(world: World) -> Mask:
    """(L,) lines of which not every item could have been anything."""
    anything = (world.lowest == 0) & (world.highest == TOP)
    telling: Mask = ~anything.all(axis=1)
    return telling


def _bounds(world: World, kept: Mask) -> tuple[Floats, Floats]:
    """(L, ITEMS) the bounds of the latent value that the possible honest grades leave, severity added."""
    sheet = world.sheets.sheet[kept]
    severity = world.opinions.severity[sheet, None]
    walls = np.pad(world.opinions.cuts, ((0, 0), (1, 1)), constant_values=((0, 0), (-np.inf, np.inf)))
    low = walls[sheet[:, None], world.lowest[kept]] + severity
    high = walls[sheet[:, None], world.highest[kept] + 1] + severity
    return low, high
