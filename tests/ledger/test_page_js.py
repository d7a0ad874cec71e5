"""The offline page says what Python says: of checkpoints, receipts and proofs, and of their changes."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import pytest

from shigan.ledger import receipt
from shigan.ledger.page import page
from shigan.ledger.proof import Inclusion
from tests.box.chromium import Desk, opened
from tests.ledger.making import KEY, SECRET, Log
from tests.ledger.test_proof import SLIP

pytestmark = pytest.mark.browser
CHECK = "(given) => given.map((own) => ledger.check(...own).verdict)"
INCLUDED = """(given) => given.map(([leaf, index, size, path, root]) =>
  ledger.included(bytes.fromHex(leaf), index, size, path.map(bytes.fromHex), bytes.fromHex(root)))"""
HEX = KEY.public.hex()


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The page as it is taken away: a file."""
    file = tmp_path_factory.mktemp("usb") / "verify.html"
    file.write_text(page(), encoding="utf-8")
    with opened() as desk:
        desk.do(lambda page: page.goto(file.as_uri()))
        yield desk


def test_what_the_ledger_signed_holds_and_a_change_does_not(desk: Desk) -> None:
    log = Log().grow(21)
    point, slip = log.notes[0], receipt.sign(SLIP, KEY.public, SECRET.sign)
    made, line = Inclusion(4, tuple(log.tree.inclusion_proof(4)), point).text(), log.sealed[4].line.decode()
    asked = [
        (point, HEX, "", "good"), (point.replace("\n", "\r\n"), str(KEY), "", "good"),
        (point.replace("21", "22"), HEX, "", "signature"), (point, "00" * 32, "", "signature"),
        (point, "x", "", "key"), ("x", HEX, "", "unreadable"), ("", HEX, "", "unreadable"),
        (slip, HEX, "", "good"), (slip.replace("Q00001 2", "Q00001 3"), HEX, "", "signature"),
        (made, HEX, line, "good"), (made, HEX, "", "entry"), (made, HEX, line + "x", "path"),
        (made.replace("index 4", "index 5"), HEX, line, "path"),
        (made.replace("@v1", "@v2"), HEX, line, "unreadable"),
    ]  # fmt: skip
    assert desk.call(CHECK, [each[:3] for each in asked]) == [each[3] for each in asked]


def test_every_inclusion_proof_up_to_64_entries_is_judged_as_python_does(desk: Desk) -> None:
    tree, chance = Log().grow(64).tree, Random(1)
    asked, expected = [], []
    for size in range(1, 65):
        for index in range(size):
            path = [each.hex() for each in tree.inclusion_proof(index, size)]
            asked.append((tree.leaf(index).hex(), index, size, path, tree.root(size).hex()))
            expected.append(True)
        other = chance.randrange(size + 2)
        asked.append((tree.leaf(index).hex(), other, size, path, tree.root(size).hex()))
        expected.append(other == index)
    assert desk.call(INCLUDED, asked) == expected


def test_the_page_shows_its_verdict(desk: Desk) -> None:
    def use(page_: object) -> str:
        from playwright.sync_api import Page

        assert isinstance(page_, Page)
        page_.fill("#key", HEX)
        page_.fill("#text", Log().grow(3).notes[0])
        page_.click("#check")
        return page_.inner_text("#verdict")

    assert "封存了 3 条" in desk.do(use)
