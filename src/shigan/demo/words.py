"""The demo county's words: for each category of problem, what can be wrong, done, seen and said."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib import resources
from random import Random
from typing import Any

from shigan.demo.grammar import Grammar

FILES = ("village", "office")
BEFORE, AHEAD = (-2, -3, -4, -5), (1, 2, 3)
"""The months, counted from this one, that texts call past and to come."""
VILLAGE, TOWNSHIP, OFFICE = "村", "乡", "局"
"""The three ways of saying where; a category names those of the countryside it fits."""
NOT_WORDS = ("fits", "built", "matters", "marks")
"""What a category holds besides sentences: its kinds of unit, whether it is about building, its things with
what ails them, and the words by which a sentence is known to speak of a thing."""


@cache
def read(name: str) -> Mapping[str, Any]:
    """One of the word files, by its name without ending."""
    return tomllib.loads(resources.files("shigan.demo").joinpath(f"words/{name}.toml").read_text("utf-8"))


@dataclass(frozen=True, slots=True)
class Matter:
    """What one problem, visit or task is about: its thing and place stay the same from text to text."""

    category: str
    grammar: Grammar
    settled: dict[str, str]

    def say(self, rule: str, random: Random, day: date, **given: object) -> str:
        """A text of the rule as somebody would write it on `day`; days it tells of lie shortly before."""
        days = [told(day - timedelta(days=int(random.random() * back))) for back in (3, 9, 16)]
        before, ahead = ([str((day.month - 1 + n) % 12 + 1) for n in span] for span in (BEFORE, AHEAD))
        settled = self.settled | {key: str(value) for key, value in given.items()}
        return self.grammar.say(rule, random, settled, day=days, month=before, ahead=ahead)


def told(day: date) -> str:
    """A day as people write it: 3月5日."""
    return f"{day.month}月{day.day}日"


class Words:
    """All categories; `matter` picks something to write about."""

    def __init__(self) -> None:
        common = read("common")
        own = ("where", "who", "group")
        self._base = {
            kind: Grammar(common["common"], common["places"], {rule: common[rule][kind] for rule in own})
            for kind in (VILLAGE, TOWNSHIP, OFFICE)
        }
        self._any: Mapping[str, list[str]] = common["any"]
        self._built: Mapping[str, list[str]] = common["built"]
        self._categories = {name: table for file in FILES for name, table in read(file).items()}
        self._grammars: dict[tuple[str, str, str], Grammar] = {}

    def categories(self, kind: str) -> list[str]:
        """The categories that fit villages or townships; what an office deals with are its duties."""
        return [name for name, table in self._categories.items() if kind in table["fits"]]

    def matter(self, kind: str, random: Random, category: str = "") -> Matter:
        """Something of the category, or of any that fits the kind."""
        category = category or random.choice(self.categories(kind))
        thing = random.choice(list(self._categories[category]["matters"]))
        grammar = self._grammar(kind, category, thing)
        settled = {"thing": thing, "where": grammar.say("where", random), "n": str(random.randint(6, 90))}
        return Matter(category, grammar, settled)

    def _grammar(self, kind: str, category: str, thing: str) -> Grammar:
        key = kind, category, thing
        if key not in self._grammars:
            table = self._categories[category]
            rules = {name: table[name] for name in table if name not in NOT_WORDS}
            built = self._built if table.get("built") else {}
            for name, said in self._any.items():
                rules[name] = _about(table, name, thing) + said + built.get(name, [])
            self._grammars[key] = self._base[kind].over(rules | {"trouble": table["matters"][thing]})
        return self._grammars[key]


def _about(table: Mapping[str, Any], rule: str, thing: str) -> list[str]:
    """The sentences of a rule that do not speak of another thing of the category; twice, to weigh more than
    those that fit anything."""
    own = table["marks"][thing].split()
    other = [mark for each, marks in table["marks"].items() if each != thing for mark in marks.split()]
    return 2 * [
        said for said in table[rule]
        if any(mark in said for mark in own) or not any(mark in said for mark in other)
    ]  # fmt: skip
