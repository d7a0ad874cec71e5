"""Sealing: give the waiting entries their positions, extend the tree, sign a checkpoint."""

from __future__ import annotations

import json
import random
import threading
import time
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.db import connection, transaction

from shigan.facts.faults import Fault, _
from shigan.ledger import checkpoint
from shigan.ledger.checkpoint import Checkpoint
from shigan.ledger.entry import COUNTY_TIME
from shigan.maths.merkle import Frontier, Tree
from shigan.web import keys, slot, store
from shigan.web.models import EntryRow, SealRow, SlipRow
from shigan.web.turns import turn

LOCK = 7_301_2026
"""Advisory lock number: one numbering at a time on PostgreSQL; SQLite has one writer anyway."""
SLICE = 1000
"""So many positions are given in one transaction: some ten milliseconds."""
REST = 0.005
"""Seconds after it, in which those who wait to write take their turn."""


@dataclass(frozen=True)
class Seal:
    """A checkpoint with the moment it was signed."""

    size: int
    root: str
    at: datetime
    note: str

    def ahead(self) -> bool:
        """Whether it was signed later than the computer's clock says now: the clock was turned back, and
        nothing can be recorded."""
        seconds = (self.at - datetime.now(UTC)).total_seconds()
        return seconds > 0 and seconds > store.rulebook().ledger.clock_tolerance.value


def last() -> Seal | None:
    """The newest checkpoint."""
    row = SealRow.objects.order_by("-size").first()
    return Seal(row.size, row.root, store.from_ms(row.at), row.note) if row else None


def seal(now: datetime | None = None) -> Seal | None:
    """Seal what waits; returns the newest checkpoint (the old one when nothing waited).

    Positions are given in slices, each a short transaction with a rest behind it, so that others go on
    writing. What a broken-off sealing numbered is signed by the next; two at once number and sign the same.
    """
    now = now or datetime.now(UTC)
    empty_slot((now + COUNTY_TIME).date())
    newest = store.newest()
    while _number(newest) == SLICE:
        time.sleep(REST)
    _sign(now)
    return last()


NUMBER = """UPDATE entry SET position = fresh.number FROM (
    SELECT id, (SELECT coalesce(max(position), -1) FROM entry) + row_number() OVER (ORDER BY id) AS number
    FROM entry WHERE position IS NULL AND id <= %s ORDER BY id LIMIT %s) AS fresh
    WHERE entry.id = fresh.id"""


def _number(newest: int) -> int:
    """Give the next positions to a slice of what waits; returns to how many."""
    with turn(), transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        cursor.execute(NUMBER, [newest, SLICE])
        return int(cursor.rowcount)


def _sign(now: datetime) -> None:
    """Extend the tree by what was numbered since the last checkpoint, and sign. Raises `Fault` where the
    positions have a gap: then somebody changed them."""
    before = SealRow.objects.order_by("-size").first()
    edge = Frontier(before.size, list(map(bytes.fromhex, json.loads(before.edge)))) if before else Frontier()
    fresh = EntryRow.objects.filter(position__gte=edge.size).order_by("position")
    for position, leaf in fresh.values_list("position", "leaf").iterator(chunk_size=20_000):
        if position != edge.size:
            raise Fault(_("封存前发现记录的序号不连续"), remedy=_("请运行 shigan verify 查明。"))
        edge.append(bytes(leaf))
    if edge.size == (before.size if before else 0):
        return
    point = Checkpoint(keys.ORIGIN, edge.size, edge.root())
    row = SealRow(
        size=edge.size,
        root=point.root.hex(),
        at=store.to_ms(now),
        note=checkpoint.sign(point, keys.public_key(), keys.signing_key().sign),
        edge=json.dumps([h.hex() for h in edge.hashes]),
    )
    SealRow.objects.bulk_create([row], ignore_conflicts=True)  # another sealing may have signed the same


def empty_slot(today: date) -> int:
    """Move the unsigned notes of earlier days into the ledger, shuffled, with their day alone.

    They wait a day so that nobody can tell from their place among other entries when they were put in. One
    that a rule refuses stays in the slot (`slot.stuck` tells why) and holds nothing up.
    """
    slips = list(SlipRow.objects.filter(day__lt=today))
    random.SystemRandom().shuffle(slips)
    if slips and connection.vendor == "sqlite":
        with connection.cursor() as cursor:  # what leaves the slot leaves nothing behind in the file
            cursor.execute("PRAGMA secure_delete=ON")
    return sum(map(_move, slips))


def _move(slip: SlipRow) -> bool:
    try:
        with transaction.atomic():
            taken, _rows = SlipRow.objects.filter(pk=slip.pk).delete()
            if taken:  # else another sealing has just moved it
                store.append([slot.draft_of(slip)], slot.NOBODY)
            return bool(taken)
    except Fault:
        return False


_tree = Tree()
_growing = threading.Lock()


def tree(size: int, *, anew: bool = False) -> Tree:
    """The tree over the first `size` sealed entries at least; kept in memory and extended as needed."""
    global _tree
    with _growing:
        if anew:
            _tree = Tree()
        if _tree.size < size:
            leaves = EntryRow.objects.filter(position__gte=_tree.size, position__lt=size).order_by("position")
            for leaf in leaves.values_list("leaf", flat=True).iterator(chunk_size=20_000):
                _tree.append(bytes(leaf))
        return _tree


def tree_of(seal: Seal) -> Tree:
    """The tree under a checkpoint; read anew where the one in memory is not it, because the database was
    put back meanwhile."""
    known = tree(seal.size)
    return known if known.root(seal.size).hex() == seal.root else tree(seal.size, anew=True)
