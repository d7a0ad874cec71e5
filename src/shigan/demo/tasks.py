"""The stories of tasks on the wall chart, and the units that fill in a year's progress at its end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from shigan.demo.days import FIRST, moment, some_day, workday
from shigan.demo.scene import Batch, Scene, Story, Thread
from shigan.demo.words import Matter
from shigan.facts.tasks import TaskFinished, TaskProgressed, TaskSet
from shigan.facts.units import UnitKind

PILE = date(2025, 12, 17), date(2025, 12, 31)
"""When those who rush fill in everything."""

PILED = 30
"""How many tasks they fill in so: enough to stand out beside the year's figures."""


def planned(scene: Scene) -> list[tuple[datetime, str, bool]]:
    """Moment, unit and whether the unit rushes, for every task of the year."""
    random = scene.random
    units = [u.code for u in scene.land.appraised()] + [u.code for u in scene.land.of_kind(UnitKind.VILLAGE)]
    weights = [4 if scene.land.units[code].kind is not UnitKind.VILLAGE else 1 for code in units]
    tasks = [
        (moment(some_day(random), random), unit, False)
        for unit in random.choices(units, weights, k=scene.number(720))
    ]
    for unit in sorted(scene.plan.rush):
        tasks += [
            (moment(workday(FIRST, number % 3), random), unit, True)
            for number in range(round(scene.strength(unit, PILED)))
        ]
    return tasks


def told(scene: Scene, code: str, task: tuple[datetime, str, bool]) -> Story:
    """A task from its setting to its end."""
    now, unit, rushes = task
    random, matter = scene.random, scene.matter(unit)
    thread = Thread(scene, code, unit, now)
    length = (PILE[1] - thread.day).days if rushes else random.randint(60, 240)
    due = thread.day + timedelta(days=length)
    led = scene.land.led_by(unit)
    owner = random.choice(led).code if led else ""
    text = matter.say("task", random, thread.day)
    fact = TaskSet(project=matter.category, text=text, start=thread.day, due=due, owner=owner)
    yield thread.write(scene.officer(), fact)
    author = scene.clerk(unit)
    if rushes:
        yield from _rushed(scene, thread)
        return
    steps = random.randint(4, 9)
    for _ in range(steps):
        thread.after(max(5, length // steps - 8), length // steps + 6, author.by_unit)
        yield thread.write(author, TaskProgressed(text=matter.say("progress", random, thread.day)))
    if random.random() < 0.85:
        thread.after(2, 30, author.by_unit)
        yield thread.write(author, _finished(scene, matter, thread.day))


def _rushed(scene: Scene, thread: Thread) -> Iterator[Batch]:
    """All progress and the end within the last two weeks of the year."""
    author, random = scene.clerk(thread.unit), scene.random
    matter = scene.matter(thread.unit)
    for day in sorted(some_day(random, *PILE) for _ in range(5)):
        thread.at(day, "")
        yield thread.write(author, TaskProgressed(text=matter.say("progress", random, thread.day)))
    thread.after(0, 1, "")
    yield thread.write(author, _finished(scene, matter, thread.day))


def _finished(scene: Scene, matter: Matter, day: date) -> TaskFinished:
    result, evidence = (matter.say(rule, scene.random, day) for rule in ("result", "evidence"))
    return TaskFinished(result=result, evidence=evidence)
