"""How well passages were found, worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from shigan.bench.reuse import metrics
from shigan.bench.reuse.metrics import Counts
from shigan.bench.reuse.truth import Case


def test_precision_recall_and_f1_of_pooled_counts() -> None:
    counts = metrics.total([Counts(6, 8, 10), Counts(2, 2, 6)])
    assert (counts.precision, counts.recall) == (0.8, 0.5)
    assert counts.f1 == pytest.approx(8 / 13)
    assert all(math.isnan(figure) for figure in (Counts().precision, Counts().recall, Counts().f1))


def test_natural_reuse_counts_neither_way_but_a_true_copy_always() -> None:
    true, found, natural = (
        np.array([bool(int(digit)) for digit in row]) for row in ("11000", "01110", "01100")
    )
    assert metrics.characters(true, found, natural) == Counts(1, 2, 2)


def test_granularity_is_the_pieces_of_the_passages_found() -> None:
    true = [Case(0, 100, 7, 0, 100), Case(200, 300, 7, 200, 300), Case(400, 500, 7, 400, 500)]
    found = [Case(0, 40, 7, 0, 40), Case(50, 90, 7, 50, 90), Case(210, 290, 7, 210, 290)]
    pieces = metrics.pieces(true, found)
    assert pieces == [2, 1] and metrics.granularity(pieces) == 1.5
    assert metrics.plagdet(0.9, 1) == 0.9 and metrics.plagdet(0.9, 3) == pytest.approx(0.45)


def test_a_passage_must_meet_on_both_sides() -> None:
    true = Case(0, 100, 7, 0, 100)
    assert not metrics.meet(true, Case(0, 100, 7, 500, 600))
    assert not metrics.meet(true, Case(100, 200, 7, 0, 100))
    assert not metrics.meet(true, Case(0, 100, 8, 0, 100))
    assert metrics.meet(true, Case(99, 200, 7, 99, 200))


def test_pairs_that_share_little_count_neither_way() -> None:
    true = {(5, 1): 400, (5, 2): 50, (5, 3): 100, (5, 4): 10}
    assert metrics.document_pairs({(5, 1), (5, 2), (5, 4)}, true) == Counts(1, 2, 2)
