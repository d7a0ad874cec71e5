"""Correction and erasure: what may be deleted, who approves, and what is left of a fact without its words.

SOURCE: 个人信息保护法第四十六条、第四十七条. Two different accounts: one asks, another approves.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any, Final, TypeVar

from shigan.facts import Fact, Part
from shigan.facts.erasure import WIPED, EntryCorrected, ErasureRefused, ErasureRequested, PayloadErased
from shigan.facts.faults import _
from shigan.ledger.entry import Entry
from shigan.work.state import Act, Refused, State, base, must_be_new, must_exist, must_stand, replace, rule

ASKED, ERASED, DECLINED = _("待批准删除"), _("已依法删除"), _("不予删除")
P = TypeVar("P", bound=Part)
S = TypeVar("S", bound=State)

TERMS: Final = {
    ("GroupFormed", "scheme"), ("ResultRecorded", "indicator"), ("ResultRecorded", "measure"),
    ("ResultChecked", "method"), ("LookedBack", "method"), ("ProblemRaised", "category"),
    ("ResultNotified", "grade"), ("Decision", "grade"), ("ItemTally", "item"),
    ("RoleGranted", "role"), ("SuggestionMade", "page"), ("FileRead", "purpose"), ("FileRead", "form"),
    ("ReadingAsked", "purpose"),
}  # fmt: skip
"""Text that is a term of the rules and says nothing of a person by itself: procedures run on it."""

CODES: Final = {
    "parent", "group", "managed_by", "origin", "leader", "owner", "became", "problem", "problems", "person",
    "about", "persons", "grant",
}  # fmt: skip
"""Fields that hold codes: the sealed headers name the same codes."""

TOGETHER: Final = {("DocumentRegistered", "text"), ("DocumentRegistered", "digest")}
"""Emptied rather than marked: a hash without salt would give a short text away."""

LASTING: Final = {
    "PolicyAdopted", "BoxOpened", "BoxClosed", "SheetsEntered", "RoleGranted", "ErasureRequested",
    "PayloadErased", "ErasureRefused",
}  # fmt: skip
"""Kinds without words about a person, on which the proof of others rests: never erased this way."""


def rest(fact: Fact) -> Fact:
    """The fact without its words. Raises `Refused` for kinds that are not erased, and where none are left."""
    kind = type(fact).__name__
    if kind in LASTING:
        raise Refused(
            _("“{kind}”不能这样删除"),
            remedy=_("它不含个人文字，其他记录的核对要用到它。"),
            kind=type(fact).TITLE,
        )
    left = _wiped(fact)
    if left == fact:
        raise Refused(
            _("“{kind}”没有可删除的文字"), remedy=_("不必选这一条。"), kind=type(fact).TITLE
        )  # fmt: skip
    return left


def erasable(fact: Fact | None) -> bool:
    """Whether a fact has words that may be deleted; a kind whose check forbids it is an error to be seen."""
    try:
        return fact is not None and bool(rest(fact))
    except Refused:
        return False


def _wiped(part: P) -> P:
    kind = type(part).__name__
    changes = {}
    for field in fields(part):
        if (kind, field.name) in TOGETHER:
            changes[field.name] = ""
        elif field.name not in CODES and (kind, field.name) not in TERMS:
            changes[field.name] = _without_words(getattr(part, field.name))
    return dataclasses.replace(part, **changes)


def _without_words(value: Any) -> Any:
    if isinstance(value, Part):
        return _wiped(value)
    if isinstance(value, tuple):
        return tuple(map(_without_words, value))
    return WIPED if isinstance(value, str) and not isinstance(value, StrEnum) and value else value


def with_corrections(fold: Callable[[Any, Entry], S]) -> Callable[[Any, Entry], S]:
    """The fold of a thing that also takes corrections: what its state says in old words it says in new."""

    def folded(state: S | None, entry: Entry) -> S:
        if not isinstance(entry.fact, EntryCorrected):
            return fold(state, entry)
        assert state is not None, entry.subject
        own = [f.name for f in fields(state) if f.name not in ("subject", "unit", "stage", "origin")]
        changes: dict[str, Any] = {
            name: entry.fact.new for name in own if getattr(state, name) == entry.fact.old
        }
        return replace(state, seq=entry.seq, **changes)

    return folded


@dataclass(frozen=True, kw_only=True)
class Erasure(State):
    """A case of deletion: `origin` is the thing, `source` the legal basis; `asked` the account that asked."""

    asked: str = ""
    asker: str = ""
    seqs: tuple[int, ...] = ()
    name: bool = False
    reason: str = ""
    answer: str = ""
    decided: str = ""


def fold_erasure(case: Erasure | None, entry: Entry) -> Erasure:
    """The case after one more entry."""
    fact = entry.fact
    if isinstance(fact, ErasureRequested):
        return Erasure(
            **base(entry), stage=ASKED, source=fact.basis.name, origin=fact.about, asked=entry.by,
            asker=fact.asker, seqs=fact.seqs, name=fact.name, reason=fact.reason,
        )  # fmt: skip
    assert case is not None, entry.subject
    case = replace(case, seq=entry.seq, decided=entry.by)
    if isinstance(fact, PayloadErased):
        return replace(case, stage=ERASED, since=entry.happened)
    assert isinstance(fact, ErasureRefused), entry.kind
    return replace(case, stage=DECLINED, since=entry.happened, answer=fact.reason)


@rule(ErasureRequested)
def request_erasure(case: Erasure | None, fact: ErasureRequested, act: Act) -> None:
    must_be_new(case)
    about = act.look(fact.about)
    if about is None:
        raise Refused(_("没有 {code}"), remedy=_("核对编号。"), code=fact.about)
    if fact.seqs and fact.seqs[-1] > about.seq:
        raise Refused(
            _("{code} 没有第 {n} 次记录"), remedy=_("重新选择。"), code=fact.about, n=fact.seqs[-1]
        )  # fmt: skip
    if fact.name and not fact.about.startswith("P"):
        raise Refused(_("只有干部的姓名可以这样删除"), remedy=_("单位名称在“组织”页改。"))


@rule(PayloadErased)
def approve_erasure(case: Erasure | None, fact: PayloadErased, act: Act) -> None:
    must_exist(case, act)
    assert case is not None
    must_stand(case, (ASKED,), _("删除"))
    if act.by == case.asked:
        raise Refused(
            _("申请人不能批准自己提出的删除"),
            remedy=_("请另一人核对后批准。"),
            source="本系统自设：删除须两人办理",
        )
    if (fact.about, fact.basis.name) != (case.origin, case.source) or fact.name != case.name:
        raise Refused(_("批准的与申请的不是同一件"), remedy=_("重新打开申请页。"))
    if tuple(each.seq for each in fact.kept) != case.seqs:
        raise Refused(_("批准的与申请的不是同一件"), remedy=_("重新打开申请页。"))


@rule(ErasureRefused)
def refuse_erasure(case: Erasure | None, fact: ErasureRefused, act: Act) -> None:
    must_exist(case, act)
    assert case is not None
    must_stand(case, (ASKED,), _("答复"))
    if act.by == case.asked:
        raise Refused(_("申请人不能答复自己提出的删除"), remedy=_("请另一人核对后答复。"))


@rule(EntryCorrected)
def correct_entry(state: State | None, fact: EntryCorrected, act: Act) -> None:
    must_exist(state, act)
    assert state is not None
    if fact.seq > state.seq:
        raise Refused(
            _("{code} 没有第 {n} 次记录"), remedy=_("重新选择。"), code=act.subject, n=fact.seq
        )  # fmt: skip
    if WIPED in (fact.old, fact.new):
        raise Refused(_("已依法删除的文字不能更正"), remedy=_("不必更正。"))
