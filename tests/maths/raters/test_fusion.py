"""Ballots and records put together: the algebra of precision, and that two readings know more than one."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import kendalltau

from shigan.maths.raters.fusion import HIGHEST, Fused, borne_out, fuse, reliability, standardised
from shigan.maths.raters.sheets import Floats

NOTHING = np.full(30, np.nan)


def county(seed: int, officials: int = 400, sure: float = 0.6) -> tuple[Floats, Floats, Floats, Floats]:
    """Merit, posterior means of it from noisy ballots, their errors, standardised records."""
    random = np.random.default_rng(seed)
    merit = random.standard_normal(officials)
    noise = random.uniform(0.5, 1.0, officials)
    seen = merit + noise * random.standard_normal(officials)
    error = (1 + noise**-2) ** -0.5
    records = np.sqrt(sure) * merit + np.sqrt(1 - sure) * random.standard_normal(officials)
    return merit, seen * noise**-2 * error**2, error, standardised(records)


def both(seed: int, sure: float = 0.6) -> tuple[Floats, Floats, Fused]:
    merit, ballots, error, records = county(seed, sure=sure)
    return merit, ballots, fuse(ballots, error, records, sure)


def test_without_records_the_ballots_stand() -> None:
    ballots, error = np.linspace(-1, 1, 30), np.full(30, 0.3)
    for records, sure in ((NOTHING, 0.8), (ballots, 0.0)):
        found = fuse(ballots, error, records, sure)
        assert np.allclose(found.place, ballots) and np.allclose(found.error, error)
        assert np.isnan(found.z).all()


def test_precisions_add_up() -> None:
    ballots, error = np.array([1.0, -1.0]), np.array([0.5, 0.5])
    spread = np.sqrt(1.25)
    found = fuse(ballots, error, np.array([1.0, -1.0]), 0.5)
    assert np.allclose(found.error**-2, 1 / 0.25 + 1 / spread**2)
    assert np.allclose(found.place[0], (1 / 0.25 + spread * np.sqrt(2) / spread**2) * found.error[0] ** 2)


def test_two_readings_know_more_than_one() -> None:
    for seed in range(3):
        merit, ballots, found = both(seed)
        assert kendalltau(found.place, merit)[0] > kendalltau(ballots, merit)[0] + 0.03


def test_the_fused_interval_covers_as_often_as_it_says() -> None:
    covered = []
    for seed in range(5):
        merit, _ballots, found = both(seed)
        covered.append(np.mean(np.abs(merit - found.place) < 1.96 * found.error))
    assert 0.93 < np.mean(covered) < 0.97


def test_honest_ballots_and_records_contradict_as_often_as_chance_does() -> None:
    z = np.concatenate([both(seed)[2].z for seed in range(5)])
    assert np.mean(np.abs(z) > 1.96) == pytest.approx(0.05, abs=0.015)
    assert abs(np.mean(z)) < 0.1


def test_one_whom_ballots_press_down_stands_out_by_the_records() -> None:
    merit, ballots, error, records = county(1)
    best = np.argsort(merit)[-10:]
    ballots[best] -= 3
    found = fuse(ballots, error, records, 0.6)
    assert np.median(found.z[best]) > 2 > np.median(found.z)


def test_reliability_is_that_of_both_halves_together() -> None:
    random = np.random.default_rng(1)
    true = random.standard_normal(5000)
    one, other = (true + random.standard_normal(5000) for _half in range(2))
    assert reliability(one, other) == pytest.approx(2 / 3, abs=0.03)
    assert reliability(true, true) == HIGHEST
    assert reliability(one, -other) == 0.0


def test_few_halves_or_halves_without_differences_say_nothing() -> None:
    assert reliability(np.arange(9.0), np.arange(9.0)) == 0.0
    assert reliability(np.ones(20), np.arange(20.0)) == 0.0
    assert reliability(np.where(np.arange(20) < 15, np.nan, 1.0), np.arange(20.0)) == 0.0


def test_records_count_only_as_far_as_the_ballots_bear_them_out() -> None:
    _merit, ballots, error, records = county(1, officials=5000)
    assert borne_out(ballots, error, records) == pytest.approx(0.6, abs=0.05)
    assert borne_out(ballots, error, np.random.default_rng(2).permutation(records)) < 0.01
    assert borne_out(ballots, error, -records) == 0.0
    assert borne_out(ballots[:9], error[:9], records[:9]) == 0.0


def test_a_few_who_are_pressed_down_do_not_silence_the_records() -> None:
    merit, ballots, error, records = county(1, officials=2000)
    pressed = ballots.copy()
    pressed[np.argsort(merit)[-40:]] -= 2
    assert borne_out(pressed, error, records) > 0.75 * borne_out(ballots, error, records)


def test_standardised_keeps_what_is_missing() -> None:
    found = standardised(np.array([1.0, np.nan, 3.0]))
    assert found[[0, 2]].tolist() == [-1.0, 1.0] and np.isnan(found[1])
    assert standardised(np.array([2.0, 2.0])).tolist() == [0.0, 0.0]


@pytest.mark.parametrize(("error", "sure"), [(0.0, 0.5), (0.3, 1.0), (0.3, -0.1)])
def test_an_impossible_error_or_reliability_is_refused(error: float, sure: float) -> None:
    with pytest.raises(ValueError):
        fuse(np.zeros(2), np.full(2, error), np.zeros(2), sure)
