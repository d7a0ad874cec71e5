"""The rules of visits, without any database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shigan.facts import Fact, Fault
from shigan.facts.problems import ProblemRaised, Source
from shigan.facts.units import UnitFounded, UnitKind
from shigan.facts.visits import (
    PracticeNoted,
    PracticeUsed,
    PromiseMade,
    ReturnVisited,
    Speaker,
    VisitHeld,
    VisitKind,
    VoiceHeard,
)
from shigan.policy import Rulebook
from shigan.work.admit import Author, Draft, admit
from shigan.work.state import Refused, State, fill
from shigan.work.unattributed import looks_named, must_be_unattributed
from shigan.work.visits import CLOSED, TO_RETURN, VISITED, Practice, Quarter, Visit, by_unit, totals

DAY = date(2026, 3, 2)
NOW = datetime(2026, 6, 1, tzinfo=UTC)
SENDER, HOST, OTHER = Author("P0001", "U002"), Author("P0005", "U010"), Author("P0003", "U003")
VISIT = VisitHeld(kind=VisitKind.STUDY, topic="供水", unannounced=True, visitors=2, host_minutes=60)


class Book:
    """A ledger in memory: `add` admits facts all together, `of` gives a thing's state."""

    def __init__(self) -> None:
        self.states: dict[str, State] = {}
        for unit in ("U002", "U003", "U010"):
            self.add(unit, UnitFounded(kind=UnitKind.DEPARTMENT))

    def add(self, code: str, *facts: Fact, by: Author = SENDER, unit: str = "U010", day: date = DAY) -> State:
        drafts = [Draft(code, fact, unit, day) for fact in facts]
        self.states |= {
            a.state.subject: a.state
            for a in list(admit(drafts, by, NOW, Rulebook.shipped(), self.states.get))
        }
        return self.states[code]


@pytest.fixture
def book() -> Book:
    book = Book()
    book.add("V00001", VISIT)
    return book


def test_a_visit_is_charged_to_who_sent_it_and_borne_by_who_hosts_it(book: Book) -> None:
    visit = book.states["V00001"]
    assert (visit.unit, visit.origin, visit.stage, visit.mark) == ("U010", "U002", VISITED, "四不两直")


def test_a_visit_to_a_unit_that_is_not_there_is_refused(book: Book) -> None:
    with pytest.raises(Refused, match="没有单位 U999"):
        book.add("V00002", VISIT, unit="U999")


def test_an_inspection_without_a_filing_number_is_refused() -> None:
    with pytest.raises(Fault, match=r"督查没有备案号.*政府督查工作条例"):
        VisitHeld(kind=VisitKind.INSPECTION, topic="供水", unannounced=False, visitors=2, host_minutes=60)


def test_what_became_a_problem_calls_for_a_return_visit(book: Book) -> None:
    heard = VoiceHeard(speaker=Speaker.RESIDENT, text="没有水", became="Q00001")
    with pytest.raises(Refused, match="须排定回访"):
        book.add("V00001", heard)
    due = fill(VoiceHeard, book.states["V00001"], DAY, Rulebook.shipped())["return_due"]
    assert isinstance(due, date) and due == DAY + timedelta(days=90)
    visit = book.add("V00001", replace(heard, return_due=due))
    assert (visit.stage, visit.due) == (TO_RETURN, due)


def test_a_note_and_a_card_call_for_no_return_visit(book: Book) -> None:
    for became in ("", "K00001"):
        visit = book.add("V00001", VoiceHeard(speaker=Speaker.MEMBER, text="好", became=became))
        assert (visit.stage, visit.due) == (VISITED, None)
    with pytest.raises(Refused, match="现在是“已走访”，不能回访"):
        book.add("V00001", ReturnVisited(kept=True, found="好"))


def test_the_earliest_promise_says_when_to_return(book: Book) -> None:
    for days in (40, 20, 30):
        visit = book.add("V00001", PromiseMade(text="换泵", due=DAY + timedelta(days=days)))
    assert isinstance(visit, Visit)
    assert (visit.due, visit.promises) == (DAY + timedelta(days=20), 3)


def test_only_a_return_visit_by_others_closes(book: Book) -> None:
    book.add("V00001", PromiseMade(text="换泵", due=DAY))
    with pytest.raises(Refused, match="被走访单位不能自己回访"):
        book.add("V00001", ReturnVisited(kept=True, found="有水"), by=HOST)
    visit = book.add("V00001", ReturnVisited(kept=False, found="没换"))
    assert isinstance(visit, Visit)
    assert (visit.stage, visit.kept, visit.due) == (CLOSED, False, None)
    with pytest.raises(Refused, match="已回访"):
        book.add("V00001", VoiceHeard(speaker=Speaker.RESIDENT, text="没有水"))


