"""Every fact that holds words can be freed of them, and what is left is a fact still."""

from __future__ import annotations

from shigan.demo import county
from shigan.facts import from_plain, texts, to_plain
from shigan.facts.erasure import WIPED
from shigan.work.erasure import CODES, LASTING, TERMS, rest
from shigan.work.state import Refused


def test_every_kind_with_words_in_the_demo_county_can_be_erased() -> None:
    seen, refused = set(), set()
    for batch in county.batches(county.County(scale=0.02)):
        for draft in batch.drafts:
            fact, kind = draft.fact, type(draft.fact).__name__
            if kind in LASTING:
                continue
            try:
                left = rest(fact)
            except Refused:
                long = [t for t in texts(fact) if len(t) > 12]
                refused |= {kind} if long else set()
                continue
            seen.add(kind)
            assert from_plain(type(fact), to_plain(left)) == left
            assert not [t for t in texts(left) if len(t) > 12 and t != WIPED and not _kept(kind, fact, t)]
    assert {"ProblemRaised", "LetterAnswered", "VoiceHeard", "DutyReported", "DocumentRegistered"} <= seen
    assert refused <= {"RoutineGraded", "GroupFormed"} - seen


def _kept(kind: str, fact: object, text: str) -> bool:
    """Whether it is a term of the rules or a code, which stays."""
    names = CODES | {name for of, name in TERMS if of == kind}
    return any(getattr(fact, name, None) == text for name in names)
