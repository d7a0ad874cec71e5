"""The rule book that comes with the software."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from shigan.facts.appraisal import Area, RoutineGrade, Sanction
from shigan.facts.problems import LetterStep
from shigan.facts.units import UnitKind
from shigan.policy import NAMES, Rulebook, changes, load, numbers, shipped, version
from shigan.policy.number import UNITS, Number
from shigan.policy.publication import Detail
from shigan.policy.schemes import Subject

book = Rulebook.shipped()


def all_numbers() -> list[Number[Any]]:
    return [n for name in NAMES for n in numbers(getattr(book, name))]


def number(policy: object, name: str) -> Number[Any]:
    return next(n for n in numbers(policy) if n.name == name)


@pytest.mark.parametrize("name", NAMES)
def test_every_shipped_file_loads_and_says_its_name_and_title(name: str) -> None:
    policy = load(name, shipped(name))
    assert policy.about.name == name
    assert policy.about.title


def test_every_number_has_a_sentence_a_unit_a_source_and_a_date() -> None:
    for n in all_numbers():
        assert n.source and n.since and n.unit in UNITS, n.name
        assert "{" not in n.sentence(), n.name


def test_verified_appears_only_with_an_article_and_unverified_only_with_a_note() -> None:
    for n in all_numbers():
        assert n.article if n.verified else n.note, n.name


def test_only_laws_that_were_read_word_by_word_are_marked_verified() -> None:
    assert {n.source for n in all_numbers() if n.verified} == {"公务员法", "公职人员政务处分法"}


def test_no_name_appears_twice_in_one_policy() -> None:
    for name in NAMES:
        keys = [n.name for n in numbers(getattr(book, name))]
        assert len(keys) == len(set(keys))


def test_the_clocks_are_those_of_the_civil_servant_law() -> None:
    clocks = book.appraisal.clocks
    assert [
        clocks.review_request.value,
        clocks.review_answer.value,
        clocks.appeal_request.value,
        clocks.appeal_direct.value,
        clocks.appeal_decision.value,
        clocks.appeal_extension.value,
    ] == [30, 30, 15, 30, 60, 30]
    assert clocks.review_request.article == "第九十五条"


def test_the_periods_are_those_of_the_sanctions_law() -> None:
    effects = book.appraisal.effects
    law = {n: months.value for n, months in effects.items() if n.startswith("政务")}
    assert law == {"政务警告": 6, "政务记过": 12, "政务记大过": 18, "政务降级": 24, "政务撤职": 24}
    assert all(effects[n].verified for n in law)


def test_every_sanction_a_fact_can_name_has_its_effect_period() -> None:
    assert set(Sanction) <= book.appraisal.effects.keys()


def test_the_words_of_policy_are_those_of_the_facts() -> None:
    assert book.appraisal.fields.value == tuple(Area)
    assert book.appraisal.grades.routine.value == tuple(RoutineGrade)


def test_quotas_are_percentages_that_turn_into_shares() -> None:
    assert book.appraisal.quotas.civil_excellent.share == Decimal("0.2")
    with pytest.raises(TypeError):
        _ = book.problems.extensions.share


def test_two_thirds_stay_exact() -> None:
    assert book.meetings.quorum.value == Fraction(2, 3)
    assert "2/3" in book.meetings.quorum.sentence()


def test_a_look_at_papers_alone_does_not_close_a_problem() -> None:
    assert book.problems.closes("实地核验")
    assert not book.problems.closes("查阅材料")
    assert "查阅材料" in book.problems.methods()


def test_the_ladder_speaks_of_each_letter() -> None:
    days = [book.problems.overdue.of(step) for step in LetterStep]
    assert days == sorted(set(days))
    assert all(book.problems.answer.of(step) > 0 for step in LetterStep)


def test_small_groups_show_nothing_then_bands_then_shares() -> None:
    shown = [book.publication.detail(n) for n in (4, 5, 9, 10)]
    assert shown == [Detail.NOTHING, Detail.BANDS, Detail.BANDS, Detail.SHARES]


def test_a_kind_without_its_own_limit_is_late_after_the_common_one() -> None:
    assert book.ledger.late_after("VisitHeld") == 3
    assert book.ledger.late_after("DutyReported") == book.ledger.late.value


def test_a_villager_is_asked_for_nothing() -> None:
    villager = book.burden.roles["villager"]
    assert (villager.minutes_week.value, villager.minutes_month.value, villager.fields.value) == (0, 0, 0)


def test_the_expected_time_of_a_form_adds_up_its_fields() -> None:
    assert book.burden.expected([]) == 20
    assert book.burden.expected(["choice", "date"]) == 20 + 3 + 6


@pytest.mark.parametrize(
    "kind", [UnitKind.DEPARTMENT, UnitKind.TOWNSHIP, UnitKind.INSTITUTION, UnitKind.ENTERPRISE]
)
@pytest.mark.parametrize("subject", Subject)
def test_each_kind_of_unit_has_a_scheme_for_teams_and_for_leaders(kind: UnitKind, subject: Subject) -> None:
    (scheme,) = book.schemes.fitting(kind, subject)
    assert sum(scheme.weights().values()) == 1
    assert scheme.process_share() <= book.appraisal.process_cap.share
    assert book.schemes.of(scheme.name) is scheme


def test_who_does_not_know_is_counted_but_gets_no_points() -> None:
    for scheme in book.schemes.schemes:
        assert "不了解" in [o.name for o in scheme.options]
        assert "不了解" not in scheme.points()


def test_an_adopted_policy_changes_its_number_and_the_version_and_nothing_else() -> None:
    text = shipped("problems").replace("value = 30\n", "value = 20\n", 1)
    adopted = book.with_adopted("problems", text)
    ((before, after),) = changes(book.problems, adopted.problems)
    assert before and after and (before.value, after.value) == (30, 20)
    assert before.name == "at_once_days"
    assert adopted.version("problems") == version(text) != book.version("problems")
    assert adopted.version() != book.version()
    assert adopted.visits is book.visits
    assert book.problems.at_once_days.value == 30


def test_a_sentence_is_filled_with_value_and_unit() -> None:
    said = number(book.appraisal, "clocks.review_request").sentence()
    assert said == "干部对考核定为不称职等人事处理不服的，可自知道之日起 30 日内申请复核"
