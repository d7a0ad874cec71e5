"""Nobody's file answers another before the ledger holds who reads it and what for; the person sees it."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pypdf
import pytest
from django.test import Client

from shigan.exchange.keeping.scratch import scratch_database
from shigan.facts.appraisal import (
    NegativeListed,
    RoutineGrade,
    RoutineGraded,
    Sanction,
    SanctionImposed,
)
from shigan.facts.readings import FilePart, FileRead, ReadingAsked, ReadingGranted
from shigan.ledger.entry import leaf
from shigan.web import boards, opening, sealing, store
from shigan.web.models import EntryRow, StateRow
from tests.conftest import POSTGRES
from tests.web.conftest import County

Clients = Callable[[str], Client]
YEAR = date.today().year
PERSON = "P0006"
SECRET, NUMBER = "违反作风规定被点名", "西纪发〔2026〕7号"
ASK_FIRST = "先说明查阅用途"

PROFILE, BOARD = f"/appraisal/{PERSON}/{YEAR}", f"/appraisal/group/G01/{YEAR}"
FILES = (
    PROFILE,
    BOARD,
    f"/appraisal/team/U003/{YEAR}",
    f"/evaluations/{YEAR}/",
    f"/evaluations/{YEAR}/U003/",
    f"/organization/people/{PERSON}",
)
"""Pages that tell of P0006, whom an officer, a leader and an auditor may read."""
PAPERS = (f"{PROFILE}.docx", f"{PROFILE}.pdf", f"{BOARD}.docx", f"{BOARD}.pdf")
OFFICERS = (
    f"/appraisal/record/U003/{YEAR}",
    f"/appraisal/record/U003/{YEAR}/routine/1",
    *(f"/imports/export/{key}" for key in ("roster", "routine", "results", "evaluation")),
)


@pytest.fixture
def filed(county: County) -> County:
    """P0006 has a routine grade and marked records, sealed."""
    county.write(f"{PERSON}/{YEAR}", RoutineGraded(quarter=1, grade=RoutineGrade.GOOD, reason="按时完成"))
    county.write(f"{PERSON}/{YEAR}", NegativeListed(item=SECRET))
    county.write(PERSON, SanctionImposed(sanction=Sanction.WARNING, number=NUMBER))
    sealing.seal()
    return county


@pytest.fixture
def judged(filed: County) -> County:
    """The same, judged: papers have figures."""
    boards.judge_now()
    return filed


@pytest.fixture
def silent(client_for: Clients) -> Clients:
    """A browser whose reader has not said what for."""

    def make(username: str) -> Client:
        client = client_for(username)
        session = client.session
        session.pop(opening.SESSION_KEY, None)
        session.save()
        return client

    return make


def readings() -> list[FileRead]:
    return [e.fact for e in store.entries(kinds=["FileRead"]) if isinstance(e.fact, FileRead)]


def says(client: Client, purpose: str, address: str = "/") -> None:
    answer = client.post("/readings/purpose", {"purpose": purpose, "note": "", "next": address})
    assert answer.status_code == 302 and answer.headers["Location"] == address


@pytest.mark.parametrize("address", [*FILES, *PAPERS, *OFFICERS])
def test_no_page_of_a_file_answers_another_person_without_an_entry(
    judged: County, silent: Clients, address: str
) -> None:
    client = silent("officer")
    answer = client.get(address)
    assert ASK_FIRST in answer.content.decode() and "Content-Disposition" not in answer.headers
    assert readings() == []
    says(client, "年度考核", address)
    answer = client.get(address)
    assert answer.status_code == 200 and ASK_FIRST.encode() not in answer.content
    (fact,) = readings()
    assert PERSON in (fact.about, *fact.persons) and fact.purpose == "年度考核"


@pytest.mark.parametrize("username", ["leader", "auditor"])
def test_a_leader_and_a_supervisor_are_noted_like_anybody(
    filed: County, silent: Clients, username: str
) -> None:
    client = silent(username)
    for address in FILES:
        assert ASK_FIRST in client.get(address).content.decode(), address
    says(client, "监督检查")
    for address in FILES:
        client.get(address)
    assert {PERSON in (f.about, *f.persons) for f in readings()} == {True}


def test_a_leader_says_what_for_before_deciding_grades(filed: County, silent: Clients) -> None:
    assert ASK_FIRST in silent("leader").get(f"/appraisal/group/G01/{YEAR}/decide").content.decode()


def test_one_entry_a_day_for_each_reader_person_part_and_purpose(filed: County, client_for: Clients) -> None:
    for username in ("officer", "leader"):
        for _again in range(3):
            client_for(username).get(PROFILE)
    assert len(readings()) == 2
    client = client_for("officer")
    says(client, "复核和申诉")
    client.get(PROFILE)
    assert [f.purpose for f in readings()] == ["年度考核", "年度考核", "复核和申诉"]


def test_a_list_that_has_grown_is_noted_again(filed: County, client_for: Clients) -> None:
    client = client_for("officer")
    StateRow.objects.filter(pk="P0007").update(topic="")
    client.get(BOARD)
    client.get(BOARD)
    StateRow.objects.filter(pk="P0007").update(topic="G01")
    client.get(BOARD)
    before, after = (f.persons for f in readings())
    assert {*after} - {*before} == {"P0007"} and "P0001" not in after, "the reader is left out"


def test_the_own_record_never_asks_and_is_not_noted(judged: County, silent: Clients) -> None:
    client = silent("official")
    for address in ("/own/record", f"/appraisal/{PERSON}/{YEAR}", f"/organization/people/{PERSON}"):
        page = client.get(address).content.decode()
        assert ASK_FIRST not in page
    assert SECRET in client.get("/own/record").content.decode()
    assert client.get(PAPERS[0]).headers["Content-Disposition"]
    assert readings() == []


def test_the_person_sees_who_when_which_part_and_what_for(filed: County, client_for: Clients) -> None:
    client_for("leader").get(PROFILE)
    client_for("officer").get(BOARD)
    for address in ("/own/record", "/readings/"):
        page = client_for("official").get(address).content.decode()
        for words in ("甲02", "甲01", FilePart.PROFILE, FilePart.BOARD, "年度考核", date.today().isoformat()):
            assert words in page, (address, words)
    assert "F00001" not in client_for("clerk").get("/readings/").content.decode()


def test_the_sealed_header_does_not_tell_whose_file_it_was(filed: County, client_for: Clients) -> None:
    client_for("leader").get(PROFILE)
    row = EntryRow.objects.get(kind="FileRead")
    assert (row.subject, row.unit, row.by_unit) == ("F00001", "U001", "U001")


def test_only_the_reader_the_person_and_supervisors_see_a_reading(filed: County, client_for: Clients) -> None:
    client_for("leader").get(PROFILE)
    allowed = {u for u in ("officer", "leader", "clerk", "official", "auditor", "other_clerk")
               if client_for(u).get("/readings/F00001").status_code == 200}  # fmt: skip
    assert allowed == {"leader", "official", "auditor"}
    assert client_for("officer").get("/readings/?list=all").status_code == 403
    sealing.seal()
    position = EntryRow.objects.get(kind="FileRead").position
    for username, told in (("auditor", True), ("leader", True), ("officer", False), ("clerk", False)):
        page = client_for(username).get(f"/ledger/{position}").content.decode()
        assert ("考核画像" in page) is told, username


def test_a_purpose_holds_for_the_time_of_the_rule_book(filed: County, client_for: Clients) -> None:
    client = client_for("officer")
    session = client.session
    session[opening.SESSION_KEY] |= {"at": session[opening.SESSION_KEY]["at"] - 241 * 60}
    session.save()
    assert ASK_FIRST in client.get(PROFILE).content.decode()


def test_an_unknown_purpose_is_refused_and_a_strange_address_is_not_followed(
    filed: County, silent: Clients
) -> None:
    client = silent("officer")
    assert client.post("/readings/purpose", {"purpose": "好奇"}).status_code == 422
    answer = client.post("/readings/purpose", {"purpose": "年度考核", "next": "https://example.org/"})
    assert answer.headers["Location"] == "/readings/"


def test_entries_of_a_file_are_closed_in_the_ledger_until_it_is_opened(
    filed: County, client_for: Clients
) -> None:
    row = EntryRow.objects.get(kind="RoutineGraded")
    pages = (f"/ledger/?subject={PERSON}/{YEAR}", f"/ledger/{row.position}", f"/evidence?e={row.position}")
    client = client_for("leader")
    for address in pages:
        assert "按时完成" not in client.get(address).content.decode(), address
    client.get(PROFILE)
    for address in pages:
        assert "按时完成" in client.get(address).content.decode(), address


def test_marked_records_open_to_nobody_without_a_second_person(judged: County, client_for: Clients) -> None:
    client = client_for("leader")
    rows = EntryRow.objects.filter(kind__in=["NegativeListed", "SanctionImposed"])
    positions = ",".join(str(row.position) for row in rows)
    for address in (*FILES, *PAPERS, f"/evidence?e={positions}", f"/ledger/?subject={PERSON}"):
        answer = client.get(address)
        found = (
            text_of(answer.content) if "Content-Disposition" in answer.headers else answer.content.decode()
        )
        assert NUMBER not in found, address
    assert "申请查阅" in client.get(PROFILE).content.decode()
    assert client.get("/readings/F00001/records").status_code in (403, 404)


def test_two_persons_open_marked_records_and_the_person_sees_all_of_it(
    filed: County, client_for: Clients
) -> None:
    leader, officer = client_for("leader"), client_for("officer")
    answer = leader.post(f"/readings/ask/{PERSON}", {"purpose": "监督检查", "note": "核对是否到期"})
    code = answer.headers["Location"].rsplit("/", 1)[1]
    assert leader.get(f"/readings/{code}/records").status_code == 403
    answer = leader.post(f"/act/ReadingGranted/{code}", {"happened": date.today(), "seen": 1})
    assert "都不能答复" in answer.content.decode()
    assert "核对是否到期" in officer.get("/readings/?list=due").content.decode()
    answer = officer.post(f"/act/ReadingGranted/{code}", {"happened": date.today(), "seen": 1})
    assert answer.status_code == 302
    assert officer.get(f"/readings/{code}/records").status_code == 403
    for _again in range(2):
        page = leader.get(f"/readings/{code}/records").content.decode()
        assert SECRET in page and NUMBER in page
    assert [f.part for f in readings()] == [FilePart.MARKED]
    page = client_for("official").get("/readings/").content.decode()
    assert "核对是否到期" in page and FilePart.MARKED in page
    page = client_for("official").get(f"/readings/{code}").content.decode()
    assert "甲01" in page and "甲02" in page


def test_an_approval_that_has_lapsed_opens_nothing(filed: County, client_for: Clients) -> None:
    filed.write("F00001", ReadingAsked(about=PERSON, purpose="监督检查", note="核对"), by="leader")
    filed.write("F00001", ReadingGranted(minutes=1440))
    row = StateRow.objects.get(pk="F00001")
    row.body = json.dumps(json.loads(row.body) | {"until": 1})
    row.save()
    assert client_for("leader").get("/readings/F00001/records").status_code == 403


def text_of(content: bytes) -> str:
    """All words of a .docx, .pdf or .xlsx, headers and footers too."""
    if content.startswith(b"%PDF"):
        return "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return "".join(packed.read(name).decode(errors="ignore") for name in packed.namelist())


@pytest.mark.parametrize(
    "address",
    [*PAPERS, "/imports/export/routine"],
    ids=["book-docx", "book-pdf", "committee-docx", "committee-pdf", "xlsx"],
)
def test_every_paper_that_leaves_the_house_names_its_reader_and_its_entry(
    judged: County, client_for: Clients, address: str
) -> None:
    content = client_for("officer").get(address).content
    (entry,) = store.entries(kinds=["FileRead"])
    assert isinstance(entry.fact, FileRead) and entry.fact.form in ("docx", "pdf", "xlsx")
    found = "".join(text_of(content).split())
    for words in ("甲01", "P0001", date.today().isoformat(), "年度考核", "F00001", leaf(entry).hex()[:12]):
        assert words in found, words


def test_a_sheet_prints_its_reader_at_the_foot_of_every_page(filed: County, client_for: Clients) -> None:
    content = client_for("officer").get("/imports/export/routine").content
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        sheet = packed.read("xl/worksheets/sheet1.xml").decode()
    assert "P0001" in sheet.partition("<oddFooter>")[2].partition("</oddFooter>")[0]


def test_each_taking_away_is_an_entry_of_its_own(judged: County, client_for: Clients) -> None:
    for _again in range(2):
        client_for("officer").get(PAPERS[0])
    assert [f.form for f in readings()] == ["docx", "docx"]


def test_reading_makes_no_page_out_of_date_and_nobody_late(filed: County, client_for: Clients) -> None:
    before = store.newest_change()
    client_for("officer").get(PROFILE)
    assert store.newest_change() == before and EntryRow.objects.filter(kind="FileRead").exists()


def test_nobody_without_the_right_says_a_purpose(filed: County, client_for: Clients) -> None:
    for username in ("clerk", "official", "admin"):
        assert client_for(username).get("/readings/purpose").status_code == 403
        assert client_for(username).get(f"/readings/ask/{PERSON}").status_code == 403


def test_marked_records_can_be_asked_to_be_erased_without_being_read(
    filed: County, client_for: Clients
) -> None:
    filed.write(PERSON, SanctionImposed(sanction=Sanction.DEMERIT, number=NUMBER), by="leader")
    page = client_for("officer").get(f"/erasures/new?about={PERSON}").content.decode()
    assert page.count(NUMBER) == 1, "the one that the officer wrote"
    assert page.count("处分生效") == 2


def test_who_supervises_asks_for_readings_that_fell_due_to_be_erased(
    filed: County, client_for: Clients
) -> None:
    filed.write(
        "F00001", ReadingAsked(about=PERSON, purpose="监督检查", note="核对处分是否到期"), by="leader"
    )
    assert client_for("officer").get("/erasures/new?about=F00001").status_code == 403
    assert "核对处分是否到期" in client_for("auditor").get("/erasures/new?about=F00001").content.decode()


RACE = """
import sys, django; django.setup()
from tests.web.reading_race import main
main(int(sys.argv[1]))
"""


def raced(folder: Path, database: str) -> str:
    env = os.environ | {"SHIGAN_DATA": str(folder), "SHIGAN_DATABASE_URL": database}
    words = [sys.executable, "-c", RACE, "24"]
    said = subprocess.run(words, env=env, cwd=Path(__file__).parents[2], text=True, capture_output=True)
    return said.stdout.splitlines()[-1] + said.stderr


def test_of_many_who_open_files_at_the_same_moment_each_reading_is_an_entry(tmp_path: Path) -> None:
    assert raced(tmp_path, "") == "24"


@pytest.mark.postgres
def test_so_it_is_on_postgresql(tmp_path: Path) -> None:
    with scratch_database(POSTGRES) as database:
        assert raced(tmp_path, database) == "24"
