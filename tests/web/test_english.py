"""In English no page shows a Chinese word: every page that each role reaches by links is read in full.

The county's data is written in Latin letters here, so that whatever is Chinese on a page is the page's own.
"""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from html.parser import HTMLParser
from random import Random
from urllib.parse import urljoin, urlsplit

import pytest
from django.conf import settings
from django.test import Client
from django.urls import Resolver404, resolve

from shigan.facts import Fact
from shigan.facts.appraisal import (
    Area,
    EvaluationCounted,
    ItemTally,
    Nature,
    NegativeListed,
    ResultRecorded,
    RoutineGrade,
    RoutineGraded,
    Sanction,
    SanctionImposed,
    SheetsEntered,
    StatementMade,
    VoterClass,
    by_marks,
)
from shigan.facts.meetings import (
    Channel,
    LastItemsReported,
    MeetingHeld,
    MeetingKind,
    MeetingPlanned,
    OpinionHeard,
    TalksHeld,
)
from shigan.facts.notes import SuggestionAnswered, SuggestionMade
from shigan.facts.problems import (
    ExtensionAsked,
    FixClaimed,
    MeasureSet,
    ProblemDropped,
    ProblemRaised,
    ProgressReported,
    ResultChecked,
    Source,
    Term,
    Verdict,
    Why,
)
from shigan.facts.tasks import TaskFinished, TaskProgressed, TaskSet
from shigan.facts.units import GroupFormed, PersonPosted, Rank
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
from shigan.web import boards, naming, sealing, store
from shigan.web.models import NameRow
from shigan.work.admit import Author, Draft
from tests.web.conftest import ACCOUNTS, County

TODAY = date.today()
YEAR = TODAY.year
CHINESE = re.compile(r"[\u3400-\u9fff、。「」『』【】《》（）：；，！？]+")
DATA = ("县直部门·领导干部", "职能相近的县直部门", "2026年3月5日", "2026年1月", "2026年10月", "县组函")
"""Chinese that is data: the shared county's comparison group; dates and letter codes as people type them."""
SPOKEN = ("title", "aria-label", "placeholder", "alt", "data-label")
UNREAD = ("script", "style", "pre", "textarea", "datalist")
"""Elements without words of ours: code, sealed bytes and rule files, what people typed."""
MOST = 2
"""So many pages of one address pattern are read for each role; the next would say the same words."""


