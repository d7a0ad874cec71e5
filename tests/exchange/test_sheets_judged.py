"""`shigan judge`: sheets in, evidence book out, and nothing but the faults where a sheet has any."""

from __future__ import annotations

import io
import re
from datetime import date
from functools import cache
from pathlib import Path

import docx as python_docx
import pytest
from typer.testing import CliRunner

from shigan.cli import app
from shigan.exchange import evidence_book, examples, offline
from shigan.exchange.book_parts import Reader, runs
from shigan.exchange.committee import committee_paper, feedback
from shigan.exchange.papers import Paper, Table, docx, pdf
from shigan.exchange.workbook import read_workbook
from shigan.facts.appraisal import EvaluationCounted, SheetsEntered
from shigan.judge import Book
from shigan.judge.raters import LIMITS
from tests.exchange.sheetmaking import RULES, workbook

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"


@cache
def judged() -> tuple[offline.Case, Book]:
    case = offline.gather(sorted(EXAMPLES.glob("*.xlsx")), RULES)
    assert not case.faults
    return case, offline.book(case, RULES, case.year, date(2026, 11, 23))


def words(paper: Paper) -> str:
    """Everything a paper says."""
    said = [paper.title]
    for block in paper.blocks:
        if isinstance(block, Table):
            said += [block.caption, *block.head, *(cell for row in block.rows for cell in row)]
        else:
            said.append(getattr(block, "text", ""))
    return "\n".join(said)


def test_the_examples_in_the_docs_are_those_that_the_tool_makes() -> None:
    made = dict(examples.sheets())
    assert sorted(made) == sorted(path.name for path in EXAMPLES.glob("*.xlsx"))
    for name, data in made.items():
        mine, theirs = read_workbook(data), read_workbook((EXAMPLES / name).read_bytes())
        assert [sheet.rows for sheet in mine] == [sheet.rows for sheet in theirs]


def test_the_book_opens_as_word_and_as_pdf_with_a_page_for_each_member(tmp_path: Path) -> None:
    said = CliRunner().invoke(
        app, ["judge", *map(str, sorted(EXAMPLES.glob("*.xlsx"))), "--out", str(tmp_path)]
    )
    assert said.exit_code == 0, said.output
    assert (tmp_path / "证据册.pdf").read_bytes().startswith(b"%PDF")
    opened = python_docx.Document(str(tmp_path / "证据册.docx"))
    headings = [p.text for p in opened.paragraphs if p.style is not None and p.style.name == "Heading 2"]
    assert len(headings) == len(examples.UNITS) + len(examples.officials())
    assert any("赵某甲（县住建局）" in heading for heading in headings)
    sheet = read_workbook((tmp_path / "依据.xlsx").read_bytes())[0]
    assert len(sheet.rows) == len(judged()[0].entries) + 2


def test_every_number_cited_stands_in_the_appendix() -> None:
    case, book = judged()
    paper = offline.paper(case, book)
    tables = [block for block in paper.blocks if isinstance(block, Table)]
    listed = {int(row[0]) for row in tables[-1].rows}
    cited = "、".join(row[-1] for t in tables[:-1] if t.head[-1] == "依据" for row in t.rows)
    ends = {int(n) for n in re.findall(r"\d+", cited)}
    assert ends and ends <= listed


def test_the_book_gives_no_grade_no_total_and_no_rank() -> None:
    said = words(offline.paper(*judged()))
    assert not re.search(
        r"总分|得分|排名|名次|位次|第\s*[0-9一二三四五六七八九十]+\s*名|建议等次|拟定等次", said
    )


def test_a_figure_is_never_alone() -> None:
    case, book = judged()
    tables = [b for b in offline.paper(case, book).blocks if isinstance(b, Table) and b.head[0] == "民主测评"]
    assert tables
    for table in tables:
        for row in table.rows:
            apart = row[3] == "—" and "跨单位不可比" in row[2]
            assert (re.search(r"\d分（\d.*–.*\d）", row[3]) or apart) and row[4] != "—"


def test_single_sheets_are_told_adjusted_with_what_they_cannot_tell() -> None:
    case, book = judged()
    said = words(offline.paper(case, book))
    assert "调整后" in said and all(limit in said for limit in LIMITS)


def test_without_times_of_recording_lateness_is_left_open() -> None:
    said = words(offline.paper(*judged()))
    assert "不作判断" in said and "按记入月" not in said and "补录偏多" not in said


def test_one_persons_paper_holds_that_person_only() -> None:
    case, book = judged()
    paper = evidence_book.paper(book, case.names, ["P0001"], entries=case.entries)
    said = words(paper)
    assert "赵某甲" in said and "孙某丙" not in said and "按记入月" in said
    assert docx(paper)[:2] == b"PK" and pdf(paper)[:4] == b"%PDF"


