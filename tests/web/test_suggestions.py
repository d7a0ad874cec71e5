"""Suggestions: anybody may put one in, nobody can tell who did."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from shigan.facts.notes import SuggestionMade
from shigan.web import sealing, slot, store
from shigan.web.models import EntryRow, SlipRow
from shigan.web.pages.suggestions import part_of
from tests.web.conftest import County
from tests.web.leave_notes import BEFORE

Clients = Callable[[str], Client]
TODAY = date.today()
TOMORROW = datetime.now(UTC) + timedelta(days=1)


@pytest.fixture(autouse=True)
def empty_bucket() -> None:
    slot.forget()


def put(words: str, page: str = "/problems/Q00012") -> int:
    return Client().post("/suggest", {"text": words, "page": page}).status_code


def test_a_stranger_puts_in_a_suggestion_and_reads_the_answer(county: County, client_for: Clients) -> None:
    assert "投诉或建议" in Client().get("/suggest?page=/problems/").content.decode()
    assert put("表太多") == 302
    sealing.seal(TOMORROW)
    public = Client().get("/suggestions/").content.decode()
    assert "待答复 1 条" in public and "表太多" not in public, "its words come out with the answer"
    assert Client().get("/suggestions/S00001").status_code == 302
    officer, form = client_for("officer"), {"text": "已减三张", "happened": TODAY.isoformat(), "seen": "1"}
    assert "表太多" in officer.get("/suggestions/").content.decode()
    assert "建议答复" in officer.get("/suggestions/S00001").content.decode()
    assert officer.post("/act/SuggestionAnswered/S00001", form).status_code == 302
    public = Client().get("/suggestions/").content.decode()
    assert "表太多" in public and "已减三张" in public
    assert Client().get("/suggestions/S00001").status_code == 200
    assert officer.post("/act/SuggestionAnswered/S00001", form | {"seen": "2"}).status_code == 422


def test_only_officers_answer(county: County, client_for: Clients) -> None:
    put("表太多")
    sealing.seal(TOMORROW)
    form = {"text": "没有这回事", "happened": TODAY.isoformat(), "seen": "1"}
    assert client_for("clerk").post("/act/SuggestionAnswered/S00001", form).status_code == 403
    (entry,) = EntryRow.objects.filter(kind="SuggestionMade")
    for page in ("/suggestions/", "/ledger/", f"/ledger/{entry.position}", "/"):
        assert "表太多" not in client_for("clerk").get(page).content.decode()
    assert "表太多" in client_for("officer").get(f"/ledger/{entry.position}").content.decode()


@pytest.mark.parametrize(
    ("page", "part"),
    [
        ("/problems/Q00012", "/problems/"),
        ("/persons/P0006/2026?x=1", "/persons/"),
        ("/", "/"),
        ("javascript:1", "/"),
    ],
)
def test_no_page_of_one_person_or_unit_is_kept(page: str, part: str) -> None:
    assert part_of(page) == part


def test_a_forged_page_is_cut_down_too(county: County) -> None:
    put("看不懂", "/profiles/P0006/2026")
    assert "P0006" not in SlipRow.objects.get().body


def test_the_slot_is_full_for_a_minute(county: County) -> None:
    for n in range(slot.A_MINUTE):
        assert put(f"第{n}条") == 302
    assert put("再一条") == 422


def test_a_slip_that_another_sealing_has_moved_is_not_moved_twice(county: County) -> None:
    put("表太多")
    slip = SlipRow.objects.get()
    assert sealing._move(slip)
    slip.pk = slip.pk or 1
    assert not sealing._move(slip)
    assert EntryRow.objects.filter(kind="SuggestionMade").count() == 1


def test_two_waiting_suggestions_do_not_stand_in_each_others_way(county: County) -> None:
    put("一")
    put("二")
    SlipRow.objects.update(day=TODAY - timedelta(days=1))
    assert list(slot.stuck()) == []
    sealing.seal()
    assert EntryRow.objects.filter(kind="SuggestionMade").count() == 2


def files_of(folder: Path) -> bytes:
    """Every byte of the database and of its write-ahead log."""
    return b"".join(path.read_bytes() for path in sorted(folder.glob("shigan.sqlite3*")))


def test_nothing_on_the_disk_links_a_note_to_the_account_the_session_or_the_minute(tmp_path: Path) -> None:
    """Red line 4: ten notes by somebody who is logged in leave neither account, session nor time behind."""
    environment = os.environ | {"SHIGAN_DATA": str(tmp_path)}
    environment.pop("SHIGAN_DATABASE_URL", None)
    done = subprocess.run(
        [sys.executable, "-m", "tests.web.leave_notes"], env=environment, capture_output=True, check=True
    )
    told = json.loads(done.stdout)
    before, after = files_of(tmp_path / BEFORE), files_of(tmp_path)
    assert told["statuses"] == [302] * 10
    assert "心声4".encode() in after and "心声4".encode() not in before, "the search does look at the notes"
    assert (tmp_path / "shigan.sqlite3-wal").stat().st_size == 0, "the log keeps no order of what was written"
    for trace in told["traces"]:
        assert before.count(trace.encode()), trace
        assert after.count(trace.encode()) <= before.count(trace.encode()), trace
        assert trace not in done.stderr.decode()
    moments = told["started"], told["ended"]
    assert clock_readings(after, *moments) == set()
    minute = datetime.fromtimestamp(told["started"], UTC).strftime("%H:%M")
    assert after.count(minute.encode()) <= before.count(minute.encode())


def clock_readings(data: bytes, started: float, ended: float) -> set[int]:
    """Moments of the test that the bytes hold, in seconds or milliseconds, big-endian as SQLite has them."""
    found = set()
    for scale, width in ((1, 4), (1000, 6)):
        low, high = int(started * scale), int(ended * scale) + 1
        head = low.to_bytes(width, "big")[: width - 3]
        at = data.find(head)
        while at >= 0:
            value = int.from_bytes(data[at : at + width], "big")
            if low <= value <= high:
                found.add(value)
            at = data.find(head, at + 1)
    return found


def test_in_the_ledger_a_note_has_the_time_of_sealing_and_no_author(
    county: County, client_for: Clients
) -> None:
    started = datetime.now(UTC)
    client_for("clerk").post("/suggest", {"text": "表太多", "page": "/persons/P0003"})
    sealing.seal(TOMORROW)
    (entry,) = [e for e in store.entries() if e.by == "-"]
    assert (entry.by_unit, entry.unit, entry.happened) == ("-", "U001", timezone.localdate())
    assert entry.recorded > started and isinstance(entry.fact, SuggestionMade)
    assert entry.fact.page == "/persons/"


def test_the_slot_has_no_column_that_could_tell_who_or_when() -> None:
    assert [f.name for f in SlipRow._meta.fields] == ["id", "day", "kind", "subject", "unit", "body"]


def test_the_numbers_of_slips_tell_nothing_of_their_order(county: County) -> None:
    for n in range(20):
        put(f"第{n:02}条")
    by_number = [row.body for row in SlipRow.objects.order_by("id")]
    assert by_number != sorted(by_number), "one chance in 20!"