class Words(HTMLParser):
    """The words of a page and its links; what is marked as Chinese (`lang`) may be so."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.words: list[str] = []
        self.unread = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if self.unread or tag in UNREAD or given.get("lang") == "zh-CN":
            self.unread += tag not in ("input", "br", "img", "meta", "link", "hr")
            return
        self.words += [given[key] for key in SPOKEN if key in given]

    def handle_endtag(self, tag: str) -> None:
        self.unread = max(0, self.unread - 1)

    def handle_data(self, data: str) -> None:
        if not self.unread:
            self.words.append(data)

    def chinese(self) -> Iterator[str]:
        """Every piece of text with a Chinese character or mark."""
        for words in self.words:
            for known in DATA:
                words = words.replace(known, "")
            if CHINESE.search(words):
                yield " ".join(words.split())


def sheet(voters: VoterClass, valid: int, best: int) -> EvaluationCounted:
    tally = tuple(ItemTally(item=i, counts=(best, valid - best, 0, 0, 0)) for i in "德能勤绩廉")
    return EvaluationCounted(
        voters=voters, expected=valid, present=valid, issued=valid, returned=valid, valid=valid, void=0,
        tallies=tally, session="yearly",
    )  # fmt: skip


def single_sheets(people: Sequence[str]) -> SheetsEntered:
    """Thirty sheets on some people, each entered by itself."""
    random, n = Random(1), 30
    sheets = ["".join(random.choices("1123", k=5 * len(people))) for _sheet in range(n)]
    return SheetsEntered(
        voters=VoterClass.C, expected=n, present=n, issued=n, returned=n, valid=n, void=0, session="staff",
        items=tuple("德能勤绩廉"), targets=tuple(people), sheets=by_marks(sheets),
    )  # fmt: skip


def problems(county: County) -> None:
    """One problem at each stage."""
    for n, source in enumerate(Source, 1):
        county.write(f"Q{n:05d}", ProblemRaised(source=source, category="water", text="no water"), ago=90)
    plan = MeasureSet(goal="water", measures="pump", term=Term.LIMITED, due=TODAY - timedelta(days=40))
    for n in (2, 3, 4, 5, 6):
        county.write(f"Q{n:05d}", plan, by="clerk", ago=85)
    county.write("Q00002", ProgressReported(text="half done"), by="clerk", ago=60)
    county.write("Q00002", ExtensionAsked(due=TODAY + timedelta(days=5), reason="rain"), by="clerk", ago=50)
    for n in (3, 4, 5):
        county.write(f"Q{n:05d}", FixClaimed(result="pump", evidence="pump house"), by="clerk", ago=30)
    for n, verdict in ((4, Verdict.SOLVED), (5, Verdict.PARTLY)):
        checked = ResultChecked(method="实地核验", verdict=verdict, found="water", watch=(3, 6, 12))
        county.write(f"Q{n:05d}", checked, by="other_clerk", ago=20)
    county.write("Q00006", ProblemDropped(why=Why.BEYOND_DUTY, reason="not ours"), ago=10)


def visits(county: County) -> None:
    held = VisitHeld(kind=VisitKind.STUDY, topic="water", unannounced=True, visitors=2, host_minutes=600)
    county.write("V00001", held, unit="U011", ago=20)
    county.write("V00001", VoiceHeard(speaker=Speaker.RESIDENT, text="no water"), unit="U011", ago=20)
    county.write("V00001", PromiseMade(text="a pump", due=TODAY), unit="U011", ago=20)
    county.write("V00001", ReturnVisited(kept=True, found="a pump"), unit="U011", ago=3)
    county.write("K00001", PracticeNoted(title="One page", text="one page"), unit="U011", ago=20)
    county.write("K00001", PracticeUsed(text="here"), by="clerk", unit="U011", ago=3)


def meetings(county: County) -> None:
    planned = MeetingPlanned(kind=MeetingKind.DEMOCRATIC_LIFE, theme="work", due=TODAY, members=9)
    for n in (1, 2):
        county.write(f"M{n:05d}", planned, ago=30)
        county.write(f"M{n:05d}", OpinionHeard(channel=Channel.BOX, text="fewer papers"), ago=25)
    county.write("M00001", TalksHeld(talks=4), ago=22)
    county.write("M00001", LastItemsReported(note="none"), ago=21)
    county.write("M00001", MeetingHeld(expected=9, present=9), ago=20)


def tasks(county: County) -> None:
    task = TaskSet(project="water", text="pipes", start=TODAY - timedelta(days=40), due=TODAY, owner="P0003")
    for n in (1, 2):
        county.write(f"T{n:05d}", task, ago=40)
        county.write(f"T{n:05d}", TaskProgressed(text="half"), by="clerk", ago=20)
    county.write("T00002", TaskFinished(result="done", evidence="street"), by="clerk", ago=2)


def appraisals(county: County) -> None:
    """A comparison group of a shipped scheme; P0006, the account `official`, is one of it."""
    group = GroupFormed(scheme="县直部门领导干部", words="deputies")
    store.append([Draft("G05", group, "U001", TODAY - timedelta(days=250))], Author("P0001", "U002"))
    posted = PersonPosted(rank=Rank.DEPUTY, in_team=True, group="G05", managed_by="U001")
    for n in range(100, 107):
        county.write(f"P{n:04d}", posted, ago=200)
        NameRow.objects.create(code=f"P{n:04d}", name=f"Person {n}", post="Deputy")
    county.write("P0006", posted, ago=200)
    for n in (6, *range(100, 107)):
        for fact in appraised(n):
            county.write(f"P{n:04d}/{YEAR}", fact)
    judged = [f"P{n:04d}" for n in (6, *range(100, 107))]
    county.write(f"U003/{YEAR}", single_sheets(judged))
    county.write("P0006", SanctionImposed(sanction=Sanction.ADMONITION, number="1"))
    county.write(f"P0006/{YEAR}", NegativeListed(item="late"))
    county.write(f"P0006/{YEAR}", StatementMade(text="please look"), by="official")


def appraised(n: int) -> Iterator[Fact]:
    for quarter in range(1, (TODAY.month - 1) // 3 + 1):
        yield RoutineGraded(quarter=quarter, grade=RoutineGrade.GOOD if n == 100 else RoutineGrade.FAIR)
    yield sheet(VoterClass.A, 3, 1)
    yield sheet(VoterClass.B, 12, n % 12)
    yield sheet(VoterClass.C, 40, n % 40)
    yield ResultRecorded(
        area=Area.ECONOMY, indicator="分管重点任务完成率", nature=Nature.OUTCOME, value=Decimal(70 + n % 30),
        measure="%", evidence="ledger",
    )  # fmt: skip


@pytest.fixture
def english(county: County) -> County:
    """The county with names and texts in Latin letters, something of every mechanism, sealed and judged."""
    for row in NameRow.objects.all():
        NameRow.objects.filter(pk=row.pk).update(name=f"Name {row.code}")
    NameRow.objects.create(code="G05", name="Group 5")
    problems(county)
    visits(county)
    meetings(county)
    tasks(county)
    appraisals(county)
    county.write("S00001", SuggestionMade(text="fewer fields", page="home"), ago=5)
    county.write("S00002", SuggestionMade(text="a larger font"), ago=5)
    county.write("S00002", SuggestionAnswered(text="done"), ago=1)
    naming.forget()
    sealing.seal()
    boards.judge_now()
    return county


def pattern(address: str) -> str:
    """The name of the address's pattern, with the kind of fact of a form; nothing for others."""
    try:
        found = resolve(urlsplit(address).path)
    except Resolver404:
        return ""
    said = [str(value) for key, value in found.kwargs.items() if key in ("kind", "name", "group")]
    return " ".join([found.url_name or "", *said])


