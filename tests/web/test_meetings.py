"""Criticism meetings through their pages: opinions in, last year's items first, problems out."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from shigan.facts.meetings import (
    Channel,
    LastItemsReported,
    MeetingHeld,
    MeetingKind,
    MeetingPlanned,
    OpinionHeard,
)
from shigan.facts.problems import ProblemRaised, ProgressReported, Source
from shigan.web import sealing, slot, store
from shigan.web.models import EntryRow, SlipRow
from shigan.work.meetings import Meeting
from shigan.work.problems import Problem
from tests.web.conftest import County

Clients = Callable[[str], Client]
TODAY = date.today()
TOMORROW = datetime.now(UTC) + timedelta(days=1)


@pytest.fixture(autouse=True)
def empty_bucket() -> None:
    slot.forget()


def planned(
    county: County, code: str = "M00001", *, ago: int = 30, unit: str = "U003", **changes: object
) -> None:
    given: dict[str, object] = {
        "kind": MeetingKind.DEMOCRATIC_LIFE, "theme": "为民办实事", "due": TODAY, "members": 9,
    }  # fmt: skip
    county.write(code, MeetingPlanned(**(given | changes)), unit=unit, ago=ago)  # type: ignore[arg-type]


def opened(county: County, code: str = "M00001", *, ago: int = 20) -> None:
    planned(county, code, ago=ago + 10)
    county.write(code, LastItemsReported(note="上次没有问题"), ago=ago)


def last_year(county: County) -> None:
    """A meeting a year ago that raised Q00001 and Q00002; work on the first went on."""
    opened(county, "M00001", ago=250)
    county.write("M00001", MeetingHeld(expected=9, present=9, problems=("Q00001", "Q00002")), ago=240)
    for n, words in ((1, "下乡少"), (2, "文件多")):
        raised = ProblemRaised(source=Source.MEETING, category="作风", text=words, origin="M00001")
        county.write(f"Q0000{n}", raised, ago=240)
    county.write("Q00001", ProgressReported(text="每月下乡两次"), by="clerk", ago=30)


def hold(rows: list[dict[str, str]], *, present: int = 9, seen: int = 2) -> dict[str, str]:
    sent = {
        "form-TOTAL_FORMS": "5", "form-INITIAL_FORMS": "0", "expected": "9", "present": str(present),
        "happened": TODAY.isoformat(), "seen": str(seen),
    }  # fmt: skip
    for n in range(5):
        row = rows[n] if n < len(rows) else {}
        sent |= {f"form-{n}-{key}": row.get(key, "") for key in ("category", "text", "unit")}
    return sent


CRITICISMS = [
    {"category": "作风", "text": "到村里的时间少"},
    {"category": "服务", "text": "办事窗口中午没有人", "unit": "县水务局"},
]


def test_one_meeting_raises_several_problems_in_one_go(county: County, client_for: Clients) -> None:
    opened(county)
    assert client_for("clerk").post("/meetings/M00001/hold", hold(CRITICISMS)).status_code == 302
    meeting = store.state("M00001")
    assert isinstance(meeting, Meeting)
    assert (meeting.stage, meeting.present, meeting.problems) == ("待报告", 9, ("Q00001", "Q00002"))
    assert meeting.due == TODAY + timedelta(days=15), "the report has its clock"
    for code, unit in (("Q00001", "U003"), ("Q00002", "U004")):
        problem = store.state(code)
        assert isinstance(problem, Problem)
        assert (problem.source, problem.origin, problem.unit) == ("民主生活会", "M00001", unit)
    assert "办事窗口中午没有人" in client_for("officer").get("/meetings/M00001").content.decode()


def test_without_a_quorum_nothing_is_written_and_the_rule_is_named(
    county: County, client_for: Clients
) -> None:
    opened(county)
    before = EntryRow.objects.count()
    answer = client_for("clerk").post("/meetings/M00001/hold", hold(CRITICISMS, present=5))
    said = answer.content.decode()
    assert answer.status_code == 422 and EntryRow.objects.count() == before
    assert "不足应到 9 人的 2/3" in said and "民主生活会若干规定" in said
    assert "办事窗口中午没有人" in said, "what was typed is not lost"


def test_one_wrong_row_keeps_the_meeting_and_all_rows_out(county: County, client_for: Clients) -> None:
    opened(county)
    before = EntryRow.objects.count()
    rows = [CRITICISMS[0], {"category": "", "text": "没有类别"}]
    assert client_for("clerk").post("/meetings/M00001/hold", hold(rows)).status_code == 422
    assert EntryRow.objects.count() == before


def test_a_meeting_cannot_be_held_before_last_years_items_are_reported(
    county: County, client_for: Clients
) -> None:
    planned(county)
    answer = client_for("clerk").post("/meetings/M00001/hold", hold(CRITICISMS, seen=1))
    assert answer.status_code == 422 and "须先通报上次整改情况" in answer.content.decode()


def test_last_years_items_are_there_with_where_they_stand_today(county: County, client_for: Clients) -> None:
    last_year(county)
    planned(county, "M00002")
    planned(county, "M00003", kind=MeetingKind.ORGANIZATIONAL_LIFE)
    client = client_for("clerk")
    said = client.get("/meetings/M00002/last").content.decode()
    assert "Q00001" in said and "下乡少" in said and "待定措施：每月下乡两次</textarea>" in said
    assert "Q00001" not in client.get("/meetings/M00003/last").content.decode(), "another kind of meeting"
    form = {
        "form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "2",
        "form-0-problem": "Q00001", "form-0-said": "已按月下乡", "form-1-problem": "Q00002",
        "form-1-said": "", "happened": TODAY.isoformat(), "seen": "1", "note": "",
    }  # fmt: skip
    assert client.post("/meetings/M00002/last", form).status_code == 422, "every item is told"
    assert client.post("/meetings/M00002/last", form | {"form-1-said": "文件减半"}).status_code == 302
    fact = list(store.entries("M00002"))[-1].fact
    assert isinstance(fact, LastItemsReported)
    assert [(i.problem, i.said) for i in fact.items] == [("Q00001", "已按月下乡"), ("Q00002", "文件减半")]


def test_where_last_years_meeting_raised_nothing_a_note_says_so(county: County, client_for: Clients) -> None:
    planned(county)
    form = {
        "form-TOTAL_FORMS": "0",
        "form-INITIAL_FORMS": "0",
        "happened": TODAY.isoformat(),
        "seen": "1",
        "note": "",
    }
    client = client_for("clerk")
    assert "没有通报任何一项" in client.post("/meetings/M00001/last", form).content.decode()
    assert client.post("/meetings/M00001/last", form | {"note": "首次召开"}).status_code == 302


def test_an_opinion_needs_no_account_and_moves_to_the_ledger_the_next_day(county: County) -> None:
    planned(county)
    stranger = Client()
    assert stranger.get("/opinions/M00001").status_code == 200
    for words in ("多到村里来", "少发表格"):
        assert stranger.post("/opinions/M00001", {"text": words}).status_code == 302
    sealing.seal()
    assert SlipRow.objects.count() == 2, "not on the same day"
    sealing.seal(TOMORROW)
    assert SlipRow.objects.count() == 0
    heard = [e for e in store.entries("M00001") if isinstance(e.fact, OpinionHeard)]
    assert {e.fact.text for e in heard if isinstance(e.fact, OpinionHeard)} == {"多到村里来", "少发表格"}
    assert {(e.by, e.by_unit, e.happened) for e in heard} == {("-", "-", timezone.localdate())}


def test_an_opinion_that_comes_too_late_stays_with_its_reason_and_blocks_nothing(
    county: County, client_for: Clients
) -> None:
    opened(county, "M00001")
    planned(county, "M00002", unit="U004")
    for code in ("M00001", "M00002"):
        Client().post(f"/opinions/{code}", {"text": f"给 {code} 的意见"})
    county.write("M00001", MeetingHeld(expected=9, present=9))
    SlipRow.objects.update(day=TODAY - timedelta(days=1))
    sealing.seal()
    assert [s.subject for s in SlipRow.objects.all()] == ["M00001"]
    assert any(isinstance(e.fact, OpinionHeard) for e in store.entries("M00002"))
    said = client_for("officer").get("/meetings/M00001").content.decode()
    assert "未能转入" in said and "给 M00001 的意见" in said and "现在是“待报告”" in said
    assert "未能转入" not in client_for("officer").get("/meetings/M00002").content.decode()
    assert "不再收意见" in Client().get("/opinions/M00001").content.decode()
    Client().post("/opinions/M00001", {"text": "会后"})
    assert SlipRow.objects.count() == 1


def test_an_opinion_with_a_telephone_number_is_refused(county: County) -> None:
    planned(county)
    answer = Client().post("/opinions/M00001", {"text": "请打 13912345678"})
    assert answer.status_code == 422 and SlipRow.objects.count() == 0


def test_the_slot_takes_only_so_many_a_minute(county: County) -> None:
    planned(county)
    for n in range(slot.A_MINUTE):
        assert Client().post("/opinions/M00001", {"text": f"意见{n}"}).status_code == 302
    answer = Client().post("/opinions/M00001", {"text": "再一条"})
    assert answer.status_code == 422 and "过一分钟再投" in answer.content.decode()
    assert "再一条" in answer.content.decode()


def test_the_address_for_notices_is_printed_as_a_picture_with_a_name(
    county: County, client_for: Clients
) -> None:
    planned(county)
    said = client_for("clerk").get("/meetings/M00001").content.decode()
    assert "http://testserver/opinions/M00001" in said
    assert re.search(r'<svg role="img"[^>]*><title>', said) and "style=" not in said
    assert Client().get("/opinions/M09999").status_code == 404


def test_an_officer_writes_down_what_was_in_the_box(county: County, client_for: Clients) -> None:
    planned(county)
    form = {"channel": "座谈会", "text": "少发表格", "happened": TODAY.isoformat(), "seen": "1"}
    assert client_for("clerk").post("/act/OpinionHeard/M00001", form).status_code == 302
    assert client_for("other_clerk").post("/act/OpinionHeard/M00001", form).status_code == 403
    form = {"text": "已报县委组织部", "happened": TODAY.isoformat(), "seen": "2"}
    assert client_for("clerk").post("/act/MeetingReported/M00001", form).status_code == 422, "not held yet"


def test_a_meeting_is_planned_for_the_own_unit_only(county: County, client_for: Clients) -> None:
    form = {
        "unit": "U003", "kind": "民主生活会", "theme": "实干", "due": TODAY.isoformat(), "members": "9",
        "happened": TODAY.isoformat(), "seen": "0",
    }  # fmt: skip
    assert client_for("other_clerk").post("/meetings/new", form).status_code == 403
    assert client_for("clerk").post("/meetings/new", form).headers["Location"] == "/meetings/M00001"
    assert client_for("official").get("/meetings/").status_code == 403
    assert client_for("other_clerk").get("/meetings/M00001").status_code == 403
    assert Client().get("/meetings/").headers["Location"].startswith("/login")


def test_the_list_costs_the_same_number_of_queries_however_long(
    county: County, client_for: Clients, django_assert_max_num_queries: Callable[..., object]
) -> None:
    client = client_for("officer")
    for n in range(5):
        planned(county, f"M0000{n}")
    client.get("/meetings/")
    with django_assert_max_num_queries(12):  # type: ignore[attr-defined]
        client.get("/meetings/")
    for n in range(10, 55):
        planned(county, f"M000{n}")
    with django_assert_max_num_queries(12):  # type: ignore[attr-defined]
        client.get("/meetings/")


def test_opinions_of_one_day_come_in_any_order(county: County) -> None:
    """Forty-one opinions keep the order they were put in with a chance of one in 41!."""
    planned(county)
    for n in range(41):
        slot.forget()
        slot.put(OpinionHeard(channel=Channel.BOX, text=f"意见 {n}"), "U003", "M00001")
    sealing.seal(TOMORROW)
    heard = [e.fact.text for e in store.entries("M00001") if isinstance(e.fact, OpinionHeard)]
    assert len(heard) == 41 and heard != [f"意见 {n}" for n in range(41)]
