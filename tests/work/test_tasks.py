"""Tasks on the wall chart: what follows what, and what is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shigan.facts import Fact
from shigan.facts.faults import Fault
from shigan.facts.tasks import TaskFinished, TaskProgressed, TaskSet
from shigan.work.state import Refused
from shigan.work.tasks import FINISHED, MOVING, NEXT, SET, Task
from tests.work.life import OFFICE, Life, after

TASK = TaskSet(project="供水改造", text="换十二公里旧管", start=after(0), due=after(60))
PROGRESS = TaskProgressed(text="换了四公里")
DONE = TaskFinished(result="全部换完", evidence="村口水压表")


def life() -> Life:
    made = Life("T00001")
    made.on(0, TASK, OFFICE)
    return made


def test_a_task_is_set_moves_and_is_finished() -> None:
    made = life()
    assert (made.now.stage, made.now.due, made.now.topic) == (SET, after(60), "供水改造")
    assert made.on(5, PROGRESS).stage == MOVING
    state = made.on(50, DONE)
    assert isinstance(state, Task)
    assert (state.stage, state.due, state.finished, state.deadline) == (FINISHED, None, after(50), after(60))


def test_a_task_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(Fault, match="早于开始日期"):
        TaskSet(project="供水改造", text="换管", start=after(2), due=after(1))


def test_a_task_for_an_unknown_unit_is_refused() -> None:
    with pytest.raises(Refused, match="没有单位 U777"):
        Life("T00002", unit="U777").on(0, TASK, OFFICE)


def test_a_task_is_set_once() -> None:
    with pytest.raises(Refused, match="已经存在"):
        life().on(1, TASK, OFFICE)


@pytest.mark.parametrize("fact", [PROGRESS, DONE])
def test_nothing_follows_a_finished_or_unknown_task(fact: Fact) -> None:
    made = life()
    made.on(5, DONE)
    with pytest.raises(Refused, match="已完成"):
        made.on(6, fact)
    with pytest.raises(Refused, match="没有 T00009"):
        Life("T00009").on(1, fact)


@given(st.lists(st.sampled_from([PROGRESS, DONE]), max_size=6))
def test_what_next_offers_is_admitted_and_nothing_else(facts: list[Fact]) -> None:
    made = life()
    for day, fact in enumerate(facts, start=1):
        offered = type(fact) in NEXT[made.now.stage]
        try:
            made.on(day, fact)
        except Refused:
            assert not offered
        else:
            assert offered
