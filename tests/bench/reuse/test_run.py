"""`shigan bench reuse` on generated prose: what is printed, and what a reading is scored by."""

from __future__ import annotations

from dataclasses import replace

import pytest
from typer.testing import CliRunner

from shigan.bench.reuse import bars, figures, method
from shigan.bench.reuse.corpus import corpus
from shigan.bench.reuse.figures import Read
from shigan.bench.reuse.method import Reading, parent
from shigan.bench.reuse.relays import Plan, made
from shigan.bench.reuse.report import WIDTH
from shigan.bench.reuse.spans import Document, Kind
from shigan.bench.reuse.truth import cases
from shigan.cli import app

PLAN = Plan(seed=5, each=1, chains=6, notes=4, copies=8)


@pytest.fixture(scope="module")
def documents() -> list[Document]:
    return made(corpus(None, 5, 80), PLAN)


def perfect(documents: list[Document]) -> Reading:
    """The reading of one who knows the truth."""
    reading = Reading()
    for document in documents:
        if document.kind is not Kind.BASE:
            found = [case for source in document.sources for case in cases(document, documents[source])]
            sizes = {
                source: float(sum(case.end - case.start for case in found if case.source == source))
                for source in document.sources
            }
            reading.passages[document.number], reading.weights[document.number] = found, sizes
            reading.each[document.number] = 1.0
    return reading


def test_one_who_knows_the_truth_meets_every_bar_measured(documents: list[Document]) -> None:
    reading = perfect(documents)
    all_ = figures.reads(documents, reading)
    assert [bar for bar in bars.bars(all_, figures.steadiness(reading, all_), 1.0) if not bar.met] == []
    assert figures.by_source(all_).f1 == 1 and figures.granularity(all_) == 1


def test_one_who_finds_nothing_meets_none_of_recall(documents: list[Document]) -> None:
    reading = perfect(documents)
    for number in reading.passages:
        reading.passages[number], reading.weights[number] = [], {}
    all_ = figures.reads(documents, reading)
    assert figures.characters(all_).recall == 0 and figures.found(all_, Kind.NOTE) == 0
    assert not any(bar.met for bar in bars.bars(all_, float("nan"), float("nan")))


def test_half_a_passage_is_found_with_half_the_recall(documents: list[Document]) -> None:
    reading = perfect(documents)
    for number, passages in reading.passages.items():
        reading.passages[number] = [
            replace(passage, end=(passage.start + passage.end) // 2) for passage in passages
        ]
    counts = figures.characters(figures.reads(documents, reading))
    assert counts.precision == 1 and abs(counts.recall - 0.5) < 0.02


def test_a_stranger_is_no_parent(documents: list[Document]) -> None:
    reading = perfect(documents)
    for number in reading.weights:
        strangers = {0, 1, 2, 3} - set(documents[number].sources)
        reading.weights[number] = {min(strangers): 100.0}
    assert figures.parents(figures.reads(documents, reading), Kind.PARTIAL) == 0


def test_what_we_find_of_unedited_relays_is_all_of_them(documents: list[Document]) -> None:
    reading = method.read(documents, "numpy")
    all_: list[Read] = figures.reads(documents, reading)
    assert figures.found(all_, Kind.WHOLE, Kind.PARTIAL, Kind.MOSAIC, rate=0.0) == 1
    assert figures.found(all_, Kind.NOTE, Kind.MASS) == 1
    assert figures.characters(all_, 0.0).f1 > 0.9


def test_of_parents_about_equal_the_latest_is_named() -> None:
    assert parent({}) is None
    assert parent({3: 100.0, 8: 96.0, 9: 94.0}) == 8


def test_the_command_prints_each_bar_beside_its_figure() -> None:
    options = ["--documents", "60", "--each", "1", "--copies", "8", "--seed", "5", "--no-numba", "--pairs"]
    result = CliRunner().invoke(app, ["bench", "reuse", *options])
    assert result.exit_code == 0, result.output
    assert max(map(len, result.stdout.splitlines())) <= WIDTH
    for words in (
        "generated prose",
        "public tools",
        "edits 40%",
        "pieces of a passage",
        "must be",
        "not measured",
    ):
        assert words in result.stdout
