"""Visits through their pages: what was heard becomes a problem, a practice or a note, and never a name."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from shigan.facts.visits import (
    PracticeNoted,
    PromiseMade,
    ReturnVisited,
    Speaker,
    VisitHeld,
    VisitKind,
    VoiceHeard,
)
from shigan.web import sealing, store
from shigan.web.models import EntryRow
from shigan.work.problems import Problem
from shigan.work.visits import Practice, Visit
from tests.web.conftest import County

Clients = Callable[[str], Client]
TODAY = date.today()


def held(
    county: County, code: str = "V00001", *, unit: str = "U011", by: str = "officer", **changes: object
) -> None:
    given: dict[str, object] = {
        "kind": VisitKind.STUDY, "topic": "供水", "unannounced": True, "visitors": 2, "host_minutes": 60,
    }  # fmt: skip
    county.write(code, VisitHeld(**(given | changes)), unit=unit, by=by)  # type: ignore[arg-type]


def page_of(rows: list[dict[str, str]], *, seen: int = 1) -> dict[str, str]:
    """The five rows of the page, as a browser sends them."""
    sent = {
        "form-TOTAL_FORMS": "5",
        "form-INITIAL_FORMS": "0",
        "happened": TODAY.isoformat(),
        "seen": str(seen),
    }
    for n in range(5):
        row = rows[n] if n < len(rows) else {}
        for key in ("speaker", "text", "becomes", "category", "unit", "title"):
            sent[f"form-{n}-{key}"] = row.get(key, "")
    return sent


HEARD = [
    {"speaker": "群众", "text": "晚上七点以后没有水", "becomes": "Q", "category": "供水", "unit": "U004"},
    {"speaker": "党员", "text": "会议记录只记办了什么", "becomes": "K", "title": "一页会议记录"},
    {"speaker": "村社区干部", "text": "上面的表比去年少了"},
]


def test_what_was_heard_becomes_a_problem_a_card_and_a_note_in_one_go(
    county: County, client_for: Clients
) -> None:
    held(county)
    answer = client_for("officer").post("/visits/V00001/voices", page_of(HEARD))
    assert answer.status_code == 302
    visit, problem, card = store.state("V00001"), store.state("Q00001"), store.state("K00001")
    assert isinstance(visit, Visit) and isinstance(problem, Problem) and isinstance(card, Practice)
    assert (visit.voices, visit.problems, visit.practices, visit.stage) == (
        3,
        ("Q00001",),
        ("K00001",),
        "待回访",
    )
    assert visit.due is not None, "a voice that became a problem fixes the day of the return visit"
    assert (problem.source, problem.origin, problem.unit) == ("调研", "V00001", "U004")
    assert (card.title, card.origin, card.unit) == ("一页会议记录", "V00001", "U011")


@pytest.mark.parametrize(
    "words", ["电话 13912345678", "１３９ １２３４ ５６７８", "身份证 62292619700101001X", "打 0931-8888888"]
)
def test_a_number_that_leads_to_a_person_is_refused_and_nothing_is_written(
    county: County, client_for: Clients, words: str
) -> None:
    held(county)
    before = EntryRow.objects.count()
    answer = client_for("officer").post(
        "/visits/V00001/voices", page_of([*HEARD, {"speaker": "群众", "text": words}])
    )
    assert answer.status_code == 422
    assert "会认出说话的人" in answer.content.decode()
    assert "晚上七点以后没有水" in answer.content.decode(), "what was typed is not lost"
    assert EntryRow.objects.count() == before


def test_words_like_a_name_are_asked_about_once(county: County, client_for: Clients) -> None:
    held(county)
    client, row = client_for("officer"), {"speaker": "群众", "text": "姓名：赵某某，没有水"}
    answer = client.post("/visits/V00001/voices", page_of([row]))
    assert answer.status_code == 422 and "好像写了姓名" in answer.content.decode()
    assert 'name="form-0-sure"' in answer.content.decode()
    assert client.post("/visits/V00001/voices", page_of([row]) | {"form-0-sure": "on"}).status_code == 302


def test_a_problem_needs_its_category_and_a_card_its_name(county: County, client_for: Clients) -> None:
    held(county)
    rows = [
        {"speaker": "群众", "text": "没水", "becomes": "Q"},
        {"speaker": "群众", "text": "好", "becomes": "K"},
    ]
    said = client_for("officer").post("/visits/V00001/voices", page_of(rows)).content.decode()
    assert "请填问题类别" in said and "请给做法起个名称" in said


def test_one_wrong_row_keeps_all_rows_out(county: County, client_for: Clients) -> None:
    held(county)
    before = EntryRow.objects.count()
    rows = [HEARD[0], HEARD[1] | {"unit": "没有这个单位"}]
    assert client_for("officer").post("/visits/V00001/voices", page_of(rows)).status_code == 422
    assert client_for("officer").post("/visits/V00001/voices", page_of(HEARD, seen=7)).status_code == 422
    assert EntryRow.objects.count() == before


def test_an_inspection_needs_its_filing_number(county: County, client_for: Clients) -> None:
    form = {
        "unit": "U011", "kind": "督查", "topic": "供水", "visitors": "2", "host_minutes": "60", "filing": "",
        "happened": TODAY.isoformat(), "seen": "0",
    }  # fmt: skip
    answer = client_for("officer").post("/visits/new", form)
    assert answer.status_code == 422 and "督查没有备案号" in answer.content.decode()
    assert client_for("officer").post("/visits/new", form | {"filing": "督备〔2026〕3号"}).status_code == 302


def test_too_many_visits_are_told_with_their_number_and_not_refused(
    county: County, client_for: Clients
) -> None:
    for n in range(6):
        held(county, f"V0000{n}")
    form = {
        "unit": "柳湾村", "kind": "调研", "topic": "供水", "visitors": "9", "host_minutes": "600",
        "happened": TODAY.isoformat(), "seen": "0",
    }  # fmt: skip
    said = client_for("officer").post("/visits/new", form, follow=True).content.decode()
    assert "本季度已接待 7 次" in said and "9 人" in said and "600 人·分钟" in said
    assert store.state("V00006") is not None


def test_study_and_inspection_are_charged_apart_to_who_sent_them(county: County, client_for: Clients) -> None:
    held(county, "V00001", host_minutes=50)
    held(county, "V00002", host_minutes=70, kind=VisitKind.INSPECTION, filing="督备1")
    held(county, "V00003", host_minutes=90, by="clerk")
    said = client_for("officer").get("/visits/burden").content.decode()
    charged = re.sub(r"<[^>]+>|\s+", " ", said)
    assert re.search(r"县委组织部 +1 +50 +1 +70 +2 +120", charged)
    assert re.search(r"县住建局 +1 +90 +0 +0 +1 +90", charged)
    assert re.search(r"柳湾村 +2 +140 +1 +70 +3 +210", charged)
    assert "没有走访" in client_for("officer").get("/visits/burden?quarter=2020-1").content.decode()


def test_no_visit_page_asks_for_a_picture_a_place_or_a_signature(county: County, client_for: Clients) -> None:
    """Red line 6."""
    held(county)
    for page in ("/visits/new", "/visits/V00001/voices", "/visits/V00001", "/visits/sheet", "/practices/new"):
        said = client_for("officer").get(page).content.decode()
        inputs = " ".join(re.findall(r"<(?:input|textarea|select|canvas|video)[^>]*>", said))
        assert not re.search(
            r'type="file"|capture|accept=|geo|latitude|sign|photo|phone|canvas|video', inputs
        ), page
        assert "geolocation" not in said and "multipart" not in said
    asked = {
        f for kind in (VisitHeld, VoiceHeard, PromiseMade, ReturnVisited) for f in kind.__dataclass_fields__
    }
    assert not asked & {"photo", "location", "latitude", "longitude", "signature", "name", "phone", "track"}


def test_the_host_does_not_read_who_might_have_said_what(county: County, client_for: Clients) -> None:
    held(county)
    county.write("V00001", VoiceHeard(speaker=Speaker.RESIDENT, text="村里不公开账目"), unit="U011")
    sealing.seal()
    position = EntryRow.objects.get(kind="VoiceHeard").position
    said = client_for("township").get("/visits/V00001").content.decode()
    assert "村里不公开账目" not in said and "1 条" in said
    for page in ("/ledger/", f"/ledger/{position}", "/", "/search?q=村里不公开账目", "/visits/"):
        assert "原话" not in client_for("township").get(page, follow=True).content.decode(), page
    assert "村里不公开账目" in client_for("officer").get(f"/ledger/{position}").content.decode()
    assert client_for("township").get("/visits/V00001/voices").status_code == 403
    assert "村里不公开账目" in client_for("officer").get("/visits/V00001").content.decode()
    assert "村里不公开账目" in client_for("auditor").get("/visits/V00001").content.decode()


def test_who_sent_the_visitors_sees_and_goes_on_with_the_visit(county: County, client_for: Clients) -> None:
    held(county, by="clerk")
    client = client_for("clerk")
    assert "V00001" in client.get("/visits/").content.decode()
    assert client.post("/visits/V00001/voices", page_of(HEARD[:1])).status_code == 302
    form = {"kept": "on", "found": "有水了", "happened": TODAY.isoformat(), "seen": "2"}
    assert client.post("/act/ReturnVisited/V00001", form).status_code == 302
    state = store.state("V00001")
    assert state is not None and state.stage == "已回访"
    assert client_for("other_clerk").get("/visits/V00001").status_code == 403


def test_the_visited_unit_cannot_make_the_return_visit(county: County, client_for: Clients) -> None:
    held(county, unit="U003")
    county.write("V00001", PromiseMade(text="换泵", due=TODAY))
    form = {"kept": "on", "found": "有水了", "happened": TODAY.isoformat(), "seen": "2"}
    answer = client_for("clerk").post("/act/ReturnVisited/V00001", form)
    assert answer.status_code == 422 and "被走访单位不能自己回访" in answer.content.decode()


def test_another_unit_says_that_it_uses_a_practice(county: County, client_for: Clients) -> None:
    county.write("K00001", PracticeNoted(title="一页会议记录", text="只记办了什么"))
    client, form = client_for("other_clerk"), {"text": "局务会用", "happened": TODAY.isoformat(), "seen": "1"}
    assert "一页会议记录" in client.get("/practices/").content.decode()
    assert "经验采用" in client.get("/practices/K00001").content.decode()
    assert client.post("/act/PracticeUsed/K00001", form).status_code == 302
    assert "县水务局" in client.get("/practices/K00001").content.decode()
    assert client_for("clerk").post("/act/PracticeUsed/K00001", form | {"seen": "2"}).status_code == 422


@pytest.mark.parametrize("page", ["/visits/", "/visits/burden", "/practices/"])
def test_the_lists_cost_the_same_number_of_queries_however_long(
    county: County, client_for: Clients, django_assert_max_num_queries: Callable[..., object], page: str
) -> None:
    client = client_for("officer")
    for n in range(5):
        held(county, f"V0000{n}")
        county.write(f"K0000{n}", PracticeNoted(title="一页会议记录", text="只记办了什么"))
    client.get(page)
    with django_assert_max_num_queries(13):  # type: ignore[attr-defined]
        client.get(page)
    for n in range(10, 55):
        held(county, f"V000{n}", unit=f"U00{1 + n % 4}")
        county.write(f"K000{n}", PracticeNoted(title="一页会议记录", text="只记办了什么"))
    with django_assert_max_num_queries(13):  # type: ignore[attr-defined]
        client.get(page)


@pytest.mark.parametrize(
    "page", ["/visits/", "/visits/new", "/visits/sheet", "/visits/burden", "/practices/"]
)
def test_a_stranger_is_sent_to_the_log_in_page(county: County, page: str) -> None:
    assert Client().get(page).headers["Location"].startswith("/login")


def test_who_may_not_open_a_visit_is_not_sent_there_from_what_came_of_it(
    county: County, client_for: Clients
) -> None:
    held(county)
    client_for("officer").post("/visits/V00001/voices", page_of(HEARD))
    there = 'href="/visits/V00001"'
    assert there in client_for("officer").get("/practices/K00001").content.decode()
    page = client_for("official").get("/practices/K00001").content.decode()
    assert "V00001" in page and there not in page
