"""The register of documents (收发文登记): numbers once, dates in order, no secrecy marks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from shigan.facts import Fact
from shigan.facts.documents import Direction, DocumentRegistered, DocumentWithdrawn
from shigan.facts.faults import _
from shigan.ledger.entry import Entry
from shigan.work.secrecy import must_bear_no_mark
from shigan.work.state import Act, Refused, State, base, must_be_new, must_exist, must_stand, replace, rule

REGISTERED, WITHDRAWN, ERASED = _("已登记"), _("已撤回"), _("已删除")
NEXT: dict[str, tuple[type[Fact], ...]] = {REGISTERED: (DocumentWithdrawn,), WITHDRAWN: (), ERASED: ()}
_YEAR = re.compile(r"[〔\[［(（【](\d{4})[〕\]］)）】]")


@dataclass(frozen=True, kw_only=True)
class Document(State):
    """`source` is its kind (文种), `topic` its title, `mark` its number, `origin` who asked for it.

    The text is not here: whoever needs it reads the entry, so that erasing the entry erases it.
    """

    direction: str = ""
    level: str = ""
    form: str = ""
    dated: date | None = None
    length: int = 0
    issuer: str = ""
    addressees: int = 0
    special: bool = False
    specimen: bool = False
    digest: str = ""
    reason: str = ""


def fold(document: Document | None, entry: Entry) -> Document:
    """The document after one more entry."""
    fact = entry.fact
    if isinstance(fact, DocumentRegistered):
        return Document(
            **base(entry),
            stage=REGISTERED,
            source=fact.kind,
            topic=fact.title,
            origin=fact.asked_by,
            mark=plain_number(fact.number),
            direction=fact.direction,
            level=fact.level,
            form=fact.form,
            dated=fact.dated,
            length=fact.length,
            issuer=fact.issuer,
            addressees=fact.addressees,
            special=fact.special,
            specimen=fact.specimen,
            digest=fact.digest,
        )
    if document is None:  # its text was legally erased
        return Document(**base(entry), stage=ERASED)
    if isinstance(fact, DocumentWithdrawn):
        return replace(document, seq=entry.seq, stage=WITHDRAWN, reason=fact.reason)
    return replace(document, seq=entry.seq)


def plain_number(number: str) -> str:
    """A document number as it is compared: `西组发 [2026] 5 号` is `西组发〔2026〕5号`."""
    bare = "".join(number.split())
    return _YEAR.sub(lambda found: f"〔{found[1]}〕", bare)


def year_of(number: str) -> int | None:
    """The year in a document number."""
    found = _YEAR.search(number)
    return int(found[1]) if found else None


@rule(DocumentRegistered)
def register(document: Document | None, fact: DocumentRegistered, act: Act) -> None:
    must_be_new(document)
    must_bear_no_mark(fact.title, fact.number, fact.issuer, fact.asked_by, fact.text)
    _must_be_in_order(fact, act)
    for other in act.find("D", plain_number(fact.number)) if fact.number else ():
        assert isinstance(other, Document)
        if other.stage == REGISTERED and _same(other, fact, act.unit):
            raise Refused(
                _("文号 {number} 已登记为 {code}"),
                remedy=_("核对文号；重复登记的不必再登，原登记有误的先撤回。"),
                number=fact.number,
                code=other.subject,
            )


def _same(other: Document, fact: DocumentRegistered, unit: str) -> bool:
    """Two units may each register the notice both received; a number is issued once."""
    if other.direction != fact.direction:
        return False
    return fact.direction is Direction.ISSUED or other.unit == unit


def _must_be_in_order(fact: DocumentRegistered, act: Act) -> None:
    if fact.dated > act.happened:
        raise Refused(
            _("成文日期 {dated} 晚于收发日期 {day}"),
            remedy=_("核对两个日期。"),
            dated=fact.dated,
            day=act.happened,
        )
    year = year_of(fact.number)
    if year is not None and year > fact.dated.year:
        raise Refused(
            _("文号是 {year} 年的，成文日期却是 {dated}"),
            remedy=_("核对文号和成文日期。"),
            year=year,
            dated=fact.dated,
        )


@rule(DocumentWithdrawn)
def withdraw(document: Document | None, fact: DocumentWithdrawn, act: Act) -> None:
    must_exist(document, act)
    assert document is not None
    must_stand(document, (REGISTERED,), _("撤回"))
    must_bear_no_mark(fact.reason)
