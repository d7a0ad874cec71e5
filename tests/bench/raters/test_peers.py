"""The peers: each fulfils the equations of its article, and reads a made-up county as it should."""

import numpy as np
import pytest
from scipy.stats import kendalltau

from shigan.bench.raters import peers
from shigan.bench.raters.county import county
from shigan.bench.raters.peers import PEERS, bradley_terry, community_notes, reputation
from shigan.bench.raters.rules import line_means, mean
from shigan.maths.raters.sheets import BLANK, Floats, Sheets

COUNTY = county(5, "mix", units=8)
ORDERLY = [name for name in PEERS if name != "Community Notes"]  # which starts at random


def agreement(one: Floats, other: Floats) -> float:
    return float(kendalltau(one, other, nan_policy="omit").statistic)


def sheets_of(marks: list[list[int]]) -> Sheets:
    """One item; a row a sheet, a column an official, BLANK where the sheet has no line about the official."""
    table = np.array(marks, dtype=np.int8)
    sheet, official = np.nonzero(table != BLANK)
    zeros = np.zeros(len(table), np.int64)
    return Sheets(
        sheet, official, table[sheet, official][:, None], zeros, zeros, np.zeros(table.shape[1], int)
    )


def test_the_list_of_peers_is_closed() -> None:
    assert list(PEERS) == [
        "many-facet Rasch", "crossed linear", "Bradley-Terry", "Community Notes", "reputation",
    ]  # fmt: skip


@pytest.mark.parametrize("name", PEERS)
def test_a_peer_reads_an_honest_county_about_as_the_mean_does(name: str) -> None:
    world = county(4, units=20)
    ours, plain = PEERS[name](world.sheets), mean(world.sheets)
    assert agreement(ours, world.merit) > agreement(plain, world.merit) - 0.1


@pytest.mark.parametrize("name", ["many-facet Rasch", "crossed linear"])
def test_severity_is_allowed_for(name: str) -> None:
    world = county(4, "severity", units=20)
    gain = agreement(PEERS[name](world.sheets), world.merit) - agreement(mean(world.sheets), world.merit)
    assert gain > 0.04


@pytest.mark.parametrize("name", PEERS)
def test_officials_without_a_mark_have_no_figure(name: str) -> None:
    marks = [[3, 2, 1, BLANK], [3, 3, 0, BLANK], [2, 1, 1, BLANK]]
    figure = PEERS[name](sheets_of(marks))
    assert np.isnan(figure).tolist() == [False, False, False, True]
    assert figure[0] > figure[1] > figure[2]


@pytest.mark.parametrize("name", ORDERLY)
def test_a_peer_depends_on_no_number_of_sheet_or_official(name: str) -> None:
    sheets, rng = COUNTY.sheets, np.random.default_rng(5)
    officials, numbers = rng.permutation(len(sheets.unit)), rng.permutation(len(sheets.home))
    renamed = Sheets(
        numbers[sheets.sheet], officials[sheets.official], sheets.marks, sheets.home[np.argsort(numbers)],
        sheets.voters[np.argsort(numbers)], sheets.unit[np.argsort(officials)],
    )  # fmt: skip
    assert np.allclose(PEERS[name](renamed)[officials], PEERS[name](sheets), atol=2e-3)


def test_who_beats_all_others_has_a_finite_strength() -> None:
    figure = bradley_terry(sheets_of([[3, 2, 1], [3, 1, 1], [3, 2, 0]]))
    assert np.isfinite(figure).all() and figure.argmax() == 0


def test_the_strength_of_bradley_terry_expects_the_wins_there_were() -> None:
    sheets = COUNTY.sheets
    strength, mark = np.exp(bradley_terry(sheets)), line_means(sheets)
    left = peers.GHOST_GAMES * (0.5 - strength / (strength + 1))
    for sheet in range(len(sheets.home)):
        lines = np.flatnonzero(sheets.sheet == sheet)
        a, b = (lines[side] for side in np.triu_indices(len(lines), 1))
        one, other = sheets.official[a], sheets.official[b]
        surprise = (np.sign(mark[a] - mark[b]) + 1) / 2 - strength[one] / (strength[one] + strength[other])
        np.add.at(left, one, surprise)
        np.add.at(left, other, -surprise)
    assert np.abs(left).max() < 0.05


def test_levels_of_sheets_mean_nothing_to_bradley_terry() -> None:
    one = bradley_terry(sheets_of([[3, 2, 1], [2, 3, 1]]))
    assert np.allclose(one, bradley_terry(sheets_of([[3, 2, 1], [1, 2, 0]])))


def test_an_axis_of_two_camps_is_not_merit_to_community_notes() -> None:
    # Two camps, each all for its own man and against the other's; the third is liked by both.
    camp, other = [3, 0, 3, 1], [0, 3, 3, 1]
    figure = community_notes(sheets_of([camp] * 6 + [other] * 6))
    assert figure.argmax() == 2
    assert abs(figure[0] - figure[1]) < 0.05


def test_community_notes_reads_the_same_sheets_the_same_again() -> None:
    assert np.array_equal(community_notes(COUNTY.sheets), community_notes(COUNTY.sheets))


def test_the_sheet_that_disagrees_hardly_counts_for_reputation() -> None:
    marks = [[3, 1, 2, 0]] * 4 + [[0, 3, 0, 3]]
    assert np.abs(reputation(sheets_of(marks)) - [3, 1, 2, 0]).max() < 0.2
    assert np.abs(mean(sheets_of(marks)) - [3, 1, 2, 0]).max() > 0.5


def test_reputation_is_taken_in_by_those_who_agree_on_a_lie() -> None:
    # Why no sheet may ever weigh more than an ordinary one: those who copy one another agree perfectly.
    honest = [[3, 1, 2, 1], [2, 0, 3, 1], [3, 1, 3, 0], [2, 1, 1, 0]]
    sheets = sheets_of([*honest, *[[0, 3, 0, 3]] * 4])
    assert reputation(sheets)[0] < mean(sheets)[0] - 0.5
    assert reputation(sheets)[1] > mean(sheets)[1] + 0.5
