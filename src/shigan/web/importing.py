"""Sheets into the ledger: read, rehearse, and write all or nothing. Pages and the command both come here."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from rich.console import Console

from shigan.exchange.sheets import KINDS, Known, Name, Plan, read_sheets, understand
from shigan.facts.appraisal import SheetsEntered
from shigan.facts.faults import Fault, _
from shigan.facts.units import UnitFounded
from shigan.ledger.entry import Entry
from shigan.web import naming, rights, store
from shigan.web.models import Account, EntryRow, NameRow
from shigan.work.admit import Author
from shigan.work.state import State

AT_ONCE = 900
"""So many codes go into one question to the database."""


class Stored:
    """The store as sheets see it; every state is read once."""

    def __init__(self) -> None:
        self.rules = store.rulebook()
        self._states: dict[str, State | None] = {}

    def names(self) -> Mapping[str, Name]:
        rows = NameRow.objects.values_list("code", "name", "post")
        return {code: Name(name, post) for code, name, post in rows}

    def look(self, code: str) -> State | None:
        if code not in self._states:
            self._states[code] = store.state(code)
        return self._states[code]

    def listing(self, key: str) -> Iterable[State]:
        found = [store.read_state(row) for row in store.listing(key)]
        self._states |= {state.subject: state for state in found}
        return found

    def entries(self, subjects: Collection[str]) -> Iterator[Entry]:
        for codes in _in_batches(subjects):
            self._states |= dict.fromkeys(set(codes) - self._states.keys())
            self._states |= store.states(Q(subject__in=codes))
            rows = EntryRow.objects.select_related("payload").filter(subject__in=codes).order_by("id")
            yield from map(store.read_entry, rows)

    def newest(self, letter: str) -> str:
        following = store.next_code(letter, 1)
        return f"{letter}{int(following[1:]) - 1:0{len(following) - 1}d}" if int(following[1:]) > 1 else ""


def _in_batches(codes: Collection[str]) -> Iterator[list[str]]:
    ordered = sorted(codes)
    for at in range(0, len(ordered), AT_ONCE):
        yield ordered[at : at + AT_ONCE]


def known() -> Known:
    """The ledger for one reading."""
    return Known(Stored(), timezone.localdate())


def plan(files: Iterable[tuple[str, bytes]], key: str, user: Account) -> Plan:
    """What would be written for this account, rehearsed; every fault of a row stands at its cell.

    Raises `Fault` for what is wrong with a file as a whole.
    """
    there = known()
    parts = [part for name, data in files for part in read_sheets(data, name, there.rules, key)]
    made = understand(parts, there)
    _within_scope(made, there, user)
    made.rehearse(author_of(user), there, lambda wish: datetime.now(UTC))
    return made


def author_of(user: Account) -> Author:
    """The account as the ledger knows it."""
    return Author(user.code, user.unit)


def _within_scope(made: Plan, there: Known, user: Account) -> None:
    """A row about a unit that the account may not import for is a fault at its cell."""
    new: set[str] = set()
    for _kind, part in made.parts:
        for wish in part.wishes:
            fact, unit = wish.draft.fact, wish.draft.unit
            if isinstance(fact, UnitFounded) and (
                rights.may(user, "import", fact.parent) or fact.parent in new
            ):
                new.add(unit)
            judged = fact.targets if isinstance(fact, SheetsEntered) else ()
            others = {there.places[code].unit for code in judged}
            if _outside(user, {unit, *others} - new) and not wish.row.faults:
                wish.row.blame(
                    wish.key, Fault(_("这个单位不在您的管理范围内"), remedy=_("请由管理它的组织部门导入。"))
                )


def _outside(user: Account, units: Collection[str]) -> bool:
    return any(not rights.may(user, "import", unit) for unit in units)


@dataclass(frozen=True)
class Written:
    """What one acceptance wrote: entries by the title of their sheet, and how many names."""

    entries: int
    names: int
    things: tuple[str, ...]


def accept(made: Plan, user: Account) -> Written:
    """Write the plan in one transaction: all of it, or nothing and a `Fault`."""
    if made.faults:
        raise Fault(_("还有 {n} 处要改，一条也没有写入"), remedy=_("请改正后重新上传。"), n=len(made.faults))
    rows = [NameRow(code=code, name=name.name[:60], post=name.post[:80]) for code, name in made.names.items()]
    with transaction.atomic():
        entries = store.append(made.drafts, author_of(user))
        NameRow.objects.bulk_create(
            rows,
            batch_size=2000,
            update_conflicts=True,
            unique_fields=["code"],
            update_fields=["name", "post"],
        )
    naming.forget()
    things = tuple(dict.fromkeys(entry.subject for entry in entries))
    return Written(len(entries), len(rows), things)


def from_command(paths: Sequence[Path], key: str, username: str, yes: bool, out: Console) -> int:
    """`shigan import`: the same with the faults on the screen; 2 when nothing was written."""
    if key and key not in KINDS:
        raise Fault(_("没有“{key}”这种表"), remedy=_("可用：{known}。"), key=key, known="、".join(KINDS))
    user = _account(username)
    made = plan([(path.name, _read(path)) for path in paths], key, user)
    for kind, part in made.parts:
        out.print(f"{kind.title}：{len(part.reading.rows)} 行，新 {part.fresh} 行，已有 {part.again} 行")
    if made.faults:
        for fault in made.faults:
            out.print(f"[red]{fault}[/red]", soft_wrap=True)
        out.print(f"共 {len(made.faults)} 处要改，一条也没有写入 / nothing was written")
        return 2
    if not made.drafts and not made.names:
        out.print("没有新的内容 / nothing new")
        return 0
    if not yes and out.input(f"写入 {len(made.drafts)} 条？/ write? [y/N] ").strip().lower() not in (
        "y",
        "是",
    ):
        out.print("没有写入 / nothing was written")
        return 2
    written = accept(made, user)
    out.print(f"已写入 {written.entries} 条 / entries written")
    return 0


def _account(username: str) -> Account:
    user = Account.objects.filter(username=username, is_active=True).first()
    if user is None:
        raise Fault(_("没有账号“{name}”"), remedy=_("用 --as 写明以哪个账号写入。"), name=username)
    if not rights.may(user, "import"):
        raise Fault(_("账号“{name}”没有导入的权限"), remedy=_("请用组工干部的账号。"), name=username)
    return user


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Fault(_("打不开文件"), remedy=_("核对文件名和路径。"), place=str(path)) from error
