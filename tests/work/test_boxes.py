"""What may be sealed before an evaluation in the ballot box, and what may be published after it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from shigan.box import signatures
from shigan.box.canonical import digest
from shigan.facts import Fact
from shigan.facts.boxes import BoxClosed, BoxCount, BoxOpened
from shigan.facts.fact import from_plain, to_plain
from shigan.facts.faults import Fault
from shigan.facts.units import Identity, PersonPosted, Rank, UnitFounded, UnitKind
from shigan.policy import Rulebook, shipped
from shigan.work.admit import Author, Draft, admit
from shigan.work.boxes import PUBLISHED, SEALED, Box, closed, opened, result_of
from shigan.work.state import Refused, State
from tests.box import manifests as made_up
from tests.work import evaluation

NOW = datetime(2026, 11, 20, 1, tzinfo=UTC)
AUTHOR = Author("P0001", "U002")
CODE = "B0001"


class Office:
    """A unit, three officials, and evaluations that are sealed and published there."""

    def __init__(self, rules: Rulebook | None = None) -> None:
        self.rules, self.states = rules or Rulebook.shipped(), dict[str, State]()
        self.write("U003", UnitFounded(kind=UnitKind.DEPARTMENT), NOW)
        for code in made_up.codes(3):
            posted = PersonPosted(rank=Rank.DEPUTY, identity=Identity.CIVIL_SERVANT, in_team=True)
            self.write(code, posted, NOW)

    def write(self, code: str, fact: Fact, now: datetime, unit: str = "U003") -> State:
        draft = Draft(code, fact, unit, now.date())
        (made,) = admit([draft], AUTHOR, now, self.rules, self.states.get)
        self.states[code] = made.state
        return made.state

    def seal(self, plain: Mapping[str, Any], now: datetime = NOW, code: str = CODE) -> State:
        return self.write(code, evaluation.opening(plain), now)


@pytest.fixture
def office() -> Office:
    return Office()


PLAIN = evaluation.plain(NOW)
AFTER = evaluation.after(PLAIN)


def refused(office: Office, fact: Fact, now: datetime = NOW, code: str = CODE) -> str:
    with pytest.raises(Refused) as refusal:
        office.write(code, fact, now)
    return refusal.value.sentence()


def test_an_evaluation_is_sealed_before_and_published_after(office: Office) -> None:
    box = office.seal(PLAIN)
    assert isinstance(box, Box)
    assert (box.stage, box.topic, box.source) == (SEALED, PLAIN["title"], "领导干部民主测评")
    assert box.due is not None and box.digest == digest(PLAIN) and box.manifest.plain == PLAIN
    assert office.write(CODE, evaluation.closing(PLAIN), AFTER).stage == PUBLISHED


def test_the_published_fact_is_the_result_file_itself(office: Office) -> None:
    box = office.seal(PLAIN)
    assert isinstance(box, Box)
    given = evaluation.result(evaluation.notice(PLAIN), evaluation.rows(PLAIN, {"A": 3}))
    fact = closed(given, [])
    assert result_of(CODE, box.slips, fact) == given
    assert from_plain(BoxClosed, to_plain(fact)) == fact


def test_no_name_gets_into_the_ledger(office: Office) -> None:
    text = str(to_plain(evaluation.opening(PLAIN)))
    assert "P0001" in text and "示例" not in text
    who = [{"name": "某监票人", "key": evaluation.KEYS[0]["key"]}]
    assert "姓名不进台账" in refused(office, evaluation.opening(PLAIN | {"scrutineers": who, "needed": 1}))


def test_a_manifest_that_does_not_read_is_refused(office: Office) -> None:
    assert "不合要求" in refused(office, evaluation.opening(PLAIN | {"unit": 3}))
    good = evaluation.opening(PLAIN)
    assert "不是可读的 JSON" in refused(office, replace(good, manifest="{"))
    assert "与它的摘要不符" in refused(office, replace(good, digest="00" * 32))
    assert "与它的摘要不符" in refused(office, replace(good, manifest=" " + good.manifest))


def test_an_evaluation_is_sealed_under_its_own_code_once(office: Office) -> None:
    assert "编号" in refused(office, evaluation.opening(PLAIN), code="B0002")
    office.seal(PLAIN)
    assert "已经存在" in refused(office, evaluation.opening(PLAIN))


def test_nothing_is_sealed_once_voting_has_begun(office: Office) -> None:
    late = datetime.fromisoformat(PLAIN["opens"])
    assert "须在开始之前备案" in refused(office, evaluation.opening(PLAIN), late)


@pytest.mark.parametrize(
    "change",
    [
        {"title": "村级换届测评"},
        {"preset": "election"},
        {"parts": [made_up.grid() | {"title": "党委委员选举"}]},
    ],
)
def test_a_statutory_election_never_goes_into_the_box(office: Office, change: dict[str, Any]) -> None:
    said = refused(office, evaluation.opening(PLAIN | change))
    assert "不用于选举" in said and "纸质选票" in said


def test_unit_and_officials_must_be_known(office: Office) -> None:
    assert "没有单位 U009" in refused(office, evaluation.opening(PLAIN | {"unit": "U009"}))
    assert "没有 P0004" in refused(office, evaluation.opening(PLAIN | {"parts": [made_up.grid(4)]}))


def test_every_class_has_its_slips(office: Office) -> None:
    notice = evaluation.notice(PLAIN)
    del notice["slips"]["B"]
    assert "张数与方案不符" in refused(office, opened(notice))


@pytest.mark.parametrize("key", ["shares_from", "fine_from", "coarse_step", "fine_step", "comments_from"])
def test_a_rule_of_publication_that_is_weaker_than_the_policy_is_refused(office: Office, key: str) -> None:
    weaker = {**PLAIN["rule"], key: PLAIN["rule"][key] - 1}
    said = refused(office, evaluation.opening(PLAIN | {"rule": weaker}))
    assert "公布规则比规矩宽" in said and "本系统自设" in said


def test_a_stricter_rule_of_publication_is_good_and_a_stricter_policy_binds() -> None:
    Office().seal(PLAIN | {"rule": {**PLAIN["rule"], "nothing_below": 8}})
    text = shipped("publication").replace("[fewest]\nvalue = 3", "[fewest]\nvalue = 4")
    strict = Office(Rulebook.shipped().with_adopted("publication", text))
    assert "4 份" in refused(strict, evaluation.opening(PLAIN))


def test_nothing_is_published_before_the_end_nor_twice(office: Office) -> None:
    office.seal(PLAIN)
    fact = evaluation.closing(PLAIN)
    assert "不能提前公布" in refused(office, fact)
    office.write(CODE, fact, AFTER)
    assert "已公布" in refused(office, fact, AFTER)


def test_a_result_of_another_manifest_is_refused(office: Office) -> None:
    office.seal(PLAIN)
    other = evaluation.closing(PLAIN | {"title": "另一次测评"})
    assert "不是按备案的方案" in refused(office, other, AFTER)


def test_every_figure_is_under_the_digest_that_was_signed(office: Office) -> None:
    office.seal(PLAIN)
    fact = evaluation.closing(PLAIN)
    cell = replace(fact.cells[0], upper_low=0)
    for changed in (
        replace(fact, cells=(cell, *fact.cells[1:])), replace(fact, paper=1), replace(fact, root="00" * 32),
    ):  # fmt: skip
        assert "与它的摘要不符" in refused(office, changed, AFTER)


def test_one_canary_that_came_out_changed_spoils_the_whole_evaluation(office: Office) -> None:
    office.seal(PLAIN)
    said = refused(office, evaluation.closing(PLAIN, canaries={"cast": 3, "wrong": 1}), AFTER)
    assert "票箱里的票被动过" in said and "重新组织评议" in said


def count(**changes: int) -> dict[str, Any]:
    told = {
        "expected": 8, "present": 8, "handed": 8, "unused": 0, "canaries": 1, "tokens": 0, "returned": 8,
        "valid": 7, "blank": 1, "void": 0,
    }  # fmt: skip
    return {"voters": "A", **told, **changes}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"void": 1}, "不等于收回 8 张"),
        ({"present": 9}, "实到 9 多于应到 8"),
        ({"tokens": 1}, "合计 9 多于应到 8"),
        ({"handed": 7}, "收回 8 多于发出和网上领票合计 7"),
    ],
)
def test_counts_that_do_not_reconcile_are_told_with_their_numbers(
    changes: dict[str, int], words: str
) -> None:
    BoxCount(**count())
    with pytest.raises(Fault, match=words):
        BoxCount(**count(**changes))


def closing_with(changes: Mapping[str, int]) -> BoxClosed:
    """A signed result in which class A's counts are others."""
    made = evaluation.result(evaluation.notice(PLAIN), evaluation.rows(PLAIN, {}))
    made["counts"][0] |= changes
    return closed(made, [signatures.sign(made, key) for key in evaluation.KEYS])


