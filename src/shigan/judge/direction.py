"""Which of two documents came first, and by what evidence (方向).

The evidence in its order: a title that passes the other on (转发, 印发); a number or 《title》 that is cited;
the date in the text or the number; the day it says it is in force from; words that came into use or went out
of use on a known day; the date of receipt or issue; the level of the organ; what was changed (`leaning`);
which holds all of the other. Dates of posting lie most often, so they come late. Each answer says which
evidence decided.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final, NamedTuple

from shigan.facts.documents import Level
from shigan.facts.faults import _
from shigan.judge.heads import Head, endings, head, same_number, year_of
from shigan.maths.reuse import normalized
from shigan.policy.documents import Eras


class Evidence(StrEnum):
    """What decided which document came first, strongest first."""

    TITLE = _("标题写明转发、印发")
    CITED = _("正文引用文号或标题")
    DATED = _("成文日期或文号年份")
    IN_FORCE = _("施行日期")
    WORDING = _("用词年代")
    POSTED = _("收发日期")
    LEVEL = _("机关层级")
    PLACES_LEVEL = _("同一处改成下级名称")
    GROWN = _("同一文本的增补")
    CONTAINED = _("一份完整包含另一份")
    NONE = _("没有依据，按登记先后")


LEVELS = tuple(Level)


@dataclass(frozen=True)
class Document:
    """A document to be compared. `name` is its code or file name; what is unknown is empty or None.

    `posted` is when it was issued or received, `position` its place in the ledger (−1: none).
    """

    name: str
    text: str
    title: str = ""
    number: str = ""
    dated: date | None = None
    posted: date | None = None
    level: str = ""
    kind: str = ""
    unit: str = ""
    issuer: str = ""
    position: int = -1
    length: int = 0
    special: bool = False
    asked_by: str = ""
    form: str = ""
    direction: str = ""
    head: Head = field(default_factory=Head)

    @classmethod
    def read(cls, name: str, text: str, **known: object) -> Document:
        """A document whose head is read from its text; what is `known` otherwise goes first."""
        said = head(text)
        told: dict[str, object] = {
            "title": said.title,
            "number": said.number,
            "dated": said.dated,
            "issuer": said.issuer,
        }
        told |= {key: value for key, value in known.items() if value not in ("", None)}
        return cls(name=name, text=text, head=said, **told)  # type: ignore[arg-type]

    @property
    def year(self) -> int | None:
        """The year of the document: of its date, else of its number."""
        return self.dated.year if self.dated else year_of(self.number)


NO_ERAS: Final = Eras(came={}, went={})


def evidence(
    later: Document, earlier: Document, *, eras: Eras = NO_ERAS, contained: bool = False
) -> Evidence:
    """By what `earlier` came before `later`. `eras`: words of known age, asked where a date is missing;
    `contained`: the later holds all of the earlier."""
    if _names(later.title, earlier):
        return Evidence.TITLE
    if _cites(later, earlier):
        return Evidence.CITED
    if _before(earlier.dated, later.dated) or _before(earlier.year, later.year):
        return Evidence.DATED
    if not (earlier.year and later.year):
        if _before(earlier.head.in_force, later.head.in_force):
            return Evidence.IN_FORCE
        if newness(earlier.text, eras) < newness(later.text, eras):
            return Evidence.WORDING
    if _before(earlier.posted, later.posted):
        return Evidence.POSTED
    if earlier.level and later.level and _rank(earlier) < _rank(later):
        return Evidence.LEVEL
    return Evidence.CONTAINED if contained else Evidence.NONE


def newness(text: str, eras: Eras) -> tuple[date, int]:
    """The day since which its youngest word is in use, and minus the number of words out of use: of two texts
    the one with more is the newer. A text is not older than its youngest word; no word is proof of age."""
    youngest = max(
        (words.since for words in eras.came.values() if any(word in text for word in words.value)),
        default=date.min,
    )
    return youngest, -sum(word in text for words in eras.went.values() for word in words.value)


class Card(NamedTuple):
    """What a document's place in the order rests on, without its text: plain values, to be kept as JSON.

    `key` are its dates (ISO), receipt, wording, level and name; `title` and `titles` are in normal form."""

    name: str
    key: tuple[str, str, str, int, int, str]
    number: str
    title: str
    cited: tuple[str, ...]
    titles: tuple[str, ...]

    @property
    def names(self) -> set[str]:
        """The titles that it names, and all numbers that it may mean."""
        return {*self.titles, *(end for cited in self.cited for end in endings(cited))} - {""}

    def cites(self, other: Card) -> bool:
        """Whether it names the other one by number or title."""
        return _known(self.cited, self.titles, other.number, other.title)


def card(document: Document, eras: Eras = NO_ERAS) -> Card:
    """The card of a document."""
    said = document.head
    titles = tuple(normalized(title).text for title in said.titles)
    title = normalized(document.title).text
    return Card(document.name, _key(document, eras), document.number, title, said.cited, titles)


def ordered(documents: Sequence[Document], eras: Eras = NO_ERAS) -> list[Document]:
    """The documents in the order in which the evidence puts them; the order given changes nothing.

    By date, receipt, wording, level and name; but whoever names another one in title or text comes after
    it. Where documents name one another in a circle, their dates decide."""
    return [documents[at] for at in order([card(document, eras) for document in documents])]


def order(cards: Sequence[Card]) -> list[int]:
    """The places of the cards in that order."""
    at_of = sorted(range(len(cards)), key=lambda at: cards[at].key)
    rows = [cards[at] for at in at_of]
    after, waiting = _named(rows)
    ready = [at for at in range(len(rows)) if not waiting[at]]
    found: list[int] = []
    done: set[int] = set()
    rest = iter(range(len(rows)))
    while len(found) < len(rows):
        at = heapq.heappop(ready) if ready else next(each for each in rest if each not in done)
        if at in done:
            continue
        done.add(at)
        found.append(at_of[at])
        for other in after.get(at, ()):
            waiting[other] -= 1
            if not waiting[other] and other not in done:
                heapq.heappush(ready, other)
    return found


def _named(rows: Sequence[Card]) -> tuple[dict[int, list[int]], list[int]]:
    """For each row the rows that name it, and how many rows each one names."""
    bearers = defaultdict[str, list[int]](list)
    for at, row in enumerate(rows):
        for name in {row.number, row.title}:
            bearers[name].append(at)
    after = defaultdict[int, list[int]](list)
    waiting = [0] * len(rows)
    for at, row in enumerate(rows):
        near = {n for name in row.names for n in bearers.get(name, ())}
        for other in sorted(near - {at}):
            if row.cites(rows[other]) and not rows[other].cites(row):
                after[other].append(at)
                waiting[at] += 1
    return after, waiting


def _key(document: Document, eras: Eras) -> tuple[str, str, str, int, int, str]:
    """Known dates in order; where only a number's year is known, its first day; unknown ones last."""
    year = document.year
    dated = document.dated or (date(year, 1, 1) if year else document.posted or date.max)
    youngest, gone = newness(document.text, eras) if dated == date.max else (date.min, 0)
    posted = document.posted or date.max
    days = (each.isoformat() for each in (dated, posted, youngest))
    return *days, gone, _rank(document), document.name  # type: ignore[return-value]


def _names(title: str, other: Document) -> bool:
    """Whether a title passes the other document on by its title or number."""
    plain, theirs = normalized(title).text, normalized(other.title).text
    relays = any(word in title for word in ("转发", "印发", "批转", "转"))
    return relays and len(theirs) > 6 and plain != theirs and theirs in plain


def _cites(document: Document, other: Document) -> bool:
    titles = (normalized(title).text for title in document.head.titles)
    return _known(document.head.cited, titles, other.number, normalized(other.title).text)


def _known(cited: Iterable[str], titles: Iterable[str], number: str, title: str) -> bool:
    """Whether a number or title stands among those that a document names."""
    if any(same_number(each, number) for each in cited):
        return True
    return len(title) > 6 and title in titles


def _before(one: date | int | None, other: date | int | None) -> bool:
    return one is not None and other is not None and one < other  # type: ignore[operator]


def _rank(document: Document) -> int:
    """The level as a number; an unknown one is below all."""
    return LEVELS.index(Level(document.level)) if document.level else len(LEVELS)
