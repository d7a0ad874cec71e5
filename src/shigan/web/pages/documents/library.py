"""All registered documents with the index of their wording, brought up to date at each look.

Few lie in memory alone; from `stock.FRESH` on the index lies in files of the data folder, which every process
maps and whoever loses makes anew. The truth is the ledger: what is withdrawn or erased leaves the files at
the next look, and a source's text is read from the database when it is needed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from threading import Lock

from django.conf import settings
from django.db.models import QuerySet

from shigan.facts.documents import DocumentRegistered, DocumentWithdrawn
from shigan.facts.erasure import PayloadErased
from shigan.facts.faults import Fault, _
from shigan.judge import stock
from shigan.judge.direction import Document
from shigan.judge.stock import Stock
from shigan.judge.stock_files import AsOf
from shigan.ledger.entry import Entry
from shigan.policy.documents import DocumentsPolicy
from shigan.web import store
from shigan.web.models import EntryRow

REGISTERED = DocumentRegistered.__name__
GONE = (DocumentWithdrawn.__name__, PayloadErased.__name__)
"""After one of these a text is no source any more."""
AT_ONCE = 2 * stock.FRESH
"""So many documents are taken in while somebody waits for a page; more only by `keep`."""
FOLDER = "reuse"

_stock: Stock | None = None
_lock = Lock()


def shelf() -> Stock:
    """The registered documents under the rules in force, as they are now.

    Raises `Fault` while very many are being taken in."""
    global _stock
    rules, now = store.rulebook().documents, _as_of(store.newest())
    with _lock:
        known = _stock
        if known is None or known.rules is not rules or not _holds(known.as_of) or _has_to_write(known, now):
            known = _opened(rules)  # another process may have written
        _stock = known if known.as_of == now else _read(known, now, AT_ONCE)
        return _stock


def keep() -> None:
    """Make new files where many documents wait or one is gone; for the process that seals."""
    with _lock:
        known, now = _opened(store.rulebook().documents), _as_of(store.newest())
        if _has_to_write(known, now):
            _read(known, now, None)


def forget() -> None:
    """Open the files anew at the next look."""
    global _stock
    _stock = None


def _opened(rules: DocumentsPolicy) -> Stock:
    folder = Path(settings.DATA) / FOLDER
    found = Stock.opened(rules, texts, folder)
    return found if found and _holds(found.as_of) else Stock(rules, texts, folder)


def _as_of(newest: int) -> AsOf:
    leaf = EntryRow.objects.filter(pk=newest).values_list("leaf", flat=True).first()
    return AsOf(newest, bytes(leaf or b"").hex())


def _holds(as_of: AsOf) -> bool:
    """Whether the ledger still has the entry that a stock was made at: another one may have been put back."""
    return _as_of(as_of.newest) == as_of


def _since(known: Stock, now: AsOf) -> QuerySet[EntryRow]:
    return EntryRow.objects.filter(id__gt=known.as_of.newest, id__lte=now.newest)


def _has_to_write(known: Stock, now: AsOf) -> bool:
    """Whether what came and went since needs new files."""
    if known.as_of == now:
        return False
    since = _since(known, now)
    more = since.filter(kind=REGISTERED).count()
    gone = known.files is not None and since.filter(kind__in=GONE).exists()
    return gone or len(known.fresh) + more > stock.FRESH


def _read(known: Stock, now: AsOf, most: int | None) -> Stock:
    """The stock with what was written since: taken in, or built anew where that is most of it."""
    since = _since(known, now)
    waiting = since.filter(kind=REGISTERED).count()
    if most is not None and waiting > most:
        raise Fault(
            _("正在为 {n} 份文件建立索引"), remedy=_("请过几分钟再试；登记和其他页面照常使用。"), n=waiting
        )
    gone = {_about(store.read_entry(row)) for row in _rows(since.filter(kind__in=GONE))}
    fresh = (d for d in _documents(since) if d.name not in gone)
    if waiting > max(stock.FRESH, len(known)):
        return Stock.built(_all(now), known.rules, texts, Path(settings.DATA) / FOLDER, now)
    known.take(fresh, gone, now)
    return known


def _all(now: AsOf) -> Iterator[Document]:
    """Every document as of now."""
    rows = EntryRow.objects.filter(id__lte=now.newest)
    gone = {_about(store.read_entry(row)) for row in _rows(rows.filter(kind__in=GONE))}
    return (d for d in _documents(rows) if d.name not in gone)


def texts(names: Collection[str]) -> Iterator[Document]:
    """The documents of these names, their texts read from the database."""
    return _documents(EntryRow.objects.filter(subject__in=names))


def _documents(rows: QuerySet[EntryRow]) -> Iterator[Document]:
    read_rows = map(store.read_entry, _rows(rows.filter(kind=REGISTERED)))
    return (document for document in map(document_of, read_rows) if document is not None)


def _rows(rows: QuerySet[EntryRow]) -> Iterator[EntryRow]:
    return rows.select_related("payload").order_by("id").iterator(chunk_size=store.BATCH)


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
