"""The check of a whole ledger names the first place that is wrong, and each place once."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from shigan.ledger import checkpoint
from shigan.ledger.audit import Note, Stored, audit
from shigan.ledger.checkpoint import Checkpoint
from shigan.ledger.entry import Entry, leaf, payload_mac
from shigan.maths.merkle import Frontier
from tests.ledger.making import KEY, SECRET

SALT, DAY, AT = bytes(32), date(2026, 3, 1), datetime(2026, 3, 1, tzinfo=UTC)


def stored(n: int) -> Stored:
    """Entry n of five subjects that take turns."""
    body = f'{{"text":"{n}"}}'.encode()
    mac = payload_mac(SALT, body)
    entry = Entry(f"Q{n % 5}", n // 5 + 1, "X", "U001", DAY, AT, "P0001", "U001", mac, None, n)
    return Stored(f"第 {n} 条", entry, leaf(entry), SALT, body)


ENTRIES = [stored(n) for n in range(20)]


def note(size: int) -> Note:
    """The checkpoint of the first entries."""
    edge = Frontier()
    for each in ENTRIES[:size]:
        edge.append(each.leaf)
    point = Checkpoint(KEY.name, size, edge.root())
    kept = json.dumps([each.hex() for each in edge.hashes])
    return Note(size, edge.root().hex(), checkpoint.sign(point, KEY.public, SECRET.sign), kept)


NOTES = [note(8), note(20)]


def places(entries: list[Stored], notes: list[Note] = NOTES) -> list[str]:
    return [bad.place for bad in audit(entries, notes, KEY.public)]


def test_a_whole_ledger_has_nothing_wrong() -> None:
    assert places(ENTRIES) == []


@pytest.mark.parametrize("n", [0, 7, 12, 18])
def test_an_entry_that_is_missing_is_named_by_its_own_number_and_once(n: int) -> None:
    found = places(ENTRIES[:n] + ENTRIES[n + 1 :])
    assert found[0] == f"第 {n} 条"
    assert sum(place.startswith("第") for place in found) == (2 if n < 15 else 1), "and its successor's turn"


def test_two_entries_that_changed_places_are_found_at_the_first_of_them() -> None:
    swapped = list(ENTRIES)
    swapped[3], swapped[13] = (
        replace(ENTRIES[b], place=f"第 {a} 条", entry=replace(ENTRIES[b].entry, position=a))
        for a, b in ((3, 13), (13, 3))
    )
    assert places(swapped)[0] == "第 3 条"


def test_behind_the_last_checkpoint_entries_may_be_numbered_but_without_a_gap() -> None:
    """A sealing numbers first and signs then."""
    assert places([*ENTRIES, stored(20)]) == []
    assert places([*ENTRIES, stored(20), stored(22)])[0] == "第 22 条"


def test_a_right_edge_from_which_sealing_would_go_wrong_is_found() -> None:
    for edge in ("[]", NOTES[1].edge, "nonsense"):
        assert places(ENTRIES, [replace(NOTES[0], edge=edge), NOTES[1]]) == ["封存点 8"], edge
