"""What was changed between two texts without dates says which is the later."""

from __future__ import annotations

from datetime import date

import pytest

from shigan.judge.direction import Document, Evidence, evidence
from shigan.judge.documents import Library
from shigan.judge.heads import head
from shigan.judge.leaning import compared, leaned, leaning
from shigan.maths.reuse import normalized
from shigan.policy import Rulebook

POLICY = Rulebook.shipped().documents
FROM_ABOVE = (
    "省财政部门每年安排饮水工程维修养护经费，按工程规模分配。省水利部门每季度抽检水质并公布结果。"
    "省应急物资储备库按供水人口配备净水设备，汛期前完成检修。水价由供水单位提出，听取用水户意见后执行。"
)
SENT_DOWN = FROM_ABOVE.replace("省", "县")
MORE = "供水单位应当设置投诉电话，二十四小时有人接听，三日内答复用水户。"


def lean_of(text: str, other: str) -> tuple[int, Evidence]:
    found = leaning(normalized(text), normalized(other))
    return (found.odds > 0) - (found.odds < 0), found.evidence


def test_who_writes_the_lower_level_in_the_same_places_has_the_text_from_above() -> None:
    assert lean_of(SENT_DOWN, FROM_ABOVE) == (1, Evidence.PLACES_LEVEL)
    assert lean_of(FROM_ABOVE, SENT_DOWN) == (-1, Evidence.PLACES_LEVEL)


def test_of_two_versions_the_one_that_says_more_is_the_later() -> None:
    assert lean_of(FROM_ABOVE + MORE, FROM_ABOVE) == (1, Evidence.GROWN)
    assert lean_of(FROM_ABOVE, FROM_ABOVE + MORE) == (-1, Evidence.GROWN)


@pytest.mark.parametrize(
    "other",
    [
        FROM_ABOVE,
        FROM_ABOVE + "特此通知",
        FROM_ABOVE[:40],
        "完全不同的另一份文件，讲的是道路养护和校车安全。",
    ],
    ids=["the same", "a little more", "an extract", "another"],
)
def test_texts_alike_extracts_and_strangers_say_nothing(other: str) -> None:
    assert lean_of(FROM_ABOVE, other) == (0, Evidence.NONE)


def test_what_the_documents_say_of_themselves_goes_before_what_was_changed() -> None:
    older = Document.read("旧", FROM_ABOVE + MORE + "本办法自2019年5月1日起施行。")
    newer = Document.read("新", SENT_DOWN + "本办法自2024年1月1日起施行。")
    assert evidence(newer, older) is Evidence.IN_FORCE
    found = compared(older, newer)
    assert found.odds < 0 and found.evidence is Evidence.IN_FORCE


def test_the_day_in_force_is_the_document_s_own_and_the_last_it_names() -> None:
    text = "《水法》自2002年10月1日起施行。\n本办法自2019年5月1日起施行。\n本通知自 2024 年 1 月 1 日起执行。"
    assert head(text).in_force == date(2024, 1, 1)
    assert head("本办法自2024年13月1日起施行。").in_force is None


def test_documents_without_any_date_are_put_in_the_order_their_texts_tell() -> None:
    copy, source = Document.read("甲", SENT_DOWN), Document.read("乙", FROM_ABOVE)
    assert [each.name for each in leaned([copy, source])] == ["乙", "甲"]
    library = Library([copy, source], POLICY)
    (found,) = library.verdict(1).sources
    assert found.document.name == "乙" and found.evidence is Evidence.PLACES_LEVEL


def test_documents_with_dates_stay_where_their_dates_put_them() -> None:
    copy = Document.read("甲", SENT_DOWN, dated=date(2026, 1, 1))
    source = Document.read("乙", FROM_ABOVE, dated=date(2026, 2, 1))
    assert leaned([copy, source]) == [copy, source]