def test_no_ballots_are_told_item_by_item_in_the_appendix_or_the_list_of_entries(tmp_path: Path) -> None:
    case, book = judged()
    ballots = [e for e in case.entries if isinstance(e.fact, EvaluationCounted)]
    assert ballots
    table = [b for b in offline.paper(case, book).blocks if isinstance(b, Table)][-1]
    offline.write_entries(tmp_path / "list.xlsx", case)
    rows = read_workbook((tmp_path / "list.xlsx").read_bytes())[0].rows
    listed = [" ".join(map(str, row)) for row in (*table.rows, *rows)]
    told = [line for line in listed if EvaluationCounted.TITLE in line]
    assert len(told) > len(ballots)
    assert not [line for line in told if "测评项目" in line or "各等次票数" in line]
    assert (
        "各项票数按公布规则显示在测评中" in evidence_book.entry_words(ballots[0], Reader(case.names), 999)[2]
    )


def test_no_single_sheet_is_told_in_the_appendix_or_the_list_of_entries(tmp_path: Path) -> None:
    case, book = judged()
    entered = [e.fact for e in case.entries if isinstance(e.fact, SheetsEntered)]
    offline.write_entries(tmp_path / "list.xlsx", case)
    rows = read_workbook((tmp_path / "list.xlsx").read_bytes())[0].rows
    said = words(offline.paper(case, book)) + "".join(str(row) for row in rows)
    assert SheetsEntered.TITLE in said and "各张票按公布规则显示在测评中" in said
    assert entered and not [sheet for fact in entered for sheet in fact.sheets if sheet in said]
    assert "被测评对象：赵某甲；冯某甲" in said


def test_the_committees_paper_asks_and_does_not_propose() -> None:
    case, book = judged()
    paper = committee_paper(book, case.names, day=date(2026, 11, 23), sign="县委组织部", to="县委")
    ballots = [b for b in paper.blocks if isinstance(b, Table) and b.head[1] == "决定等次"]
    assert sum(len(b.rows) for b in ballots) == len(book.persons) + len(book.teams)
    assert all(row[1:] == ["", ""] for b in ballots for row in b.rows)
    assert "取整 2 名" in words(paper)
    assert docx(paper)[:2] == b"PK"


def test_the_letter_to_a_person_tells_grade_evidence_and_the_way_to_a_review() -> None:
    case, book = judged()
    letter = feedback(
        book.persons["P0001"],
        case.names,
        day=date(2026, 12, 30),
        sign="县委组织部",
        grade="称职",
        until=date(2027, 1, 29),
    )
    said = words(letter)
    assert letter.to == "赵某甲同志" and "等次为“称职”" in said and "2027年1月29日前申请复核" in said
    assert "孙某丙" not in said


def test_faulty_sheets_give_no_book_but_the_sheet_with_its_faults(tmp_path: Path) -> None:
    bad = tmp_path / "实绩.xlsx"
    head = ["单位", "指标", "数值", "依据", "统计日期"]
    bad.write_bytes(workbook(head, ["没有的局", "重大决策部署任务完成率", 90, "台账", "2026-09-30"]))
    roster = sorted(EXAMPLES.glob("1-*.xlsx"))[0]
    out = tmp_path / "out"
    said = CliRunner().invoke(app, ["judge", str(roster), str(bad), "--out", str(out)])
    assert said.exit_code == 2
    assert "没有单位“没有的局”" in said.output.replace("\n", "")
    assert sorted(path.name for path in out.iterdir()) == ["faults.xlsx"]
    assert read_workbook((out / "faults.xlsx").read_bytes())[1].rows[0][0] == "Sheet1!A2"


def test_skipping_faulty_rows_is_only_done_when_asked(tmp_path: Path) -> None:
    results = tmp_path / "实绩.xlsx"
    head = ["单位", "指标", "数值", "依据", "统计日期"]
    good = ["县住建局", "重大决策部署任务完成率", 90, "台账", "2026-09-30"]
    results.write_bytes(workbook(head, good, ["没有的局", *good[1:]]))
    roster = sorted(EXAMPLES.glob("1-*.xlsx"))[0]
    case = offline.gather([roster, results], RULES)
    assert len(case.faults) == 1 and not case.entries
    assert len(offline.gather([roster, results], RULES, skip_faulty=True).entries) > 30


@pytest.mark.parametrize("positions", [[], [3], [1, 2, 3, 5], [9, 7, 8]])
def test_runs_of_numbers(positions: list[int]) -> None:
    assert runs(positions) == {0: "—", 1: "3", 4: "1–3、5", 3: "7–9"}[len(positions)]


def test_an_example_is_small() -> None:
    assert all(len(data) < 30_000 for _name, data in examples.sheets())
    assert io.BytesIO(next(examples.sheets())[1]).read(2) == b"PK"
