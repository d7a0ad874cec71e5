"""What was copied from where: known passages, and equal runs against a search of every pair."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from shigan.bench.reuse import truth
from shigan.bench.reuse.spans import Document, Kind, Span, joined, own, signed
from shigan.bench.reuse.truth import Case, Runs


def document(number: int, span: Span) -> Document:
    return Document(number, "", dt.date(2020, 1, 1), Kind.BASE, 0.0, (), signed(span, number))


SOURCE = document(0, own("".join(chr(0x4E00 + at) for at in range(300))))


def copy(*parts: Span) -> Document:
    return document(1, joined(parts))


def test_a_passage_goes_on_over_a_few_characters_of_its_own() -> None:
    text = copy(own("前" * 30), SOURCE.span.part(10, 50), own("改" * 20), SOURCE.span.part(50, 90))
    assert truth.cases(text, SOURCE) == [Case(30, 130, 0, 10, 90)]


def test_more_of_its_own_make_two_passages() -> None:
    text = copy(SOURCE.span.part(10, 50), own("改" * 21), SOURCE.span.part(50, 90))
    assert truth.cases(text, SOURCE) == [Case(0, 40, 0, 10, 50), Case(61, 101, 0, 50, 90)]


def test_a_passage_may_leave_out_a_sentence_but_not_a_page() -> None:
    one = copy(SOURCE.span.part(10, 50), SOURCE.span.part(110, 150))
    two = copy(SOURCE.span.part(10, 50), SOURCE.span.part(111, 150))
    assert [len(truth.cases(text, SOURCE)) for text in (one, two)] == [1, 2]


def test_moved_blocks_are_two_passages() -> None:
    text = copy(SOURCE.span.part(100, 150), SOURCE.span.part(50, 100))
    assert truth.cases(text, SOURCE) == [Case(0, 50, 0, 100, 150), Case(50, 100, 0, 50, 100)]


def test_nothing_is_copied_from_a_stranger() -> None:
    assert truth.cases(copy(own("自己写的话。")), SOURCE) == []
    assert truth.shared(copy(own("自己写的话。")), SOURCE) == 0


def test_what_a_copy_has_at_second_hand_is_shared_with_the_first_too() -> None:
    middle = document(1, joined([own("本县"), SOURCE.span.part(0, 100), own("自己的一句。")]))
    last = document(2, middle.span.part(50, 108))
    assert truth.shared(last, SOURCE) == 52 and truth.shared(last, middle) == 58


def test_small_gaps_are_filled_and_wide_ones_left() -> None:
    mask = np.zeros(60, bool)
    mask[[5, 26, 50]] = True
    assert np.flatnonzero(truth.filled(mask, 20)).tolist() == [*range(5, 27), 50]


def test_letters_have_one_width_case_and_spelling() -> None:
    text, places = truth.letters("（ＡＢ）國务　１")
    assert text == "ab国务1"
    assert places.tolist() == [1, 2, 4, 5, 7]


TEXTS = st.lists(st.text("甲乙丙", max_size=25), min_size=1, max_size=5)


@settings(deadline=None)
@given(TEXTS, st.integers(1, 7))
def test_runs_are_those_that_a_search_of_every_pair_finds(texts: list[str], length: int) -> None:
    runs = Runs(texts, length)
    for number in range(len(texts)):
        assert runs.seen_before(number).tolist() == searched(texts[:number], texts[number], length)
        shared = [sum(searched([earlier], texts[number], length)) for earlier in texts[:number]]
        assert runs.earlier(number) == {at: count for at, count in enumerate(shared) if count}


def searched(earlier: Sequence[str], text: str, length: int) -> list[bool]:
    mask = [False] * len(text)
    for at in range(len(text) - length + 1):
        if any(text[at : at + length] in other for other in earlier):
            mask[at : at + length] = [True] * length
    return mask