def test_counts_must_fit_the_slips_and_the_manifest(office: Office) -> None:
    office.seal(PLAIN)
    assert "合计不等于制票 9 张" in refused(office, closing_with({"unused": 3}), AFTER)
    assert "合计不等于制票 9 张" in refused(office, closing_with({"canaries": 0, "unused": 1}), AFTER)
    assert "方案是 8 人" in refused(office, closing_with({"expected": 9}), AFTER)
    fewer = {"handed": 7, "unused": 1, "tokens": 1}
    assert "没有网上领票" in refused(office, closing_with(fewer), AFTER)


def test_the_leaves_of_the_box_are_ballots_and_canaries_and_nothing_else() -> None:
    with pytest.raises(Fault, match="对不上"):
        evaluation.closing(PLAIN, box={"root": "b0" * 32, "leaves": 99})


def test_more_than_the_manifest_allows_is_not_published(office: Office) -> None:
    office.seal(PLAIN)
    given = evaluation.result(evaluation.notice(PLAIN), evaluation.rows(PLAIN, {}))
    told = given["groups"][2]["cells"]
    given["groups"][0] |= {"cells": told}
    fact = closed(given, [signatures.sign(given, key) for key in evaluation.KEYS])
    assert "超过方案允许的范围" in refused(office, fact, AFTER)


