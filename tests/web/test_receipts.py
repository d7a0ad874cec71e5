"""Receipts, exports and checkpoints kept outside, against the ledger in the database."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client

from shigan.facts.faults import Fault
from shigan.facts.problems import ProblemRaised, Source, Why
from shigan.ledger import export, proof, receipt, verify, witness
from shigan.ledger.entry import Entry, entry_bytes
from shigan.web import exporting, keys, sealing, store
from shigan.web.models import EntryRow, SealRow
from tests.web.conftest import County
from tests.web.test_running import shigan
from tests.web.test_store import triggers_off

Clients = Callable[[str], Client]
WATER = ProblemRaised(source=Source.VISIT, category="供水", text="水压不足")


@pytest.fixture
def recorded(county: County) -> Entry:
    """A problem that the office recorded, not yet sealed."""
    return county.write("Q00001", WATER)


def test_a_receipt_says_what_became_of_its_entry(recorded: Entry) -> None:
    text = exporting.receipt_of(recorded)
    assert exporting.fate(text) == (verify.WAITING, None)
    sealing.seal()
    position = EntryRow.objects.get(subject="Q00001").position
    assert exporting.fate(text) == (verify.AT, position)


def test_an_entry_deleted_before_sealing_is_convicted_by_its_receipt(
    recorded: Entry, client_for: Clients
) -> None:
    text = exporting.receipt_of(recorded)
    with triggers_off(), connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM payload WHERE entry_id IN (SELECT id FROM entry WHERE subject = 'Q00001')"
        )
        cursor.execute("DELETE FROM entry WHERE subject = 'Q00001'")
    assert exporting.fate(text) == (verify.GONE, None)
    page = client_for("clerk").post("/receipts/check", {"text": text}).content.decode()
    assert "台账里没有" in page
    assert list(exporting.report_outside([], [text])) == [(False, exporting.SAID[verify.GONE])]


def test_an_entry_changed_before_sealing_is_convicted_by_its_receipt(recorded: Entry) -> None:
    text = exporting.receipt_of(recorded)
    with triggers_off(), connection.cursor() as cursor:
        cursor.execute("UPDATE entry SET unit = 'U004' WHERE subject = 'Q00001'")
    assert exporting.fate(text)[0] == verify.CHANGED


def test_who_records_is_offered_the_receipt_and_nobody_else_gets_it(
    county: County, client_for: Clients
) -> None:
    county.write("Q00001", WATER, by="clerk")
    own, other = client_for("clerk"), client_for("officer")
    page = own.get("/receipts/Q00001/1").content.decode()
    assert "<svg" in page and "shigan.ledger/receipt" in page
    assert "/receipts/Q00001/1" in own.get("/receipts/").content.decode()
    assert other.get("/receipts/Q00001/1").status_code == 403
    assert "/receipts/Q00001/1" not in other.get("/receipts/").content.decode()
    assert own.get("/receipts/Q99999/1").status_code == 403


def test_a_form_ends_with_a_link_to_its_receipt(recorded: Entry, client_for: Clients) -> None:
    told = {
        "seen": 1,
        "opened": 0,
        "happened": date.today().isoformat(),
        "why": next(iter(Why)).value,
        "reason": "不属本单位",
    }
    client = client_for("officer")
    page = client.post("/act/ProblemDropped/Q00001", told, follow=True).content.decode()
    assert EntryRow.objects.filter(kind="ProblemDropped").exists(), page
    assert "/receipts/Q00001/2" in page


def test_what_is_no_receipt_is_refused_in_words(county: County, client_for: Clients) -> None:
    answer = client_for("clerk").post("/receipts/check", {"text": "<b>x</b>"})
    assert answer.status_code == 422 and "回执不可读" in answer.content.decode()
    assert client_for("clerk").get("/receipts/check").status_code == 200


def test_an_export_of_the_database_is_whole_with_and_without_contents(
    recorded: Entry, tmp_path: Path
) -> None:
    with pytest.raises(Fault, match="没有可导出的"):
        exporting.write(tmp_path / "none", payloads=True)
    sealing.seal()
    for payloads in (True, False):
        folder = tmp_path / str(payloads)
        count = exporting.write(folder, payloads=payloads)
        assert count == EntryRow.objects.count()
        assert not list(verify.check(folder, keys.public_key()))
        lines = (folder / export.PAYLOADS).read_text().splitlines()
        assert len(lines) == (count if payloads else 0)
        assert ("水压不足" in "".join(map(str, map(json.loads, lines)))) == payloads
    text = exporting.receipt_of(recorded)
    assert verify.report(folder, keys.public_key(), given=[text], say=len) == 0


def test_a_witness_follows_the_database_by_proofs_and_finds_it_put_back(
    recorded: Entry, county: County, tmp_path: Path
) -> None:
    sealing.seal()
    first = SealRow.objects.get()
    witness.new(tmp_path / "w", "jijian.example", exporting.key())
    exporting.write(tmp_path / "out", payloads=False)
    witness.look(tmp_path / "w", tmp_path / "out", 1)
    county.write("Q00002", WATER)
    second = sealing.seal()
    growth = exporting.growth(first.size)
    assert second is not None and growth is not None
    (tmp_path / "proof").write_text(growth.text())
    witness.look(tmp_path / "w", tmp_path / "proof", 2)
    assert exporting.against(second.note) is None and exporting.against(first.note) is None
    with triggers_off(), connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM payload WHERE entry_id IN (SELECT id FROM entry WHERE subject = 'Q00002')"
        )
        cursor.execute("DELETE FROM entry WHERE subject = 'Q00002'")
        cursor.execute("DELETE FROM seal WHERE size = %s", [second.size])
    found = exporting.against(second.note)
    assert found is not None and "旧的" in found.words
    back = exporting.growth(first.size)
    assert back is not None and exporting.growth(second.size) is None
    (tmp_path / "back").write_text(back.text())
    with pytest.raises(Fault, match="退回"):
        witness.look(tmp_path / "w", tmp_path / "back", 3)


def test_the_proof_file_proves_the_entry_of_its_page(recorded: Entry, client_for: Clients) -> None:
    sealing.seal()
    row = EntryRow.objects.get(subject="Q00001")
    answer = client_for("clerk").get(f"/ledger/{row.position}.tlog-proof")
    assert "attachment" in answer.headers["Content-Disposition"]
    made = proof.read_inclusion(answer.content.decode())
    point = proof.included(made, entry_bytes(store.read_entry(row)), keys.public_key())
    assert made.index == row.position and point.size == EntryRow.objects.count()
    assert client_for("clerk").get("/ledger/99999.tlog-proof").status_code == 404


def test_the_slip_carries_checkpoint_key_and_a_code(recorded: Entry, client_for: Clients) -> None:
    assert "尚未封存" in client_for("auditor").get("/ledger/slip").content.decode()
    point = sealing.seal()
    page = client_for("auditor").get("/ledger/slip").content.decode()
    assert point is not None and point.root in page and keys.public_key().hex() in page and "<svg" in page


def test_the_offline_page_is_one_file_that_may_load_nothing(county: County, client_for: Clients) -> None:
    page = client_for("clerk").get("/ledger/verify.html").content.decode()
    assert "default-src 'none'" in page and "src=" not in page.replace("script-src", "").replace(
        "style-src", ""
    )
    assert receipt.SUFFIX in page


def test_text_that_is_no_receipt_and_no_checkpoint_ends_with_2_and_a_sentence(tmp_path: Path) -> None:
    for words, said in (
        (("--receipt", "x" * 3000), "回执不可读"),
        (("--checkpoint", __file__), "封存点格式不对"),
    ):
        answer = shigan(tmp_path, "verify", *words)
        assert answer.returncode == 2, answer.stdout
        assert said in answer.stderr and "Traceback" not in answer.stderr


def test_a_receipt_with_other_words_is_wrong_and_not_unreadable(recorded: Entry) -> None:
    text = exporting.receipt_of(recorded)
    other = text.replace("Q00001 1", "Q00001 2")
    assert [good for good, _words in exporting.report_outside([], [other])] == [False]
