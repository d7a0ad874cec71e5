"""The oracle: exact, calibrated, better than the plain mean, and told what an attack leaves to be known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.special import ndtr

from shigan.bench.raters.county import county, mean_marks
from shigan.bench.raters.metrics import tau
from shigan.bench.raters.oracle import oracle
from shigan.bench.raters.world import TOP, Scenario, Voters, World
from shigan.maths.raters.sheets import Floats

SEED = 7


def by_weighted_guesses(world: World, official: int, guesses: int = 150_000) -> tuple[float, float]:
    """Merit's posterior mean and SD, by drawing everything from its prior and weighting by the marks."""
    random, law, sheets = np.random.default_rng(0), world.opinions, world.sheets
    traits = random.normal(0, law.shared, (guesses, 1)) + random.normal(0, law.alone, (guesses, 5))
    merit = traits.mean(axis=1)
    vantage = random.normal(0, law.vantage, (guesses, len(Voters)))
    weight: Floats = np.ones(guesses)
    for line in np.flatnonzero(sheets.official == official):
        sheet = sheets.sheet[line]
        impression = random.normal(0, law.impression, guesses)
        halo, noise = law.halo[sheet], law.noise[sheet]
        level = vantage[:, sheets.voters[sheet]] - law.severity[sheet] + halo * (merit + impression)
        cuts = np.concatenate([[-np.inf], law.cuts[sheet], [np.inf]])
        for item, mark in enumerate(sheets.marks[line]):
            centre = level + (1 - halo) * traits[:, item]
            weight *= ndtr((cuts[mark + 1] - centre) / noise) - ndtr((cuts[mark] - centre) / noise)
    mean = np.average(merit, weights=weight)
    return float(mean), float(np.sqrt(np.average((merit - mean) ** 2, weights=weight)))


def test_the_oracle_agrees_with_weighted_guesses() -> None:
    world = county(SEED, Scenario.THIN, units=2)
    mean, sd = oracle(world, draws=2000)
    for official in (0, 11, 23, 39):
        expected, spread = by_weighted_guesses(world, official)
        assert mean[official] == pytest.approx(expected, abs=0.06)
        assert sd[official] == pytest.approx(spread, rel=0.08)


def test_two_chains_differ_by_a_tenth_of_the_doubt() -> None:
    world = county(SEED, units=4)
    (one, doubt), (two, _) = oracle(world, seed=1), oracle(world, seed=2)
    error = np.sqrt(np.mean((one - two) ** 2) / 2)
    assert error < 0.12 * doubt.mean()


@pytest.mark.slow
def test_the_oracle_beats_the_plain_mean_and_knows_its_doubt() -> None:
    covered, gains = [], []
    for seed in range(4):
        world = county(SEED + seed, units=12)
        theta, sd = oracle(world, draws=120)
        covered.append(np.abs(theta - world.merit) < 1.96 * sd)
        gains.append(tau(theta, world.merit) - tau(mean_marks(world.sheets), world.merit))
    assert np.mean(gains) > 0.04 and min(gains) > 0
    assert 0.93 < np.mean(covered) < 0.97


def test_an_attack_costs_the_oracle_little() -> None:
    clean, canvassed = county(SEED, units=8), county(SEED, Scenario.CANVASS, units=8)
    informed = tau(oracle(canvassed, draws=100)[0], canvassed.merit)
    assert informed > tau(oracle(clean, draws=100)[0], clean.merit) - 0.03
    assert (
        tau(mean_marks(canvassed.sheets), canvassed.merit) < tau(mean_marks(clean.sheets), clean.merit) - 0.1
    )


def test_with_nothing_told_the_oracle_returns_what_is_known_beforehand() -> None:
    world = county(SEED, units=2)
    nothing = replace(world, lowest=np.zeros_like(world.lowest), highest=np.full_like(world.highest, TOP))
    mean, sd = oracle(nothing, draws=1000)
    prior = np.sqrt(world.opinions.shared**2 + world.opinions.alone**2 / 5)
    assert np.abs(mean).max() < 0.3
    assert sd.mean() == pytest.approx(prior, rel=0.05)


def test_the_oracle_depends_on_nothing_but_its_seed() -> None:
    world = county(SEED, units=2)
    assert np.array_equal(oracle(world, draws=5)[0], oracle(world, draws=5)[0])


def test_one_draw_is_no_oracle() -> None:
    with pytest.raises(ValueError):
        oracle(county(SEED, units=2), draws=1)
