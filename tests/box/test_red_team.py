"""Attacks on the count (design paper, A.7): what is found, and the one that arithmetic cannot find."""

import json
from hashlib import sha256
from math import comb
from pathlib import Path
from random import Random

import pytest

from shigan.box import closing
from shigan.box.canonical import canonical
from shigan.box.refusals import Refused
from shigan.box.slips import root
from shigan.box.verify import unlike_notice, verify
from shigan.maths import slips
from tests.box.attackers import (
    Bundle,
    after,
    closed_bundle,
    faults,
    rewrite,
    with_fitting_result,
)
from tests.box.ceremony import Case, case, close, everybody, tally, vote

OTHER = "2" * 15


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Case:
    return case(tmp_path_factory.mktemp("honest") / "box", canaries=3)


@pytest.fixture(scope="module")
def bundle(made: Case) -> Bundle:
    whole = closed_bundle(made)
    assert faults(whole) == []
    return whole


def real(bundle: Bundle) -> list[str]:
    """A ballot that is no canary and says something else than `OTHER`."""
    apart = {n for n, *_ in bundle["canaries"]["slips"]}
    leaf: list[str] = next(each for each in bundle["leaves"] if each[0] not in apart and each[4] != OTHER)
    return leaf


def test_a_row_changed_after_the_seal_is_found(bundle: Bundle) -> None:
    forged = after(bundle, lambda b: real(b).__setitem__(4, OTHER))
    assert "box-root" in faults(with_fitting_result(forged))


def test_a_ballot_dropped_after_the_seal_is_found(bundle: Bundle) -> None:
    forged = after(bundle, lambda b: b["leaves"].remove(real(b)))
    assert "box-root" in faults(with_fitting_result(forged))


def test_a_ballot_without_slip_or_token_is_found(bundle: Bundle) -> None:
    stranger = ["7" * 64, "00" * 16, "C", "net", OTHER]
    forged = after(bundle, lambda b: b.update(leaves=sorted([*b["leaves"], stranger])))
    assert "unknown-ballot" in faults(with_fitting_result(forged))


def test_unused_slips_that_an_insider_casts_are_found(tmp_path: Path) -> None:
    made = case(tmp_path / "box")
    with made.opened() as box:
        honest = everybody(made, box)
        handed = tally(made, honest)
        for code in [code for code in made.codes["C"] if code not in honest][:4]:
            vote(box, code, OTHER)
        made.hands.on(minutes=455)
        box.minute()
        box.do(lambda db: closing.enter_tally(db, made.manifest, handed))
        with pytest.raises(Refused, match="收到的票多于发出的票"):
            box.do(lambda db: closing.seal(db, box.folder))


def test_as_many_unused_slips_as_voters_stayed_away_can_be_cast_unseen(tmp_path: Path) -> None:
    """The limit of arithmetic: so the slips that are left are counted, and cut, before closing."""
    made = case(tmp_path / "box")
    with made.opened() as box:
        cast = everybody(made, box)
        counted = tally(made, cast)
        counted["C"]["handed"] += 1  # one voter took a slip home
        counted["C"]["unused"] -= 1
        vote(box, next(code for code in made.codes["C"] if code not in cast), OTHER)
        made.hands.on(minutes=455)
        box.minute()
        box.do(lambda db: closing.enter_tally(db, made.manifest, counted))
        box.do(lambda db: closing.seal(db, box.folder))


def _add_credential(bundle: Bundle) -> None:
    own = bundle["slips"]["classes"]["C"]
    own["hashes"] = sorted([*own["hashes"], "ab" * 32])
    own["count"] += 1
    own["root"] = root([bytes.fromhex(each) for each in own["hashes"]])


def _swap_credential(bundle: Bundle) -> None:
    """An unused slip gives way to one that the forger knows."""
    used = {leaf[0] for leaf in bundle["leaves"]}
    own = bundle["slips"]["classes"]["C"]
    spare = next(h for h in own["hashes"] if slips.nullifier(bytes.fromhex(h)).hex() not in used)
    own["hashes"] = sorted([*(each for each in own["hashes"] if each != spare), "ab" * 32])
    own["root"] = root([bytes.fromhex(each) for each in own["hashes"]])


def test_a_late_credential_is_found(bundle: Bundle) -> None:
    assert "slip-count" in faults(after(bundle, _add_credential))


def test_a_late_credential_in_the_place_of_an_unused_one_is_found_by_the_notice(
    made: Case, bundle: Bundle
) -> None:
    forged = after(bundle, _swap_credential)
    forged["result"]["slips"]["C"] = forged["slips"]["classes"]["C"]["root"]
    assert faults(forged) == []  # by itself the bundle adds up
    notice = (made.path / "notice.json").read_bytes()
    assert unlike_notice(bundle, notice, str) == []
    assert unlike_notice(forged, notice, str) == ["slip-root"]


