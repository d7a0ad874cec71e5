"""`shigan bench raters` on tiny counties: what is printed, what is kept in the file, what the bars say."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from typer.testing import CliRunner

from shigan.bench.raters import report
from shigan.bench.raters.bars import Bar, bars
from shigan.bench.raters.cases import CASES, CLEAN, chosen
from shigan.bench.raters.figures import Book, Figures, from_file
from shigan.bench.raters.methods import MODEL, NAIVE, ORACLE, OTHERS, ROBUST
from shigan.bench.raters.run import begun, outcomes, planned, work
from shigan.bench.raters.tasks import Task, carry_out
from shigan.cli import app

TINY = ("--seeds", "101", "--units", "4", "--draws", "5", "--jobs", "1")
SECTIONS = (
    "rules in use", "published peers", "our model", "Of those read as the best", "won by beneficiaries",
    "won by victims", "Honest doubt", "What a reading costs", "Bars of the robust reading",
)  # fmt: skip


def shigan(*arguments: str) -> str:
    result = CliRunner().invoke(app, ["bench", "raters", *arguments])
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """What the command prints of two counties, and the file it writes."""
    path = tmp_path_factory.mktemp("bench") / "figures.json"
    return shigan(*TINY, "--scenarios", "clean,canvass", "--out", str(path)), path


def test_every_section_is_printed_in_a_hundred_columns(ran: tuple[str, Path]) -> None:
    printed, _ = ran
    assert all(section in printed for section in SECTIONS)
    assert max(map(len, printed.splitlines())) <= report.WIDTH
    assert "…" not in printed


def test_every_method_has_figures_of_every_county(ran: tuple[str, Path]) -> None:
    book = from_file(ran[1])
    for case in ("clean", "canvass"):
        assert book.has(case, 101, (*OTHERS, *MODEL, ORACLE))
    assert math.isnan(book.mean("loss", ROBUST, "clean")), "nobody is pushed in the clean county"
    assert book.mean("loss_moved", "mean", "canvass") < -20
    assert 0 <= book.mean("false", ROBUST, "clean") < 1
    assert 0 < book.mean("covered", ORACLE, "canvass") <= 1


def test_no_figure_is_written_as_nan(ran: tuple[str, Path]) -> None:
    json.loads(ran[1].read_text("utf-8"), parse_constant=lambda constant: pytest.fail(constant))


def test_what_is_in_the_file_is_not_read_again(ran: tuple[str, Path]) -> None:
    before = ran[1].read_bytes()
    options = ("--scenarios", "canvass", "--no-peers", "--no-oracle", "--out", str(ran[1]), "--resume")
    printed = shigan(*TINY, *options)
    assert ran[1].read_bytes() == before
    assert "canvass" in printed and "clean" not in printed.split("Bars of the robust reading")[0]


def test_only_our_model_is_read_anew_if_so_asked(ran: tuple[str, Path]) -> None:
    plan = planned("101", "clean,canvass", peers=True, oracle=True, units=4, draws=5, jobs=1)
    old, book = from_file(ran[1]), begun(plan, ran[1], resume=True, renew=True)
    assert {key[2] for key in set(old.rows) - set(book.rows)} == set(MODEL)
    assert [step[0] for step in work(plan, book)] == ["clean 101", "canvass 101"]
    figures = [
        [replace(row, seconds=0.0, megabytes=0.0) for row in each.rows.values()] for each in (old, book)
    ]
    assert set(map(repr, figures[0])) == set(map(repr, figures[1])), "the same figures at every run"


def test_figures_of_other_counties_are_not_gone_on_from(ran: tuple[str, Path]) -> None:
    plan = planned("101", "clean", peers=True, oracle=True, units=7, draws=5, jobs=1)
    with pytest.raises(ValueError, match="4 units"):
        begun(plan, ran[1], resume=True, renew=False)
    assert not begun(plan, ran[1], resume=False, renew=False).rows


def test_seeds_are_whole_numbers() -> None:
    for wrong in ("", "101,x", "-1"):
        with pytest.raises(ValueError, match="whole numbers"):
            planned(wrong, "clean", peers=True, oracle=True, units=4, draws=5, jobs=1)


def test_there_must_be_a_file_to_go_on_from_and_a_folder_to_write_to(tmp_path: Path) -> None:
    plan = planned("101", "clean", peers=True, oracle=True, units=4, draws=5, jobs=1)
    with pytest.raises(ValueError, match="--out"):
        begun(plan, None, resume=True, renew=False)
    with pytest.raises(ValueError, match="no folder"):
        begun(plan, tmp_path / "nowhere" / "figures.json", resume=False, renew=False)
    (tmp_path / "other.json").write_text("[1]")
    with pytest.raises(ValueError, match="does not hold figures"):
        begun(plan, tmp_path / "other.json", resume=True, renew=False)


def test_two_processes_find_what_one_finds() -> None:
    tasks = [Task(CLEAN, seed, 2, 2, (("mean",),)) for seed in (101, 102)]
    one, two = ({each.task.seed: each.rows[0].tau for each in outcomes(tasks, jobs)} for jobs in (1, 2))
    assert one == two


def test_an_attack_is_compared_with_the_calm_reading_of_the_same_method() -> None:
    clean = carry_out(Task(CLEAN, 5, 6, 2, (("mean",),)))
    attacked = carry_out(Task(CASES["canvass"], 5, 6, 2, (("mean",),), clean.seen))
    (row,) = attacked.rows
    assert row.loss_moved != row.loss and row.loss_moved < -20
    assert row.seconds > 0


def test_scenarios_are_named_or_all() -> None:
    assert chosen("all") == tuple(CASES.values())
    assert [case.name for case in chosen("mix, clean")] == ["clean", "mix"]
    assert [case.share for case in chosen("breakdown")] == [0.2, 0.3, 0.4, 0.5, 0.6]
    for wrong in ("", "cleen"):
        with pytest.raises(ValueError, match="no such scenario"):
            chosen(wrong)


def test_a_scenario_that_does_not_exist_is_refused_with_the_list_of_those_that_do() -> None:
    result = CliRunner().invoke(app, ["bench", "raters", "--scenarios", "cleen"])
    assert result.exit_code == 2 and "no such scenario" in result.output


def good(method: str, case: str) -> Figures:
    """Figures with which every bar is met."""
    tau = {ROBUST: 0.75, NAIVE: 0.751, ORACLE: 0.76}.get(method, 0.6)
    return Figures(
        case=case, seed=1, method=method, tau=tau, top=0.5, best_of_unit=0.5, gain=1.0, loss=-3.0,
        gain_moved=0.5, loss_moved=-1.0, covered=0.95, edge=0.2, edge_wrong=0.03, sure_wrong=0.01,
        found=0.5, false=0.001, seconds=1.0, megabytes=1.0,
    )  # fmt: skip


@pytest.fixture
def book() -> Book:
    book = Book(60, 180)
    book.add(good(method, case) for case in CASES for method in (*OTHERS, *MODEL, ORACLE))
    return book


def spoilt(book: Book, case: str, method: str = ROBUST, **figures: Any) -> list[Bar]:
    """The bars that are no longer met if a figure of a case is another one."""
    book.add([replace(book.rows[case, 1, method], **figures)])
    return [bar for bar in bars(book) if not bar.met]


def test_good_figures_meet_every_bar(book: Book) -> None:
    assert all(bar.met for bar in bars(book))


@pytest.mark.parametrize(
    ("case", "figures", "title"),
    [
        ("thin", {"tau": 0.72}, "share of the oracle's τ"),
        ("half", {"tau": 0.6}, "τ ahead of the best rule or peer"),
        ("clique", {"gain": 2.1}, "places of beneficiaries, from truth"),
        ("retaliate", {"loss_moved": -4.1}, "places of victims, from calm reading"),
        ("clean", {"false": 0.006}, "share of honest sheets flagged"),
        ("ceiling", {"covered": 0.975}, "share of 95 % intervals that cover"),
        ("stealth", {"edge_wrong": 0.041}, "share wrong of pairs claimed 95–99 %"),
    ],
)
def test_a_planted_miss_is_marked_as_missed(
    book: Book, case: str, figures: dict[str, Any], title: str
) -> None:
    (missed,) = spoilt(book, case, **figures)
    assert (missed.title, missed.case, missed.met) == (title, case, False)
    console = Console(record=True, width=report.WIDTH, file=StringIO())
    report.show(book, console)
    assert [line for line in console.export_text().splitlines() if "MISSED" in line and case in line]


def test_robustness_may_cost_three_thousandths_on_the_clean_county(book: Book) -> None:
    (missed,) = spoilt(book, "clean", NAIVE, tau=0.7531)
    assert missed.title == "τ lost to robustness"


def test_a_peer_that_is_close_is_named(book: Book) -> None:
    (missed,) = spoilt(book, "mix", "reputation", tau=0.66)
    assert "reputation" in missed.note and missed.figure == pytest.approx(0.09)


def test_nobody_is_said_to_be_ahead_of_peers_that_were_not_asked(book: Book) -> None:
    some = book.only(CASES, [1], set((*OTHERS, *MODEL)) - {"reputation"})
    unmeasured = {bar.title for bar in bars(some) if bar.met is None}
    assert unmeasured == {"share of the oracle's τ", "τ ahead of the best rule or peer"}


def test_the_mean_over_seeds_leaves_out_what_cannot_be_counted(book: Book) -> None:
    row = book.rows["mix", 1, ROBUST]
    book.add([replace(row, seed=2, gain=math.nan, tau=0.65)])
    assert book.mean("gain", ROBUST, "mix") == 1
    assert book.mean("tau", ROBUST, "mix") == pytest.approx(0.7)
