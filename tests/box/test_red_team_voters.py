"""Attacks with credentials, at once and against the clock, on a box at work."""

import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from shigan.box import casting, closing, signatures, store, tokens
from shigan.box.phases import Phase
from shigan.box.refusals import Refused
from shigan.box.running import Box
from shigan.maths import blind, slips
from tests.box.attackers import remote_case, to_voting, token
from tests.box.ceremony import START, Case, case, close, everybody, tally, vote
from tests.maths.test_blind_vectors import KEY as STRANGER

FIRST, SECOND = "1" * 15, "2" * 15
CROWD = 100


@pytest.fixture
def made(tmp_path: Path) -> Case:
    return case(tmp_path / "box")


@pytest.fixture
def remote(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Case:
    return remote_case(tmp_path / "box", monkeypatch)


def cast_ballots(box: Box) -> list[store.Ballot]:
    return box.do(lambda db: list(store.cast_ballots(db)))


def crowd(what: Callable[[int], Any]) -> list[Any]:
    """A hundred threads that begin at the same moment; what each got, or its refusal."""
    ready, got = threading.Barrier(CROWD), [None] * CROWD

    def one(i: int) -> None:
        ready.wait()
        try:
            got[i] = what(i)
        except Refused as refusal:
            got[i] = refusal  # type: ignore[call-overload]

    threads = [threading.Thread(target=one, args=(i,)) for i in range(CROWD)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return got


# credentials


def test_a_slip_used_again_counts_once_and_the_last_time_counts(made: Case) -> None:
    code = made.codes["A"][0]
    with made.opened() as box:
        first = vote(box, code, FIRST)
        assert vote(box, code.replace("-", " ").lower(), SECOND) == first
        assert [own.row for own in cast_ballots(box)] == [SECOND]


def test_a_token_used_again_counts_once_and_the_last_time_counts(remote: Case) -> None:
    with remote.opened() as box:
        text = token(remote, box, "A")
        to_voting(remote)
        for row in (FIRST, SECOND, FIRST, SECOND):
            assert box.cast(box.credential("", text), row).result()
        assert [(own.voters, own.row) for own in cast_ballots(box)] == [("A", SECOND)]


def test_one_message_signed_twice_counts_once(remote: Case) -> None:
    """Two tokens of one message have different signatures and the same number."""
    with remote.opened() as box:
        message = tokens.message_for("B0001")
        one, other = token(remote, box, "A", message), token(remote, box, "A", message)
        to_voting(remote)
        for text in (one, other):
            assert box.cast(box.credential("", text), FIRST).result()
        assert one != other and len(cast_ballots(box)) == 1


def test_a_slip_of_another_election_opens_nothing(made: Case, tmp_path: Path) -> None:
    other = case(tmp_path / "other", election="B0002")
    with made.opened() as box:
        assert vote(box, other.codes["A"][0], FIRST) is None
        assert cast_ballots(box) == []


def test_a_token_of_another_election_opens_nothing_whatever_it_says_of_itself(remote: Case) -> None:
    with remote.opened() as box:
        foreign = token(remote, box, "A", tokens.message_for("B0002"))
        _name, rest = foreign.split(".", 1)
        to_voting(remote)
        assert box.credential("", foreign) is None
        assert box.credential("", f"B0002.{rest}") is None


def test_the_key_decides_the_class_of_a_token(remote: Case) -> None:
    with remote.opened() as box:
        text = token(remote, box, "B")
        to_voting(remote)
        credential = box.credential("", text)
        assert credential is not None and credential.voters == "B"
        box.cast(credential, FIRST).result()
        assert [own.voters for own in cast_ballots(box)] == ["B"]


def test_a_signature_asked_from_the_wrong_class_is_worth_nothing(remote: Case) -> None:
    """Who is entitled to B and blinds under A's key gets something that is no signature."""
    with remote.opened() as box:
        message, key = tokens.message_for("B0001"), remote.manifest.keys["A"]
        blinding = blind.blind(key, message)
        try:
            answer = box.sign("B0001", "B", blinding.message)
        except Refused:
            return  # the number lay above the other modulus
        with pytest.raises(blind.BadSignature):
            blind.finalize(key, message, answer, blinding.inverse)


def test_a_token_under_a_key_that_the_manifest_does_not_name_opens_nothing(remote: Case) -> None:
    message = tokens.message_for("B0001")
    blinding = blind.blind(STRANGER.public, message)
    answer = blind.blind_sign(STRANGER, blinding.message)
    signature = blind.finalize(STRANGER.public, message, answer, blinding.inverse)
    assert tokens.of_token(remote.manifest, tokens.text("B0001", message, signature)) is None


def test_a_client_takes_no_signature_under_a_key_of_its_own(remote: Case) -> None:
    """A server that gives each voter a key would know everybody: the client holds on to the manifest's."""
    message, key = tokens.message_for("B0001"), remote.manifest.keys["A"]
    blinding = blind.blind(key, message)
    other = STRANGER.public
    asked = other.data(int.from_bytes(blinding.message, "big") % other.n)
    answer = blind.blind_sign(STRANGER, asked)[-key.size :]
    with pytest.raises(blind.BadSignature):
        blind.finalize(key, message, answer, blinding.inverse)


@pytest.mark.parametrize("spoil", [lambda t: t[:-1], lambda t: t + "A", lambda t: t.swapcase(), lambda t: ""])
def test_a_damaged_token_opens_nothing(remote: Case, spoil: Callable[[str], str]) -> None:
    with remote.opened() as box:
        assert tokens.of_token(remote.manifest, spoil(token(remote, box, "A"))) is None


# at once


def test_no_more_tokens_are_signed_than_are_entitled_however_many_ask_at_once(remote: Case) -> None:
    key = remote.manifest.keys["A"]
    with remote.opened() as box:
        got = crowd(lambda _i: box.sign("B0001", "A", blind.blind(key, tokens.message_for("B0001")).message))
        assert sum(isinstance(each, bytes) for each in got) == 8
        assert sum(isinstance(each, Refused) for each in got) == CROWD - 8
        assert box.do(lambda db: casting.signed(db, "A")) == 8


def test_a_lost_answer_is_given_again_and_counts_once(remote: Case) -> None:
    blinded = blind.blind(remote.manifest.keys["A"], tokens.message_for("B0001")).message
    with remote.opened() as box:
        assert len(set(crowd(lambda _i: box.sign("B0001", "A", blinded)))) == 1
        assert box.do(lambda db: casting.signed(db, "A")) == 1


def test_of_a_hundred_ballots_at_once_on_one_slip_the_last_one_counts(made: Case) -> None:
    code, queue, order = made.codes["A"][0], threading.Lock(), list[str]()
    rows = [f"{i:015b}".replace("0", "2") for i in range(CROWD)]

    def one(i: int) -> bytes | None:
        with queue:
            order.append(rows[i])
            future = box.cast(box.credential(code, ""), rows[i])
        n: bytes | None = future.result()
        return n

    with made.opened() as box:
        assert set(crowd(one)) == {made.n(code)}
        assert [own.row for own in cast_ballots(box)] == [order[-1]]


# what is nobody else's fault


def test_a_job_that_breaks_takes_no_other_ballot_with_it(made: Case) -> None:
    def broken(db: sqlite3.Connection) -> None:
        db.execute("DELETE FROM ballot")
        raise KeyError

    with made.opened() as box:
        hold = threading.Event()
        first = box.writer.submit(lambda _db: hold.wait(10))
        bad: Future[None] = box.writer.submit(broken)
        good = [box.cast(box.credential(code, ""), FIRST) for code in made.codes["A"]]
        hold.set()
        assert first.result() and all(each.result() for each in good)
        assert isinstance(bad.exception(), KeyError)
        assert len(cast_ballots(box)) == len(good)


def test_voters_who_hang_up_do_not_stop_the_box(made: Case) -> None:
    with made.opened() as box:
        hold = threading.Event()
        box.writer.submit(lambda _db: hold.wait(10))
        gone = box.cast(box.credential(made.codes["A"][0], ""), FIRST)
        assert gone.cancel()
        hold.set()
        assert vote(box, made.codes["A"][1], FIRST)


def test_a_file_that_cannot_be_written_anew_does_not_stop_the_box(made: Case) -> None:
    with made.opened() as box:
        reader = sqlite3.connect(made.path / "box.sqlite", isolation_level=None)
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM ballot").fetchone()
        box.writer.db.execute("PRAGMA busy_timeout = 50")
        with pytest.raises(sqlite3.OperationalError):
            box.writer.vacuum()
        reader.close()
        assert vote(box, made.codes["A"][0], FIRST)


def test_no_ballot_that_was_on_its_way_comes_in_after_closing(made: Case) -> None:
    with made.opened() as box:
        held, hold, code = threading.Event(), threading.Event(), made.codes["A"][0]
        box.writer.submit(lambda _db: (held.set(), hold.wait(10)))
        assert held.wait(10)
        closer = threading.Thread(target=box.close)
        closer.start()
        while box.writer._jobs.empty():
            time.sleep(0.001)
        late = box.cast(box.credential(code, ""), FIRST)
        hold.set()
        closer.join()
        with pytest.raises(Refused, match="投票已截止"):
            late.result()
        assert cast_ballots(box) == []


# clocks


def test_setting_the_clock_while_the_box_runs_changes_nothing(made: Case) -> None:
    with made.opened() as box:
        for days in (-400, 400):
            made.hands.wall = START + timedelta(days=days)
            assert box.phase is Phase.VOTING
        made.hands.on(minutes=455)
        assert box.phase is Phase.CLOSED


def test_starting_again_with_the_clock_set_back_does_not_stretch_the_hours(made: Case) -> None:
    minutes = 0
    while minutes < 2_000:
        made.hands.wall = START
        with made.opened() as box:
            for _ in range(10):
                if box.phase is not Phase.VOTING:
                    break
                made.hands.on(minutes=1)
                box.minute()
                minutes += 1
            if box.phase >= Phase.CLOSED:
                break
    assert minutes <= 481


def test_starting_again_every_few_seconds_with_the_clock_set_back_does_not_either(made: Case) -> None:
    with made.opened() as box:
        made.hands.on(minutes=1)
        box.minute()
    for _start in range(481):
        made.hands.wall = START
        with made.opened() as box:
            made.hands.on(seconds=59)
            if box.phase is Phase.CLOSED:
                return
    raise AssertionError("the box never closed")


def test_nobody_loses_the_last_minute(made: Case) -> None:
    """The minutes that are counted do not fall on whole ones; the hours are those of the manifest."""
    made.hands.wall = START - timedelta(minutes=31, seconds=30)
    with made.opened() as box:
        for _ in range(481):
            made.hands.on(minutes=1)
            box.minute()
        assert made.hands.wall == made.manifest.closes - timedelta(seconds=30)
        assert box.phase.name == "VOTING"
        made.hands.on(minutes=1)
        assert box.phase is Phase.CLOSED


def test_a_closed_box_stays_closed_when_started_with_the_clock_set_back(made: Case) -> None:
    with made.opened() as box:
        made.hands.on(minutes=455)
        box.minute()
    made.hands.wall = START
    with made.opened() as box:
        assert box.phase is Phase.CLOSED
        with pytest.raises(Refused, match="投票已截止"):
            box.cast(box.credential(made.codes["A"][0], ""), FIRST)


def test_keys_are_gone_after_closing_and_no_token_is_signed(remote: Case) -> None:
    with remote.opened() as box:
        to_voting(remote)
        remote.hands.on(minutes=455)
        box.minute()
    assert not list((remote.path / "keys").iterdir())
    remote.hands.wall = START - timedelta(days=2)
    with remote.opened() as box, pytest.raises(Refused):
        token(remote, box, "A")


# signatures, folders


def _counted(made: Case, box: Box) -> dict[str, Any]:
    return close(made, box, everybody(made, box))


def test_forged_signatures_do_not_publish(made: Case) -> None:
    with made.opened() as box:
        result = _counted(made, box)
        mine, stranger = made.scrutineers[0], signatures.new("监票人2")
        good = signatures.sign(result, mine)
        other = signatures.sign(result | {"paper": 1}, made.scrutineers[1])
        for forged in (
            signatures.sign(result, stranger),
            signatures.sign(result, stranger) | {"key": made.scrutineers[1]["key"]},
            other,
            other | {"result": good["result"]},
            good | {"name": "监票人2"},
            good | {"key": made.scrutineers[1]["key"]},
            good,
            {"key": "../../x"},
            None,
        ):
            with pytest.raises(Refused, match="签名不足"):
                box.do(lambda db, forged=forged: closing.publish(db, box.folder, [good, forged]))
        assert not list(box.folder.out.glob("signature-*"))


def test_what_is_handed_in_beside_good_signatures_is_not_written(made: Case) -> None:
    with made.opened() as box:
        result = _counted(made, box)
        good = [signatures.sign(result, key) for key in made.scrutineers[:2]]
        strange: list[Any] = [None, {"key": "/../../x"}, signatures.sign(result, signatures.new("某人"))]
        box.do(lambda db: closing.publish(db, box.folder, [*strange, *good]))
        names = {path.name for path in box.folder.out.glob("signature-*")}
        assert names == {f"signature-{each['key'][:8]}.json" for each in good}


def test_a_box_is_not_opened_before_its_slips_are_there(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="还没有装入票码"):
        store.connect(tmp_path / "box.sqlite")
    assert not list(tmp_path.iterdir())


def test_counts_by_hand_that_are_too_low_do_not_seal(made: Case) -> None:
    with made.opened() as box:
        cast = everybody(made, box)
        made.hands.on(minutes=455)
        box.minute()
        counts = tally(made, cast)
        counts["A"]["present"] = 9
        box.do(lambda db: closing.enter_tally(db, made.manifest, counts))
        with pytest.raises(Refused, match="多于应到"):
            box.do(lambda db: closing.seal(db, box.folder))


def test_a_code_and_a_token_can_never_lie_under_one_number(remote: Case) -> None:
    """The one is made of 32 bytes, the other of more than 64."""
    with remote.opened() as box:
        message = tokens.message_for("B0001")
        assert len(message) > 64
        credential = box.credential("", token(remote, box, "A", message))
        assert credential is not None and credential.n == slips.nullifier(message)
