"""A small grammar: rules are lists of sentences with holes, and one is picked for each hole.

`{thing}` picks one of the rule `thing`; `{3-80}` is a number from 3 to 80. Within one text a rule gives each
of its sentences once before it repeats one, so that three measures are three different ones.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any, Self, TypeVar

T = TypeVar("T")
HOLE = re.compile(r"\{(?:(\d+)-(\d+)|(\d+)|([a-z_]+))\}")

NOTHING: Mapping[str, str] = {}

Piece = str | tuple[int, int] | tuple[str]
"""Words, a range of numbers, or the name of a rule."""


class Grammar:
    """Rules by name. A later rule of the same name takes the place of an earlier one."""

    def __init__(self, *layers: Mapping[str, Sequence[str]]) -> None:
        self.rules: dict[str, tuple[tuple[Piece, ...], ...]] = {}
        for layer in layers:
            self.rules |= {name: tuple(_pieces(each) for each in layer[name]) for name in layer}

    def over(self, layer: Mapping[str, Sequence[str]]) -> Self:
        """A grammar with these rules on top."""
        grammar = type(self)(layer)
        grammar.rules = self.rules | grammar.rules
        return grammar

    def say(
        self, rule: str, random: Random, given: Mapping[str, str] = NOTHING, **lists: Sequence[str]
    ) -> str:
        """One text of a rule. `given` fills holes that are settled; a hole named in `lists` takes one of its
        items. Raises KeyError for an unknown rule."""
        words: list[str] = []
        _Saying(self.rules, random, given, lists, words).say(rule)
        return "".join(words)


class _Saying:
    """One text being said: which sentences of each rule it has used."""

    def __init__(
        self,
        rules: Mapping[str, tuple[tuple[Piece, ...], ...]],
        random: Random,
        given: Mapping[str, str],
        lists: Mapping[str, Sequence[str]],
        words: list[str],
    ) -> None:
        self.rules, self.random = rules, random.random
        self.given, self.lists, self.words = given, lists, words
        self.left: dict[str, list[Any]] = {}

    def say(self, rule: str) -> None:
        if rule in self.given:
            self.words.append(self.given[rule])
        elif rule in self.lists:
            self.words.append(self._turn(rule, self.lists[rule]))
        else:
            for piece in self._turn(rule, self.rules[rule]):
                self._piece(piece)

    def _piece(self, piece: Piece) -> None:
        if isinstance(piece, str):
            self.words.append(piece)
        elif len(piece) == 2:
            low, high = piece
            self.words.append(str(low + int(self.random() * (high - low + 1))))
        else:
            self.say(piece[0])

    def _turn(self, rule: str, choices: Sequence[T]) -> T:
        """One of the choices that this text has not used yet, as long as there are any."""
        left = self.left.get(rule)
        if not left:
            left = list(choices)
        chosen: T = left[int(self.random() * len(left))]
        self.left[rule] = [each for each in left if each != chosen]
        return chosen


def _pieces(sentence: str) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    at = 0
    for hole in HOLE.finditer(sentence):
        pieces.append(sentence[at : hole.start()])
        low, high, fixed, name = hole.groups()
        pieces.append((name,) if name else fixed or (int(low), int(high)))
        at = hole.end()
    return tuple(piece for piece in (*pieces, sentence[at:]) if piece)
