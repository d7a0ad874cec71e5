"""A witness cosigns what only grew, and keeps what convicts a ledger that did not."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shigan.facts.faults import Fault
from shigan.ledger import note, witness
from shigan.ledger.note import COSIGNATURE, Key
from shigan.ledger.proof import Growth, read_growth
from tests.ledger.making import KEY, Log

AT = 1_750_000_000


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A new witness."""
    witness.new(tmp_path / "w", "jijian.example", KEY)
    return tmp_path / "w"


def on_a_stick(path: Path, growth: Growth) -> Path:
    path.write_text(growth.text())
    return path


def test_a_ledger_that_grows_is_cosigned_by_export_and_by_proof(desk: Path, tmp_path: Path) -> None:
    log = Log().grow(300)
    first = witness.look(desk, log.write(tmp_path / "out"), AT)
    log.grow(9)
    second = witness.look(desk, on_a_stick(tmp_path / "proof", log.growth(300)), AT + 60)
    key = note.read_key((desk / witness.OWN).read_text(), COSIGNATURE)
    assert (witness.cosigned(first, key), witness.cosigned(second, key)) == (AT, AT + 60)
    assert note.holds(second, KEY), "the ledger's own signature stays"
    assert witness.look(desk, on_a_stick(tmp_path / "again", log.growth(309)), AT + 90).startswith(KEY.name)


def test_a_cosignature_is_that_of_the_specification() -> None:
    """tlog-cosignature: type 4, the time in 8 bytes, `cosignature/v1` and `time` before the text."""
    secret = Ed25519PrivateKey.from_private_bytes(bytes(32))
    key = Key("w.example", secret.public_key().public_bytes_raw(), COSIGNATURE)
    both = witness.cosign(Log().grow(1).notes[0], key, secret.sign, AT)
    text, below = note.split(both)
    raw = base64.b64decode(both.splitlines()[-1].split(" ")[-1])
    assert len(below) == 2 and raw[4:12] == AT.to_bytes(8, "big")
    secret.public_key().verify(raw[12:], f"cosignature/v1\ntime {AT}\n{text}".encode())
    assert str(key).startswith("w.example+") and note.read_key(str(key), COSIGNATURE) == key
    assert witness.cosigned(both.replace("\n1\n", "\n2\n"), key) is None


def test_a_rollback_of_the_whole_database_is_refused_and_kept_as_evidence(desk: Path, tmp_path: Path) -> None:
    witness.look(desk, Log().grow(10).grow(5).write(tmp_path / "new"), AT)
    with pytest.raises(Fault, match="15 条退回到 10 条"):
        witness.look(desk, Log().grow(10).write(tmp_path / "old"), AT)
    assert len(list((desk / witness.EVIDENCE).iterdir())) == 2
    assert "\n15\n" in (desk / witness.LAST).read_text(), "it keeps what it knew"


@pytest.mark.parametrize("count", [10, 17, 300])
def test_a_fork_is_refused_by_export_and_by_proof(desk: Path, tmp_path: Path, count: int) -> None:
    witness.look(desk, Log().grow(10).write(tmp_path / "one"), AT)
    fork = Log("另").grow(count)
    for given in (fork.write(tmp_path / "two"), on_a_stick(tmp_path / "proof", fork.growth(10))):
        with pytest.raises(Fault, match="没有接着"):
            witness.look(desk, given, AT)


def test_two_witnesses_that_were_shown_two_histories_prove_it(tmp_path: Path) -> None:
    one, same, other = Log().grow(10), Log().grow(10).grow(4), Log("另").grow(10).grow(4)
    assert witness.compare(one.notes[0], same.notes[0], KEY) == witness.SAME
    assert witness.compare(one.notes[0], other.notes[0], KEY) == witness.SPLIT
    assert witness.compare(one.notes[0], other.notes[1], KEY) == witness.UNKNOWN
    assert witness.compare(other.notes[1], one.notes[0], KEY, other.write(tmp_path / "o")) == witness.SPLIT
    assert witness.compare(one.notes[0], same.notes[1], KEY, same.write(tmp_path / "s")) == witness.SAME
    proof = on_a_stick(tmp_path / "p", same.growth(10))
    assert witness.compare(one.notes[0], same.notes[1], KEY, proof) == witness.SAME


def test_what_another_key_signed_is_refused(desk: Path, tmp_path: Path) -> None:
    swapped = Log().grow(10, Ed25519PrivateKey.from_private_bytes(bytes(32)))
    with pytest.raises(Fault, match="签名不对"):
        witness.look(desk, swapped.write(tmp_path / "out"), AT)


def test_the_first_look_needs_the_whole_ledger(desk: Path, tmp_path: Path) -> None:
    log = Log().grow(3).grow(4)
    with pytest.raises(Fault, match="第一次"):
        witness.look(desk, on_a_stick(tmp_path / "p", log.growth(3)), AT)
    assert witness.look(desk, on_a_stick(tmp_path / "p", log.growth(0)), AT)


def test_a_tile_that_was_changed_is_refused(desk: Path, tmp_path: Path) -> None:
    folder = Log().grow(10).write(tmp_path / "out")
    tile = folder / "tile/0/000.p/10"
    tile.write_bytes(bytes(32) + tile.read_bytes()[32:])
    with pytest.raises(Fault, match="瓦片与封存点不符"):
        witness.look(desk, folder, AT)


def test_a_witness_whose_kept_checkpoint_was_replaced_says_so(desk: Path, tmp_path: Path) -> None:
    folder = Log().grow(10).write(tmp_path / "out")
    (desk / witness.LAST).write_text(Log("另").grow(2).notes[0])
    with pytest.raises(Fault, match="被换过"):
        witness.look(desk, folder, AT)


@pytest.mark.parametrize("name", ["", "a b", "a+b"])
def test_names_that_a_note_cannot_carry_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(Fault, match="不可用"):
        witness.new(tmp_path / "w", name, KEY)


def test_a_witness_is_never_made_over_another_and_its_key_is_its_own(desk: Path) -> None:
    assert (desk / witness.SECRET).stat().st_mode & 0o77 == 0
    with pytest.raises(Fault, match="不覆盖"):
        witness.new(desk, "w", KEY)


@pytest.mark.parametrize(
    "text", ["", "old 1", "old x\n\nn", "old 1\nAAAA\n\nn", "index 1\n\nn", "old -1\n\nn"]
)
def test_what_is_no_proof_is_refused_in_words(text: str) -> None:
    with pytest.raises(Fault, match="证明文件不可读"):
        read_growth(text)