def pages(client: Client, *starts: str) -> Iterator[tuple[str, Words]]:
    """Every page that links lead to."""
    waiting, met, read = deque(starts), set(starts), Counter[str]()
    while waiting:
        address = waiting.popleft()
        name = pattern(address)
        if not name or name == "logout" or read[name] >= MOST:
            continue
        read[name] += 1
        answer = client.get(address, follow=True)
        if "text/html" not in answer.headers["Content-Type"]:
            continue
        words = Words(answer.content.decode())
        yield address, words
        for link in (urljoin(address, each).partition("#")[0] for each in words.links):
            if not urlsplit(link).netloc and link not in met:
                met.add(link)
                waiting.append(link)


def reader(client: Client) -> Client:
    """The browser, set to English."""
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def test_no_page_that_any_role_reaches_shows_a_chinese_word(
    english: County, client_for: Callable[[str], Client]
) -> None:
    for username in ACCOUNTS:
        read = dict(pages(reader(client_for(username)), "/", "/own", "/suggest", "/no-such-page"))
        found = {address: list(words.chinese()) for address, words in read.items()}
        assert len(read) > 20, username
        assert {address: words for address, words in found.items() if words} == {}, username


def test_strangers_see_the_log_in_and_the_unsigned_pages_in_english(english: County) -> None:
    client = reader(Client())
    for address in ("/login", "/suggest", "/suggestions/", "/opinions/M00002"):
        answer = client.get(address, follow=True)
        assert list(Words(answer.content.decode()).chinese()) == [], address


def test_a_refusal_is_told_in_english_with_its_rule_and_remedy(
    english: County, client_for: Callable[[str], Client]
) -> None:
    client = reader(client_for("clerk"))
    form = {"method": "实地核验", "verdict": "已解决", "found": "water", "happened": TODAY, "seen": 3}
    answer = client.post("/act/ResultChecked/Q00003", form)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "The responsible unit cannot check its own rectification (Set by this system" in page
    assert list(Words(page).chinese()) == []
