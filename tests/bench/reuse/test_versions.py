"""Which of two versions is the later: natural truth from titles and dates."""

from __future__ import annotations

import datetime as dt
import math

from shigan.bench.reuse.corpus import Base
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
