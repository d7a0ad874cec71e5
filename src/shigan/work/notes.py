"""Suggestions waiting for an answer, and the policies in force."""

from __future__ import annotations

from dataclasses import dataclass

from shigan.facts.faults import _
from shigan.facts.notes import PolicyAdopted, SuggestionAnswered, SuggestionMade
from shigan.ledger.entry import Entry
from shigan.policy import load
from shigan.work.state import Act, Refused, State, base, must_be_new, must_exist, must_stand, replace, rule
from shigan.work.unattributed import must_be_unattributed

WAITING, ANSWERED, IN_FORCE = _("待答复"), _("已答复"), _("施行中")


@dataclass(frozen=True, kw_only=True)
class Suggestion(State):
    """A suggestion about this system and its answer."""

    text: str = ""
    answer: str = ""


@dataclass(frozen=True, kw_only=True)
class Policy(State):
    """The policy in force under a name; `since` is the day it was adopted."""

    text: str = ""
    version: str = ""


def fold_suggestion(note: Suggestion | None, entry: Entry) -> Suggestion:
    """The suggestion after one more entry."""
    fact = entry.fact
    if isinstance(fact, SuggestionMade):
        return Suggestion(**base(entry), stage=WAITING, topic=fact.page, text=fact.text)
    assert note is not None, entry.subject
    answer = fact.text if isinstance(fact, SuggestionAnswered) else note.answer
    return replace(note, seq=entry.seq, stage=ANSWERED, answer=answer)


def fold_policy(policy: Policy | None, entry: Entry) -> Policy:
    """The policy after one more adoption."""
    fact = entry.fact
    assert isinstance(fact, PolicyAdopted), entry.kind
    return Policy(
        **base(entry),
        stage=IN_FORCE,
        topic=fact.name,
        text=fact.text,
        version=fact.version,
    )


@rule(SuggestionMade)
def make_suggestion(note: Suggestion | None, fact: SuggestionMade, act: Act) -> None:
    must_be_new(note)
    must_be_unattributed(fact.text)


@rule(SuggestionAnswered)
def answer_suggestion(note: Suggestion | None, fact: SuggestionAnswered, act: Act) -> None:
    must_exist(note, act)
    assert note is not None
    must_stand(note, (WAITING,), _("答复"))


@rule(PolicyAdopted)
def adopt_policy(policy: Policy | None, fact: PolicyAdopted, act: Act) -> None:
    if act.subject != f"R-{fact.name}":
        raise Refused(
            _("规矩 {name} 不能记在 {code} 名下"), remedy=_("核对名称。"), name=fact.name, code=act.subject
        )
    load(fact.name, fact.text)
