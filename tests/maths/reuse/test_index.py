"""What a document shares with earlier ones is found in an index, whatever the order of adding."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from shigan.maths import reuse
from shigan.maths.reuse.text import Normal
from tests.maths.reuse.archives import archive, prose


def filled(texts: list[str], order: list[int], sensitive: bool = False) -> reuse.Index:
    index = reuse.Index(sensitive)
    for number in order:
        index.add(number, reuse.normalized(texts[number]))
    return index


def test_an_island_says_where_a_stretch_stands_in_its_source() -> None:
    chance = random.Random(1)
    source = prose(chance, 400)
    index = filled([source], [0])
    draft = prose(chance, 70) + source[100:300] + prose(chance, 70)
    (island,) = index.query(reuse.normalized(draft))
    assert (island.source, island.start - island.source_start) == (0, -30)
    assert 70 <= island.start <= 77 and 263 <= island.end <= 270


def test_of_many_relays_the_first_and_the_one_before_are_named() -> None:
    notice = prose(random.Random(2), 300)
    index = filled([notice] * 1000, list(range(1000)))
    assert [island.source for island in index.query(reuse.normalized(notice))] == [0, 999]
    assert [island.source for island in index.query(reuse.normalized(notice), before=500)] == [0, 499]
    assert index.query(reuse.normalized(notice), before=0) == []


def test_the_order_of_adding_changes_nothing() -> None:
    texts = archive(3, 40)
    order = list(range(40))
    plain = filled(texts, order)
    random.Random(4).shuffle(order)
    mixed = filled(texts, order)
    for number, text in enumerate(texts):
        normal = reuse.normalized(text)
        assert plain.query(normal, number) == mixed.query(normal, number)


def test_queries_between_the_additions_change_nothing() -> None:
    texts = archive(5, 30)
    index = reuse.Index()
    asked = []
    for number, text in enumerate(texts):
        asked.append(index.query(reuse.normalized(text)))
        index.add(number, reuse.normalized(text))
    whole = filled(texts, list(range(30)))
    for number, islands in enumerate(asked):
        assert [island[1:] for island in islands] == [
            island[1:] for island in whole.query(reuse.normalized(texts[number]), number)
        ]


@pytest.mark.parametrize("sensitive", [False, True])
def test_an_index_on_disk_answers_as_the_one_in_memory(tmp_path: Path, sensitive: bool) -> None:
    texts = archive(6, 30)
    index = filled(texts, list(range(30)), sensitive)
    index.save(tmp_path)
    draft = reuse.normalized(texts[7] + texts[20])
    loaded = reuse.Index.load(tmp_path)
    assert loaded.query(draft) == index.query(draft)
    loaded.add(30, draft)
    assert loaded.query(draft)[-1].source == 30


@pytest.mark.parametrize("number", [-1, 2**31 - 1])
def test_other_document_numbers_are_refused(number: int) -> None:
    with pytest.raises(ValueError, match="from 0"):
        reuse.Index().add(number, Normal("", reuse.normalized("").offsets))


def test_an_empty_index_and_a_short_draft_have_no_islands() -> None:
    index = reuse.Index()
    assert index.query(reuse.normalized("关于做好工作的通知")) == []
    index.add(0, reuse.normalized("通知"))
    assert index.query(reuse.normalized("通知")) == []