def test_the_visited_unit_does_not_write_what_was_heard_there(book: Book) -> None:
    with pytest.raises(Refused, match="被走访单位不能替走访的人记录"):
        book.add("V00001", VoiceHeard(speaker=Speaker.RESIDENT, text="都很好"), by=HOST)
    book.add("V00002", VISIT, by=HOST)
    assert book.add("V00002", VoiceHeard(speaker=Speaker.RESIDENT, text="没有水"), by=HOST).seq == 2


def test_voice_and_problem_are_admitted_together_or_not_at_all(book: Book) -> None:
    voice = VoiceHeard(speaker=Speaker.RESIDENT, text="没有水", became="Q00001", return_due=DAY)
    problem = ProblemRaised(source=Source.VISIT, category="供水", text="没有水", origin="V00001")
    drafts = [Draft("V00001", voice, "U010", DAY), Draft("Q00001", problem, "U999", DAY)]
    with pytest.raises(Refused, match="没有单位 U999"):
        list(admit(drafts, SENDER, NOW, Rulebook.shipped(), book.states.get))


def test_a_practice_is_used_by_others_once_each(book: Book) -> None:
    book.add("K00001", PracticeNoted(title="一页会议记录", text="只记办了什么"))
    card = book.add("K00001", PracticeUsed(text="局务会用"), by=OTHER)
    assert isinstance(card, Practice) and card.used_by == ("U003",)
    for by in (OTHER, HOST):
        with pytest.raises(Refused, match="不必重复登记"):
            book.add("K00001", PracticeUsed(text="再用"), by=by)


NUMBERS = [
    "13912345678",
    "139 1234 5678",
    "139-1234-5678",
    "１３９１２３４５６７８",
    "0931-8888888",
    "01088888888",
    "62292619700101001X",
    "62292619700101001x",
    "622926700101001",
    "6217000000000000000",
]


@pytest.mark.parametrize("number", NUMBERS)
def test_numbers_that_lead_to_a_person_are_refused(number: str) -> None:
    with pytest.raises(Refused, match="会认出说话的人"):
        must_be_unattributed(f"有事打{number}，谢谢")


@pytest.mark.parametrize(
    "words",
    [
        "2026-03-05 到 2026-03-09 没有水",
        "欠 12000000 元",
        "第 120 户，2026年3月5日",
        "国办函〔2026〕12号",
        "12345 热线不接",
    ],
)
def test_dates_sums_and_hotlines_are_no_persons_numbers(words: str) -> None:
    must_be_unattributed(words)


@given(st.text(max_size=40), st.integers(10**9, 10**10 - 1), st.text(max_size=40))
def test_a_mobile_number_is_found_in_any_words(before: str, number: int, after: str) -> None:
    with pytest.raises(Refused):
        must_be_unattributed(f"{before}，1{3 + number % 7}{number % 10**9:09d}，{after}")


def test_words_like_a_name_are_noticed_and_ordinary_words_are_not() -> None:
    for words in ("姓名：赵某某", "反映人: 钱某", "我叫孙某某", "户主为李某某"):
        assert looks_named(words), words
    for words in ("没有水", "村里的名单没有公开", "我们叫了三次", "联系人换了没有告诉我们"):
        assert not looks_named(words), words


def test_studies_and_inspections_are_charged_apart(book: Book) -> None:
    inspection = VisitHeld(
        kind=VisitKind.INSPECTION,
        topic="供水",
        unannounced=False,
        visitors=3,
        host_minutes=90,
        filing="督备1",
    )
    held = [book.states["V00001"], book.add("V00002", inspection), book.add("V00003", VISIT, by=OTHER)]
    visits = [v for v in held if isinstance(v, Visit)]
    total = totals(visits)
    assert (total.studies, total.study_minutes, total.inspections, total.inspection_minutes) == (
        2,
        120,
        1,
        90,
    )
    assert [(b.unit, b.visits, b.minutes) for b in by_unit(visits, "origin")] == [
        ("U002", 2, 150),
        ("U003", 1, 60),
    ]
    assert [(b.unit, b.visits, b.minutes) for b in by_unit(visits, "unit")] == [("U010", 3, 210)]


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)))
def test_every_day_lies_in_its_quarter_and_quarters_leave_no_gap(day: date) -> None:
    quarter = Quarter.of(day)
    assert quarter.first <= day < quarter.after.first
    assert quarter.before.after == quarter == quarter.after.before
    assert Quarter.read(str(quarter), date(2026, 1, 1)) == quarter


@pytest.mark.parametrize("text", ["", "2026-5", "2026", "x-1", "99999-1", "-1"])
def test_a_quarter_that_is_none_is_todays(text: str) -> None:
    assert Quarter.read(text, DAY) == Quarter(2026, 1)
