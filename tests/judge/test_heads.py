"""The head of a document."""

from __future__ import annotations

from datetime import date

import pytest

from shigan.judge.heads import Head, frame, head, numbers, plain, same_number

NOTICE = """中共西河县委组织部文件
西组发〔2026〕5号

关于转发《省委组织部关于做好
基层减负工作的通知》的通知

各乡镇党委，县直各单位党组织：
  现将《省委组织部关于做好基层减负工作的通知》（省组发〔2026〕12号）转发给你们，请抓好落实。
一、……

                    中共西河县委组织部
                    2026年3月2日
"""


def test_a_notice_says_its_title_number_date_issuer_addressees_and_what_it_passes_on() -> None:
    assert head(NOTICE) == Head(
        title="关于转发《省委组织部关于做好基层减负工作的通知》的通知",
        number="西组发〔2026〕5号",
        dated=date(2026, 3, 2),
        issuer="中共西河县委组织部",
        addressees=("各乡镇党委", "县直各单位党组织"),
        cited=("省组发〔2026〕12号",),
        titles=("省委组织部关于做好基层减负工作的通知",),
        relays=True,
    )


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("根据西组发 [2026] 第5号", "西组发〔2026〕5号"),
        ("关于省委组织部青组字（2021）112号", "省委组织部青组字〔2021〕112号"),
        ("县委办2号便笺〔2021〕3号", "县委办2号便笺〔2021〕3号"),
        ("X政办发〔2021〕3号", "X政办发〔2021〕3号"),
        ("西12组发〔2021〕3号", "西12组发〔2021〕3号"),
    ],
    ids=["square bracket", "round bracket", "digit inside", "latin letter", "digits inside"],
)
def test_a_number_is_read_in_any_bracket(written: str, number: str) -> None:
    assert plain(written) == number
    assert list(numbers(f"按照{written}精神")) == [number]


def test_two_numbers_are_one_where_the_sentence_adds_words_before() -> None:
    assert same_number("省委组织部青组字〔2021〕112号", "青组字〔2021〕112号")
    assert not same_number("青组字〔2021〕112号", "青组字〔2021〕11号") and not same_number("", "")


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("二〇二六年三月二日", date(2026, 3, 2)),
        ("二○二一年十二月二十八日", date(2021, 12, 28)),
        ("2026 年 3 月 10 日", date(2026, 3, 10)),
        ("2026年2月30日", None),
        ("会议于2026年3月2日召开", None),
    ],
)
def test_a_date_alone_on_its_line_is_the_document_s(line: str, day: date | None) -> None:
    assert head(f"关于某事的通知\n各乡镇：\n请办理。\n县水利局\n{line}").dated == day


def test_an_essay_has_a_title_and_nothing_more() -> None:
    found = head("之一——\n以实干谈发展\n近期，我们开展了学习。\n一、要有实干的作风\n实干……")
    assert found == Head(title="以实干谈发展")


def test_an_empty_text_has_an_empty_head() -> None:
    assert head("") == head("\n \n") == Head()


def test_names_of_organs_with_small_words_in_them_stay_whole() -> None:
    own = "县人力资源和社会保障局发〔2026〕3号"
    assert plain(own) == own and head(f"{own}\n关于做好工作的通知\n").number == own
    assert same_number(plain(f"根据{own}"), own) and not same_number("发〔2026〕3号", own)


def test_a_date_before_a_number_is_no_part_of_it() -> None:
    assert list(numbers("2021年3月2日西组发〔2021〕3号")) == ["西组发〔2021〕3号"]


def test_the_frame_of_a_document_is_red_head_number_addressees_signature_date_and_copies_to() -> None:
    text = NOTICE + "抄送：县委办公室，县政府办公室。\n中共西河县委组织部办公室 2026年3月3日印发\n"
    assert [text[a:b].strip() for a, b in frame(text)] == [
        "中共西河县委组织部文件",
        "西组发〔2026〕5号",
        "各乡镇党委，县直各单位党组织：",
        "中共西河县委组织部",
        "2026年3月2日",
        "抄送：县委办公室，县政府办公室。",
        "中共西河县委组织部办公室 2026年3月3日印发",
    ]


@pytest.mark.parametrize(
    "text", ["", "要有实干的作风。\n一、实干\n2026年以来，全县办成三件事。"], ids=["empty", "essay"]
)
def test_what_is_no_official_document_has_no_frame(text: str) -> None:
    assert frame(text) == []
