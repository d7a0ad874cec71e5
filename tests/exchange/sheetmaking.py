"""Sheets made on the spot, and a ledger that is nothing but the entries admitted so far."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache

import xlsxwriter

from shigan.exchange.sheets import Known, Name, Plan, read_sheets, understand
from shigan.ledger.entry import Entry
from shigan.policy import Rulebook
from shigan.work.admit import Author, fold_all
from shigan.work.state import State

RULES = Rulebook.shipped()
OFFICE = Author("A0001", "U002")
NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)


def workbook(*rows: Sequence[object], name: str = "Sheet1") -> bytes:
    """One sheet with these rows; None is a blank."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet(name)
        for at, row in enumerate(rows):
            for place, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(at, place, cell, book.add_format({"num_format": "yyyy-mm-dd"}))
                elif cell is not None:
                    sheet.write(at, place, cell)
    return out.getvalue()


class Memory:
    """A ledger in a list."""

    rules = RULES

    def __init__(self) -> None:
        self.written: list[Entry] = []
        self.called: dict[str, Name] = {}
        self.states: dict[str, State] = {}

    def names(self) -> Mapping[str, Name]:
        return self.called

    def look(self, code: str) -> State | None:
        return self.states.get(code)

    def listing(self, key: str) -> Iterable[State]:
        return [s for code, s in self.states.items() if code[0] == key and "/" not in code]

    def entries(self, subjects: Collection[str]) -> Iterable[Entry]:
        return [e for e in self.written if e.subject in subjects]

    def newest(self, letter: str) -> str:
        return max(
            (c for c in self.states if c[0] == letter and "/" not in c), default="", key=lambda c: (len(c), c)
        )

    def take_in(self, *files: bytes, name: str = "表.xlsx", key: str = "") -> Plan:
        """Import files: write all of it, or nothing where there are faults."""
        known = Known(self, date(2026, 1, 1))
        parts = [part for data in files for part in read_sheets(data, name, RULES, key)]
        plan = understand(parts, known)
        admitted = plan.rehearse(OFFICE, known, lambda wish: NOW)
        if not plan.faults:
            first = len(self.written) + 1
            self.written += [replace(a.entry, position=n) for n, a in enumerate(admitted, first)]
            self.called |= plan.names
            self.states = fold_all(self.written)
        return plan


ROSTER = workbook(
    [
        "单位",
        "单位类型",
        "上级单位",
        "姓名",
        "职务",
        "职务层次",
        "身份",
        "班子成员",
        "考核单元",
        "任现职时间",
    ],
    ["演示县", "县"],
    ["县委组织部", "县直部门", "演示县"],
    ["县住建局", "县直部门", "演示县", None, None, None, None, None, "县直班子一组"],
    ["县审计局", "县直部门", "演示县"],
    ["县住建局", None, None, "赵某甲", "党组书记、局长", "正职", "公务员", "是", "县直正职一组", "2024.3.5"],
    [
        "县住建局",
        None,
        None,
        "钱某乙",
        "党组成员、副局长",
        "副职",
        "公务员",
        "是",
        "县直副职一组",
        "2024年3月5日",
    ],
    ["县审计局", None, None, "钱某乙", "副局长", "副职", "公务员", "是", "县直副职一组", None],
)


def county() -> Memory:
    """A ledger that holds the roster."""
    ledger, full = Memory(), _full()
    ledger.written, ledger.called, ledger.states = [*full.written], {**full.called}, {**full.states}
    return ledger


@cache
def _full() -> Memory:
    ledger = Memory()
    assert not ledger.take_in(ROSTER).faults
    return ledger
