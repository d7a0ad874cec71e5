"""公文 of the demo county: honest notices, relays from the province down, collections, copies, red tape.

What is planted is known for every document, so that what the judges say can be counted as found, missed or
false. Last year's register was taken over without texts, so that this year's numbers have something beside.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any, Final, NamedTuple

from shigan.demo import papers
from shigan.demo.days import END, START, moment, some_day, workday
from shigan.demo.ground import OFFICE_UNIT, Unit
from shigan.demo.scene import Batch, Scene, Story
from shigan.demo.words import Matter
from shigan.facts.documents import (
    Direction,
    DocumentKind,
    DocumentRegistered,
    Form,
    Level,
    counted,
    text_digest,
)
from shigan.facts.units import UnitKind
from shigan.work.admit import Author, Draft

COPIED, RESIDUE, LONG, DEMAND = "copied", "residues", "length", "demands"
KINDS: Final[Mapping[str, str]] = {
    COPIED: "照抄没有自己的内容", RESIDUE: "残留别处的词", LONG: "超过字数", DEMAND: "要求报送、配套",
}  # fmt: skip
LEVELS: Final = {UnitKind.TOWNSHIP: Level.TOWNSHIP, UnitKind.VILLAGE: Level.VILLAGE}
PROVINCE, PREFECTURE = "演示省委组织部", "演示市委组织部"
"""Organs above the county, made up like it."""


@dataclass
class Paper:
    """A document before it is registered. `planted` are the kinds of misdeed in it; `code` is given once all
    are in order of time."""

    unit: str
    now: datetime
    title: str
    text: str
    number: str = ""
    kind: DocumentKind = DocumentKind.NOTICE
    direction: Direction = Direction.ISSUED
    level: Level = Level.COUNTY
    issuer: str = ""
    asked_by: str = ""
    length: int = 0
    dated: date = START
    planted: frozenset[str] = frozenset()
    code: str = ""

    def fact(self) -> DocumentRegistered:
        """As it is registered."""
        return DocumentRegistered(
            title=self.title, kind=self.kind, direction=self.direction, level=self.level,
            form=Form.NUMBERED if self.number else Form.BLANK, dated=self.dated, number=self.number,
            issuer=self.issuer, asked_by=self.asked_by, specimen=True, text=self.text,
            length=counted(self.text) if self.text else self.length,
            digest=text_digest(self.text) if self.text else "",
        )  # fmt: skip


@dataclass
class Writers:
    """Who writes what in a year: every call makes documents and keeps them in `made`."""

    scene: Scene
    random: Random
    made: list[Paper] = field(default_factory=list)
    numbers: Counter[str] = field(default_factory=Counter)

    def name(self, unit: str) -> str:
        return self.scene.land.names[unit].name

    def matter(self) -> Matter:
        return papers.matter_of(self.scene.words, self.random)

    def number(self, head: str, year: int) -> str:
        """The next number of a series."""
        self.numbers[f"{head}{year}"] += 1
        return f"{head}〔{year}〕{self.numbers[f'{head}{year}']}号"

    def series(self, unit: Unit) -> str:
        """The characters before a unit's numbers."""
        name = self.name(unit.code).removeprefix("县")
        return f"演{''.join(sign for sign in name if not sign.isdigit())[:8]}发"

    def issue(self, unit: Unit, title: str, text: str, day: date, **more: Any) -> Paper:
        """A document of a unit of its day, with number and signature."""
        number, name = self.number(self.series(unit), day.year), self.name(unit.code)
        whole = papers.paper(number, title, more.pop("to", "各有关单位"), text, name, day)
        level = LEVELS.get(unit.kind, Level.COUNTY)
        made = Paper(
            unit.code, moment(day, self.random), title, whole, number, level=level, dated=day, **more
        )
        self.made.append(made)
        return made

    def received(self, paper: Paper, unit: Unit, skip: int = 2) -> None:
        """The same paper in the register of who got it."""
        day = workday(paper.dated, skip)
        self.made.append(
            Paper(
                unit.code, moment(day, self.random), paper.title, paper.text, paper.number, paper.kind,
                Direction.RECEIVED, paper.level, paper.issuer or self.name(paper.unit), dated=paper.dated,
                planted=paper.planted & {LONG, DEMAND},
            )
        )  # fmt: skip

    def above(self, level: Level, issuer: str, title: str, text: str, day: date) -> Paper:
        """A document from above, as the county's organization department received it."""
        series = "演省组发" if level is Level.PROVINCE else "演市组发"
        number = self.number(series, day.year)
        whole = papers.paper(number, title, "各地各单位", text, issuer, day)
        came = moment(workday(day, 2), self.random)
        made = Paper(OFFICE_UNIT, came, title, whole, number, DocumentKind.NOTICE, Direction.RECEIVED, level,
                     issuer, dated=day)  # fmt: skip
        self.made.append(made)
        return made

    def day(self, start: date = date(2026, 1, 5), end: date = date(2026, 10, 9)) -> date:
        return some_day(self.random, start, end)

    def honest(self, unit: Unit, day: date | None = None, **more: Any) -> Paper:
        """A notice with its own facts."""
        matter, day = self.matter(), day or self.day()
        title = f"关于办好{matter.settled['where']}{matter.settled['thing']}有关事情的通知"
        place = self.name(self.random.choice(self.towns).code)
        text = papers.body(self.scene.words, matter, self.random, day, self.name(unit.code), place)
        return self.issue(unit, title, text, day, **more)

    def relay(self, unit: Unit, source: Paper, day: date, how: str) -> Paper:
        """A document handed on: `short`, with `duties` of its own, or `copied` whole with nothing added."""
        matter = self.matter()
        given = {"office": self.name(unit.code), "place": self.name(unit.code)}
        origin = source.text.split("\n")
        inner = "\n".join(origin[3:-3])
        title, planted = papers.relay_title(source.title), source.planted & {DEMAND}
        if how == "short":
            text, planted = matter.say("relayed", self.random, day), frozenset()
        elif how == "duties":
            said = dict.fromkeys(matter.say("duties", self.random, day, **given) for _ in range(4))
            text = "\n".join((matter.say("relayed", self.random, day), *said, inner))
        else:
            title = papers.plain_title(source.title).replace("关于", "关于认真", 1)
            planted = planted | {COPIED}
            text = "\n".join((inner, matter.say("relay_vague", self.random, day)))
        return self.issue(unit, title, text, day, asked_by=source.number, planted=planted,
                          kind=DocumentKind.RELAY)  # fmt: skip

    @property
    def towns(self) -> list[Unit]:
        return self.scene.land.of_kind(UnitKind.TOWNSHIP)

    def chain(self) -> None:
        """From the province over the prefecture and the county to some townships."""
        matter, day = self.matter(), self.day(end=date(2026, 8, 28))
        demand = self.random.random() < 0.4
        text = papers.body(self.scene.words, matter, self.random, day, PROVINCE, "各县")
        if demand:
            text += "\n" + matter.say("demand", self.random, day)
        title = f"关于解决{matter.settled['thing']}问题的通知"
        planted = frozenset({DEMAND} if demand else ())
        first = self.above(Level.PROVINCE, PROVINCE, title, text, day)
        first.planted = planted
        inner = f"{self.matter().say('relay_vague', self.random, day)}\n{text}"
        second = self.above(
            Level.PREFECTURE,
            PREFECTURE,
            papers.relay_title(title),
            inner,
            workday(day, self.random.randint(8, 12)),
        )
        second.planted = planted
        own = self.scene.land.units[OFFICE_UNIT]
        third = self.relay(own, second, workday(day, self.random.randint(16, 20)), "duties")
        self._towns(third, self.random.randint(2, 4), day)

    def _towns(self, source: Paper, many: int, day: date) -> None:
        for town in self.random.sample(self.towns, min(many, len(self.towns))):
            how = self.random.choice(("short", "duties", "copied"))
            self.relay(town, source, workday(day, self.random.randint(24, 32)), how)

    def mass(self) -> None:
        """One notice of the county that every village copies under its own head."""
        own = self.scene.land.units[OFFICE_UNIT]
        source = self.honest(own, date(2026, 3, 9), to="各乡镇、各村")
        for village in self.scene.land.of_kind(UnitKind.VILLAGE):
            self.relay(village, source, workday(date(2026, 3, 16), self.random.randint(0, 12)), "copied")

    def mosaic(self, unit: Unit, sources: list[Paper]) -> None:
        """A plan put together of parts of several documents, and of nothing else."""
        matter = self.matter()
        day = workday(max(source.dated for source in sources), 12)
        parts = [line for source in sources for line in source.text.split("\n")[4:-3] if "、" in line[:3]]
        parts = [f"{papers.ordinal(n)}、{line.partition('、')[2]}" for n, line in enumerate(parts, 1)]
        text = "\n".join((matter.say("mixed", self.random, day), *parts))
        title = f"{matter.settled['thing']}等几项工作的方案"
        self.issue(unit, title, text, day, kind=DocumentKind.PLAN, planted=frozenset({COPIED}))

    def wrong(self, unit: Unit, kind: str) -> None:
        """A notice with words left over from elsewhere, too many words, or a demand for more paper."""
        matter, day = self.matter(), self.day()
        title = f"关于抓好{matter.settled['where']}{matter.settled['thing']}的通知"
        place = self.name(self.random.choice(self.towns).code)
        text = papers.body(
            self.scene.words, matter, self.random, day, self.name(unit.code), place,
            papers.LIMIT if kind == LONG else 0,
        )  # fmt: skip
        if kind != LONG:
            text += "\n" + matter.say("left" if kind == RESIDUE else "demand", self.random, day)
        self.issue(unit, title, text, day, planted=frozenset({kind}))

    def last_year(self) -> None:
        """Last year's register, of which only heads were taken over."""
        taken = Counter(p.unit for p in self.made if p.direction is Direction.ISSUED)
        for code, count in sorted(taken.items()):
            unit = self.scene.land.units[code]
            for _ in range(max(0, count + self.random.choice((-1, 0, 0, 1, 1, 2)))):
                day = date(2025, 1, 6) + timedelta(days=self.random.randint(0, 310))
                matter = self.matter()
                title = f"关于{matter.settled['thing']}有关事项的通知"
                number, length = self.number(self.series(unit), 2025), self.random.randint(400, 3800)
                now = moment(workday(START + timedelta(days=1)), self.random)
                self.made.append(Paper(code, now, title, "", number, dated=day, length=length,
                                       level=LEVELS.get(unit.kind, Level.COUNTY)))  # fmt: skip


