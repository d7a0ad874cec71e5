"""The county is of the size that was promised, visibly made up, and the same every time."""

from __future__ import annotations

from collections import Counter

import pytest

from shigan.demo.county import County, batches
from shigan.demo.ground import Ground, ground
from shigan.demo.words import read
from shigan.facts.units import Rank, UnitKind
from shigan.policy import Rulebook


@pytest.fixture(scope="module")
def land() -> Ground:
    return ground(2026, 1)


def test_the_county_has_the_size_of_a_real_one(land: Ground) -> None:
    kinds = Counter(unit.kind for unit in land.units.values())
    offices = kinds[UnitKind.DEPARTMENT] + kinds[UnitKind.INSTITUTION] + kinds[UnitKind.ENTERPRISE]
    assert (kinds[UnitKind.COUNTY], kinds[UnitKind.TOWNSHIP], kinds[UnitKind.VILLAGE]) == (1, 18, 320)
    assert 90 <= offices <= 110
    assert 950 <= sum(bool(person.group) for person in land.persons.values()) <= 1050


def test_every_team_has_a_head_and_five_to_eleven_members(land: Ground) -> None:
    for unit in land.appraised():
        team = land.team(unit.code)
        assert 5 <= len(team) <= 11, unit
        assert team[0].rank is Rank.HEAD


def test_every_group_is_large_enough_to_compare_and_has_a_scheme_of_the_rule_book(land: Ground) -> None:
    members = Counter(unit.group for unit in land.units.values())
    members.update(person.group for person in land.persons.values())
    rules = Rulebook.shipped()
    for group, (scheme, _words) in land.groups.items():
        rules.schemes.of(scheme)
        assert members[group] >= rules.appraisal.group_minimum.value, group


def test_units_stand_under_units_that_are_there(land: Ground) -> None:
    for unit in land.units.values():
        assert unit.parent in land.units or unit.kind is UnitKind.COUNTY


def test_names_are_unique_for_units_and_visibly_made_up_for_places(land: Ground) -> None:
    names = [land.names[code].name for code in land.units]
    assert len(set(names)) == len(names)
    made_up = set(read("county")["village_first"])
    for unit in land.of_kind(UnitKind.TOWNSHIP, UnitKind.VILLAGE):
        assert made_up & set(land.names[unit.code].name)
    assert land.names["U000"].name == "演示县"


def test_person_names_are_put_together_from_unusual_characters(land: Ground) -> None:
    data = read("county")
    names = {land.names[code].name for code in land.persons}
    for name in names:
        assert len(name) == 3 and name[0] in data["surnames"]
        assert name[1] in data["given_first"] and name[2] in data["given_second"]
    assert set("镕喆堃玥") <= set("".join(names)), "rare characters must be met by every page and font"


def test_ten_districts_are_ten_counties_with_codes_and_groups_of_their_own() -> None:
    one, two = ground(1, 1), ground(1, 2)
    assert len(two.units) == 2 * len(one.units)
    assert len(two.groups) == 2 * len(one.groups)
    names = [two.names[code].name for code in two.units]
    assert len(set(names)) == len(names)
    assert {unit.parent for unit in two.units.values()} - {""} <= two.units.keys()


def test_each_demo_log_in_is_a_code_with_a_name_in_a_unit(county: County) -> None:
    roles = {"officer", "leader", "clerk", "official", "auditor", "admin"}
    assert {account.role for account in county.accounts.values()} == roles
    codes = [account.code for account in county.accounts.values()]
    assert len(set(codes)) == len(codes)
    for account in county.accounts.values():
        assert account.code in county.names
        assert account.unit in county.land.units
    assert county.accounts["official"].code.startswith("P")


def test_the_same_seed_gives_the_same_drafts_and_another_seed_others() -> None:
    one, same, other = (list(batches(County(seed, 0.01))) for seed in (5, 5, 6))
    assert one == same
    assert one != other
