"""The demo's documents: what kinds there are, and that what is planted is known and found."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from shigan.demo.county import County
from shigan.demo.days import TODAY
from shigan.demo.documents import COPIED, DEMAND, KINDS, LONG, RESIDUE, Paper, compared
from shigan.facts.documents import Direction, DocumentKind, Level
from shigan.facts.units import UnitKind
from shigan.judge import Tables, register
from shigan.judge.documents import Label
from shigan.judge.figures import Period
from shigan.ledger.entry import Entry
from shigan.policy import Rulebook
from shigan.work.admit import Admitted


@pytest.fixture(scope="module")
def papers(county: County) -> list[Paper]:
    return county.papers


def test_a_county_has_some_hundred_texts_and_the_same_every_time() -> None:
    one, same = County(scale=1).papers, County(scale=1).papers
    assert one == same
    assert 450 <= sum(bool(paper.text) for paper in one) <= 700


def test_there_is_every_kind_of_document_and_of_misdeed(papers: list[Paper]) -> None:
    assert (
        {kind for paper in papers for kind in paper.planted} == {COPIED, DEMAND, LONG, RESIDUE} == set(KINDS)
    )
    assert {Direction.ISSUED, Direction.RECEIVED} == {paper.direction for paper in papers}
    assert {Level.PROVINCE, Level.PREFECTURE, Level.COUNTY, Level.TOWNSHIP} <= {p.level for p in papers}
    assert DocumentKind.PLAN in {paper.kind for paper in papers}


def test_every_village_copies_one_notice(county: County, papers: list[Paper]) -> None:
    villages = {unit.code for unit in county.land.of_kind(UnitKind.VILLAGE)}
    copies = Counter(paper.asked_by for paper in papers if paper.unit in villages and COPIED in paper.planted)
    assert copies.most_common(1)[0][1] == len(villages)


def test_last_years_register_has_heads_only(papers: list[Paper]) -> None:
    old = [paper for paper in papers if paper.dated.year == 2025]
    assert old and not any(paper.text for paper in old)


def test_documents_are_coded_in_order_of_time(papers: list[Paper]) -> None:
    assert [paper.code for paper in papers] == sorted(paper.code for paper in papers)
    assert [paper.now for paper in papers] == sorted(paper.now for paper in papers)


def test_no_text_keeps_a_hole_or_bears_a_real_telephone_number(papers: list[Paper]) -> None:
    for paper in papers:
        assert "{" not in paper.text and "}" not in paper.text
        assert paper.text.count("-") == paper.text.count("0000-")


def test_all_are_marked_as_specimens(papers: list[Paper]) -> None:
    assert all(paper.fact().specimen for paper in papers)


def raised(entries: list[Entry]) -> dict[str, set[str]]:
    rules = Rulebook.shipped()
    found = {}
    for verdict in register.judged(Tables.of(entries), rules, Period(2026, TODAY))[1]:
        issued = verdict.document.direction == Direction.ISSUED
        copied = {COPIED} if issued and verdict.label is Label.COPIED else set()
        found[verdict.document.name] = copied | {each.item for each in register.checks(verdict, rules)}
    return found


def test_the_judges_find_what_is_planted_in_documents(papers: list[Paper], admitted: list[Admitted]) -> None:
    entries = [replace(each.entry, position=n) for n, each in enumerate(admitted)]
    told = {each.kind: each for each in compared(papers, raised(entries))}
    for kind in (RESIDUE, LONG, DEMAND):
        assert told[kind].found and not told[kind].missed and not told[kind].false
    assert len(told[COPIED].missed) + len(told[COPIED].false) <= 2 < len(told[COPIED].found)


def test_a_report_lists_a_few_codes_and_counts_all() -> None:
    made = [replace(paper, code=f"D{n}", planted=frozenset({LONG})) for n, paper in enumerate(some(8))]
    told = next(each for each in compared(made, {f"D{n}": {LONG} for n in range(8)}) if each.kind == LONG)
    assert "查出 8（D0、D1、D2、D3、D4…）；漏查 0；误报 0" in told.words()


def some(count: int) -> list[Paper]:
    return County(scale=0.02).papers[:count]
