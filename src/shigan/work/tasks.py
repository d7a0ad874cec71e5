"""A task on the wall chart: set, progressing, finished."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from shigan.facts import Fact
from shigan.facts.faults import _
from shigan.facts.tasks import TaskFinished, TaskProgressed, TaskSet
from shigan.ledger.entry import Entry
from shigan.work.state import Act, Refused, State, base, must_be_new, must_exist, must_stand, replace, rule

SET, MOVING, FINISHED = _("未启动"), _("推进中"), _("已完成")


NEXT: dict[str, tuple[type[Fact], ...]] = {
    SET: (TaskProgressed, TaskFinished),
    MOVING: (TaskProgressed, TaskFinished),
    FINISHED: (),
}


@dataclass(frozen=True, kw_only=True)
class Task(State):
    """`since` is when the task was set; `start` and `end` are its dates on the chart."""

    text: str = ""
    owner: str = ""
    start: date | None = None
    deadline: date | None = None
    finished: date | None = None
    progress: str = ""
    result: str = ""


def fold(task: Task | None, entry: Entry) -> Task:
    """The task after one more entry."""
    fact = entry.fact
    if isinstance(fact, TaskSet):
        return Task(
            **base(entry),
            stage=SET,
            topic=fact.project,
            due=fact.due,
            text=fact.text,
            owner=fact.owner,
            start=fact.start,
            deadline=fact.due,
        )
    assert task is not None, entry.subject
    task = replace(task, seq=entry.seq)
    match fact:
        case TaskProgressed():
            return replace(task, stage=MOVING, progress=fact.text)
        case TaskFinished():
            return replace(task, stage=FINISHED, finished=entry.happened, due=None, result=fact.result)
    return task


@rule(TaskSet)
def set_task(task: Task | None, fact: TaskSet, act: Act) -> None:
    must_be_new(task)
    if act.look(act.unit) is None:
        raise Refused(_("没有单位 {unit}"), remedy=_("核对责任单位编号。"), unit=act.unit)


@rule(TaskProgressed, TaskFinished)
def move_task(task: Task | None, fact: TaskProgressed | TaskFinished, act: Act) -> None:
    must_exist(task, act)
    assert task is not None
    must_stand(task, (SET, MOVING), _("再记录进展"))
