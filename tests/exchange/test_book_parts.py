"""What the tables of the evidence book say."""

from __future__ import annotations

from typing import Any

from shigan.exchange.book_parts import box
from shigan.exchange.papers import Table
from shigan.judge import Finding, Profile


def told(measure: str, item: str, low: float | None, high: float | None, **more: Any) -> Finding:
    code, voters, *rest = item.split("·")
    values = {"box": code, "voters": voters, "item": "".join(rest), "title": "测评"}
    return Finding(
        measure=f"evaluation.box_{measure}", about="P0001", item=item, low=low, high=high, n=12,
        evidence=(7,), **({"values": values, "unit": "%"} | more),
    )  # fmt: skip


def profile(*findings: Finding) -> Profile:
    return Profile("P0001", 2026, "U003", "G01", "", findings)


def rows(made: Profile) -> list[list[str]]:
    return [list(row) for block in box(made) if isinstance(block, Table) for row in block.rows]


def test_what_the_box_published_stands_group_by_group_as_ranges() -> None:
    made = profile(
        told("upper", "B0001·A·德", 70, 100), told("first", "B0001·A·德", 30, 60),
        told("upper", "B0001·A·能", 0, 30), told("points", "B0001·A", 79.8, 93.2, unit="分", values={}),
    )  # fmt: skip
    assert rows(made) == [["B0001 A 票", "12", "德 70–100%（30–60%），能 0–30%", "79.8–93.2分", "7"]]


def test_a_group_of_which_nothing_is_told_says_why() -> None:
    words, values = "{voters}票太少。", {"box": "B0001", "voters": "B"}
    made = profile(told("untold", "B0001·B", None, None, words=words, values=values))
    assert rows(made) == [["B0001 B 票", "12", "B票太少", "—", "7"]]


def test_without_a_ballot_box_there_is_no_table() -> None:
    assert rows(profile()) == []
