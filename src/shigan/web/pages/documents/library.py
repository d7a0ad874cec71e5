"""All registered texts with the index of their wording, kept in memory and brought up to date at each look.

A document later than all before it is added; for one that belongs between them, is withdrawn or
erased, the library is made anew. Nothing of it is written to a disk.
"""

from __future__ import annotations

from collections import defaultdict
from threading import Lock
from typing import Final, NamedTuple

from shigan.facts.documents import DocumentRegistered, DocumentWithdrawn
from shigan.facts.erasure import PayloadErased
from shigan.judge.direction import Document
from shigan.judge.documents import Library
from shigan.ledger.entry import Entry
from shigan.policy.documents import DocumentsPolicy
from shigan.web import store
from shigan.web.models import EntryRow

GONE: Final = (DocumentWithdrawn.__name__, PayloadErased.__name__)
"""After one of these a text is no source any more."""
KINDS: Final = (DocumentRegistered.__name__, *GONE)
HALF: Final = 0.5
"""A document with so much of an earlier one hands it on."""


class Follower(NamedTuple):
    """A later document, and about which share of it stands in the earlier one."""

    document: Document
    share: float


class Shelf:
    """The library as of entry row `newest`."""

    def __init__(self, rules: DocumentsPolicy) -> None:
        self.rules, self.newest = rules, 0
        self.library = Library([], rules)
        self.places: dict[str, int] = {}
        self._after: dict[int, list[Follower]] | None = None

    def read(self, newest: int) -> None:
        """Take in what was written since."""
        rows = EntryRow.objects.select_related("payload").filter(id__gt=self.newest, id__lte=newest)
        found = [store.read_entry(row) for row in rows.filter(kind__in=KINDS).order_by("id")]
        self.newest = newest
        if not found:
            return
        gone = {_about(entry) for entry in found if entry.kind in GONE}
        fresh = [d for d in map(document_of, found) if d is not None and d.name not in gone]
        if gone & self.places.keys() or not self._added(fresh):
            known = {d.name: d for d in (*self.library.documents, *fresh) if d.name not in gone}
            self.library = Library(known.values(), self.rules)
        self.places = {d.name: at for at, d in enumerate(self.library.documents)}
        self._after = None

    def _added(self, fresh: list[Document]) -> bool:
        """Whether all could be put behind the others."""
        return bool(self.places) and all(self.library.add(document) for document in fresh)

    def followers(self, code: str) -> list[Follower]:
        """The documents that hand an earlier one on, in their order."""
        if self._after is None:
            self._after = self._followers()
        return self._after.get(self.places.get(code, -1), [])

    def _followers(self) -> dict[int, list[Follower]]:
        found: dict[int, list[Follower]] = defaultdict(list)
        for at, islands in enumerate(self.library.islands):
            shared: dict[int, int] = defaultdict(int)
            for island in islands:
                shared[island.source] += island.end - island.start
            whole = max(1, len(self.library.normal[at].text))
            for source, letters in shared.items():
                if letters >= HALF * whole:
                    share = min(1.0, letters / whole)
                    found[source].append(Follower(self.library.documents[at], share))
        return found


_shelf: Shelf | None = None
_lock = Lock()


def shelf() -> Shelf:
    """The registered documents under the rules in force, as they are now."""
    global _shelf
    rules, newest = store.rulebook().documents, store.newest()
    with _lock:
        if _shelf is None or _shelf.rules is not rules or newest < _shelf.newest:
            _shelf = Shelf(rules)
        if newest != _shelf.newest:
            _shelf.read(newest)
        return _shelf


def forget() -> None:
    """Read everything anew at the next look."""
    global _shelf
    _shelf = None


def _about(entry: Entry) -> str:
    """The document that a withdrawal or an erasure speaks of."""
    return entry.fact.about if isinstance(entry.fact, PayloadErased) else entry.subject


def document_of(entry: Entry) -> Document | None:
    """The document that an entry registers, if it has a text."""
    fact = entry.fact
    if not isinstance(fact, DocumentRegistered) or not fact.text:
        return None
    return read(entry.subject, fact, entry)


def read(name: str, fact: DocumentRegistered, entry: Entry | None = None) -> Document:
    """The document of a fact, of an entry or of none yet."""
    return Document.read(
        name, fact.text, title=fact.title, number=fact.number, dated=fact.dated, level=str(fact.level),
        kind=str(fact.kind), form=str(fact.form), direction=str(fact.direction), issuer=fact.issuer,
        asked_by=fact.asked_by, special=fact.special, length=fact.length,
        unit=entry.unit if entry else "", posted=entry.happened if entry else None,
        position=entry.position if entry and entry.position is not None else -1,
    )  # fmt: skip
