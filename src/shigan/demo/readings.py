"""The stories of personal files: who read whose, what for; marked records asked for, opened, refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from shigan.demo.days import END, FIRST, OPENS, moment, some_day, workday
from shigan.demo.ground import OFFICE_UNIT, Person
from shigan.demo.scene import Batch, Scene, Story
from shigan.facts import Fact
from shigan.facts.readings import FilePart, FileRead, ReadingAsked, ReadingDeclined, ReadingGranted
from shigan.facts.units import UnitKind
from shigan.ledger.entry import COUNTY_TIME
from shigan.work.admit import Author, Draft

PURPOSES = ("年度考核", "任免和推荐", "登记和核对")
WHY = ("核对处分影响期是否已满", "拟任人选需核对不得评优的情形", "复核申请涉及病事假天数")
Step = tuple[datetime, Author, Fact]
Told = list[Step]
"""What happens to one reading: when, who, what."""


def openings(scene: Scene) -> Iterator[tuple[datetime, Story]]:
    """Every reading, with codes in order of time; its chance is its own, so that no other story changes."""
    random = Random(f"{scene.seed}/readings")
    found = [*_looks(scene, random), *_lists(scene, random)]
    found += [[step] for step in _reviewed(scene, random)]
    requests = list(_requests(scene, random))
    told = sorted([*found, *requests], key=lambda each: each[0][0])
    codes = {id(each): f"F{number:05d}" for number, each in enumerate(told, 1)}
    for each in told:
        yield each[0][0], _story(codes[id(each)], each)
    granted = next(each for each in requests if len(each) > 1 and isinstance(each[1][2], ReadingGranted))
    code, (asked, reader, fact) = codes[id(granted)], granted[0]
    assert isinstance(fact, ReadingAsked)
    opened = FileRead(about=fact.about, part=FilePart.MARKED, purpose=fact.purpose, grant=code)
    yield (
        asked + timedelta(hours=2),
        _story(f"F{len(told) + 1:05d}", [(asked + timedelta(hours=2), reader, opened)]),
    )


def _story(code: str, steps: Told) -> Story:
    for seq, (now, author, fact) in enumerate(steps):
        day = (now + COUNTY_TIME).date()
        yield Batch(author, now, (Draft(code, fact, steps[0][1].by_unit, day, seq),))


def _managed(scene: Scene) -> list[Person]:
    return [person for person in scene.land.persons.values() if person.group]


def _readers(scene: Scene) -> list[Author]:
    """The head of the department, its officers, an auditor."""
    auditor = scene.land.of_kind(UnitKind.DEPARTMENT)[2]
    officers = [Author(code, OFFICE_UNIT) for code in scene.land.officers[:-1]]
    return [*officers, Author(auditor.clerk, auditor.code)]


def _looks(scene: Scene, random: Random) -> Iterator[Told]:
    """Profiles looked at in the course of the year, some taken away."""
    people, readers = _managed(scene), _readers(scene)
    for _each in range(scene.number(240, 12)):
        person, reader = random.choice(people), random.choice(readers)
        form = random.choice(("", "", "", "docx", "pdf"))
        fact = FileRead(about=person.code, part=FilePart.PROFILE, purpose=random.choice(PURPOSES), form=form)
        if reader.by != person.code:
            yield [(moment(some_day(random), random), reader, fact)]


def _lists(scene: Scene, random: Random) -> Iterator[Told]:
    """Before the committee meets, the head looks at the board of every group."""
    for group in scene.land.groups:
        persons = tuple(sorted(p.code for p in _managed(scene) if p.group == group))
        if persons:
            fact = FileRead(about=group, part=FilePart.BOARD, purpose="年度考核", persons=persons)
            yield [(moment(workday(date(2026, 2, 5)), random), _readers(scene)[0], fact)]


def _reviewed(scene: Scene, random: Random) -> Iterator[Step]:
    """The file of the one who asked for a review was opened more than once."""
    person, readers = scene.land.reviewer(), _readers(scene)
    for days, reader, purpose, note in (
        (3, readers[1], "复核和申诉", "核对实绩依据"),
        (2, readers[0], "复核和申诉", ""),
        (1, readers[-1], "监督检查", ""),
    ):
        fact = FileRead(about=person.code, part=FilePart.PROFILE, purpose=purpose, note=note)
        yield moment(workday(END - timedelta(days=days)), random), reader, fact


def _requests(scene: Scene, random: Random) -> Iterator[Told]:
    """Marked records: one request granted, one refused, one that waits."""
    people, readers = _managed(scene), _readers(scene)
    grant = ReadingGranted(minutes=scene.rules.readings.approval_holds.value)
    refusal = ReadingDeclined(reason="画像里的结论已经够用，不必看原始记录")
    answers: tuple[Fact | None, ...] = (grant, refusal, None)
    days = (workday(FIRST, 120), workday(FIRST, 160), workday(END - timedelta(days=2)))
    for day, answer, why in zip(days, answers, WHY, strict=True):
        person = scene.land.reviewer() if answer is grant else random.choice(people)
        asked = datetime.combine(day, time(OPENS.hour, OPENS.minute), UTC) - COUNTY_TIME
        fact = ReadingAsked(about=person.code, purpose="监督检查", note=why)
        steps: Told = [(asked, readers[-1], fact)]
        if answer is not None:
            steps.append((asked + timedelta(hours=1), readers[1], answer))
        yield steps
