from __future__ import annotations

import copy
import random
from typing import Any

import pytest

from shigan.box import slips
from shigan.box.counting import commitment
from shigan.box.refusals import Refused
from shigan.maths import slips as codes
from tests.box.manifests import grid, manifest, pick, voters

PLAN = manifest()
CODES, PLAIN = slips.make(PLAN)
MADE = slips.read(PLAIN, PLAN)


def canaried(*typed: str) -> tuple[dict[str, Any], dict[str, Any], list[slips.ToCast]]:
    return slips.plan(typed or (CODES["A"][0], CODES["C"][3]), MADE, PLAN, random.Random(1))


def damaged(**changes: Any) -> dict[str, Any]:
    return copy.deepcopy(PLAIN) | changes


def test_as_many_codes_are_made_as_the_manifest_plans_and_all_differ() -> None:
    assert {name: len(own) for name, own in CODES.items()} == {"A": 9, "B": 14, "C": 44}
    assert len({code for own in CODES.values() for code in own}) == 67


def test_the_file_for_the_box_holds_hashes_and_no_code() -> None:
    text = str(PLAIN)
    assert not any(code in text or code.replace("-", "") in text for own in CODES.values() for code in own)


def test_every_slip_is_known_by_the_number_under_which_its_ballot_lies() -> None:
    code = CODES["B"][5]
    assert MADE.class_of[codes.nullifier(codes.stored(code, PLAN.election))] == "B"
    assert len(MADE.class_of) == 67


def test_the_order_of_the_list_tells_nothing_of_the_order_of_making() -> None:
    assert PLAIN["classes"]["C"]["hashes"] == sorted(PLAIN["classes"]["C"]["hashes"])


def test_a_class_without_slips_is_in_no_list() -> None:
    plan = manifest(classes=[voters("A", 8, 50, slips=0), voters("B", 12, 50, pool="")])
    made, plain = slips.make(plan)
    assert set(made) == set(plain["classes"]) == {"B"}
    slips.read(plain, plan)


@pytest.mark.parametrize(
    "changed",
    [
        damaged(format="shigan/box/slips/2"),
        damaged(more=1),
        damaged(classes={}),
        damaged(classes=PLAIN["classes"] | {"D": PLAIN["classes"]["A"]}),
        damaged(classes=PLAIN["classes"] | {"A": PLAIN["classes"]["A"] | {"root": "00" * 32}}),
        damaged(classes=PLAIN["classes"] | {"A": PLAIN["classes"]["A"] | {"count": 8}}),
        damaged(classes=PLAIN["classes"] | {"A": PLAIN["classes"]["A"] | {"hashes": "no list"}}),
        damaged(canaries={"A": 10}),
        damaged(canaries={"D": 1}),
        damaged(canaries={"A": 1}),
        damaged(commitment="ab" * 32),
        damaged(election="B0002"),
        damaged(manifest="00" * 32),
        [],
        None,
    ],
)
def test_a_changed_file_is_refused(changed: Any) -> None:
    with pytest.raises(Refused):
        slips.read(changed, PLAN)


def test_an_added_a_dropped_and_an_unsorted_hash_are_refused() -> None:
    good = PLAIN["classes"]["A"]["hashes"]
    for hashes in ([*good, "ff" * 32], good[:-1], good[::-1], [*good[:-1], good[-1].upper()]):
        own = PLAIN["classes"]["A"] | {"hashes": hashes}
        with pytest.raises(Refused, match=r"classes\.A"):
            slips.read(damaged(classes=PLAIN["classes"] | {"A": own}), PLAN)


def test_a_slip_cannot_belong_to_two_classes() -> None:
    plan = manifest(classes=[voters("A", 8, 50, pool=""), voters("B", 8, 50, pool="")])
    _codes, plain = slips.make(plan)
    plain["classes"]["B"] = plain["classes"]["A"]
    with pytest.raises(Refused, match="hashes"):
        slips.read(plain, plan)


def test_canaries_are_promised_and_open_as_promised() -> None:
    file, plain, to_cast = canaried()
    promised = slips.read(plain, PLAN)
    assert promised.canaries == {"A": 1, "B": 0, "C": 1}
    assert promised.commitment == commitment(file)
    opened = slips.check(file, promised, PLAN)
    assert sorted(opened.cast.values()) == sorted((each.voters, each.row) for each in to_cast)


def test_neither_the_promise_nor_the_opened_file_holds_a_code() -> None:
    file, plain, to_cast = canaried()
    assert not any(each.code in str(file) + str(plain) for each in to_cast)


def test_canaries_can_be_cast_and_look_like_ballots() -> None:
    plan = manifest(parts=[grid(10), pick(12, 3)])
    rows = [slips.row_like_voters(plan, random.Random(seed)) for seed in range(400)]
    assert all(plan.admits(row) and row != plan.blank for row in rows)
    marks = "".join(row[:50] for row in rows)
    assert 0.55 < marks.count("1") / len(marks) < 0.85, "mostly the first option, as people mark"
    assert all(mark in marks for mark in "1234")
    assert {row[50:].count("1") for row in rows} == {1, 2, 3}


@pytest.mark.parametrize(
    ("change", "to"),
    [(0, "00" * 32), (1, "B"), (2, "1" * 14 + "9")],
    ids=["another slip", "another class", "a mark that is no option"],
)
def test_opened_canaries_that_do_not_fit_the_promise_are_refused(change: int, to: str) -> None:
    file, plain, _ = canaried()
    file["slips"][0][change] = to
    with pytest.raises(Refused):
        slips.check(file, slips.read(plain, PLAN), PLAN)


def test_canaries_of_another_salt_or_too_few_or_none_are_refused() -> None:
    file, plain, _ = canaried()
    promised = slips.read(plain, PLAN)
    for other in (file | {"salt": "00" * 32}, file | {"slips": file["slips"][:1]}, None, {}, file | {"x": 1}):
        with pytest.raises(Refused):
            slips.check(other, promised, PLAN)
    assert slips.check(None, MADE, PLAN).cast == {}


def test_a_missing_and_a_changed_canary_are_found() -> None:
    file, plain, _ = canaried()
    opened = slips.check(file, slips.read(plain, PLAN), PLAN)
    first, second = opened.cast
    assert slips.wrong(opened, dict(opened.cast)) == ([], [])
    assert slips.wrong(opened, {first: opened.cast[first]}) == ([second], [])
    assert slips.wrong(opened, opened.cast | {first: ("A", PLAN.blank)}) == ([], [first])


@pytest.mark.parametrize(
    "typed",
    [
        [],
        ["no code"],
        [CODES["C"][0], codes.make(1)[0]],
        [CODES["C"][0], CODES["C"][0].lower()],
        CODES["A"][:2],
    ],
    ids=["none", "no code", "a foreign one", "one twice", "too many of a small class"],
)
def test_slips_that_cannot_become_canaries_are_refused_without_repeating_the_code(typed: list[str]) -> None:
    with pytest.raises(Refused) as refused:
        slips.plan(typed, MADE, PLAN)
    assert not any(code in str(refused.value) for code in typed)


def test_canaries_are_planned_once() -> None:
    _file, plain, _ = canaried()
    with pytest.raises(Refused, match="已经定了"):
        slips.plan([CODES["C"][9]], slips.read(plain, PLAN), PLAN)
