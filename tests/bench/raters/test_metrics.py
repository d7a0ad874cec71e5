"""The figures of the gaming benchmark, on examples that can be counted by hand."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from shigan.bench.raters.county import county, mean_marks
from shigan.bench.raters.metrics import (
    chosen,
    coverage,
    flag_rates,
    pair_claims,
    places,
    places_won,
    scores,
    tau,
    top_precision,
    unit_precision,
)
from shigan.bench.raters.world import Scenario

TRUTH = np.arange(10.0)


def test_the_right_order_is_worth_one_whatever_the_scale() -> None:
    assert tau(TRUTH, np.exp(TRUTH)) == pytest.approx(1)
    assert tau(-TRUTH, TRUTH) == pytest.approx(-1)


def test_ties_earn_nothing() -> None:
    assert tau(np.array([1.0, 1, 2, 3]), np.arange(4.0)) == pytest.approx(5 / 6)
    assert tau(np.ones(4), np.arange(4.0)) == 0


def test_half_of_the_best_found_is_a_precision_of_one_half() -> None:
    theta = np.array([0.0, 1, 2, 3, 4, 5, 6, 9, 7, 8])  # the best three read as 7, 9, 8
    assert top_precision(theta, TRUTH, share=0.2) == pytest.approx(0.5)


def test_those_who_tie_at_the_edge_share_its_places() -> None:
    assert chosen(np.array([5.0, 1, 1, 0]), 2).tolist() == [1, 0.5, 0.5, 0]
    assert top_precision(np.zeros(10), TRUTH, share=0.2) == pytest.approx(0.2)


def test_every_unit_has_its_own_best() -> None:
    unit = np.repeat([0, 1], 5)
    theta = TRUTH.copy()
    theta[4], theta[0] = 0, 4  # wrong in the first unit only
    assert unit_precision(theta, TRUTH, unit) == pytest.approx(0.5)


def test_percentile_places_lie_in_the_middle_of_their_steps() -> None:
    assert places(TRUTH)[[0, 9]].tolist() == [5, 95]
    assert places(np.zeros(4)).tolist() == [50, 50, 50, 50]


def test_places_won_are_counted_for_those_concerned_only() -> None:
    theta = TRUTH.copy()
    theta[0] = 99
    assert places_won(theta, TRUTH, np.array([0])) == pytest.approx(90)
    assert places_won(theta, TRUTH, np.array([5])) == pytest.approx(-10)
    assert math.isnan(places_won(theta, TRUTH, np.array([], dtype=np.int64)))


@pytest.mark.parametrize(("centre", "factor"), [(0.0, 1.0), (3.0, 0.25), (-1.0, 40.0)])
def test_honest_intervals_cover_whatever_the_scale(centre: float, factor: float) -> None:
    random = np.random.default_rng(1)
    theta = random.standard_normal(20_000)
    merit = theta + 0.5 * random.standard_normal(20_000)
    sd = np.full(20_000, 0.5 * factor)
    assert coverage(centre + factor * theta, sd, merit) == pytest.approx(0.95, abs=0.006)
    assert coverage(centre + factor * theta, sd / 2, merit) == pytest.approx(0.673, abs=0.01)


def test_an_unshrunken_estimate_is_brought_to_scale_the_other_way_round() -> None:
    random = np.random.default_rng(2)
    merit = random.standard_normal(20_000)
    theta = 3 * (merit + 0.8 * random.standard_normal(20_000))
    assert coverage(theta, np.full(20_000, 2.4), merit, shrunken=False) == pytest.approx(0.95, abs=0.006)


def test_pairs_are_claimed_by_their_distance_in_doubts() -> None:
    theta, sd = np.array([0.0, 2.0, 9.0]), np.full(3, math.sqrt(0.5))
    claims = pair_claims(theta, sd, merit=np.array([1.0, 0.0, 2.0]))
    assert (claims.all, claims.edge, claims.sure) == (3, 1, 3)  # 2 doubts apart is 0.977
    assert claims.edge_wrong == 1 and claims.sure_wrong == pytest.approx(1 / 3)
    assert claims.gap == pytest.approx((0.97725 + 2 - 2) / 3, abs=1e-4)


def test_pairs_of_two_units_can_be_left_out() -> None:
    claims = pair_claims(TRUTH, np.ones(10), TRUTH, unit=np.repeat([0, 1], 5))
    assert claims.all == 20


def test_claims_of_honest_doubt_are_wrong_as_often_as_they_say() -> None:
    random = np.random.default_rng(3)
    theta = random.standard_normal(1000)
    sd = random.uniform(0.2, 0.8, 1000)
    claims = pair_claims(theta, sd, theta + sd * random.standard_normal(1000))
    assert 0.01 < claims.edge_wrong < 0.05 and claims.gap < 0.01


def test_flags_are_counted_apart_for_cheats_and_honest_sheets() -> None:
    rates = flag_rates(np.array([1, 1, 0, 0, 0], bool), np.array([1, 0, 1, 0, 0], bool))
    assert rates.found == 0.5 and rates.false == pytest.approx(1 / 3)
    assert math.isnan(flag_rates(np.ones(2, bool), np.zeros(2, bool)).found)


def test_under_the_mean_rivals_of_a_bloc_fall_far() -> None:
    world = county(8, Scenario.CANVASS)
    calm = mean_marks(replace(world.sheets, marks=world.honest))
    result = scores(world, mean_marks(world.sheets), calm)
    assert result.loss < -40 and result.loss_moved < -40
    assert result.gain_moved > 0
    assert scores(world, calm, calm).loss_moved == 0
