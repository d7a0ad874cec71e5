"""Width, case, punctuation, blanks and traditional characters make no difference; places are kept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shigan.maths import reuse
from shigan.maths.reuse.text import codes_of, text_of
from shigan.maths.reuse.variants import SIMPLIFIED, TRADITIONAL


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("《关于　做好ＡＢ工作的通知》", "关于做好ab工作的通知"),
        ("關於進一步加強黨員幹部隊伍建設", "关于进一步加强党员干部队伍建设"),
        ("２０２１年，〔2021〕12号", "2021年202112号"),
        ("二〇二一", "二〇二一"),
        ("㎡ ⑩ ㈠", "m210一"),
        ("，。！", ""),
        ("", ""),
    ],
)
def test_the_normal_form_keeps_letters_and_digits_in_one_spelling(written: str, normal: str) -> None:
    assert reuse.normalized(written).text == normal


def test_every_character_knows_its_place_in_the_original() -> None:
    normal = reuse.normalized("（一）㎡　Ａ")
    assert normal.text == "一m2a"
    assert normal.offsets.tolist() == [1, 3, 3, 5]
    assert normal.original(1, 4) == (3, 6)
    assert normal.original(2, 2) == (3, 3)


@given(st.text(max_size=60))
def test_the_normal_form_is_its_own_normal_form(text: str) -> None:
    plain = reuse.normalized(text).text
    assert reuse.normalized(plain).text == plain


@given(st.text(max_size=40), st.text(max_size=40))
def test_the_normal_form_of_two_texts_is_that_of_each(one: str, other: str) -> None:
    both = reuse.normalized(one).text + reuse.normalized(other).text
    assert reuse.normalized(one + other).text == both


def test_no_simplified_character_of_the_table_is_traditional() -> None:
    assert len(TRADITIONAL) == len(SIMPLIFIED) == len(set(TRADITIONAL))
    assert not set(TRADITIONAL) & set(SIMPLIFIED)


def test_lone_surrogates_of_broken_files_are_dropped() -> None:
    assert reuse.normalized("通\ud800知").text == "通知"
    assert text_of(codes_of("\ud800")) == "\ud800"
