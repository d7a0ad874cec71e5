"""All documents are related to all earlier ones: the same figures whoever reckons, and nothing is missed."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shigan.maths import reuse
from shigan.maths.reuse import relate as relating
from shigan.maths.reuse.engine import Name
from shigan.maths.reuse.kernel import USUAL
from shigan.maths.reuse.relate import Relations, relate
from tests.maths.reuse.archives import archive, prose, shreds


def digests(found: Relations) -> tuple[str, str]:
    return reuse.digest(found.islands), reuse.digest(found.runs)


@given(seed=st.integers(0, 10**6), letters=st.sampled_from([3, 40, 16_000]), sensitive=st.booleans())
@settings(deadline=None, max_examples=25)
def test_numba_relates_as_numpy_does(seed: int, letters: int, sensitive: bool) -> None:
    chance = random.Random(seed)
    own = [prose(chance, chance.randrange(200), letters) for _ in range(5)]
    texts = list(enumerate(archive(seed, 12) + own + shreds(seed, 12)))
    assert digests(relate(texts, "numba", sensitive=sensitive)) == digests(relate(texts, sensitive=sensitive))


@pytest.mark.parametrize("name", ["numpy", "numba"])
def test_files_give_what_memory_gives(tmp_path: Path, name: Name, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = list(enumerate(archive(1, 60)))
    plain = relate(texts, name)
    monkeypatch.setattr(relating, "AT_ONCE", 700)
    monkeypatch.setattr(relating, "TOGETHER", 300)
    assert digests(relate(texts, name, folder=tmp_path)) == digests(plain)
    assert digests(relate(texts, name)) == digests(plain)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_an_index_finds_what_the_walk_over_all_finds() -> None:
    texts = archive(2, 60)
    index = reuse.Index()
    for number in random.Random(3).sample(range(60), 60):
        index.add(number, reuse.normalized(texts[number]))
    islands, runs = relate(enumerate(texts))
    asked = [
        (index.query(normal, number), index.runs(normal, number))
        for number, normal in enumerate(map(reuse.normalized, texts))
    ]
    assert [tuple(row) for found, _ in asked for row in found] == list(map(tuple, islands.tolist()))
    assert [tuple(row) for _, found in asked for row in found] == list(map(tuple, runs.tolist()))


def test_a_notice_relayed_a_thousand_times_is_found_a_thousand_times() -> None:
    chance = random.Random(4)
    notice = prose(chance, 300)
    relays = [prose(chance, 40) + notice + prose(chance, 40) for _ in range(1000)]
    islands, _ = relate(enumerate([notice, *relays]))
    of_source = islands[islands[:, 3] == 0]
    assert np.unique(of_source[:, 0]).tolist() == list(range(1, 1001))
    assert ((of_source[:, 2] - of_source[:, 1]) >= 280).all()


@pytest.mark.parametrize("documents", [[(1, "甲"), (0, "乙")], [(0, "甲"), (0, "乙")]])
def test_numbers_that_do_not_ascend_are_refused(documents: list[tuple[int, str]]) -> None:
    with pytest.raises(ValueError, match="ascend"):
        relate(documents)


@pytest.mark.parametrize("number", [-1, 2**31 - 1])
def test_numbers_out_of_range_are_refused(number: int) -> None:
    with pytest.raises(ValueError, match="from 0"):
        relate([(number, "甲")])


def test_of_nothing_there_is_nothing() -> None:
    assert [len(table) for table in relate([])] == [0, 0]
    assert [len(table) for table in relate([(0, ""), (1, "通知")])] == [0, 0]


def held_before(texts: list[str], number: int, length: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which characters lie in a stretch of `length` that an earlier text holds: every place of every text."""
    text = texts[number]
    earlier = {other[at : at + length] for other in texts[:number] for at in range(len(other) - length + 1)}
    mask = np.zeros(len(text), bool)
    for at in range(len(text) - length + 1):
        if text[at : at + length] in earlier:
            mask[at : at + length] = True
    return mask


@given(seed=st.integers(0, 10**6), letters=st.sampled_from([2, 5, 16_000]))
@settings(deadline=None, max_examples=15)
def test_every_stretch_of_31_characters_that_an_earlier_document_holds_is_marked(
    seed: int, letters: int
) -> None:
    chance = random.Random(seed)
    texts = shreds(seed, 12) + [prose(chance, 60, letters) * 2 for _ in range(3)]
    chance.shuffle(texts)
    islands, runs = relate(enumerate(texts))
    for number, text in enumerate(texts):
        found = [reuse.Island(*row) for row in islands[islands[:, 0] == number].tolist()]
        rest = [reuse.Run(*row) for row in runs[runs[:, 0] == number].tolist()]
        marks = np.zeros(len(text), bool)
        for start, end in reuse.marked([*found, *rest], len(text)):
            marks[start:end] = True
        assert marks[held_before(texts, number, USUAL.sure)].all()


def test_mixed_sources_are_marked_where_no_island_is() -> None:
    chance = random.Random(6)
    stretch = prose(chance, 40)
    parts = [stretch[at : at + 15] for at in range(0, 26)]
    sources = [prose(chance, 30) + part + prose(chance, 30) for part in parts]
    index = reuse.Index()
    for number, source in enumerate(chance.sample(sources, len(sources))):
        index.add(number, reuse.normalized(source))
    draft = reuse.normalized(prose(chance, 30) + stretch + prose(chance, 30))
    islands = index.query(draft)
    (run,) = reuse.seen_before(index, draft, islands)
    assert islands == []
    assert run.start <= 37 and run.end >= 63
