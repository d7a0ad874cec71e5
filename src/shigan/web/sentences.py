"""Entries told as sentences: on what day, who, did what, and what was said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext, ngettext

from shigan.facts import Fact, Part, fields
from shigan.facts.appraisal import WITHHELD
from shigan.facts.boxes import UNTOLD
from shigan.facts.erasure import WIPED, Basis, Rest
from shigan.ledger.entry import UNSIGNED, Entry, Gone
from shigan.web import naming, store
from shigan.web.lately import Lately
from shigan.work.things import CODE

MOST, SHOWN = 5000, 60
"""Characters: a field that may hold more has a page of its own; of it a sentence gives the beginning."""


@dataclass(frozen=True)
class Said:
    """An entry in words: `what` is the kind's name, `parts` its filled fields as (label, words); `late` tells
    whether it came later than the rules give its kind (补录), `lag` how long after the event."""

    entry: Entry
    who: str
    what: str
    parts: tuple[tuple[str, str], ...]
    late: bool = False
    lag: str = ""


_rules = Lately(store.rulebook, 5.0)


def tell(entry: Entry) -> Said:
    """The entry in words of the reader's language."""
    who = gettext("未署名") if entry.by == UNSIGNED else naming.name(entry.by_unit)
    if entry.fact is None:
        return Said(entry, who, entry.kind, ((gettext("内容"), gettext("已依法删除")),))
    if entry.gone:
        told = [
            (gettext("内容"), _gone(entry.gone)),
            *(p for p in parts(entry.fact) if p[1] != gettext(WIPED)),
        ]
    else:
        told = parts(entry.fact)
    limit = _rules().ledger.late_after(entry.kind)
    lag = lag_words(entry.lag(), limit)
    return Said(entry, who, gettext(type(entry.fact).TITLE), tuple(told), entry.lag() > limit, lag)


def lag_words(days: int, limit: int) -> str:
    """`当日`, so many days later, or `补录` from the limit of its kind on."""
    if days <= 0:
        return gettext("当日")
    if days <= limit:
        return ngettext("%(n)s 天后", "%(n)s 天后", days) % {"n": days}
    return ngettext("补录 %(n)s 天", "补录 %(n)s 天", days) % {"n": days}


def _gone(gone: Gone) -> str:
    return gettext("已于 {day} 依个人信息保护法第 47 条第 1 款第 {n} 项删除（{case}）").format(
        day=gone.on, n=Basis[gone.basis].item, case=gone.case
    )


def gist(said: Said) -> str:
    """What says most in one line: the longest words."""
    return max((words for _label, words in said.parts), key=len, default="")


def parts(fact: Part) -> list[tuple[str, str]]:
    """The filled fields of a fact, in order, as (label, words)."""
    told, untold = [], False
    for field in fields(type(fact)):
        value = getattr(fact, field.key)
        if (type(fact).__name__, field.key) in WITHHELD:
            told.append((gettext(field.label.name), gettext("按公布规则在考核画像中显示")))
        elif (type(fact).__name__, field.key) in UNTOLD:
            untold = True
        elif field.label.limit > MOST and isinstance(value, str):
            told.append((gettext(field.label.name), _beginning(value)))
        elif value not in ("", None, ()) and (words := _words(value)):
            told.append((gettext(field.label.name), words))
    return [*told, (gettext("其余内容"), gettext("见评议的页面"))] if untold else told


def _beginning(text: str) -> str:
    """The first words of a text that has a page of its own."""
    if len(text) <= SHOWN:
        return text
    return gettext("{words}……（全文见它的页面）").format(words=" ".join(text[:SHOWN].split()))


def _words(value: Any) -> str:
    if isinstance(value, bool):
        return gettext("是") if value else gettext("否")
    if isinstance(value, StrEnum):
        return gettext(value.value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Rest):
        return gettext("第 {n} 次").format(n=value.seq)
    if isinstance(value, Part):
        return gettext("，").join(f"{label} {words}" for label, words in parts(value))
    if isinstance(value, tuple):
        return gettext("；").join(_words(v) for v in value)
    if isinstance(value, Decimal | int):
        return f"{value:,}"
    return _code_or_text(value)


def _code_or_text(text: str) -> str:
    if CODE.fullmatch(text) and text[0] in "UPG":
        return naming.name(text)
    return gettext(text)  # a term of the rules (a method, a scheme); other text stays as it was written


def title(fact: type[Fact]) -> str:
    """The name of a kind in the reader's language."""
    return gettext(fact.TITLE)
