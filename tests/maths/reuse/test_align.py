"""A reader sees what was copied in one piece, with the places in both originals."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from shigan.maths import reuse
from tests.maths.reuse.archives import prose


def shown(source: str, draft: str) -> list[reuse.Passage]:
    index = reuse.Index()
    index.add(0, reuse.normalized(source))
    normal = reuse.normalized(draft)
    return reuse.passages(normal, index.query(normal), {0: source}.__getitem__)


def test_a_copied_stretch_is_shown_to_the_character() -> None:
    chance = random.Random(1)
    source = prose(chance, 500)
    draft = prose(chance, 80) + source[100:300] + prose(chance, 80)
    (passage,) = shown(source, draft)
    assert passage[:5] == (0, 80, 280, 100, 300)
    assert passage.similarity == 1


def test_places_are_those_of_the_originals_with_their_punctuation() -> None:
    chance = random.Random(2)
    stretch = [prose(chance, 20) for _ in range(6)]
    source = "。".join(stretch)
    draft = "（甲）" + "，  ".join(stretch) + "！"
    (passage,) = shown(source, draft)
    assert draft[passage.start : passage.end] == "，  ".join(stretch)
    assert source[passage.source_start : passage.source_end] == source


def test_every_third_character_changed_in_a_sentence_leaves_one_passage() -> None:
    chance = random.Random(3)
    source = prose(chance, 300)
    changed = [prose(chance, 1) if 100 <= at < 160 and at % 3 == 0 else old for at, old in enumerate(source)]
    (passage,) = shown(source, "".join(changed))
    assert passage[1:3] == (0, 300)
    assert 0.9 < passage.similarity < 0.95


def test_text_of_its_own_parts_two_passages() -> None:
    chance = random.Random(4)
    source = prose(chance, 400)
    draft = source[:200] + prose(chance, 150) + source[200:]
    assert [(each.start, each.end) for each in shown(source, draft)] == [(0, 200), (350, 550)]


def test_a_moved_block_is_a_passage_of_its_own() -> None:
    chance = random.Random(5)
    source = prose(chance, 600)
    draft = source[300:] + source[:300]
    assert [each[1:5] for each in shown(source, draft)] == [(0, 300, 300, 600), (300, 600, 0, 300)]


def test_unrelated_wording_around_a_copy_is_not_taken_in() -> None:
    chance = random.Random(6)
    source = prose(chance, 400, letters=50)
    own, stretch = prose(chance, 200, letters=50), source[150:250]
    (passage,) = shown(source, own + stretch + own)
    assert 180 <= passage.start <= 200 and 300 <= passage.end <= 320


def test_blocks_hold_equal_characters_and_do_not_overlap() -> None:
    chance = random.Random(7)
    source = prose(chance, 500, letters=300)
    changed = "".join(prose(chance, 1) if chance.random() < 0.1 else old for old in source)
    plain, other = reuse.normalized(changed).text, reuse.normalized(source).text
    for passage in shown(source, changed):
        end = 0
        for here, there, length in passage.blocks:
            assert plain[here : here + length] == other[there : there + length]
            assert here >= end
            end = here + length


@given(seed=st.integers(0, 10**6), letters=st.sampled_from([4, 60, 16_000]))
@settings(deadline=None, max_examples=40)
def test_passages_lie_apart_in_the_document_and_inside_both_texts(seed: int, letters: int) -> None:
    chance = random.Random(seed)
    source = prose(chance, 250, letters)
    parts = [prose(chance, chance.randrange(60), letters)]
    for _ in range(5):
        start = chance.randrange(240)
        parts += [source[start : start + chance.randrange(80)], prose(chance, chance.randrange(30), letters)]
    draft, end = "，".join(parts), 0
    for passage in sorted(shown(source, draft), key=lambda each: each.start):
        assert end <= passage.start < passage.end <= len(draft)
        assert 0 <= passage.source_start < passage.source_end <= len(source)
        assert 0 < passage.similarity <= 1
        end = passage.end
