"""The only door to the ledger's tables: `append` facts, read `entries` and `state`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Length

from shigan.facts import KINDS, Fact, to_plain
from shigan.facts.fact import typed_values
from shigan.facts.faults import Fault, _
from shigan.ledger.entry import Entry, Gone, leaf, read_fact
from shigan.policy import Rulebook
from shigan.web.models import EntryRow, NameRow, StateRow
from shigan.web.turns import turn
from shigan.work.admit import SALT, Admitted, Author, Draft, admit
from shigan.work.notes import Policy
from shigan.work.state import COLUMNS, Stale, State
from shigan.work.things import THINGS, key_of

BATCH = 2000
DISK_TROUBLE = ("is full", "disk I/O error", "No space left")
"""What SQLite and PostgreSQL say when the disk cannot take more."""
STATE_COLUMNS = (*COLUMNS, "key", "body")


def append(drafts: Iterable[Draft], author: Author, now: datetime | None = None) -> list[Entry]:
    """Write facts: all of them in one transaction, or none.

    Raises `Refused` (a rule says no), `Stale` (somebody wrote first), or `Fault` (the disk is full, …).
    """
    desk = Desk()
    with _told(), turn(), transaction.atomic():
        entries = desk.admit(drafts, author, _now(now, desk.rules()))
        desk.flush()
    return entries


def append_many(
    batches: Iterable[tuple[Iterable[Draft], Author, datetime]], salts: Callable[[], bytes] = SALT
) -> Iterator[int]:
    """Write many batches, some thousand entries a transaction; yields how many have been written."""
    desk, written = Desk(salts), 0
    for drafts, author, now in batches:
        desk.admit(drafts, author, now.replace(microsecond=now.microsecond // 1000 * 1000))  # as kept
        if len(desk.waiting) >= BATCH:
            written += len(desk.waiting)
            with _told(), turn(), transaction.atomic():
                desk.flush()
            yield written
    written += len(desk.waiting)
    with _told(), turn(), transaction.atomic():
        desk.flush()
    yield written


class Desk:
    """What is admitted but not yet written, and the states that were looked at on the way."""

    def __init__(self, salts: Callable[[], bytes] = SALT) -> None:
        self.salts = salts
        self.waiting: list[Admitted] = []
        self.states: dict[str, State | None] = {}
        self.marked: dict[tuple[str, str], set[str]] = {}
        self._rules: Rulebook | None = None

    def rules(self) -> Rulebook:
        """The rules in force, as the facts admitted so far leave them."""
        if self._rules is None:
            self._rules = rulebook()
        return self._rules

    def look(self, code: str) -> State | None:
        """The present state of a thing, as the facts admitted so far leave it."""
        if code not in self.states:
            self.states[code] = state(code)
        return self.states[code]

    def find(self, key: str, mark: str) -> Iterator[State]:
        """The things of a key that bear a mark, as the facts admitted so far leave them."""
        stored = StateRow.objects.filter(key=key, mark=mark).values_list("subject", flat=True)
        found = map(self.look, sorted({*stored, *self.marked.get((key, mark), ())}))
        return (state for state in found if state is not None and state.mark == mark)

    def admit(self, drafts: Iterable[Draft], author: Author, now: datetime) -> list[Entry]:
        """Admit drafts; nothing is written yet."""
        drafts = list(drafts)
        self._fetch({d.subject for d in drafts})
        entries = []
        for admitted in admit(drafts, author, now, self.rules(), self.look, self.salts, self.find):
            self.waiting.append(admitted)
            self._keep(admitted.state)
            entries.append(admitted.entry)
            if admitted.entry.kind == "PolicyAdopted":
                assert isinstance(admitted.state, Policy)
                self._rules = self.rules().with_adopted(admitted.state.topic, admitted.state.text)
        return entries

    def _keep(self, state: State) -> None:
        self.states[state.subject] = state
        if state.mark:
            self.marked.setdefault((key_of(state.subject), state.mark), set()).add(state.subject)

    def _fetch(self, codes: set[str]) -> None:
        missing = {code for code in codes if code not in self.states}
        if len(missing) > 1:
            self.states.update(dict.fromkeys(missing))
            self.states.update(states(Q(subject__in=missing)))

    def flush(self) -> None:
        """Write everything that waits. Raises `Stale` when another writer took a place first."""
        if not self.waiting:
            return
        first = _numbers(len(self.waiting))
        with connection.cursor() as cursor:
            cursor.executemany(
                INSERT_ENTRY, [_header(n, a.entry) for n, a in zip(first, self.waiting, strict=True)]
            )
            cursor.executemany(
                INSERT_PAYLOAD,
                [(n, a.salt, a.body.decode()) for n, a in zip(first, self.waiting, strict=True)],
            )
        write_states({a.state.subject: a.state for a in self.waiting}.values())
        self.waiting = []


# Plain statements instead of the ORM: a demo county of 100,000 entries, or a large import, costs a fifth.
INSERT_ENTRY = """INSERT INTO entry
    (id, subject, seq, kind, unit, happened, recorded, "by", by_unit, mac, leaf)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"""
INSERT_PAYLOAD = "INSERT INTO payload (entry_id, salt, body) VALUES (%s, %s, %s)"
UPSERT_STATE = f"""INSERT INTO state ({", ".join(STATE_COLUMNS)})
    VALUES ({", ".join(["%s"] * len(STATE_COLUMNS))}) ON CONFLICT (subject) DO UPDATE SET
    {", ".join(f"{c} = excluded.{c}" for c in STATE_COLUMNS[1:])}"""


def _numbers(n: int) -> list[int]:
    """The next n row numbers of the entry table."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT nextval('entry_id_seq') FROM generate_series(1, %s)", [n])
            return [number for (number,) in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = 'entry'")
        last = cursor.fetchone()
    start = (last[0] if last else 0) + 1
    return list(range(start, start + n))


def _header(number: int, entry: Entry) -> tuple[str | int | bytes, ...]:
    return (
        number,
        entry.subject,
        entry.seq,
        entry.kind,
        entry.unit,
        entry.happened.isoformat(),
        to_ms(entry.recorded),
        entry.by,
        entry.by_unit,
        entry.mac,
        leaf(entry),
    )


def write_states(states: Iterable[State]) -> None:
    """Put states into the cache, over what was there."""
    with connection.cursor() as cursor:
        cursor.executemany(UPSERT_STATE, [tuple(map(_stored, state_row(state))) for state in states])


def _stored(value: str | int | date | None) -> str | int | None:
    return value.isoformat() if isinstance(value, date) else value


def state_row(state: State) -> tuple[str | int | date | None, ...]:
    """The row of a state (STATE_COLUMNS): its general columns, its key, and the rest of it as JSON."""
    plain = to_plain(state)
    own = json.dumps({k: v for k, v in plain.items() if k not in COLUMNS}, ensure_ascii=False)
    return (*(getattr(state, c) for c in COLUMNS), key_of(state.subject), own)


def read_state(row: StateRow) -> State:
    """The state of a row."""
    cls = THINGS[row.key].state
    general = {c: getattr(row, c) for c in COLUMNS}
    return cls(**general, **typed_values(cls, json.loads(row.body)))


def state(code: str) -> State | None:
    """The state of one thing, or None."""
    return states(Q(pk=code)).get(code)


def states(where: Q) -> dict[str, State]:
    """States by code."""
    return {row.subject: read_state(row) for row in StateRow.objects.filter(where)}


def listing(key: str) -> QuerySet[StateRow]:
    """The rows of one kind of thing, for lists that filter and sort; read each with `read_state`."""
    return StateRow.objects.filter(key=key)


def entries(
    about: str = "", *, kinds: Iterable[str] = (), until: int | None = None, since: int = 0
) -> Iterator[Entry]:
    """Entries in the order they were written: about one thing (and its years), of some kinds, sealed within
    positions `since` ≤ position < `until`."""
    rows = EntryRow.objects.order_by("id")
    if about:
        rows = rows.filter(subject__in=files_of(about))
    if kinds := tuple(kinds):
        rows = rows.filter(kind__in=kinds)
    if until is not None or since:
        rows = rows.filter(position__gte=since).order_by("position")
    if until is not None:
        rows = rows.filter(position__lt=until)
    return map(read_line, lines(rows))


def files_of(code: str) -> list[str]:
    """A code and its years, named one by one: any database finds those by its index."""
    years = range(2000, 2100) if code[:1] in "UPG" and "/" not in code else ()
    return [code, *(f"{code}/{year}" for year in years)]


def lives(codes: Iterable[str]) -> Iterator[Entry]:
    """All entries about several things, one thing after another, in one query."""
    return map(read_line, lines(EntryRow.objects.filter(subject__in=set(codes)).order_by("subject", "seq")))


class Line(NamedTuple):
    """An entry as it lies in the tables, with salt and body of its payload (None where there is none)."""

    subject: str
    seq: int
    kind: str
    unit: str
    happened: date
    recorded: int
    by: str
    by_unit: str
    mac: str
    position: int | None
    leaf: bytes
    salt: bytes | None
    body: str | None

    def place(self) -> str:
        """Where it is, for people."""
        return (
            f"第 {self.position if self.position is not None else '…'} 条（{self.subject} 第 {self.seq} 次）"
        )


def lines(rows: QuerySet[EntryRow]) -> Iterator[Line]:
    """The rows of a query, several times as fast as objects of them."""
    columns = (*Line._fields[:-2], "payload__salt", "payload__body")
    return map(Line._make, rows.values_list(*columns).iterator(chunk_size=BATCH))


def read_entry(row: EntryRow) -> Entry:
    """The entry of a row; of one that was legally erased what was kept of it."""
    payload = getattr(row, "payload", None)
    own = (getattr(row, name) for name in Line._fields[:-2])
    return read_line(Line(*own, *((payload.salt, payload.body) if payload else (None, None))))


def read_line(line: Line) -> Entry:
    """The same of a line."""
    gone, plain = erased(line.salt, line.body) if line.body is not None else (None, None)
    fact = read_fact(line.kind, plain) if plain is not None and line.kind in KINDS else None
    return header_only(line, fact, gone)


def header_only(line: Line, fact: Fact | None = None, gone: Gone | None = None) -> Entry:
    """The entry of a line without its fact, unless one is given: enough to recompute its leaf."""
    return Entry(
        line.subject,
        line.seq,
        line.kind,
        line.unit,
        line.happened,
        from_ms(line.recorded),
        line.by,
        line.by_unit,
        line.mac,
        fact,
        line.position,
        gone,
    )


def erased(salt: bytes | None, body: str) -> tuple[Gone | None, dict[str, Any]]:
    """What a payload says, and whether it is only what was kept of an erased one (its salt is empty then)."""
    plain = json.loads(body)
    if salt:
        return None, plain
    gone = plain["erased"]
    return Gone(gone["case"], date.fromisoformat(gone["on"]), gone["basis"]), plain["kept"]


def sealed_at(positions: Iterable[int], kind: str) -> list[Entry]:
    """The entries of a kind at these positions, in order: those that a figure rests on."""
    rows = EntryRow.objects.filter(position__in=set(positions), kind=kind).order_by("position")
    return list(map(read_line, lines(rows)))


def newest() -> int:
    """A number that grows with every entry."""
    return EntryRow.objects.order_by("-id").values_list("id", flat=True).first() or 0


def newest_change() -> int:
    """The same without the readings of files, which change no page: what was made at one number holds while
    it stays."""
    rows = EntryRow.objects.exclude(kind="FileRead").order_by("-id")
    return rows.values_list("id", flat=True).first() or 0


def next_code(letter: str, width: int = 5) -> str:
    """The next free code: `Q00013` after `Q00012`. Two writers may get the same; one is then Stale."""
    newest = StateRow.objects.filter(key=letter).order_by(Length("subject").desc(), "-subject")
    longest = newest.values_list("subject", flat=True).first()
    number = int(longest[1:]) + 1 if longest else 1
    return f"{letter}{number:0{max(width, len(longest or '') - 1)}d}"


_rulebooks: dict[tuple[tuple[str, int], ...], Rulebook] = {}


def rulebook() -> Rulebook:
    """The rules in force: what was adopted, over what is shipped."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT subject, seq FROM state WHERE key = 'R' ORDER BY subject")
        key = tuple(cursor.fetchall())
    if key not in _rulebooks:
        book = Rulebook.shipped()
        for policy in states(Q(key="R")).values():
            assert isinstance(policy, Policy)
            book = book.with_adopted(policy.topic, policy.text, kept=True)
        _rulebooks.clear()
        _rulebooks[key] = book
    return _rulebooks[key]


def names(codes: Iterable[str]) -> dict[str, NameRow]:
    """Names by code; a code without one is left out."""
    return {row.code: row for row in NameRow.objects.filter(code__in=set(codes))}


def to_ms(moment: datetime) -> int:
    """Milliseconds since 1970, UTC."""
    return round(moment.timestamp() * 1000)


def from_ms(ms: int) -> datetime:
    """The moment of `to_ms`."""
    return datetime.fromtimestamp(ms // 1000, UTC) + timedelta(milliseconds=ms % 1000)


def _now(given: datetime | None, rules: Rulebook) -> datetime:
    """Now, to the millisecond; refuses a clock that was turned back before the newest entry."""
    now = given or datetime.now(UTC)
    now = now.replace(microsecond=now.microsecond // 1000 * 1000)
    with connection.cursor() as cursor:
        cursor.execute("SELECT recorded FROM entry ORDER BY id DESC LIMIT 1")
        newest = (cursor.fetchone() or (0,))[0]
    if to_ms(now) < newest - rules.ledger.clock_tolerance.value * 1000:
        raise Fault(
            _("电脑时钟早于台账最新一条 {at}"),
            remedy=_("请校正电脑时间后再登记。"),
            at=from_ms(newest).astimezone().strftime("%Y-%m-%d %H:%M"),
        )
    return now


class _told:  # noqa: N801  used as a phrase: `with _told():`
    """Database trouble becomes a sentence."""

    def __enter__(self) -> None: ...

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if isinstance(error, IntegrityError):
            raise Stale(_("这件事刚刚有了新的记录"), subject="") from error
        if isinstance(error, DatabaseError) and any(words in str(error) for words in DISK_TROUBLE):
            raise Fault(_("磁盘已满或不可写，没有写入任何内容"), remedy=_("请清理磁盘后再提交。")) from error


def vendor() -> str:
    """`sqlite` or `postgresql`."""
    return connection.vendor
