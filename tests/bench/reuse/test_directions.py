"""Direction of relays without dates, and planted names of places: what the benchmark counts."""

from __future__ import annotations

import datetime as dt

from shigan.bench.reuse.directions import bears, directions
from shigan.bench.reuse.edits import renamed
from shigan.bench.reuse.places import Home, silent
from shigan.bench.reuse.spans import Document, Kind, Span, own, signed

TEXT = "省人民政府每年公布本省用水总量，全省各级财政安排维修经费。"


def document(number: int, span: Span, kind: Kind, *sources: int) -> Document:
    return Document(number, "", dt.date(2020, 1, 1 + number), kind, 0.0, sources, signed(span, number))


SOURCE = document(0, own(TEXT), Kind.BASE)
SENT_DOWN = document(1, renamed(SOURCE.span), Kind.WHOLE, 0)
AS_IT_IS = document(2, SOURCE.span, Kind.WHOLE, 0)


def test_a_relay_bears_evidence_where_an_upper_level_s_name_became_a_county_s() -> None:
    assert bears(SENT_DOWN, SOURCE) and not bears(AS_IT_IS, SOURCE)


def test_pairs_that_are_not_told_count_half_and_the_oracle_reads_what_is_planted() -> None:
    all_ = [SOURCE, SENT_DOWN, AS_IT_IS]
    found = directions(all_, lambda one, other: float("县" in other) - float("县" in one), Kind.WHOLE)
    assert (found.all, found.right, found.wrong, found.planted) == (2, 1, 0, 1)
    assert found.accuracy == found.oracle == 0.75


def test_places_are_planted_in_sentences_that_name_the_own_city_and_nothing_foreign() -> None:
    text = "本市各部门要落实。\n学校要开学。全市学校参照长沙市的办法。\n全市村庄要整治。"
    assert [home.text for home in silent([Home("洛阳市", text)])] == ["本市各部门要落实", "全市村庄要整治"]
