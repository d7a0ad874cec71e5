"""The manifest (评议方案): what is judged, by whom, when, how it will be published; fixed before opening.

It is a plain JSON object (docs/box.md); `Manifest` reads it strictly. Its canonical bytes are what counts:
their digest is sealed in the ledger and hangs on the wall.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from shigan.box.canonical import canonical, digest
from shigan.box.refusals import Refused
from shigan.maths.blind import BadKey, PublicKey

FORMAT = "shigan/box/manifest/1"
ELECTION = re.compile(r"[A-Z][A-Z0-9-]{0,19}")
PART = re.compile(r"[a-z]{1,3}")
CLASS = re.compile(r"[A-Z]")
HEX = re.compile(r"[0-9a-f]+")
COLOURS = ("red", "blue", "green", "yellow", "purple", "grey")
MOST_CELLS = 2_000
MOST_CLASSES = 6
LONGEST_TEXT = 200
MOST_SLIPS = 100_000
BLANK, VOID = "-", "x"


@dataclass(frozen=True)
class Cell:
    """One place on the sheet: of a grid's target and item, or of a choice (then `target` is empty)."""

    part: str
    target: str
    item: str


@dataclass(frozen=True)
class Part:
    """A grid (each target and item gets one option) or a pick (at most `most` of the choices)."""

    id: str
    kind: str
    title: str
    targets: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    most: int = 0

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """The part's places in the order of the row."""
        if self.kind == "pick":
            return tuple(Cell(self.id, "", choice) for choice in self.choices)
        return tuple(Cell(self.id, target, item) for target in self.targets for item in self.items)

    def admits(self, marks: str) -> bool:
        """Whether so many marks are a lawful filling of this part."""
        top = 1 if self.kind == "pick" else len(self.options)
        if len(marks) != len(self.cells) or any(m != BLANK and not "1" <= m <= str(top) for m in marks):
            return False
        return self.kind != "pick" or marks.count("1") <= self.most


@dataclass(frozen=True)
class VoterClass:
    """A/B/C 票: `expected` are entitled (应到), `slips` are printed, `pool` takes its ballots if too few."""

    id: str
    name: str
    colour: str
    weight: int
    expected: int
    slips: int
    tokens: bool
    pool: str


@dataclass(frozen=True)
class Rule:
    """How coarse publication is; see box/publication.py. Steps in %, all else in ballots (comments)."""

    nothing_below: int
    shares_from: int
    fine_from: int
    coarse_step: int
    fine_step: int
    fewest: int
    comments_from: int


@dataclass(frozen=True)
class Scrutineer:
    """监票人: the name on the notice and the Ed25519 public key (hex)."""

    name: str
    key: str


