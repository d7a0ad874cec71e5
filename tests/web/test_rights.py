"""Who may open what: every address × every role, denied by default. A new address without a line fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from shigan.facts import KINDS
from shigan.facts.appraisal import RoutineGrade, RoutineGraded
from shigan.facts.erasure import Asker, Basis, ErasureRequested
from shigan.facts.meetings import MeetingKind, MeetingPlanned
from shigan.facts.notes import SuggestionMade
from shigan.facts.problems import LetterSent, MeasureSet, ProblemRaised, Source, Term
from shigan.facts.readings import ReadingAsked, ReadingGranted
from shigan.facts.tasks import TaskSet
from shigan.facts.visits import PracticeNoted, VisitHeld, VisitKind
from shigan.web import rights, sealing, store
from shigan.web.models import Account, TokenRight
from shigan.work.state import fill
from tests.web.conftest import County
from tests.web.papers import NOTICE, registered
from tests.work import evaluation

Clients = Callable[[str], Client]
TODAY = date.today()
YEAR = TODAY.year

WHO = {
    "o": "officer", "l": "leader", "c": "clerk", "x": "other_clerk", "t": "township", "p": "official",
    "u": "auditor", "a": "admin", "s": "",
}  # fmt: skip
"""`c` is the clerk of the unit concerned (U003), `x` and `t` those of others, `p` the person concerned."""

EVERYBODY = "olcxtpua"
ALL = EVERYBODY + "s"

MATRIX: dict[str, tuple[tuple[object, ...], str]] = {
    "set_language": ((), ALL),
    "home": ((), EVERYBODY),
    "login": ((), ALL),
    "logout": ((), ALL),
    "accounts": ((), "a"),
    "new_account": ((), "a"),
    "reset_password": (("leader",), "a"),
    "switch_account": (("leader",), "a"),
    "act": (("ProgressReported", "Q00001"), "oc"),
    "appraisal": ((), "olu"),
    "group_now": (("G01",), "olu"),
    "group": (("G01", YEAR), "olu"),
    "group_paper": (("G01", YEAR, "docx"), "olu"),
    "group_decide": (("G01", YEAR), "l"),
    "evaluations": ((YEAR,), "olu"),
    "evaluation": ((YEAR, "U003"), "olu"),
    "evaluation_method": ((), EVERYBODY),
    "boxes": ((), "olu"),
    "box_about": ((), EVERYBODY),
    "new_box": ((), "o"),
    "box_draft": (("officials", "U003"), "o"),
    "file_box": ((), "o"),
    "box": (("B0001",), "olu"),
    "box_notice": (("B0001",), "olu"),
    "publish_box": (("B0001",), "o"),
    "token_roll": (("B0001",), "ou"),
    "tokens": ((), EVERYBODY),
    "token": (("B0001",), "cp"),
    "documents": ((), "olcxtu"),
    "document_units": ((), "olcxtu"),
    "check_document": ((), "olcxtu"),
    "new_document": ((), "ocxt"),
    "document": (("D00001",), "olcu"),
    "document_beside": (("D00001", "D00002"), "olcu"),
    "team": (("U003", YEAR), "olu"),
    "record": ((), "o"),
    "unit_record": (("U003", YEAR), "o"),
    "record_routine": (("U003", YEAR, 1), "o"),
    "record_results": (("P0006", YEAR), "o"),
    "record_tally": (("U003", YEAR, "team", "A"), "o"),
    "record_one": (("P0006", YEAR, "DutyReported"), "o"),
    "profile": (("P0006", YEAR), "olpu"),
    "profile_paper": (("P0006", YEAR, "pdf"), "olpu"),
    "own_record": ((), EVERYBODY),
    "own_record_of": ((YEAR,), EVERYBODY),
    "problems": ((), "olcxtpu"),
    "new_problem": ((), "olcxt"),
    "problems_export": ((), "olu"),
    "problem_units": ((), "olcxtpu"),
    "look_backs": ((), "olcxtpu"),
    "problem": (("Q00001",), "olcpu"),
    "letters": ((), "olcxtpu"),
    "letter_papers": ((), "olcpu"),
    "chart": ((), EVERYBODY),
    "tasks": ((), EVERYBODY),
    "new_task": ((), "o"),
    "task": (("T00001",), EVERYBODY),
    "imports": ((), "o"),
    "import_template": (("problems",), "o"),
    "import_export": (("problems",), "olu"),
    "import_preview": (("x",), "o"),
    "import_marked": (("x", 0), "o"),
    "visits": ((), "olcxtu"),
    "new_visit": ((), "olcxt"),
    "visit_sheet": ((), "olcxt"),
    "visit_burden": ((), "olcxtu"),
    "visit": (("V00001",), "olcu"),
    "voices": (("V00001",), "ol"),
    "practices": ((), EVERYBODY),
    "new_practice": ((), "olcxt"),
    "practice": (("K00001",), EVERYBODY),
    "meetings": ((), "olcxtu"),
    "new_meeting": ((), "ocxt"),
    "meeting": (("M00001",), "olcu"),
    "last_items": (("M00001",), "oc"),
    "hold_meeting": (("M00001",), "oc"),
    "opinions": (("M00001",), ALL),
    "opinion_taken": (("M00001",), ALL),
    "suggest": ((), ALL),
    "suggestion_taken": ((), ALL),
    "suggestions": ((), ALL),
    "suggestion": (("S00001",), "o"),
    "burden": ((), "olcxtu"),
    "organization": ((), "olcxtu"),
    "new_unit": ((), "o"),
    "new_group": ((), "o"),
    "new_person": ((), "o"),
    "rename": (("U003",), "o"),
    "unit": (("U003",), "olcu"),
    "person": (("P0006",), "olpu"),
    "post_person": (("P0006",), "o"),
    "members": (("G01",), "olu"),
    "own": ((), EVERYBODY),
    "otp": ((), EVERYBODY),
    "search": ((), EVERYBODY),
    "ledger": ((), EVERYBODY),
    "seal": ((), "oua"),
    "ledger_slip": ((), EVERYBODY),
    "ledger_verifier": ((), EVERYBODY),
    "proof_file": ((3,), EVERYBODY),
    "readings": ((), EVERYBODY),
    "purpose": ((), "olu"),
    "ask_reading": (("P0006",), "olu"),
    "reading": (("F00001",), "olpu"),
    "marked": (("F00001",), "l"),
    "receipts": ((), EVERYBODY),
    "receipt": (("Q00001", 1), "o"),
    "check_receipt": ((), EVERYBODY),
    "erasures": ((), "olu"),
    "erasures_due": ((), "olu"),
    "new_erasure": ((), "ou"),
    "erasure": (("E00001",), "olu"),
    "correct": ((8,), "o"),
    "entry": ((3,), EVERYBODY),
    "evidence": ((), EVERYBODY),
    "rules": ((), EVERYBODY),
    "policy": (("problems",), EVERYBODY),
    "adopt": (("problems",), "ol"),
}
"""Address name → its arguments, and who may open it; addresses that only take a form are posted to."""

QUERY = {"letter_papers": "?letter=Q00002.3"}
ACCOUNTS_BY_NUMBER = {"reset_password", "switch_account"}
POSTED = {"logout", "reset_password", "switch_account", "seal", "set_language"}


@pytest.fixture
def furnished(county: County) -> County:
    """One of each thing, all of unit U003 and of person P0006, sealed."""
    county.write("Q00001", ProblemRaised(source=Source.VISIT, category="供水", text="水压不足"))
    visit = VisitHeld(kind=VisitKind.STUDY, topic="供水", unannounced=True, visitors=2, host_minutes=10)
    county.write("V00001", visit)
    _letter(county)
    county.write("K00001", PracticeNoted(title="一户一表", text="每户装表"))
    meeting = MeetingPlanned(kind=MeetingKind.DEMOCRATIC_LIFE, theme="作风", due=TODAY, members=9)
    county.write("M00001", meeting, by="clerk")
    county.write("T00001", TaskSet(project="供水", text="换泵", start=TODAY, due=TODAY))
    county.write("S00001", SuggestionMade(text="字太小"))
    county.write("B0001", evaluation.opening(evaluation.plain(datetime.now(UTC))))
    for code in ("D00001", "D00002"):
        county.write(code, registered(NOTICE))
    for code in ("P0003", "P0006"):
        TokenRight.objects.create(election="B0001", account=code, voters="A")
    wanted = ErasureRequested(about="Q00001", seqs=(1,), basis=Basis.PURPOSE, asker=Asker.PERSON)
    county.write("E00001", wanted)
    county.write(f"P0006/{YEAR}", RoutineGraded(quarter=1, grade=RoutineGrade.GOOD))
    asked = ReadingAsked(about="P0006", purpose="监督检查", note="核对处分")
    county.write("F00001", asked, by="leader", unit="U001")
    county.write("F00001", ReadingGranted(minutes=1440), unit="U001")
    sealing.seal()
    return county


def _letter(county: County) -> None:
    """Q00002, whose third entry is a letter."""
    county.write("Q00002", ProblemRaised(source=Source.VISIT, category="供水", text="水压不足"), ago=90)
    due = TODAY - timedelta(days=10)
    measure = MeasureSet(goal="出水", measures="换泵", term=Term.LIMITED, due=due)
    county.write("Q00002", measure, by="clerk", ago=80)
    filled = fill(LetterSent, store.state("Q00002"), TODAY, store.rulebook())
    county.write("Q00002", LetterSent(number="督〔2026〕1号", **filled))  # type: ignore[arg-type]


def addresses(patterns: list[URLPattern | URLResolver]) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns)
        else:
            yield pattern.name or str(pattern.pattern)


def test_every_address_has_its_line() -> None:
    names = set(addresses(get_resolver().url_patterns))
    assert names == MATRIX.keys(), "give it a line in MATRIX: who may open it"


@pytest.mark.parametrize("who", WHO)
def test_each_role_opens_what_it_may_and_nothing_else(
    furnished: County, client_for: Clients, who: str
) -> None:
    wrong = []
    for name, (arguments, allowed) in MATRIX.items():
        client = client_for(WHO[who]) if WHO[who] else Client()
        if name in ACCOUNTS_BY_NUMBER:
            arguments = tuple(Account.objects.get(username=username).pk for username in arguments)
        address = reverse(name, args=arguments) + QUERY.get(name, "")
        answer = client.post(address) if name in POSTED else client.get(address)
        if opened(answer, address) != (who in allowed):
            wrong.append((name, answer.status_code))
        if who not in allowed and who != "s" and answer.status_code != 403:
            wrong.append((name, answer.status_code))
    assert not wrong


def opened(answer: HttpResponse, address: str) -> bool:
    """Whether the page was shown or the thing done, and not refused or sent to the log-in."""
    to_log_in = answer.headers.get("Location", "").startswith("/login?")
    return answer.status_code in (200, 302, 400, 422) and not to_log_in


def test_a_fact_that_no_role_names_is_written_by_nobody() -> None:
    everybody = set().union(*rights.PERMITS.values(), rights._OWN, rights._EVERYBODY)
    from_slot_or_pages = {
        "OpinionHeard", "SuggestionMade", "PolicyAdopted", "RoleGranted", "EntryCorrected",
        "ErasureRequested", "PayloadErased", "ErasureRefused",
    }  # fmt: skip
    assert KINDS.keys() - everybody <= from_slot_or_pages


def test_a_right_nobody_has_heard_of_is_denied_to_all(furnished: County) -> None:
    for username in filter(None, WHO.values()):
        account = Account.objects.get(username=username)
        assert not rights.may(account, "fly") and not rights.may(account, "see:X", "U003")
        account.is_active = False
        assert not rights.may(account, "see:Q", "U003") and not rights.may(account, "search")
    assert not rights.may(None, "see:rules") and not rights.may("officer", "see:rules")


def test_only_the_person_concerned_writes_what_is_the_persons_own(furnished: County) -> None:
    for kind in ("StatementMade", "ReviewRequested", "AppealMade"):
        may = {u for u in filter(None, WHO.values()) if rights.may(_account(u), kind, f"P0006/{YEAR}")}
        assert may == {"official"}, kind


def _account(username: str) -> Account:
    return Account.objects.get(username=username)


def test_no_fact_is_written_through_the_general_page_without_the_right(
    furnished: County, client_for: Clients
) -> None:
    codes = {
        "Q": "Q00001",
        "V": "V00001",
        "K": "K00001",
        "M": "M00001",
        "T": "T00001",
        "S": "S00001",
        "B": "B0001",
    }
    for username in ("auditor", "admin", "official", "township"):
        client, account = client_for(username), _account(username)
        for kind, cls in KINDS.items():
            code = codes.get(cls.ABOUT.split()[0], "U003")
            if not rights.may(account, kind, "U003"):
                answer = client.post(reverse("act", args=[kind, code]))
                assert answer.status_code == 403, (username, kind)
