"""The ledger's pages: header and proof for everybody, content for those who may see the thing."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client

from shigan.facts.problems import ProblemRaised, ProgressReported, Source
from shigan.maths.merkle import verify_inclusion
from shigan.web import boards, proving, sealing, store
from shigan.web.models import EntryRow, SealRow
from tests.web.conftest import County
from tests.web.test_store import triggers_off

Clients = Callable[[str], Client]


@pytest.fixture
def sealed(county: County) -> County:
    """Three problems of U003 raised by the office, sealed."""
    for n in range(1, 4):
        county.write(
            f"Q0000{n}", ProblemRaised(source=Source.VISIT, category="供水", text=f"水压不足 {n}"), ago=9
        )
    sealing.seal()
    return county


def position(code: str) -> int:
    found = EntryRow.objects.get(subject=code, seq=1).position
    assert found is not None
    return found


def test_an_entry_shows_its_words_its_line_and_that_its_proof_holds(
    sealed: County, client_for: Clients
) -> None:
    page = client_for("officer").get(f"/ledger/{position('Q00002')}").content.decode()
    assert "水压不足 2" in page and "补录 9 天" in page
    assert "已核对" in page and "<svg" in page
    assert "&quot;subject&quot;:&quot;Q00002&quot;" in page


def test_the_content_is_hidden_from_those_without_the_right_the_proof_is_not(
    sealed: County, client_for: Clients
) -> None:
    for username in ("other_clerk", "admin", "township"):
        page = client_for(username).get(f"/ledger/{position('Q00002')}").content.decode()
        assert "水压不足" not in page, username
        assert "内容不对您的角色公开" in page and "已核对" in page, username
    assert "水压不足" not in client_for("other_clerk").get("/ledger/?subject=Q00002").content.decode()


def test_every_sealed_entry_has_a_proof_that_verifies_against_the_signed_root(sealed: County) -> None:
    for row in EntryRow.objects.all():
        proof = proving.prove(store.read_entry(row))
        assert proof is not None and proof.holds
        path = [step.sibling for step in proof.steps]
        assert verify_inclusion(proof.leaf, proof.position, proof.size, path, bytes.fromhex(proof.root))
        assert not path or proof.steps[-1].node.hex() == proof.root, "the drawing ends at the root"


def test_the_proof_file_is_a_c2sp_tlog_proof(sealed: County) -> None:
    proof = proving.prove(store.read_entry(EntryRow.objects.get(subject="Q00001")))
    assert proof is not None
    head, index, *path = proof.text().split("\n\n")[0].splitlines()
    assert (head, index) == ("c2sp.org/tlog-proof@v1", f"index {proof.position}")
    assert [base64.b64decode(line) for line in path] == [step.sibling for step in proof.steps]
    assert proof.text().split("\n\n", 1)[1] == SealRow.objects.get().note


def test_an_altered_header_is_shown_as_altered(sealed: County, client_for: Clients) -> None:
    with triggers_off(), connection.cursor() as cursor:
        cursor.execute("UPDATE entry SET by_unit = 'U004' WHERE subject = 'Q00001'")
    page = client_for("officer").get(f"/ledger/{position('Q00001')}").content.decode()
    assert "核对不符" in page and "已核对" not in page


def test_who_may_seal_seals_and_nobody_else(county: County, client_for: Clients) -> None:
    assert client_for("clerk").post("/ledger/seal").status_code == 403
    assert sealing.last() is None
    assert client_for("officer").post("/ledger/seal").status_code == 302
    point = sealing.last()
    assert point is not None and point.size == EntryRow.objects.count()
    assert point.note.splitlines()[2] in client_for("clerk").get("/ledger/").content.decode()


def test_the_list_is_narrowed_by_kind_unit_and_subject(sealed: County, client_for: Clients) -> None:
    officer = client_for("officer")
    assert officer.get("/ledger/?kind=ProblemRaised").content.decode().count("Q0000") >= 3
    assert "U004" not in officer.get("/ledger/?subject=q00001").content.decode().split("</thead>")[1]
    assert "没有符合条件" in officer.get("/ledger/?kind=ProblemRaised&unit=U004").content.decode()


def test_a_figure_opens_to_its_entries(sealed: County, client_for: Clients) -> None:
    numbers = ",".join(str(position(f"Q0000{n}")) for n in range(1, 4))
    page = client_for("officer").get(f"/evidence?e={numbers}").content.decode()
    assert "依据 3 条" in page and all(f"水压不足 {n}" in page for n in range(1, 4))


@pytest.mark.parametrize("words", ["abc", "1;2", "-1", "9" * 30])
def test_strange_numbers_of_evidence_are_refused_in_words(
    county: County, client_for: Clients, words: str
) -> None:
    answer = client_for("officer").get("/evidence", {"e": words})
    assert answer.status_code == 400 and "序号看不懂" in answer.content.decode()


def test_an_entry_that_is_not_there_is_not_found(county: County, client_for: Clients) -> None:
    assert client_for("officer").get("/ledger/99999").status_code == 404


def test_the_ledger_costs_the_same_number_of_queries_however_long(
    county: County, client_for: Clients, django_assert_max_num_queries: Callable[..., object]
) -> None:
    client = client_for("officer")
    for n in range(10, 15):
        county.write(f"Q000{n}", ProblemRaised(source=Source.VISIT, category="供水", text="水"))
    client.get("/ledger/")
    with django_assert_max_num_queries(12):  # type: ignore[attr-defined]
        client.get("/ledger/")
    for n in range(20, 70):
        county.write(f"Q000{n}", ProblemRaised(source=Source.VISIT, category="供水", text="水"))
    with django_assert_max_num_queries(12):  # type: ignore[attr-defined]
        page = client.get("/ledger/").content.decode()
    assert "Q00069" in page and "更早的" in page


def test_a_clock_turned_back_raises_an_alarm_on_every_page(county: County, client_for: Clients) -> None:
    county.write("Q00001", ProblemRaised(source=Source.VISIT, category="供水", text="水压不足"))
    sealing.seal(datetime.now(UTC) + timedelta(seconds=1))
    assert "时钟被拨回过" not in client_for("clerk").get("/").content.decode()
    county.write("Q00002", ProblemRaised(source=Source.VISIT, category="供水", text="水压不足"))
    sealing.seal(datetime.now(UTC) + timedelta(minutes=5))
    for username, address in (("clerk", "/"), ("auditor", "/ledger/"), ("admin", "/ledger/")):
        assert "时钟被拨回过" in client_for(username).get(address).content.decode(), username


def test_the_share_of_late_entries_of_a_unit_stands_on_its_page(sealed: County, client_for: Clients) -> None:
    for n in range(8):
        sealed.write("Q00001", ProgressReported(text=f"第 {n} 次查看"), by="clerk", ago=8 * (n < 6))
    sealing.seal()
    boards.judge_now()
    page = client_for("leader").get(f"/appraisal/team/U003/{date.today().year}").content.decode()
    told = page.split("单位的补录、年末和平时考核名额")[1].split("</li>")[0]
    assert "补录占比" in told and "75" in told, told
