from __future__ import annotations

from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from shigan.box import signatures
from shigan.box.refusals import Refused
from tests.box.manifests import manifest

KEYS = [signatures.new(name) for name in ("监票人一", "监票人二", "监票人三")]
PLAN = manifest(scrutineers=[{"name": k["name"], "key": k["key"]} for k in KEYS], needed=2)
RESULT: dict[str, Any] = {"format": "shigan/box/result/1", "election": "B0001", "manifest": PLAN.digest}


def test_a_signature_holds_for_this_result_alone() -> None:
    signed = signatures.sign(RESULT, KEYS[0])
    assert signatures.verify(RESULT, signed)
    assert not signatures.verify(RESULT | {"paper": 1}, signed)


def test_another_library_accepts_the_signature() -> None:
    signed = signatures.sign(RESULT, KEYS[0])
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(signed["key"]))
    key.verify(bytes.fromhex(signed["signature"]), signatures.message(RESULT))


def test_the_seed_is_in_the_key_file_and_nowhere_else() -> None:
    assert KEYS[0]["seed"] not in str(signatures.sign(RESULT, KEYS[0]))
    assert len({each["seed"] for each in KEYS}) == 3


@pytest.mark.parametrize(
    "changes",
    [
        {"signature": "00" * 64},
        {"signature": "zz"},
        {"signature": None},
        {"key": KEYS[1]["key"]},
        {"result": "00" * 32},
        {"format": "x"},
    ],
)
def test_a_changed_signature_does_not_hold(changes: dict[str, Any]) -> None:
    assert not signatures.verify(RESULT, signatures.sign(RESULT, KEYS[0]) | changes)


@pytest.mark.parametrize("nonsense", [None, [], "x", {}, 7])
def test_what_is_no_signature_does_not_hold(nonsense: Any) -> None:
    assert not signatures.verify(RESULT, nonsense)
    assert signatures.signers(RESULT, PLAN, [nonsense]) == []


def test_two_scrutineers_are_enough_and_one_twice_is_not() -> None:
    first, second = (signatures.sign(RESULT, key) for key in KEYS[:2])
    assert not signatures.enough(RESULT, PLAN, [first, first])
    assert signatures.enough(RESULT, PLAN, [second, first])
    assert signatures.signers(RESULT, PLAN, [second, first]) == ["监票人一", "监票人二"]


def test_a_stranger_s_signature_counts_for_nobody_whatever_name_it_bears() -> None:
    stranger = signatures.sign(RESULT, signatures.new("监票人一"))
    assert signatures.verify(RESULT, stranger)
    assert signatures.signers(RESULT, PLAN, [stranger]) == []


def test_two_names_with_one_key_are_one_scrutineer() -> None:
    twice = [{"name": name, "key": KEYS[0]["key"]} for name in ("甲", "乙")]
    plan = manifest(scrutineers=twice, needed=2)
    result = RESULT | {"manifest": plan.digest}
    assert signatures.signers(result, plan, [signatures.sign(result, KEYS[0])]) == ["甲"]


def test_a_result_of_another_evaluation_is_signed_by_nobody_here() -> None:
    other = RESULT | {"manifest": "00" * 32}
    assert signatures.signers(other, PLAN, [signatures.sign(other, KEYS[0])]) == []


@pytest.mark.parametrize(
    "key",
    [None, {}, KEYS[0] | {"seed": "00"}, KEYS[0] | {"seed": KEYS[1]["seed"]}, KEYS[0] | {"name": 3}],
)
def test_a_damaged_key_file_is_refused(key: Any) -> None:
    with pytest.raises(Refused):
        signatures.sign(RESULT, key)


@pytest.mark.parametrize("name", ["", "  ", "名" * 51])
def test_a_key_wants_a_name(name: str) -> None:
    with pytest.raises(Refused):
        signatures.new(name)
