"""Which of two versions is the later: natural truth from titles and dates."""

from __future__ import annotations

import datetime as dt
import math

from shigan.bench.reuse.corpus import Base
from shigan.bench.reuse.told import later
from shigan.bench.reuse.versions import accuracy, versions


def base(title: str, year: int, text: str) -> Base:
    return Base(title, dt.date(year, 1, 1), text)


OLD = "第一条 为了节约用水，保护水资源，制定本条例。第二条 单位和个人应当节约用水。"


def test_versions_have_one_title_another_date_and_some_common_text() -> None:
    bases = [
        base("节水条例（2019修正）", 2019, OLD + "新"),
        base("节水条例", 2010, OLD),
        base("殡葬条例", 2012, OLD),
        base("节水条例(2019修正)", 2019, OLD + "同日"),
        base("节水条例", 2021, "全文重写，没有一句与从前相同的话留下来。"),
    ]
    assert versions(bases) == [(OLD, OLD + "新"), (OLD, OLD + "同日")]


def test_amendments_of_one_title_are_no_versions() -> None:
    assert versions([base("宪法修正案", 1993, OLD), base("宪法修正案", 1999, OLD + "新")]) == []


def test_always_saying_the_same_earns_nothing() -> None:
    pairs = [("短", "较长"), ("更长的", "短")]
    assert accuracy(pairs, lambda one, other: 1.0) == 0.5
    assert accuracy(pairs, lambda one, other: 0.0) == 0.5
    assert accuracy(pairs[:1], lambda one, other: len(other) - len(one)) == 1
    assert math.isnan(accuracy([], lambda one, other: 1.0))


def test_the_text_that_names_the_other_is_the_later() -> None:
    one = "关于做好农村公路养护管理工作的通知\n县政发〔2021〕12号\n各乡镇：\n请认真落实。\n2021年3月1日\n"
    other = "关于开展养护检查的通知\n各乡镇：\n根据县政发〔2021〕12号，请报送情况。\n2021年9月1日\n"
    assert later(one, other) > 0 > later(other, one)
    assert later(one, one) == 0
