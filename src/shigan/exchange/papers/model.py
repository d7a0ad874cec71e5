"""A paper as the office writes it: a title, whom it is for, what it says, who signs it and when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

Align = Literal["left", "center", "right"]

_DIGITS = "零一二三四五六七八九"


@dataclass(frozen=True)
class Heading:
    """A heading that the writer numbers: level 1 “一、” 黑体, 2 “（一）” 楷体, 3 “1.” and 4 “（1）” 仿宋."""

    level: Literal[1, 2, 3, 4]
    text: str


@dataclass(frozen=True)
class Para:
    """One paragraph, its first line indented by two characters; a line break begins another."""

    text: str


@dataclass(frozen=True)
class Table:
    """Ready-made text cells under a head that repeats on every page.

    `widths` are shares of the text width (equal when empty); `align` one word per column (left when empty);
    `small` sets it in 小五 instead of 小四, where a page must hold many figures.
    """

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[float] = ()
    align: Sequence[Align] = ()
    caption: str = ""
    small: bool = False

    def __post_init__(self) -> None:
        columns = len(self.head)
        for row in (*self.rows, self.widths or self.head, self.align or self.head):
            if len(row) != columns:
                raise ValueError(f"a table of {columns} columns was given {len(row)}: {row!r}")


@dataclass(frozen=True)
class Note:
    """A remark in smaller type: what a figure rests on, how a table is to be read."""

    text: str


@dataclass(frozen=True)
class PageBreak:
    """What follows begins on a new page."""


@dataclass(frozen=True)
class Picture:
    """A drawing of our own, never a user's file, as SVG text; `width` in mm; `words` say what it shows."""

    svg: str
    words: str
    width: float = 156


Block = Heading | Para | Table | Note | PageBreak | Picture


@dataclass(frozen=True)
class Paper:
    """A plain paper without a red head, laid out after GB/T 9704-2012.

    `number` is the 发文字号, `to` the addressees without colon, `sign` the issuing unit, `annexes` the names
    of what is attached, `remark` the 附注 (a contact, without brackets), `mark` a small line at the head of
    every page (who exported it, when, on which checkpoint). A line break in `title` shapes it.
    """

    title: str
    blocks: Sequence[Block] = ()
    number: str = ""
    to: str = ""
    sign: str = ""
    day: date | None = None
    annexes: Sequence[str] = ()
    remark: str = ""
    mark: str = ""


def numbered(blocks: Sequence[Block]) -> Iterator[tuple[Block, str]]:
    """Every block with its number: “一、”, “（一）”, “1.” or “（1）” for headings, empty for others."""
    counts = [0, 0, 0, 0]
    for block in blocks:
        if not isinstance(block, Heading):
            yield block, ""
            continue
        counts[block.level - 1] += 1
        counts[block.level :] = [0] * (4 - block.level)
        n = counts[block.level - 1]
        yield block, (f"{hanzi(n)}、", f"（{hanzi(n)}）", f"{n}.", f"（{n}）")[block.level - 1]


def hanzi(n: int) -> str:
    """1…99 in Chinese figures: 一, 十, 十二, 三十."""
    tens, ones = divmod(n, 10)
    return ("" if tens == 0 else "十" if tens == 1 else f"{_DIGITS[tens]}十") + (
        _DIGITS[ones] if ones else ""
    )


def said(day: date) -> str:
    """`2026年3月5日`, as papers write a day."""
    return f"{day.year}年{day.month}月{day.day}日"


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text, without blank ones."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def annex_lines(annexes: Sequence[str]) -> list[str]:
    """“附件：名” for one, “附件：1.名”, “2.名” … for several."""
    if len(annexes) == 1:
        return [f"附件：{annexes[0]}"]
    return [f"{'附件：' if n == 1 else '　　　'}{n}.{name}" for n, name in enumerate(annexes, start=1)]
