"""Findings for pages, kept by checkpoint: judged when something was sealed, read by subject in one query."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from shigan.judge.book import Book, judge
from shigan.judge.flags import Flag
from shigan.judge.kept import Kept
from shigan.judge.profile import Profile
from shigan.judge.tables import Tables
from shigan.web import sealing, store
from shigan.web.models import BoardRow

PERSON, TEAM, GROUP, UNIT = "person", "team", "group", "unit"
FLAGS, DOCUMENTS = "flags", "documents"
_kept = Kept()


def judge_now() -> None:
    """Judge the sealed ledger and keep the findings under its checkpoint; older ones go."""
    point = sealing.last()
    if point is None or BoardRow.objects.filter(size=point.size).exists():
        return
    today = timezone.localdate()
    tables = Tables.of(store.entries(until=point.size))
    books = [judge(tables, store.rulebook(), year, today, _kept) for year in open_years(today)]
    _kept.sweep()
    rows = [
        BoardRow(size=point.size, subject=subject, body=json.dumps(body, ensure_ascii=False))
        for book in books
        for subject, body in _rows(book)
    ]
    with transaction.atomic():
        BoardRow.objects.all().delete()
        BoardRow.objects.bulk_create(rows, batch_size=500)


def open_years(today: date) -> tuple[int, ...]:
    """The years whose files people still work on: in the first half-year also the last one."""
    return (today.year - 1, today.year) if today.month <= 6 else (today.year,)


def _rows(book: Book) -> Iterator[tuple[str, Any]]:
    for kind, profiles in (
        (PERSON, book.persons),
        (TEAM, book.teams),
        (GROUP, book.groups),
        (UNIT, book.units),
    ):
        for code, profile in profiles.items():
            yield f"{kind}/{code}/{book.year}", profile.to_plain()
    found = {code: profile.one("documents.copied") for code, profile in book.documents.items()}
    yield f"{DOCUMENTS}/{book.year}", {code: [f.item, f.value] for code, f in found.items() if f}
    yield f"{FLAGS}/{book.year}", [flag.to_plain() for flag in book.flags]


def size() -> int:
    """The checkpoint whose findings are kept, or 0."""
    return BoardRow.objects.order_by("-size").values_list("size", flat=True).first() or 0


def profile(kind: str, code: str, year: int) -> Profile | None:
    """What is said of one subject in a year at the newest judged checkpoint."""
    return next(iter(profiles(kind, [code], year).values()), None)


def profiles(kind: str, codes: list[str], year: int) -> dict[str, Profile]:
    """The same of several, by code, in one query."""
    wanted = [f"{kind}/{code}/{year}" for code in codes]
    rows = BoardRow.objects.filter(size=size(), subject__in=wanted)
    found = (Profile.from_plain(json.loads(row.body)) for row in rows)
    return {p.about: p for p in found}


def every(kind: str, year: int) -> dict[str, Profile]:
    """All subjects of a kind that were judged in a year, by code."""
    # A range, not a prefix, so that the index serves it: "0" is what comes after "/".
    rows = BoardRow.objects.filter(size=size(), subject__gt=f"{kind}/", subject__lt=f"{kind}0")
    rows = rows.filter(subject__endswith=f"/{year}")
    found = (Profile.from_plain(json.loads(row.body)) for row in rows)
    return {p.about: p for p in found}


def flags(year: int | None = None) -> list[Flag]:
    """The flags of a year, strongest first."""
    wanted = f"{FLAGS}/{year or timezone.localdate().year}"
    row = BoardRow.objects.filter(size=size(), subject=wanted).first()
    found = [Flag.from_plain(each) for each in json.loads(row.body)] if row else []
    return sorted(found, key=lambda flag: -flag.strength)


def documents(year: int) -> dict[str, tuple[str, float]]:
    """The documents of a year by code: label, and the copied share in per cent."""
    row = BoardRow.objects.filter(size=size(), subject=f"{DOCUMENTS}/{year}").first()
    return {code: (label, share) for code, (label, share) in json.loads(row.body).items()} if row else {}