def planned(scene: Scene) -> list[Paper]:
    """The documents of the year in order of time, with their codes."""
    writers = Writers(scene, Random(f"{scene.seed}/documents"))
    offices = scene.land.of_kind(UnitKind.DEPARTMENT, UnitKind.INSTITUTION)
    random = writers.random
    honest = [writers.honest(random.choice(offices)) for _ in range(scene.number(90))]
    for _ in range(scene.number(14)):
        writers.chain()
    writers.mass()
    for source in random.sample(honest, min(len(honest), scene.number(24))):
        town = random.choice(writers.towns)
        writers.received(source, town)
        writers.relay(town, source, workday(source.dated, random.randint(4, 9)), "short")
    for _ in range(scene.number(12, 2)):
        writers.mosaic(random.choice(writers.towns), random.sample(honest, min(3, len(honest))))
    for kind, many in ((RESIDUE, 8), (LONG, 5), (DEMAND, 14)):
        for _ in range(scene.number(many, 2)):
            writers.wrong(random.choice(offices), kind)
    writers.last_year()
    ordered = sorted(
        (p for p in writers.made if p.now.date() <= END), key=lambda p: (p.now, p.number, p.unit)
    )
    for number, paper in enumerate(ordered, 1):
        paper.code = f"D{number:05d}"
    return ordered


