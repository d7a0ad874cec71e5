"""事实: everything that can ever be written.

A kind of fact is for ever; fields are only added, with defaults.
"""

from __future__ import annotations

from typing import Final

from shigan.facts import (
    appraisal,
    boxes,
    documents,
    erasure,
    meetings,
    notes,
    problems,
    readings,
    tasks,
    units,
    visits,
)
from shigan.facts.fact import Fact, Field, Label, Part, fields, from_plain, texts, to_plain
from shigan.facts.faults import Fault

__all__ = [
    "KINDS",
    "Fact",
    "Fault",
    "Field",
    "Label",
    "Part",
    "fields",
    "from_plain",
    "texts",
    "to_plain",
]

_MODULES = (units, problems, visits, meetings, appraisal, tasks, notes, boxes, documents, erasure, readings)

KINDS: Final[dict[str, type[Fact]]] = {
    cls.__name__: cls
    for module in _MODULES
    for cls in vars(module).values()
    if isinstance(cls, type) and issubclass(cls, Fact) and cls.__module__ == module.__name__
}
"""The closed list of kinds, by class name; `tests/facts/kinds.lock` shows every change of it."""
