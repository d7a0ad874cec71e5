"""Which of two versions is the later: natural truth from titles and dates."""

from __future__ import annotations

import datetime as dt
import math

from shigan.bench.reuse.corpus import Base
from shigan.bench.reuse.versions import accuracy, versions


def base(title: str, year: int, text: str) -> Base:
    return Base(title, dt.date(year, 1, 1), text)


def test_versions_have_one_title_and_another_date() -> None:
    bases = [
        base("节水条例（2019修正）", 2019, "新"),
        base("节水条例", 2010, "旧"),
        base("殡葬条例", 2012, "别的"),
        base("节水条例(2019修正)", 2019, "同日"),
    ]
    assert versions(bases) == [("旧", "新")]


def test_always_saying_the_same_earns_nothing() -> None:
    pairs = [("短", "较长"), ("更长的", "短")]
    assert accuracy(pairs, lambda one, other: 1.0) == 0.5
    assert accuracy(pairs, lambda one, other: 0.0) == 0.5
    assert accuracy(pairs[:1], lambda one, other: len(other) - len(one)) == 1
    assert math.isnan(accuracy([], lambda one, other: 1.0))
