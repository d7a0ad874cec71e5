"""The vocabulary is closed: every change of it is a change of kinds.lock, which a reviewer sees.

`.venv/bin/python -m tests.facts.test_kinds` writes the lock anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import UnionType
from typing import Any, Union, get_args, get_origin

import pytest

from shigan.facts import KINDS, Fact, Part, fields
from shigan.facts.fact import base, inner
from shigan.work.things import THINGS

LOCK = Path(__file__).with_name("kinds.lock")


def vocabulary() -> str:
    """All kinds and their parts, a field a line."""
    lines = [line for name in sorted(KINDS) for line in told(KINDS[name])]
    parts = sorted(
        {part for kind in KINDS.values() for part in parts_of(kind)}, key=lambda part: part.__name__
    )
    return "\n".join([*lines, *(line for part in parts for line in told(part))]) + "\n"


def told(part: type[Part]) -> Iterator[str]:
    about = f" {part.ABOUT}" if issubclass(part, Fact) else ""
    yield f"{part.__name__}{about}"
    for field in fields(part):
        default = "" if field.required else f" = {field.default!r}"
        yield f"    {field.key}: {typed(field.type)}{default}"


def typed(hint: Any) -> str:
    if item := inner(hint):
        return f"[{typed(item)}]"
    if get_origin(hint) in (Union, UnionType):
        return " | ".join(typed(each) for each in get_args(hint))
    return str(hint.__name__)


def parts_of(kind: type[Part]) -> Iterator[type[Part]]:
    for field in fields(kind):
        hint = inner(field.type) or base(field.type)[0]
        if isinstance(hint, type) and issubclass(hint, Part):
            yield hint
            yield from parts_of(hint)


def test_the_vocabulary_is_the_one_that_was_reviewed() -> None:
    assert vocabulary() == LOCK.read_text("utf-8"), "python -m tests.facts.test_kinds"


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_has_a_name_a_meaning_and_things_it_speaks_of(name: str) -> None:
    kind = KINDS[name]
    assert kind.TITLE and kind.__doc__
    assert kind.ABOUT and set(kind.ABOUT.split()) <= THINGS.keys()


@pytest.mark.parametrize("name", KINDS)
def test_every_field_has_a_chinese_label(name: str) -> None:
    for part in (KINDS[name], *parts_of(KINDS[name])):
        for field in fields(part):
            assert any("\u4e00" <= c <= "\u9fff" for c in field.label.name), f"{name}.{field.key}"


def test_no_two_kinds_have_the_same_name() -> None:
    titles = [kind.TITLE for kind in KINDS.values()]
    assert len(titles) == len(set(titles))


if __name__ == "__main__":
    LOCK.write_text(vocabulary(), "utf-8")
