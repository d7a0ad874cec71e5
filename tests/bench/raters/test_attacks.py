"""The attacks: what they change, what they leave alone, and what remains to be known of honest marks."""

from __future__ import annotations

import numpy as np
import pytest

from shigan.bench.raters.county import county
from shigan.bench.raters.world import TOP, Scenario, Voters, World

SEED = 6
CHEATED = (
    Scenario.UNIFORM, Scenario.RANDOM, Scenario.COPY, Scenario.CLIQUE, Scenario.CANVASS, Scenario.STEALTH,
    Scenario.SCORCH, Scenario.RETALIATE, Scenario.HALF, Scenario.MIX,
)  # fmt: skip
WORLDS = {scenario: county(SEED, scenario) for scenario in (Scenario.CLEAN, *CHEATED)}


@pytest.mark.parametrize("scenario", CHEATED)
def test_an_attack_leaves_the_honest_county_as_it_is(scenario: Scenario) -> None:
    clean, world = WORLDS[Scenario.CLEAN], WORLDS[scenario]
    assert np.array_equal(world.honest, clean.sheets.marks)
    assert np.array_equal(world.merit, clean.merit)
    assert np.array_equal(world.sheets.sheet, clean.sheets.sheet)


@pytest.mark.parametrize("scenario", CHEATED)
def test_only_attacked_lines_change(scenario: Scenario) -> None:
    world = WORLDS[scenario]
    changed = (world.sheets.marks != world.honest).any(axis=1)
    assert changed.any()
    assert not np.any(changed & ~world.attacked)


@pytest.mark.parametrize("scenario", CHEATED)
def test_what_the_oracle_is_told_is_true(scenario: Scenario) -> None:
    world = WORLDS[scenario]
    assert np.all((world.lowest <= world.honest) & (world.honest <= world.highest))
    untouched = ~world.attacked
    assert np.array_equal(world.lowest[untouched], world.highest[untouched])


@pytest.mark.parametrize("scenario", CHEATED)
def test_nobody_is_lifted_and_pushed_at_once(scenario: Scenario) -> None:
    world = WORLDS[scenario]
    assert not np.intersect1d(world.beneficiaries, world.victims).size


def test_a_clean_county_has_no_attackers() -> None:
    world = WORLDS[Scenario.CLEAN]
    assert not world.attackers.any() and not world.victims.size


def test_a_third_of_uniform_sheets_is_all_best() -> None:
    world = WORLDS[Scenario.UNIFORM]
    assert np.all(world.sheets.marks[world.attacked] == TOP)
    assert 0.31 < world.attackers.mean() < 0.39


def test_a_bloc_lifts_one_and_pushes_the_three_best() -> None:
    world = WORLDS[Scenario.CANVASS]
    assert len(world.victims) == 3 * len(world.beneficiaries)
    assert 33 <= len(world.beneficiaries) <= 51
    pushed = world.attacked & np.isin(world.sheets.official, world.victims)
    lifted = world.attacked & np.isin(world.sheets.official, world.beneficiaries)
    assert np.array_equal(pushed | lifted, world.attacked)
    assert world.sheets.marks[pushed].max() == 1 and world.sheets.marks[lifted].min() == TOP


def test_rivals_of_a_stealthy_bloc_lose_only_best_marks() -> None:
    world = WORLDS[Scenario.STEALTH]
    pushed = world.attacked & np.isin(world.sheets.official, world.victims)
    fall = world.honest[pushed] - world.sheets.marks[pushed]
    assert fall.max() == 1 and np.all((fall > 0).sum(axis=1) <= 3)


def test_members_of_a_clique_are_top_for_one_another() -> None:
    world = WORLDS[Scenario.CLIQUE]
    inside = world.attacked & np.isin(world.sheets.official, world.beneficiaries)
    assert np.all(world.sheets.marks[inside] == TOP)
    assert np.all(np.isin(world.voter[world.sheets.sheet[world.attacked]], world.beneficiaries))


def test_those_who_are_punished_for_strictness_are_better_than_others() -> None:
    world = WORLDS[Scenario.RETALIATE]
    assert world.merit[world.victims].mean() > 0.5
    voters = world.sheets.voters[world.sheets.sheet[world.attacked]]
    assert np.all(np.isin(voters, (Voters.PEER, Voters.STAFF)))


def test_half_hearted_marks_are_one_grade_lower_at_most() -> None:
    world = WORLDS[Scenario.HALF]
    fall = world.honest - world.sheets.marks
    assert fall.min() == 0 and fall.max() == 1


def test_copies_agree_with_an_honest_line_of_the_same_unit() -> None:
    world = WORLDS[Scenario.COPY]
    sheets = world.sheets
    for line in np.flatnonzero(world.attacked)[:50]:
        same = ~world.attacked & (sheets.official == sheets.official[line])
        same &= sheets.home[sheets.sheet] == sheets.home[sheets.sheet[line]]
        assert np.any((sheets.marks[same] == sheets.marks[line]).all(axis=1))


@pytest.mark.parametrize("share", [0.1, 0.5])
def test_the_bloc_of_a_breakdown_has_its_share_in_every_unit(share: float) -> None:
    world: World = county(SEED, Scenario.BREAKDOWN, share=share)
    assert len(world.beneficiaries) == 60
    own = np.isin(world.sheets.voters, (Voters.PEER, Voters.STAFF))
    assert 0.5 * share < world.attackers[own].mean() <= 1.1 * share
