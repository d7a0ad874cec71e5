"""How clerks change what they copy: whatever they do, every character keeps its origin."""

from __future__ import annotations

import numpy as np
import pytest

from shigan.bench.reuse import edits
from shigan.bench.reuse.spans import OWN, Span, own, signed

LAW = "各县（市、区）应当加强农村公路管理，省人民政府每年检查2次；违反规定的，由有关部门责令改正。" * 5
SOURCE = signed(own(LAW), 3)


def true(span: Span) -> bool:
    """Whether every character that has an origin stands there, in whatever spelling."""
    theirs = span.origin != OWN
    there = [LAW[place & 0xFFFFF] for place in span.origin[theirs]]
    here = [char for char, is_theirs in zip(span.text, theirs, strict=True) if is_theirs]
    other = str.maketrans({**edits.TO_TRADITIONAL, **edits.TO_OTHER_WIDTH})
    return all(a in (b, b.translate(other)) for a, b in zip(here, there, strict=True))


def fragment(length: int) -> str:
    return "甲" * length


@pytest.mark.parametrize("rate", [0.0, 0.05, 0.1, 0.2, 0.3, 0.4])
def test_the_share_that_is_lost_is_about_the_edit_rate(rate: float) -> None:
    random = np.random.default_rng(1)
    copies = [edits.edited(SOURCE.sentences()[0], rate, fragment, random) for _ in range(600)]
    kept = sum(int((copy.origin != OWN).sum()) for copy in copies) / 600 / len(SOURCE.sentences()[0])
    assert all(map(true, copies))
    assert abs(1 - rate - kept) < 0.05


def test_some_sentences_stay_as_they_are_and_some_are_written_anew() -> None:
    random = np.random.default_rng(2)
    copies = [edits.edited(SOURCE.sentences()[0], 0.4, fragment, random) for _ in range(200)]
    left = [int((copy.origin != OWN).sum()) for copy in copies]
    assert 0 in left and max(left) == len(SOURCE.sentences()[0])


def test_names_of_the_upper_level_become_the_countys() -> None:
    copy = edits.renamed(SOURCE)
    assert "县人民政府" in copy.text and "省人民政府" not in copy.text
    assert true(copy) and (copy.origin == OWN).sum() == 5, "only 省 was written anew"


def test_a_moved_block_holds_the_same_sentences() -> None:
    sentences = SOURCE.sentences()
    moved = edits.moved(sentences, np.random.default_rng(3))
    assert [each.origin[0] for each in moved] != [each.origin[0] for each in sentences]
    assert sorted(each.origin[0] for each in moved) == [each.origin[0] for each in sentences]


def test_a_short_text_is_left_in_its_order() -> None:
    two = SOURCE.sentences()[:2]
    assert edits.moved(two, np.random.default_rng(4)) == two


def test_other_spellings_keep_all_origins() -> None:
    for copy in (edits.traditional(SOURCE), edits.widened(SOURCE)):
        assert copy.text != LAW and true(copy)
        assert np.array_equal(copy.origin, SOURCE.origin)
    blank = edits.spaced(SOURCE, np.random.default_rng(5))
    assert true(blank) and blank.text.replace(" ", "") == LAW


def test_traditional_characters_stand_one_for_one() -> None:
    assert len(edits.SIMPLIFIED) == len(edits.TRADITIONAL) == len(set(edits.SIMPLIFIED))
    assert not set(edits.SIMPLIFIED) & set(edits.TRADITIONAL)
