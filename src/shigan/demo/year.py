"""The demo's year: all its stories, with codes in order of time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time
from typing import Protocol, TypeVar

from shigan.demo import (
    appraisal,
    boxes,
    decisions,
    documents,
    meetings,
    notes,
    problems,
    readings,
    tasks,
    visits,
)
from shigan.demo.days import END, START, moment
from shigan.demo.problems import Problem
from shigan.demo.scene import Scene, Story

Opening = tuple[datetime, Story]
"""A story and the moment from which it can be told."""


class _Coded(Protocol):
    code: str
    now: datetime


T = TypeVar("T", bound=_Coded)


def openings(scene: Scene) -> Iterator[Opening]:
    """Every story of the year."""
    yield datetime.combine(START, time(), UTC), notes.founding(scene)
    yield from _problems_visits_meetings(scene)
    for number, task in enumerate(sorted(tasks.planned(scene)), 1):
        yield task[0], tasks.told(scene, f"T{number:05d}", task)
    for number, day in enumerate(notes.suggestions(scene), 1):
        yield moment(day, scene.random), notes.suggested(scene, f"S{number:05d}", day)
    yield from _appraisal(scene)


def _problems_visits_meetings(scene: Scene) -> Iterator[Opening]:
    at_desks = problems.planned(scene)
    held = _numbered("M", meetings.planned(scene))
    walks = _numbered("V", [visit for visit in visits.planned(scene) if visit.now.date() <= END])
    noting = [visit for visit in walks if visit.notes_practice]
    for number, visit in enumerate(noting, 1):
        visit.practice = f"K{number:05d}"
    raised = [(meeting.code, meeting.problems) for meeting in held]
    raised += [(visit.code, visit.problems) for visit in walks]
    found = [_from(code, problem) for code, each in raised for problem in each]
    found = [problem for problem in found if problem.now.date() <= END]
    _numbered("Q", [*at_desks, *found])
    yield from ((problem.now, problems.told(scene, problem)) for problem in at_desks)
    yield from ((problem.now, problems.lived(scene, problem)) for problem in found)
    yield from ((meeting.start, meetings.told(scene, meeting)) for meeting in held)
    yield from ((visit.now, visits.told(scene, visit)) for visit in walks)
    yield from ((visit.now, visits.used(scene, visit)) for visit in noting)


def _from(code: str, problem: Problem) -> Problem:
    problem.origin = code
    return problem


def _appraisal(scene: Scene) -> Iterator[Opening]:
    who = appraisal.troubled(scene)
    yield from appraisal.results(scene)
    yield from appraisal.routine(scene)
    yield from appraisal.evaluations(scene)
    yield from appraisal.incidents(scene, who)
    yield from decisions.decided(scene, who.barred())
    yield from boxes.openings(scene)
    yield from documents.openings(scene)
    yield from readings.openings(scene)


def _numbered(letter: str, things: Sequence[T]) -> Sequence[T]:
    """The things in order of time, with their codes."""
    ordered = sorted(things, key=lambda thing: thing.now)
    for number, thing in enumerate(ordered, 1):
        thing.code = f"{letter}{number:05d}"
    return ordered