def test_a_ballot_is_told_in_one_group_only(office: Office) -> None:
    office.seal(PLAIN)
    given = evaluation.result(evaluation.notice(PLAIN), evaluation.rows(PLAIN, {}))
    fact = closed(given | {"groups": given["groups"][:2]}, [])
    assert "正好分进一组" in refused(office, fact, AFTER)


def test_the_scrutineers_named_in_the_manifest_must_have_signed_this_result(office: Office) -> None:
    office.seal(PLAIN)
    assert "签名 1 个，方案要求 2 个" in refused(office, evaluation.closing(PLAIN, signers=1), AFTER)
    made = evaluation.result(evaluation.notice(PLAIN), evaluation.rows(PLAIN, {}))
    stranger = signatures.sign(made, signatures.new("P0003"))
    mine = signatures.sign(made, evaluation.KEYS[0])
    assert "不是方案里监票人" in refused(office, closed(made, [mine, stranger]), AFTER)
    other = signatures.sign(made | {"paper": 0}, evaluation.KEYS[1])
    assert "不是方案里监票人" in refused(office, closed(made, [mine, other]), AFTER)
    with pytest.raises(Fault, match="重复"):
        closed(made, [mine, mine])


def test_files_that_are_not_whole_are_told_by_name() -> None:
    with pytest.raises(Fault, match=r"notice\.json 不完整"):
        opened({"manifest": PLAIN})
    made = evaluation.result(evaluation.notice(PLAIN), evaluation.rows(PLAIN, {}))
    for key in made.keys() - {"format", "election", "slips"}:
        with pytest.raises(Fault, match=r"result\.json 不完整"):
            closed({k: v for k, v in made.items() if k != key}, [])


def test_a_manifest_as_large_as_may_be_fits_into_the_ledger() -> None:
    large = PLAIN | {"parts": [made_up.grid(200, 10)]}
    fact = evaluation.opening(large)
    assert isinstance(fact, BoxOpened) and len(fact.manifest) < 600_000
