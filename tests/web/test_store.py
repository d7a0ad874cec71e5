"""The only door to the ledger: all or nothing, one winner, no quiet change."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from shigan.facts.faults import Fault
from shigan.facts.notes import PolicyAdopted
from shigan.facts.problems import ProblemRaised, ProgressReported, Source
from shigan.policy import shipped, version
from shigan.web import sealing, store, verifying
from shigan.web.models import EntryRow, SealRow, StateRow
from shigan.work.admit import Author, Draft
from shigan.work.state import Refused, Stale
from tests.web.conftest import County

TODAY = date.today()
OFFICER = Author("P0001", "U002")


def problem(words: str = "水压不足") -> ProblemRaised:
    return ProblemRaised(source=Source.VISIT, category="供水", text=words)


def test_several_facts_are_written_all_or_none(county: County) -> None:
    before = EntryRow.objects.count()
    drafts = [Draft("Q00001", problem(), "U003", TODAY), Draft("Q00002", problem(), "U999", TODAY)]
    with pytest.raises(Refused, match="没有单位 U999"):
        store.append(drafts, OFFICER)
    assert EntryRow.objects.count() == before
    assert store.state("Q00001") is None


def test_who_has_not_seen_the_newest_entry_is_stale(county: County) -> None:
    county.write("Q00001", problem())
    county.write("Q00001", ProgressReported(text="已查看"), by="clerk")
    with pytest.raises(Stale, match="刚刚有了新的记录"):
        store.append([Draft("Q00001", ProgressReported(text="再看"), "U003", TODAY, seen=1)], OFFICER)


def test_two_writers_who_saw_the_same_state_cannot_both_win(county: County) -> None:
    county.write("Q00001", problem())
    first, second = store.Desk(), store.Desk()
    for desk in (first, second):
        desk.admit(
            [Draft("Q00001", ProgressReported(text="看过"), "U003", TODAY)], OFFICER, datetime.now(UTC)
        )
    first.flush()
    with pytest.raises(Stale), transaction.atomic(), store._told():
        second.flush()


def test_what_has_not_happened_yet_cannot_be_recorded(county: County) -> None:
    with pytest.raises(Refused, match="还没有到"):
        store.append([Draft("Q00001", problem(), "U003", TODAY + timedelta(days=2))], OFFICER)


def test_a_clock_turned_back_is_refused(county: County) -> None:
    with pytest.raises(Fault, match="电脑时钟早于台账"):
        store.append(
            [Draft("Q00001", problem(), "U003", TODAY)], OFFICER, datetime.now(UTC) - timedelta(days=1)
        )


def test_a_policy_that_cannot_be_read_is_not_adopted(county: County) -> None:
    bad = shipped("problems").replace('unit = "日"', 'unit = "斤"', 1)
    with pytest.raises(Fault):
        store.append(
            [
                Draft(
                    "R-problems",
                    PolicyAdopted(name="problems", version=version(bad), text=bad),
                    "U002",
                    TODAY,
                )
            ],
            OFFICER,
        )


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entry SET kind = 'ProblemDropped'",
        "DELETE FROM entry",
        "UPDATE payload SET body = '{}'",
        "DELETE FROM payload",
        "UPDATE seal SET root = ''",
        "DELETE FROM seal",
        "UPDATE entry SET position = NULL",
    ],
)
def test_the_database_refuses_to_change_what_is_written(county: County, statement: str) -> None:
    sealing.seal()
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@contextmanager
def triggers_off() -> Iterator[None]:
    """What a database administrator can do."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name}")
        else:
            cursor.execute("SET session_replication_role = replica")
        yield
        if connection.vendor != "sqlite":
            cursor.execute("SET session_replication_role = DEFAULT")


