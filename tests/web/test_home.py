"""My work: what waits by clock, each with its one next step; nothing that is somebody else's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from django.test import Client
from django.utils import timezone

from shigan.facts import Fact
from shigan.facts.appraisal import Decision, GradesDecided, ResultNotified, RoutineGrade, RoutineGraded
from shigan.facts.meetings import LastItemsReported, MeetingHeld, MeetingKind, MeetingPlanned
from shigan.facts.problems import (
    ExtensionAsked,
    FixClaimed,
    LetterSent,
    MeasureSet,
    ProblemRaised,
    ResultChecked,
    Source,
    Term,
    Verdict,
)
from shigan.web import store, waiting
from shigan.web.models import Account
from shigan.work.problems import Problem, next_letter
from shigan.work.state import fill
from tests.web.conftest import County

Clients = Callable[[str], Client]
TODAY = date.today()


def raised(county: County, code: str = "Q00001", ago: int = 90) -> None:
    county.write(code, ProblemRaised(source=Source.VISIT, category="供水", text="水压不足"), ago=ago)


def measured(county: County, code: str = "Q00001", late: int = 10) -> None:
    raised(county, code)
    due = TODAY - timedelta(days=late)
    fact = MeasureSet(goal="三楼出水", measures="换泵", term=Term.LIMITED, due=due)
    county.write(code, fact, by="clerk", ago=80)


def claimed(county: County, code: str = "Q00001") -> None:
    measured(county, code)
    county.write(code, FixClaimed(result="已换泵", evidence="泵房"), by="clerk", ago=5)


def mine(username: str) -> list[tuple[str, str]]:
    """(code, next act) of what waits for an account."""
    account = Account.objects.get(username=username)
    pile = waiting.for_me(account, timezone.localdate(), store.rulebook())
    return [(item.code, item.act) for item in pile.items]


def hoped(username: str) -> list[str]:
    return [item.code for item in waiting.for_others(Account.objects.get(username=username)).items]


def test_a_problem_without_measures_waits_for_its_units_clerk_alone(county: County) -> None:
    raised(county)
    assert ("Q00001", "MeasureSet") in mine("clerk")
    assert mine("other_clerk") == [] and mine("township") == []


def test_what_is_late_comes_first_and_has_its_one_next_step_as_a_link(
    county: County, client_for: Clients
) -> None:
    measured(county, "Q00001", late=3)
    measured(county, "Q00002", late=30)
    assert mine("clerk") == [("Q00002", "FixClaimed"), ("Q00001", "FixClaimed")]
    page = client_for("clerk").get("/").content.decode()
    assert 'href="/act/FixClaimed/Q00002"' in page
    assert page.index("/act/FixClaimed/Q00002") < page.index("/act/FixClaimed/Q00001")


def test_a_claim_waits_for_the_office_and_its_clerk_waits_for_the_check(county: County) -> None:
    claimed(county)
    assert ("Q00001", "ResultChecked") in mine("officer")
    assert mine("clerk") == [] and hoped("clerk") == ["Q00001"]


def test_an_extension_asked_waits_for_the_office(county: County) -> None:
    measured(county, late=-3)
    asked = ExtensionAsked(due=TODAY + timedelta(days=30), reason="管材未到货")
    county.write("Q00001", asked, by="clerk")
    assert ("Q00001", "ExtensionDecided") in mine("officer")
    assert "Q00001" in hoped("clerk")


def test_words_that_look_like_a_stored_field_raise_no_duty(county: County) -> None:
    words = '"answer_due": "2026-01-01" "asked_until": "2026-01-01" "letter": "提醒"'
    county.write("Q00001", ProblemRaised(source=Source.VISIT, category="供水", text=words), ago=1)
    assert mine("clerk") == [("Q00001", "MeasureSet")]
    assert mine("officer") == []


def test_letters_due_are_those_that_the_rule_would_send(county: County) -> None:
    rules = store.rulebook()
    for n, late in enumerate((-5, 0, 1, 2, 15, 40, 70)):
        measured(county, f"Q0001{n}", late=late)
    for code, ago in (("Q00014", 12), ("Q00015", 5), ("Q00016", 60), ("Q00016", 20)):
        county.write(code, _letter(code, ago), ago=ago)
    states = [store.read_state(row) for row in store.listing("Q")]
    wanted = {s.subject for s in states if isinstance(s, Problem) and next_letter(s, TODAY, rules)}
    found = store.listing("Q").filter(waiting.letters_due(TODAY, rules)).values_list("pk", flat=True)
    assert set(found) == wanted and wanted


def _letter(code: str, ago: int) -> Fact:
    filled = fill(LetterSent, store.state(code), TODAY - timedelta(days=ago), store.rulebook())
    return LetterSent(**filled)  # type: ignore[arg-type]


def test_a_look_back_that_is_due_waits_for_the_office(county: County) -> None:
    raised(county, ago=250)
    due = TODAY - timedelta(days=200)
    fact = MeasureSet(goal="出水", measures="换泵", term=Term.LIMITED, due=due)
    county.write("Q00001", fact, by="clerk", ago=245)
    county.write("Q00001", FixClaimed(result="已换泵", evidence="泵房"), by="clerk", ago=202)
    watch = tuple(store.rulebook().problems.look_back_months.value)
    check = ResultChecked(method="实地核验", verdict=Verdict.SOLVED, found="有水", watch=watch)
    county.write("Q00001", check, ago=200)
    assert ("Q00001", "LookedBack") in mine("officer")


def test_a_meeting_held_waits_for_its_report(county: County) -> None:
    planned = MeetingPlanned(kind=MeetingKind.DEMOCRATIC_LIFE, theme="作风", due=TODAY, members=9)
    county.write("M00001", planned, by="clerk", ago=40)
    county.write("M00001", LastItemsReported(note="上次没有问题"), by="clerk", ago=30)
    filled = fill(MeetingHeld, store.state("M00001"), TODAY - timedelta(days=30), store.rulebook())
    county.write("M00001", MeetingHeld(expected=9, present=9, **filled), by="clerk", ago=30)  # type: ignore[arg-type]
    assert ("M00001", "MeetingReported") in mine("clerk")


def test_a_result_waits_for_the_person_until_the_day_of_the_law(county: County, client_for: Clients) -> None:
    year = f"P0006/{TODAY.year}"
    county.write(year, RoutineGraded(quarter=1, grade=RoutineGrade.GOOD))
    decided = GradesDecided(meeting="常委会", decisions=(Decision(person="P0006", grade="称职"),))
    county.write(f"G01/{TODAY.year}", decided, by="leader")
    filled = fill(ResultNotified, store.state(year), TODAY, store.rulebook())
    county.write(year, ResultNotified(grade="称职", **filled))  # type: ignore[arg-type]
    assert mine("official") == [(year, "ReviewRequested")]
    assert mine("officer") == []
    assert "考核结果已告知" in client_for("official").get("/").content.decode()


def test_undecided_groups_of_last_year_wait_for_the_leader(county: County) -> None:
    assert mine("leader") == []
    county.write(f"P0006/{TODAY.year - 1}", RoutineGraded(quarter=1, grade=RoutineGrade.GOOD))
    assert mine("leader") == [("G01", "GradesDecided")]
    decided = GradesDecided(meeting="常委会", decisions=(Decision(person="P0006", grade="称职"),))
    county.write(f"G01/{TODAY.year - 1}", decided, by="leader")
    assert mine("leader") == []


def test_a_quiet_day_says_so(county: County, client_for: Clients) -> None:
    assert "今天没有该办的事" in client_for("clerk").get("/").content.decode()


def test_news_are_only_of_what_the_account_may_see(county: County, client_for: Clients) -> None:
    raised(county, ago=1)
    assert "水压不足" not in client_for("other_clerk").get("/").content.decode()
    assert "Q00001" in client_for("clerk").get("/").content.decode()


def test_my_work_costs_the_same_number_of_queries_however_much_waits(
    county: County, client_for: Clients, django_assert_max_num_queries: Callable[..., object]
) -> None:
    client = client_for("officer")
    for n in range(5):
        claimed(county, f"Q001{n:02}")
    client.get("/")
    with django_assert_max_num_queries(40):  # type: ignore[attr-defined]
        client.get("/")
    for n in range(5, 40):
        claimed(county, f"Q001{n:02}")
    with django_assert_max_num_queries(40):  # type: ignore[attr-defined]
        page = client.get("/").content.decode()
    assert "40 件" in page and page.count("/act/ResultChecked/") == waiting.MOST
