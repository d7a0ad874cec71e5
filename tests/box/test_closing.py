"""The whole way of a box, from slips to a result that is verified and erased."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from shigan.box import closing, signatures, slips, store
from shigan.box.canonical import canonical
from shigan.box.counting import count
from shigan.box.phases import Phase
from shigan.box.refusals import Refused
from shigan.box.verify import unlike_root, verify
from tests.box.ceremony import Case, case, close, everybody, finish, tally, vote


@pytest.fixture
def made(tmp_path: Path) -> Case:
    return case(tmp_path / "box", canaries=3)


def test_the_whole_ceremony_ends_in_a_result_that_verifies(made: Case) -> None:
    with made.opened() as box:
        cast = everybody(made, box)
        result = close(made, box, cast)
        bundle = (box.folder.out / "bundle.json").read_bytes()
        assert count(json.loads(bundle)) == (result, [])
        signed = [canonical(signatures.sign(result, key)) for key in made.scrutineers]
        said: list[str] = []
        assert verify(bundle, signed, said.append) == []
        assert all("✗" not in line for line in said)
        assert [own["valid"] for own in result["counts"]] == [8, 12, 39]
        finish(made, box, result)
        assert box.phase is Phase.ERASED


def test_the_count_needs_nothing_but_python(made: Case) -> None:
    with made.opened() as box:
        close(made, box, everybody(made, box))
        bundle = box.folder.out / "bundle.json"
        source = Path(closing.__file__).parents[2]
        run = subprocess.run(
            [sys.executable, "-I", "-S", "-c",
             f"import sys; sys.path.insert(0, {str(source)!r})\n"
             f"from shigan.box.verify import main; sys.exit(main([{str(bundle)!r}]))"],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert run.returncode == 0, run.stdout + run.stderr


def test_two_clerks_agree_or_a_third_reading_decides(made: Case) -> None:
    with made.opened() as box:
        cast = everybody(made, box, share=0.5)
        first, second = [code for code in made.codes["C"] if code not in cast][:2]
        row, other = "1" * 15, "2" * 15
        made.hands.on(minutes=455)
        box.minute()
        key = lambda who, code, row: box.do(  # noqa: E731
            lambda db: closing.key_paper(db, made.manifest, who, code, row)
        )
        assert key("a", first, row) == "alone"
        with pytest.raises(Refused, match="没有分歧"):
            key("c", first, row)
        assert key("b", first, row) == "agreed"
        assert key("a", second, row) == "alone"
        assert key("b", second, other) == "differ"
        with pytest.raises(Refused, match="没有这个票码"):
            key("a", "01234", row)
        box.do(
            lambda db: closing.enter_tally(db, made.manifest, tally(made, cast | {first: row, second: row}))
        )
        with pytest.raises(Refused, match="两次录入不同"):
            box.do(lambda db: closing.seal(db, box.folder))
        assert key("c", second, other) == "settled"
        box.do(lambda db: closing.seal(db, box.folder))
        result = box.do(lambda db: closing.open_canaries(db, box.folder, made.canaries))
        assert result["paper"] == 2


def test_paper_goes_before_what_was_cast_on_a_screen(made: Case) -> None:
    with made.opened() as box:
        code = made.codes["A"][0]
        vote(box, code, "1" * 15)
        made.hands.on(minutes=455)
        box.minute()
        for who in "ab":
            box.do(lambda db, who=who: closing.key_paper(db, made.manifest, who, code, "3" * 15))
        assert box.look(box.credential(code, "")).result() == "3" * 15


def test_steps_out_of_order_are_refused(made: Case) -> None:
    with made.opened() as box:
        for step in (
            lambda db: closing.seal(db, box.folder),
            lambda db: closing.open_canaries(db, box.folder, made.canaries),
            lambda db: closing.bundle(db, box.folder),
            lambda db: closing.publish(db, box.folder, []),
            lambda db: closing.erase(db, box.folder),
        ):
            with pytest.raises(Refused):
                box.do(step)


def test_a_box_is_not_sealed_while_slips_do_not_add_up(made: Case) -> None:
    with made.opened() as box:
        cast = everybody(made, box)
        made.hands.on(minutes=455)
        box.minute()
        counts = tally(made, cast)
        counts["A"]["unused"] += 1
        box.do(lambda db: closing.enter_tally(db, made.manifest, counts))
        with pytest.raises(Refused, match="制票数"):
            box.do(lambda db: closing.seal(db, box.folder))
        assert box.phase is Phase.CLOSED


def test_ballots_that_changed_after_the_seal_are_not_counted(made: Case) -> None:
    """The administrator holds the file: the box itself finds it; else the root on the paper does."""
    with made.opened() as box:
        cast = everybody(made, box)
        made.hands.on(minutes=455)
        box.minute()
        box.do(lambda db: closing.enter_tally(db, made.manifest, tally(made, cast)))
        root = box.do(lambda db: closing.seal(db, box.folder))
        n, other = made.n(next(iter(cast))), store.body("A", "n", "1" * 15)
        box.do(lambda db: db.execute("UPDATE ballot SET body = ? WHERE n = ?", (other, n)))
        with pytest.raises(Refused, match="树根"):
            box.do(lambda db: closing.open_canaries(db, box.folder, made.canaries))
        leaves = box.do(lambda db: closing.included(db, box.folder))["leaves"]
        forged = slips.root([bytes.fromhex(n + hidden) for n, hidden in leaves])
        box.do(lambda db: store.put(db, "root", forged))
        box.do(lambda db: closing.open_canaries(db, box.folder, made.canaries))
        bundle = box.do(lambda db: closing.bundle(db, box.folder))
        assert verify(canonical(bundle), (), str) == [], "its arithmetic is right"
        assert unlike_root(bundle, root, str) == ["box-root"]


def test_one_signature_of_two_does_not_publish(made: Case) -> None:
    with made.opened() as box:
        result = close(made, box, everybody(made, box))
        one = signatures.sign(result, made.scrutineers[0])
        with pytest.raises(Refused, match="签名不足"):
            box.do(lambda db: closing.publish(db, box.folder, [one, one]))
