"""Single paper sheets typed into Excel: read whole, every slip at its cell, no number and no order kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from shigan.exchange.sheets import KINDS, Plan
from shigan.facts import to_plain
from shigan.facts.appraisal import SheetsEntered
from tests.exchange.sheetmaking import RULES, Memory, county, workbook

HEADS = ("应到", "实到", "发出", "收回", "有效", "作废")
HEAD = ["单位", "姓名", "测评会议", "测评日期", "票类", "票号", *HEADS, *"德能勤绩廉"]
PEOPLE = ("赵某甲", "钱某乙")
SHEETS = {
    "7": ("11121", "11111"), "3": ("22222", "21112"), "9": ("11111", "1111 "), "4": ("55555", "11111"),
    "1": ("12121", "33221"),
}  # fmt: skip
"""By number, what a sheet marks for each of PEOPLE."""


def rows(sheets: Mapping[str, Sequence[str]] = SHEETS, **changed: Any) -> Iterator[list[object]]:
    """The sheets as an office types them: what stays the same stands in the first row only."""
    first: dict[str, object] = {
        "测评会议": "述职测评会", "测评日期": "2026-11-10", "票类": "C票", "应到": 7, "实到": 6, "发出": 6,
        "收回": 6, "有效": 5, "作废": 1,
    }  # fmt: skip
    for number, marked in sheets.items():
        for at, (person, marks) in enumerate(zip(PEOPLE, marked, strict=True)):
            items = dict(zip("德能勤绩廉", (int(m) if m.strip() else None for m in marks), strict=True))
            given: dict[str, object] = {"单位": "县住建局", "姓名": person, **items}
            given |= {"票号": number} if at == 0 else {}
            given |= first | changed if at == 0 and number == next(iter(sheets)) else {}
            yield [given.get(title) for title in HEAD]


def taken(*table: list[object], head: list[str] | None = None) -> tuple[Memory, Plan]:
    ledger = county()
    return ledger, ledger.take_in(workbook(head or HEAD, *table))


def said(plan: Plan) -> dict[str, str]:
    return {fault.place.partition("!")[2]: str(fault) for fault in plan.faults}


def entered(ledger: Memory) -> SheetsEntered:
    (fact,) = (e.fact for e in ledger.written if isinstance(e.fact, SheetsEntered))
    return fact


def test_a_sheet_is_typed_as_it_lies_on_the_desk() -> None:
    ledger, plan = taken(*rows())
    assert not plan.faults and len(plan.drafts) == 1
    fact, draft = entered(ledger), plan.drafts[0]
    assert (draft.subject, draft.unit, draft.happened) == ("U003/2026", "U003", date(2026, 11, 10))
    assert (fact.voters, fact.session, fact.items) == ("C", "述职测评会", tuple("德能勤绩廉"))
    assert (fact.targets, fact.valid, fact.void) == (("P0001", "P0002"), 5, 1)
    assert set(fact.sheets) == {a + b.replace(" ", "-") for a, b in SHEETS.values()}


def test_neither_numbers_nor_their_order_are_kept() -> None:
    turned = {f"第{number}00号": marks for number, marks in reversed(SHEETS.items())}
    assert to_plain(entered(taken(*rows(turned))[0])) == to_plain(entered(taken(*rows())[0]))


def test_option_names_dashes_and_wide_figures_are_read() -> None:
    table = list(rows())
    table[0][-5:] = ["优秀", "称　职", "２", "—", "不了解"]
    assert "122-511111" in entered(taken(*table)[0]).sheets


def test_the_order_of_the_items_is_the_schemes_whatever_the_columns() -> None:
    head = [*HEAD[:12], *"廉绩勤能德"]
    ledger, plan = taken(*([*row[:12], *reversed(row[12:])] for row in rows()), head=head)
    assert not plan.faults and entered(ledger) == entered(taken(*rows())[0])


def test_the_same_sheets_twice_add_nothing() -> None:
    ledger, _plan = taken(*rows())
    again = ledger.take_in(workbook(HEAD, *rows()))
    assert (again.drafts, again.faults, again.parts[0][1].again) == ([], [], 10)


def test_a_second_entry_of_other_sheets_is_refused_at_its_row() -> None:
    ledger, _plan = taken(*rows())
    table = list(rows())
    table[3][-1] = 3
    assert "已录入过" in said(ledger.take_in(workbook(HEAD, *table)))["E2"]


@pytest.mark.parametrize(
    ("row", "title", "value", "cell", "words"),
    [
        (0, "德", 7, "M2", "“7”不是这里可填的等次。可填：1 优秀、2 称职、3 基本称职"),
        (2, "廉", "合格", "Q4", "“合格”不是这里可填的等次"),
        (3, "姓名", "赵某甲", "F5", "第 3 号票上，赵某甲已有一行。换了一张票的，写上新的票号"),
        (4, "票号", None, "F6", "第 3 号票上，赵某甲已有一行"),
        (0, "实到", None, "H2", "“实到”没有填写"),
        (5, "应到", 9, "G7", "“应到”是 9，这一票类前面写的是 7"),
        (0, "有效", 4, "K2", "有效 4 份加作废 1 份不等于收回 6 份"),
        (0, "收回", 5, "K2", "有效 5 份加作废 1 份不等于收回 5 份"),
        (0, "测评会议", None, "C2", "“测评会议”没有填写"),
        (0, "票类", "D", "E2", "“D”不在可填的内容里"),
        (1, "姓名", "周某某", "B3", "没有干部“周某某”"),
    ],
)
def test_every_slip_stands_at_its_cell(row: int, title: str, value: object, cell: str, words: str) -> None:
    table = list(rows())
    table[row][HEAD.index(title)] = value
    ledger, plan = taken(*table)
    assert words in said(plan)[cell]
    assert not [e for e in ledger.written if e.kind == "SheetsEntered"], "a class with a fault is left out"


def test_a_row_that_was_forgotten_is_asked_for_by_name() -> None:
    table = list(rows())
    del table[3]
    assert said(taken(*table)[1]) == {"F4": "Sheet1!F4：第 3 号票少了钱某乙。补上这几行；没划的各项留空。"}


def test_an_item_column_that_is_missing_is_told_with_those_of_the_scheme() -> None:
    head = [*HEAD[:-1], "备注"]
    assert "票面项目是“德、能、勤、绩”，方案“县直部门领导干部”的是“德、能、勤、绩、廉”" in str(
        taken(*rows(), head=head)[1].faults[0]
    )


def test_a_class_of_four_is_merged_first_and_a_lone_blank_row_never_written() -> None:
    few = list(rows())[:8]
    few[0][HEAD.index("有效")], few[0][HEAD.index("收回")] = 4, 5
    assert "先与别的票类合并" in str(taken(*few)[1].faults[0])
    alone = list(rows(票类="B"))
    alone[0][-5:] = [None] * 5
    assert "可能看出是谁的票" in str(taken(*alone)[1].faults[0])


def test_sheets_on_several_units_name_the_unit_that_held_the_session() -> None:
    head = ["测评单位", *HEAD]
    table = [[None, *row] for row in rows()]
    for at, row in enumerate(table):
        row[1] = "县审计局" if at % 2 else row[1]
    assert "被测评人分属 2 个单位" in str(taken(*table, head=head)[1].faults[0])
    table[0][0] = "县委组织部"
    ledger, plan = taken(*table, head=head)
    assert not plan.faults and plan.drafts[0].subject == "U002/2026"
    assert entered(ledger).targets == ("P0001", "P0003")


def test_a_sheet_on_teams_is_read_by_their_scheme() -> None:
    items = ("政治思想建设", "领导能力", "工作实绩", "党风廉政建设", "作风建设")
    head = ["单位", *HEAD[2:12], *items]
    table = [[row[0], *row[2:]] for row in rows() if row[1] == PEOPLE[0]]
    table[0][11] = "良好"
    ledger, plan = taken(*table, head=head)
    assert not plan.faults
    assert (entered(ledger).targets, entered(ledger).items) == (("U003",), items)


def test_the_template_for_each_scheme_is_recognised_and_nothing_is_exported() -> None:
    kind = KINDS["ballots"]
    assert not kind.exported and not kind.facts
    for variant in ("", *kind.variants(RULES)):
        titles = [column.title for column in kind.template(RULES, variant)]
        assert "票号" in titles and len(titles) >= len(HEAD)
    assert {replace(c, required=False) for c in kind.columns(RULES)} >= set(kind.template(RULES, ""))