def openings(scene: Scene) -> Iterator[tuple[datetime, Story]]:
    """Each document as a story of one entry; last year's are taken over by the department."""
    for paper in planned(scene):
        yield paper.now, _told(scene, paper)


def _told(scene: Scene, paper: Paper) -> Story:
    if paper.text and paper.unit != OFFICE_UNIT:
        author = scene.clerk(paper.unit)
    else:  # chance of one's own: other stories do not change when documents do
        officers = scene.land.officers[1:]
        author = Author(Random(f"{scene.seed}/{paper.code}").choice(officers), OFFICE_UNIT)
    county_day = (paper.now + timedelta(hours=8)).date()
    happened = county_day if paper.text else paper.dated
    yield Batch(author, paper.now, (Draft(paper.code, paper.fact(), paper.unit, happened),))


class Told(NamedTuple):
    """For one kind of misdeed, the codes found, missed, and raised falsely."""

    kind: str
    found: list[str]
    missed: list[str]
    false: list[str]

    def words(self) -> str:
        """A line for a terminal."""
        parts = (f"{len(codes)}{_few(codes)}" for codes in (self.found, self.missed, self.false))
        return f"  公文·{KINDS[self.kind]}：" + "；".join(
            f"{what} {part}" for what, part in zip(("查出", "漏查", "误报"), parts, strict=True)
        )


def _few(codes: list[str]) -> str:
    if not codes:
        return ""
    return f"（{'、'.join(codes[:5])}{'…' if len(codes) > 5 else ''}）"


def compared(made: Iterable[Paper], raised: Mapping[str, set[str]]) -> list[Told]:
    """What the judges raised (kinds by code of the documents that they judged) against what is planted."""
    planted = {paper.code: paper.planted for paper in made if paper.code in raised}
    return [
        Told(
            kind,
            [c for c, kinds in planted.items() if kind in kinds and kind in raised[c]],
            [c for c, kinds in planted.items() if kind in kinds and kind not in raised[c]],
            [c for c, kinds in planted.items() if kind not in kinds and kind in raised[c]],
        )
        for kind in KINDS
    ]