def test_a_plan_that_was_changed_after_opening_is_found_by_the_notice(made: Case, bundle: Bundle) -> None:
    forged = after(bundle, lambda b: b["manifest"]["rule"].update(nothing_below=6))
    notice = (made.path / "notice.json").read_bytes()
    assert unlike_notice(forged, notice, str) == ["manifest"]


def test_a_published_count_that_was_edited_is_found(bundle: Bundle) -> None:
    forged = after(bundle, lambda b: b["result"]["groups"][-1]["cells"][0].update(upper=[95, 100]))
    assert faults(forged) == ["result"]


def test_every_attack_after_the_seal_makes_verify_fail(bundle: Bundle) -> None:
    forged = with_fitting_result(after(bundle, lambda b: real(b).__setitem__(4, OTHER)))
    assert verify(canonical(forged), (), str)


def _with_one_rewritten(made: Case, canary: bool) -> Bundle:
    with made.opened() as box:
        cast = everybody(made, box)
        own = made.to_cast[0]
        code, row = (own.code, own.row) if canary else next(iter(cast.items()))
        rewrite(made.path, made.n(code), OTHER if row != OTHER else "1" * 15)
        close(made, box, cast)
        whole: Bundle = json.loads((box.folder.out / "bundle.json").read_bytes())
        return whole


def test_a_row_changed_before_the_seal_by_a_corrupt_server_is_not_found_by_arithmetic(tmp_path: Path) -> None:
    assert faults(_with_one_rewritten(case(tmp_path / "box", canaries=3), canary=False)) == []


def test_a_row_changed_before_the_seal_is_found_when_it_is_a_canary(tmp_path: Path) -> None:
    forged = _with_one_rewritten(case(tmp_path / "box", canaries=3), canary=True)
    assert faults(forged) == ["canary-changed"]
    assert forged["result"]["canaries"] == {"cast": 3, "wrong": 1}


def test_a_box_that_learns_what_canaries_said_cannot_alter_that_to_fit(tmp_path: Path) -> None:
    forged = _with_one_rewritten(case(tmp_path / "box", canaries=3), canary=True)
    rows = {leaf[0]: leaf[4] for leaf in forged["leaves"]}
    forged["canaries"]["slips"] = [[n, voters, rows[n]] for n, voters, _row in forged["canaries"]["slips"]]
    forged["result"]["canaries"]["wrong"] = 0
    assert faults(forged) == ["commitment"]


def caught(ballots: int, canaries: int, rewritten: int) -> float:
    """1 - C(n, m) / C(n + k, m): that m rewritten of n + k hit one of k canaries at least."""
    return 1 - comb(ballots, rewritten) / comb(ballots + canaries, rewritten)


@pytest.mark.parametrize(
    ("ballots", "canaries", "rewritten", "chance"),
    [(120, 10, 5, 0.33), (120, 10, 10, 0.56), (120, 10, 20, 0.82), (120, 30, 10, 0.90), (60, 20, 5, 0.77)],
)
def test_canaries_catch_rewriting_as_often_as_the_formula_says(
    ballots: int, canaries: int, rewritten: int, chance: float
) -> None:
    assert caught(ballots, canaries, rewritten) == pytest.approx(chance, abs=0.01)
    random, times = Random(f"{ballots}/{canaries}/{rewritten}"), 4000
    hits = sum(min(random.sample(range(ballots + canaries), rewritten)) < canaries for _ in range(times))
    assert hits / times == pytest.approx(chance, abs=0.03)  # four standard errors


def test_canaries_catch_a_box_that_rewrites_at_random(bundle: Bundle) -> None:
    """The same through the whole count, with 3 canaries among 62 ballots."""
    random, times, found = Random(1), 200, 0
    for _ in range(times):
        forged = after(bundle, lambda b: None)
        for leaf in random.sample(forged["leaves"], 15):
            leaf[4] = OTHER if leaf[4] != OTHER else "1" * 15
        found += "canary-changed" in faults(forged)
    chance = caught(len(bundle["leaves"]) - 3, 3, 15)
    assert found / times == pytest.approx(chance, abs=4 * (chance * (1 - chance) / times) ** 0.5)


def test_the_notice_says_what_the_paper_on_the_wall_says(made: Case) -> None:
    """The digests that people compare by eye are those of the files."""
    notice = json.loads((made.path / "notice.json").read_bytes())
    assert sha256(canonical(notice["manifest"])).hexdigest() == made.manifest.digest
