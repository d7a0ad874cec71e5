"""Which of two documents came first, and by what evidence (方向).

The evidence in its order: a title that passes the other on (转发, 印发); a number or 《title》 that is cited;
the date in the text or the number; words that came into use or went out of use on a known day; the date of
receipt or issue; the level of the organ; which holds all of the other. Dates of posting lie most often, so
they come late. Each answer says which evidence decided.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

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
    WORDING = _("用词年代")
    POSTED = _("收发日期")
    LEVEL = _("机关层级")
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
    if not (earlier.year and later.year) and newness(earlier.text, eras) < newness(later.text, eras):
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


def ordered(documents: Sequence[Document], eras: Eras = NO_ERAS) -> list[Document]:
    """The documents in the order in which the evidence puts them; the order given changes nothing.

    By date, receipt, wording, level and name; but whoever names another one in title or text comes after
    it. Where documents name one another in a circle, their dates decide."""
    rows = sorted(documents, key=lambda document: _key(document, eras))
    after, waiting = _named(rows)
    ready = [at for at in range(len(rows)) if not waiting[at]]
    found: list[Document] = []
    done: set[int] = set()
    rest = iter(range(len(rows)))
    while len(found) < len(rows):
        at = heapq.heappop(ready) if ready else next(each for each in rest if each not in done)
        if at in done:
            continue
        done.add(at)
        found.append(rows[at])
        for other in after[at]:
            waiting[other] -= 1
            if not waiting[other] and other not in done:
                heapq.heappush(ready, other)
    return found


def _named(rows: Sequence[Document]) -> tuple[dict[int, list[int]], list[int]]:
    """For each row the rows that name it, and how many rows each one names."""
    numbers, titles = defaultdict(list), defaultdict(list)
    for at, row in enumerate(rows):
        numbers[row.number].append(at)
        titles[normalized(row.title).text].append(at)
    after: dict[int, list[int]] = defaultdict(list)
    waiting = [0] * len(rows)
    for at, row in enumerate(rows):
        near = {n for number in row.head.cited for end in endings(number) for n in numbers.get(end, ())}
        near |= {n for title in row.head.titles for n in titles.get(normalized(title).text, ())}
        for other in sorted(near - {at}):
            if _cites(row, rows[other]) and not _cites(rows[other], row):
                after[other].append(at)
                waiting[at] += 1
    return after, waiting


def _key(document: Document, eras: Eras) -> tuple[date, date, tuple[date, int], int, str]:
    """Known dates in order; where only a number's year is known, its first day; unknown ones last."""
    year = document.year
    dated = document.dated or (date(year, 1, 1) if year else document.posted or date.max)
    age = newness(document.text, eras) if dated == date.max else (date.min, 0)
    return dated, document.posted or date.max, age, _rank(document), document.name


def _names(title: str, other: Document) -> bool:
    """Whether a title passes the other document on by its title or number."""
    plain, theirs = normalized(title).text, normalized(other.title).text
    relays = any(word in title for word in ("转发", "印发", "批转", "转"))
    return relays and len(theirs) > 6 and plain != theirs and theirs in plain


def _cites(document: Document, other: Document) -> bool:
    if any(same_number(number, other.number) for number in document.head.cited):
        return True
    theirs = normalized(other.title).text
    return len(theirs) > 6 and any(normalized(title).text == theirs for title in document.head.titles)


def _before(one: date | int | None, other: date | int | None) -> bool:
    return one is not None and other is not None and one < other  # type: ignore[operator]


def _rank(document: Document) -> int:
    """The level as a number; an unknown one is below all."""
    return LEVELS.index(Level(document.level)) if document.level else len(LEVELS)
