"""The demo's grammar and its words."""

from __future__ import annotations

from datetime import date
from random import Random

import pytest

from shigan.demo.grammar import Grammar
from shigan.demo.words import OFFICE, TOWNSHIP, VILLAGE, Words, read

DAY = date(2026, 5, 6)
RULES = (
    "raise", "goal", "measures", "progress", "result", "evidence", "found_good", "found_bad",
    "found_partly", "relapsed", "extend", "granted", "refused", "answer", "dropped_beyond",
    "dropped_means", "dropped_mistaken", "reopened", "kept", "broken", "promise", "topic", "opinion",
    "said", "praise_title", "practice", "used", "task", "duty", "routine_good", "routine_fair",
    "routine_poor", "statement", "review", "review_answer", "negative",
)  # fmt: skip


def test_holes_are_filled_with_rules_ranges_and_what_is_given() -> None:
    grammar = Grammar({"a": ["{b}有{3-3}户，{c}"], "b": ["甲村"]})
    assert grammar.say("a", Random(1), {"c": "已问过"}) == "甲村有3户，已问过"


def test_a_rule_gives_every_sentence_once_before_it_repeats_one() -> None:
    grammar = Grammar({"three": ["{step}{step}{step}"], "step": ["甲", "乙", "丙"]})
    assert all(set(grammar.say("three", Random(n))) == set("甲乙丙") for n in range(20))


def test_an_unknown_hole_is_told_and_not_left_in_the_text() -> None:
    with pytest.raises(KeyError):
        Grammar({"a": ["{nobody}"]}).say("a", Random(1))


def test_a_later_rule_takes_the_place_of_an_earlier_one() -> None:
    assert Grammar({"a": ["甲"]}).over({"a": ["乙"]}).say("a", Random(1)) == "乙"


def everything_said() -> list[str]:
    words, random, said = Words(), Random(1), []
    for kind in (VILLAGE, TOWNSHIP, OFFICE):
        for category in (*read("village"), *read("office")):
            for _ in range(12):
                matter = words.matter(kind, random, category)
                said += [matter.say(rule, random, DAY, months=3) for rule in RULES]
    return said


def test_no_text_keeps_a_hole_or_is_longer_than_the_shortest_limit_it_must_fit() -> None:
    for text in everything_said():
        assert "{" not in text and "}" not in text
        assert 0 < len(text) <= 500


def test_no_text_speaks_of_religion_or_ethnicity_or_names_a_person() -> None:
    said = "".join(everything_said())
    for word in ("宗教", "信教", "教堂", "寺", "清真", "民族", "汉族", "回族", "藏", "少数"):
        assert word not in said, word
    assert not any(title in said for title in ("先生", "女士", "某某"))


def test_problems_are_told_in_more_than_ten_thousand_ways() -> None:
    words, random = Words(), Random(2)
    texts = {words.matter(VILLAGE, random).say("raise", random, DAY) for _ in range(12_000)}
    assert len(texts) > 10_000


def test_what_is_wrong_belongs_to_the_thing_it_is_said_of() -> None:
    words, random = Words(), Random(3)
    for _ in range(200):
        matter = words.matter(VILLAGE, random, "供水")
        assert matter.settled["thing"] in matter.say("raise", random, DAY)
        if matter.settled["thing"] == "水表":
            assert "龙头" not in matter.say("found_bad", random, DAY)


def test_every_thing_of_every_category_has_what_ails_it_and_its_marks() -> None:
    for file in ("village", "office"):
        for name, table in read(file).items():
            assert table["matters"].keys() == table["marks"].keys(), name
