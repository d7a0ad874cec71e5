"""A verdict in the words of a page: its sentence, its questions, its sources, its sentences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext

from shigan.judge.direction import Document
from shigan.judge.documents import Label, Source, Verdict
from shigan.judge.register import checks, copied
from shigan.judge.specificity import Sentence, Sign
from shigan.policy import Rulebook
from shigan.web import naming, rights
from shigan.web.figures import evidence_link
from shigan.web.pages.documents.marked import HUES, SIGNS, letter, pieces

STYLES: Final = {
    Label.COPIED: "stage-partly", Label.DUTIES: "stage-done", Label.SHORT: "stage-done",
    Label.OWN: "stage-claimed",
}  # fmt: skip

FEW: Final = 6
"""Fewer letters of one's own are none: what is left between passages."""


@dataclass(frozen=True)
class Named:
    """A document as an account may see it: of one beyond its scope only the unit is told."""

    document: Document
    seen: bool

    @property
    def title(self) -> str:
        """Its title, or whose it is."""
        if self.seen:
            return self.document.title or self.document.name
        return gettext("{unit}的一份文件").format(unit=naming.name(self.document.unit))

    @property
    def number(self) -> str:
        """Its number, else its code."""
        return (self.document.number or self.document.name) if self.seen else ""

    @property
    def link(self) -> str:
        """Its page."""
        return reverse("document", args=[self.document.name]) if self.seen else ""


@dataclass(frozen=True)
class Shown:
    """One source of a verdict."""

    nth: int
    source: Source
    named: Named
    parent: bool

    @property
    def label(self) -> str:
        """The letter that stands at its passages."""
        return letter(self.nth)

    @property
    def hue(self) -> int:
        """Its colour's number."""
        return self.nth % HUES


@dataclass(frozen=True)
class Told:
    """One sentence with the words that say who, when, how much, where, whom to ask."""

    words: str
    signs: tuple[tuple[str, str], ...]
    acts: bool


def named(user: object, document: Document) -> Named:
    """A document for an account."""
    return Named(document, rights.may(user, "see:D", document.unit))


def context(user: object, verdict: Verdict, rules: Rulebook) -> dict[str, Any]:
    """What `documents/verdict.html` shows."""
    own = verdict.part.sentences
    return {
        "verdict": verdict,
        "style": STYLES.get(verdict.label, ""),
        "summary": summary(user, verdict),
        "own_words": own_words(verdict),
        "checks": [each.sentence(gettext) for each in checks(verdict, rules)],
        "sources": [
            Shown(nth, source, named(user, source.document), source is verdict.parent)
            for nth, source in enumerate(verdict.sources)
        ],
        "pieces": pieces(verdict),
        "sentences": [told(each, verdict.document.text) for each in verdict.whole.sentences if each.signals],
        "unsaid": sum(not each.signals for each in verdict.whole.sentences),
        "own_said": sum(bool(each.signals) for each in own),
        "residues": [r for r in verdict.residues],
        "evidence": evidence_link(copied(verdict).evidence),
    }


def summary(user: object, verdict: Verdict) -> str:
    """`83% 与……相同`, or that nothing is."""
    if verdict.parent is not None:
        source = named(user, verdict.parent.document)
        words = gettext("{share}% 与以前的文件相同，主要来自 {source}")
        return words.format(share=f"{100 * verdict.share:.0f}", source=source.number or source.title)
    if verdict.mixed:
        words = gettext("{share}% 见于以前的多份文件，没有主要来源")
        return words.format(share=f"{100 * verdict.share:.0f}")
    return gettext("没有与以前文件相同的段落")


def own_words(verdict: Verdict) -> str:
    """What the own part does not say."""
    if sum(each.isalnum() for a, b in verdict.own for each in verdict.document.text[a:b]) < FEW:
        return gettext("没有自己的内容")
    lacking = [
        gettext(SIGNS[sign]) for sign in (Sign.WHO, Sign.WHEN, Sign.HOW_MUCH) if not _has(verdict, sign)
    ]
    said = gettext("自有部分 {n} 字").format(n=verdict.own_length)
    if not lacking:
        return gettext("{said}，写明了谁、何时、多少").format(said=said)
    return gettext("{said}，没有写明{lacking}").format(said=said, lacking=gettext("、").join(lacking))


def _has(verdict: Verdict, sign: Sign) -> bool:
    return verdict.part.count(sign) > 0


def told(sentence: Sentence, text: str) -> Told:
    """A sentence with its words."""
    signs = dict.fromkeys((gettext(SIGNS[s.sign]), text[s.start : s.end].strip()) for s in sentence.signals)
    return Told(text[sentence.start : sentence.end].strip(), tuple(signs), sentence.acts)