MUTATIONS = {
    "payload": "UPDATE payload SET body = replace(body, '水', '氺') || ' ' WHERE entry_id = %s",
    "salt": "UPDATE payload SET salt = leaf FROM entry WHERE entry.id = entry_id AND entry_id = %s",
    "no payload": "DELETE FROM payload WHERE entry_id = %s",
    "kind": "UPDATE entry SET kind = 'UnitClosed' WHERE id = %s",
    "unknown kind": "UPDATE entry SET kind = 'Nothing' WHERE id = %s",
    "unit": "UPDATE entry SET unit = 'U0' WHERE id = %s",
    "happened": "UPDATE entry SET happened = '2020-01-01' WHERE id = %s",
    "recorded": "UPDATE entry SET recorded = recorded - 1 WHERE id = %s",
    "by": "UPDATE entry SET by_unit = 'U0' WHERE id = %s",
    "seq": "UPDATE entry SET seq = seq + 100 WHERE id = %s",
    "subject": "UPDATE entry SET subject = 'Q99999' WHERE id = %s",
    "mac": "UPDATE entry SET mac = '00' WHERE id = %s",
    "leaf": "UPDATE entry SET leaf = salt FROM payload WHERE entry_id = entry.id AND entry.id = %s",
    "position": "UPDATE entry SET position = position + 10000 WHERE id = %s",
    "unsealed": "UPDATE entry SET position = NULL WHERE id = %s",
}


@pytest.mark.parametrize("what", MUTATIONS)
def test_a_quiet_change_of_any_entry_is_found_and_named(county: County, what: str) -> None:
    for n in range(6):
        county.write(f"Q0000{n}", problem(f"第 {n} 户水压不足"))
    sealing.seal()
    assert list(verifying.verify()) == []
    row = random.Random(what).choice(list(EntryRow.objects.all()))
    with triggers_off(), connection.cursor() as cursor:
        cursor.execute(MUTATIONS[what], [row.pk])
    found = list(verifying.verify())
    assert found, what
    assert any(str(row.position) in bad.place or row.subject in bad.place for bad in found)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE seal SET note = replace(note, 'shigan', 'shigaN')",
        "UPDATE seal SET root = '00'",
        "UPDATE seal SET size = size - 1",
    ],
)
def test_a_changed_checkpoint_is_found(county: County, statement: str) -> None:
    sealing.seal()
    with triggers_off(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert any("封存点" in bad.place for bad in verifying.verify())


def test_a_changed_state_is_found_and_rebuilt(county: County) -> None:
    county.write("Q00001", problem())
    StateRow.objects.filter(pk="Q00001").update(stage="已解决")
    assert [bad.place for bad in verifying.verify()] == ["状态 Q00001"]
    verifying.rebuild()
    assert list(verifying.verify()) == []


def test_sealing_goes_on_from_the_last_checkpoint(county: County) -> None:
    first = sealing.seal()
    county.write("Q00001", problem())
    second = sealing.seal()
    assert first and second and second.size == first.size + 1
    assert sealing.seal() == second, "nothing waits, nothing is sealed"
    assert SealRow.objects.count() == 2
    assert sealing.tree(second.size, anew=True).root(first.size).hex() == first.root
    assert list(verifying.verify()) == []


def test_a_sealing_in_slices_numbers_everything_once_and_goes_on_after_it_was_broken_off(
    county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "SLICE", 2)
    for n in range(5):
        county.write(f"Q0000{n}", problem())
    sealing._number(store.newest())
    assert EntryRow.objects.filter(position__isnull=False).count() == 2
    assert list(verifying.verify()) == [], "numbered and not yet signed is no damage"
    point = sealing.seal()
    assert point and point.size == EntryRow.objects.count()
    assert list(EntryRow.objects.order_by("id").values_list("position", flat=True)) == list(range(point.size))
    assert list(verifying.verify()) == []


def test_what_comes_while_it_is_sealed_waits_for_the_next_checkpoint(county: County) -> None:
    newest = store.newest()
    county.write("Q00001", problem())
    sealing._number(newest)
    assert EntryRow.objects.get(subject="Q00001").position is None


def test_a_gap_in_the_positions_is_not_signed(county: County) -> None:
    sealing.seal()
    county.write("Q00001", problem())
    with triggers_off(), connection.cursor() as cursor:
        cursor.execute("UPDATE entry SET position = 10000 WHERE subject = 'Q00001'")
    with pytest.raises(Fault, match="序号不连续"):
        sealing.seal()