@dataclass(frozen=True)
class Manifest:
    """A checked manifest; `plain` is the JSON object it came from. Times carry their offset from UTC."""

    plain: dict[str, Any]
    election: str
    title: str
    unit: str
    session: str
    preset: str
    parts: tuple[Part, ...]
    comments: bool
    classes: tuple[VoterClass, ...]
    issue_from: datetime | None
    issue_to: datetime | None
    opens: datetime
    closes: datetime
    look_minutes: int
    rule: Rule
    keys: dict[str, PublicKey]
    names: str
    scrutineers: tuple[Scrutineer, ...]
    needed: int
    origin: str

    @cached_property
    def canonical(self) -> bytes:
        """The bytes that are sealed."""
        return canonical(self.plain)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of them, hex."""
        return digest(self.plain)

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """All places of a sheet in the order of the row."""
        return tuple(cell for part in self.parts for cell in part.cells)

    @cached_property
    def by_class(self) -> dict[str, VoterClass]:
        return {each.id: each for each in self.classes}

    @property
    def void(self) -> str:
        """The row of a void paper sheet."""
        return VOID * len(self.cells)

    @property
    def blank(self) -> str:
        """The row of an abstention."""
        return BLANK * len(self.cells)

    def split(self, row: str) -> Iterator[tuple[Part, str]]:
        """Each part with its marks."""
        at = 0
        for part in self.parts:
            yield part, row[at : at + len(part.cells)]
            at += len(part.cells)

    def admits(self, row: str) -> bool:
        """Whether a row may be cast on a screen; a void one may not."""
        return len(row) == len(self.cells) and all(part.admits(marks) for part, marks in self.split(row))


def read(plain: Any, draft: bool = False) -> Manifest:
    """The manifest in a JSON object. A draft has no keys yet. Raises Refused, naming the place."""
    spot = _Spot("manifest", plain)
    if spot.text("format", empty=False) != FORMAT:
        raise spot.wrong("format")
    parts = tuple(_part(each) for each in spot.list("parts", 1, 20))
    classes = tuple(_class(each) for each in spot.list("classes", 1, MOST_CLASSES))
    made = Manifest(
        plain=plain,
        election=spot.matching("election", ELECTION),
        title=spot.text("title", empty=False),
        unit=spot.text("unit"),
        session=spot.text("session"),
        preset=spot.text("preset"),
        parts=parts,
        comments=spot.flag("comments"),
        classes=classes,
        issue_from=spot.time("issue_from", empty=True),
        issue_to=spot.time("issue_to", empty=True),
        opens=spot.sure_time("opens"),
        closes=spot.sure_time("closes"),
        look_minutes=spot.number("look_minutes", 0, 24 * 60),
        rule=_rule(spot.down("rule")),
        keys={} if draft else _keys(spot.down("keys")),
        names=spot.matching("names", HEX, 64),
        scrutineers=tuple(_scrutineer(each) for each in spot.list("scrutineers", 0, 9)),
        needed=spot.number("needed", 0, 9),
        origin=spot.text("origin"),
    )
    known = set(_KEYS) - ({"keys"} if draft else set())
    if set(plain) != known:
        raise spot.wrong(sorted(set(plain) ^ known)[0])
    _check(made, spot, draft)
    return made


_KEYS = (
    "format", "election", "title", "unit", "session", "preset", "parts", "comments", "classes", "issue_from",
    "issue_to", "opens", "closes", "look_minutes", "rule", "keys", "names", "scrutineers", "needed", "origin",
)  # fmt: skip


def _check(m: Manifest, spot: _Spot, draft: bool) -> None:
    """What must hold between fields."""
    if len(m.cells) > MOST_CELLS or len({p.id for p in m.parts}) < len(m.parts):
        raise spot.wrong("parts")
    ids = [c.id for c in m.classes]
    if len(set(ids)) < len(ids) or sum(c.weight for c in m.classes) != 100:
        raise spot.wrong("classes")
    if any(c.pool and (c.pool not in ids or c.pool == c.id) for c in m.classes):
        raise spot.wrong("classes.pool")
    if m.opens >= m.closes:
        raise spot.wrong("closes")
    remote = {c.id for c in m.classes if c.tokens}
    if not draft and set(m.keys) != remote:
        raise spot.wrong("keys")
    if remote:
        if m.issue_from is None or m.issue_to is None or not m.issue_from < m.issue_to <= m.opens:
            raise spot.wrong("issue_to")
    elif m.issue_from or m.issue_to:
        raise spot.wrong("issue_from")
    if m.needed > len(m.scrutineers):
        raise spot.wrong("needed")
    if m.rule.nothing_below < 5 or m.rule.fewest < 3 or m.rule.shares_from < m.rule.nothing_below:
        raise spot.wrong("rule")


@dataclass(frozen=True)
class _Spot:
    """A place in the file and the object there."""

    place: str
    plain: Any

    def wrong(self, key: str) -> Refused:
        return Refused(
            f"评议方案的 {self.place}.{key} 缺少或不合要求",
            f"{self.place}.{key} of the manifest is missing or not as it must be",
            "请在“评议”页重新生成方案。",
            "Make the draft anew on the page for evaluations.",
        )

    def get(self, key: str) -> Any:
        if not isinstance(self.plain, dict) or key not in self.plain:
            raise self.wrong(key)
        return self.plain[key]

    def down(self, key: str) -> _Spot:
        return _Spot(f"{self.place}.{key}", self.get(key))

    def text(self, key: str, empty: bool = True) -> str:
        value = self.get(key)
        if not is_text(value) or (not empty and not value.strip()):
            raise self.wrong(key)
        return str(value)

    def matching(self, key: str, pattern: re.Pattern[str], length: int = 0) -> str:
        value = self.text(key)
        if not pattern.fullmatch(value) or (length and len(value) != length):
            raise self.wrong(key)
        return value

    def number(self, key: str, low: int, high: int) -> int:
        value = self.get(key)
        if type(value) is not int or not low <= value <= high:
            raise self.wrong(key)
        return value

    def flag(self, key: str) -> bool:
        value = self.get(key)
        if type(value) is not bool:
            raise self.wrong(key)
        return value

    def time(self, key: str, empty: bool = False) -> datetime | None:
        value = self.text(key)
        if empty and not value:
            return None
        try:
            moment = datetime.fromisoformat(value)
        except ValueError as error:
            raise self.wrong(key) from error
        if moment.tzinfo is None or not 2000 <= moment.year < 2200:
            raise self.wrong(key)
        return moment

    def sure_time(self, key: str) -> datetime:
        moment = self.time(key)
        assert moment is not None, "empty is not allowed here"
        return moment

    def list(self, key: str, low: int, high: int) -> list[_Spot]:
        value = self.get(key)
        if not isinstance(value, list) or not low <= len(value) <= high:
            raise self.wrong(key)
        return [_Spot(f"{self.place}.{key}[{n}]", each) for n, each in enumerate(value)]

    def texts(self, key: str, low: int, high: int) -> tuple[str, ...]:
        values = [each.plain for each in self.list(key, low, high)]
        if not all(is_text(value) and value.strip() for value in values):
            raise self.wrong(key)
        if len(set(values)) < len(values):
            raise self.wrong(key)
        return tuple(values)


def is_text(value: Any) -> bool:
    """Not too long, and without halves of characters, which JSON can write and UTF-8 cannot."""
    if not isinstance(value, str) or len(value) > LONGEST_TEXT:
        return False
    return not any("\ud800" <= sign <= "\udfff" for sign in value)


def _part(spot: _Spot) -> Part:
    kind, name, title = spot.text("kind"), spot.matching("id", PART), spot.text("title", empty=False)
    if kind == "grid":
        made = Part(
            name, kind, title, spot.texts("targets", 1, 200), spot.texts("items", 1, 50),
            spot.texts("options", 2, 9),
        )  # fmt: skip
        wanted = {"id", "kind", "title", "targets", "items", "options"}
    elif kind == "pick":
        choices = spot.texts("choices", 1, 500)
        made = Part(name, kind, title, choices=choices, most=spot.number("most", 1, len(choices)))
        wanted = {"id", "kind", "title", "choices", "most"}
    else:
        raise spot.wrong("kind")
    if set(spot.plain) != wanted:
        raise spot.wrong("kind")
    return made


def _class(spot: _Spot) -> VoterClass:
    made = VoterClass(
        spot.matching("id", CLASS), spot.text("name", empty=False), spot.text("colour"),
        spot.number("weight", 0, 100), spot.number("expected", 0, MOST_SLIPS),
        spot.number("slips", 0, 2 * MOST_SLIPS), spot.flag("tokens"), spot.text("pool"),
    )  # fmt: skip
    if made.colour not in COLOURS:
        raise spot.wrong("colour")
    if set(spot.plain) != {"id", "name", "colour", "weight", "expected", "slips", "tokens", "pool"}:
        raise spot.wrong("id")
    return made


def _rule(spot: _Spot) -> Rule:
    return Rule(
        spot.number("nothing_below", 5, 1000), spot.number("shares_from", 5, 1000),
        spot.number("fine_from", 5, 10_000), spot.number("coarse_step", 1, 50),
        spot.number("fine_step", 1, 50), spot.number("fewest", 3, 1000),
        spot.number("comments_from", 5, 1000),
    )  # fmt: skip


def _keys(spot: _Spot) -> dict[str, PublicKey]:
    if not isinstance(spot.plain, dict) or len(spot.plain) > MOST_CLASSES:
        raise spot.wrong("*")
    found = {}
    for name in spot.plain:
        own = spot.down(name)
        n, e = own.get("n"), own.number("e", 3, 2**32)
        if not isinstance(n, str) or not HEX.fullmatch(n) or len(n) > 2048:
            raise own.wrong("n")
        try:
            found[name] = PublicKey(int(n, 16), e)
        except BadKey as error:
            raise own.wrong("n") from error
    return found


def _scrutineer(spot: _Spot) -> Scrutineer:
    return Scrutineer(spot.text("name", empty=False), spot.matching("key", HEX, 64))
