"""Legal erasure: two people, the words are gone everywhere, and every proof still holds."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from shigan.facts.erasure import (
    WIPED,
    Asker,
    Basis,
    EntryCorrected,
    ErasureRefused,
    ErasureRequested,
    PayloadErased,
)
from shigan.facts.faults import Fault
from shigan.facts.problems import MeasureSet, ProblemRaised, Source, Term
from shigan.ledger import verify as outside
from shigan.web import boards, erasing, exporting, proving, sealing, store, verifying
from shigan.web.models import BoardRow, EntryRow, NameRow, PayloadRow, StateRow
from shigan.work.admit import Author, Draft
from shigan.work.erasure import DECLINED, ERASED, Erasure
from shigan.work.state import Refused
from tests.web.conftest import ACCOUNTS, County
from tests.web.test_store import triggers_off

Clients = Callable[[str], Client]
TODAY = date.today()
SECRET = "王小二家欠医院三千元"
GOAL = "王小二的欠款已由民政救助结清"


def author(username: str) -> Author:
    code, unit, _role = ACCOUNTS[username]
    return Author(code, unit)


@pytest.fixture
def told(county: County) -> County:
    """A problem in whose words a resident can be known, sealed and judged."""
    county.write("Q00001", ProblemRaised(source=Source.VISIT, category="救助", text=SECRET))
    due = TODAY.replace(month=12, day=31)
    county.write("Q00001", MeasureSet(goal=GOAL, measures="核对", term=Term.LIMITED, due=due), by="clerk")
    sealing.seal()
    boards.judge_now()
    return county


def asked(county: County, *seqs: int, about: str = "Q00001", name: bool = False) -> Erasure:
    request = ErasureRequested(about=about, seqs=seqs, basis=Basis.PURPOSE, asker=Asker.PERSON, name=name)
    county.write("E00001", request)
    case = store.state("E00001")
    assert isinstance(case, Erasure)
    return case


def erased(county: County, *seqs: int) -> None:
    erasing.approve(asked(county, *seqs), author("leader"), TODAY)


def everything() -> Iterator[str]:
    """All text of all tables that could hold words."""
    for model in (PayloadRow, StateRow, BoardRow, NameRow):
        for row in model.objects.values():
            yield json.dumps(row, ensure_ascii=False, default=str)


def test_after_an_erasure_no_table_holds_the_words_and_the_ledger_is_whole(told: County) -> None:
    assert any(SECRET in row for row in everything())
    erased(told, 1, 2)
    assert not any(SECRET in row or GOAL in row for row in everything())
    assert list(verifying.verify()) == []
    sealing.seal()
    boards.judge_now()
    assert list(verifying.verify()) == []
    assert not any(SECRET in row or GOAL in row for row in everything())


def test_the_proof_of_an_erased_entry_holds_and_its_salt_is_gone(told: County) -> None:
    row = EntryRow.objects.get(subject="Q00001", seq=1)
    before = proving.prove(store.read_entry(row))
    erased(told, 1)
    row = EntryRow.objects.select_related("payload").get(subject="Q00001", seq=1)
    after = proving.prove(store.read_entry(row))
    assert before == after and after is not None and after.holds
    assert not row.payload.salt


def test_a_thing_goes_on_after_its_words_were_erased(told: County) -> None:
    before = store.state("Q00001")
    erased(told, 1, 2)
    after = store.state("Q00001")
    assert before and after
    assert (after.stage, after.due, after.seq) == (before.stage, before.due, before.seq)
    assert verifying.rebuild() and store.state("Q00001") == after


def test_nobody_approves_what_he_asked_for_himself(told: County) -> None:
    case = asked(told, 1)
    with pytest.raises(Refused, match="申请人不能批准"):
        erasing.approve(case, author("officer"), TODAY)
    assert any(SECRET in row for row in everything())
    with pytest.raises(Refused, match="申请人不能答复"):
        told.write("E00001", ErasureRefused(reason="仍在整改"), unit="U003")


def test_what_is_not_there_is_not_erased(told: County) -> None:
    for about, seqs, words in (("Q00099", (1,), "没有 Q00099"), ("Q00001", (7,), "没有第 7 次记录")):
        with pytest.raises(Refused, match=words):
            asked(told, *seqs, about=about)
    with pytest.raises(Refused, match="只有干部的姓名"):
        asked(told, 1, name=True)


def test_an_approval_must_be_of_what_was_asked(told: County) -> None:
    asked(told, 1)
    fact = PayloadErased(about="Q00001", basis=Basis.PURPOSE, kept=())
    with pytest.raises(Refused, match="不是同一件"):
        told.write("E00001", fact, by="leader")


def test_what_was_decided_once_is_not_decided_again(told: County) -> None:
    erased(told, 1)
    case = store.state("E00001")
    assert isinstance(case, Erasure) and case.stage == ERASED
    with pytest.raises(Refused, match="不能答复"):
        told.write("E00001", ErasureRefused(reason="仍在整改"), by="leader")


def test_a_request_may_be_declined_with_a_reason(told: County) -> None:
    asked(told, 1)
    told.write("E00001", ErasureRefused(reason="整改未完，仍须处理"), by="leader")
    case = store.state("E00001")
    assert isinstance(case, Erasure) and (case.stage, case.answer) == (DECLINED, "整改未完，仍须处理")
    assert any(SECRET in row for row in everything())


def test_rules_and_protocols_of_the_ballot_box_are_not_erased(told: County) -> None:
    case = asked(told, 1, about="U003")
    with pytest.raises(Refused, match="没有可删除的文字"):
        erasing.approve(case, author("leader"), TODAY)


def test_a_name_goes_with_the_file(told: County) -> None:
    erasing.approve(asked(told, about="P0006", name=True), author("leader"), TODAY)
    assert not NameRow.objects.filter(code="P0006").exists()
    assert list(verifying.verify()) == []


def test_emptying_a_payload_without_approval_is_found(told: County) -> None:
    PayloadRow.objects.filter(entry__subject="Q00001", entry__seq=1).update(
        salt=b"", body='{"erased":{"basis":"PURPOSE","case":"E00009","on":"2026-01-01"},"kept":{}}'
    )
    assert any("内容被删掉" in bad.words for bad in verifying.verify())


def test_what_was_kept_cannot_be_changed_unseen(told: County) -> None:
    erased(told, 1)
    with pytest.raises(DatabaseError), transaction.atomic():
        PayloadRow.objects.filter(entry__subject="Q00001", entry__seq=1).update(body="{}")
    with triggers_off(), connection.cursor() as cursor:
        cursor.execute("UPDATE payload SET body = replace(body, '救助', '低保') WHERE length(salt) = 0")
    assert any("第 1 次" in bad.place for bad in verifying.verify())


def test_words_that_a_backup_brought_back_are_found_and_erased_again(told: County) -> None:
    old = PayloadRow.objects.get(entry__subject="Q00001", entry__seq=1)
    erased(told, 1)
    with triggers_off():
        PayloadRow.objects.filter(pk=old.pk).update(salt=old.salt, body=old.body)
    assert any("内容还在" in bad.words for bad in verifying.verify())
    assert erasing.again() == 1
    assert list(verifying.verify()) == []


def test_a_correction_stands_beside_what_it_corrects(told: County) -> None:
    correction = EntryCorrected(seq=2, field="goal", old=GOAL, new="欠款结清", reason="写明了姓名")
    told.write("Q00001", correction, by="clerk")
    assert "欠款结清" in str(store.state("Q00001"))
    facts = [entry.fact for entry in store.lives(["Q00001"])]
    assert any(isinstance(f, MeasureSet) and f.goal == GOAL for f in facts)
    assert list(verifying.verify()) == []


def test_a_correction_must_speak_of_an_entry_that_is_there(told: County) -> None:
    for seq, old, words in ((9, GOAL, "没有第 9 次记录"), (2, WIPED, "不能更正")):
        with pytest.raises(Refused, match=words):
            told.write("Q00001", EntryCorrected(seq=seq, field="goal", old=old, new="乙", reason="误"))


def test_the_whole_way_on_the_pages(told: County, client_for: Clients) -> None:
    officer, leader = client_for("officer"), client_for("leader")
    page = officer.get("/erasures/new?about=Q00001")
    assert SECRET in page.content.decode()
    given = {"seqs": ["1", "2"], "basis": Basis.PURPOSE.value, "asker": Asker.PERSON.value}
    assert officer.post("/erasures/new?about=Q00001", given).status_code == 302
    assert officer.post("/erasures/E00001", {"approve": "1"}).status_code == 422
    assert SECRET in leader.get("/erasures/E00001").content.decode()
    assert leader.post("/erasures/E00001", {"decline": "1", "reason": ""}).status_code == 422
    with transaction.atomic():
        case = store.state("E00001")
        assert isinstance(case, Erasure)
        erasing.approve(case, author("leader"), TODAY)
    for address in ("/erasures/E00001", "/erasures/", "/problems/Q00001", "/ledger/"):
        text = leader.get(address).content.decode()
        assert SECRET not in text and GOAL not in text, address
    assert (
        f"已于 {TODAY} 依个人信息保护法第 47 条第 1 款第 1 项删除"
        in leader.get("/problems/Q00001").content.decode()
    )
    assert SECRET not in officer.get("/search?q=医院").content.decode()
    assert "没有可删除的文字" in officer.get("/erasures/new?about=Q00001").content.decode()


def test_who_may_ask_may_not_ask_about_what_is_not_there(told: County, client_for: Clients) -> None:
    officer = client_for("officer")
    assert officer.get("/erasures/new?about=Q00077").status_code == 422
    empty = {"basis": Basis.PURPOSE.value, "asker": Asker.PERSON.value}
    answer = officer.post("/erasures/new?about=Q00001", empty)
    assert answer.status_code == 422 and "没有选定要删除的记录" in answer.content.decode()


def test_a_request_shows_where_the_same_words_stand_too(told: County, client_for: Clients) -> None:
    told.write("Q00002", ProblemRaised(source=Source.VISIT, category="救助", text=SECRET))
    asked(told, 1)
    assert "别处还有同样的文字" in client_for("leader").get("/erasures/E00001").content.decode()


def test_what_has_outlived_its_term_is_listed_until_its_deletion_was_asked(
    told: County, client_for: Clients
) -> None:
    told.write("Q00003", ProblemRaised(source=Source.VISIT, category="供水", text="水压不足"), ago=366 * 11)
    leader = client_for("leader")
    due = leader.get("/erasures/due").content.decode()
    assert "Q00003" in due and "Q00001" not in due
    asked(told, 1, about="Q00003")
    assert "Q00003" not in leader.get("/erasures/due").content.decode()


def test_who_supervises_asks_for_nothing_else_than_readings(told: County, client_for: Clients) -> None:
    auditor = client_for("auditor")
    assert auditor.get("/erasures/new").status_code == 200
    assert auditor.get("/problems/Q00001").status_code == 200
    assert auditor.get("/erasures/new?about=Q00001").status_code == 403
    assert auditor.post("/erasures/new?about=Q00001", {"seqs": [1]}).status_code == 403


def test_a_unit_corrects_its_own_words_and_no_other_units(told: County, client_for: Clients) -> None:
    own = EntryRow.objects.get(subject="Q00001", seq=2).position
    others = EntryRow.objects.get(subject="Q00001", seq=1).position
    clerk = client_for("clerk")
    assert clerk.get(f"/ledger/{others}/correct").status_code == 403
    assert client_for("other_clerk").get(f"/ledger/{own}/correct").status_code == 403
    assert client_for("auditor").get(f"/ledger/{own}/correct").status_code == 403
    given = {"field": "goal", "new": "欠款结清", "reason": "写明了姓名"}
    assert clerk.post(f"/ledger/{own}/correct", given).status_code == 302
    page = clerk.get("/problems/Q00001").content.decode()
    assert "欠款结清" in page and GOAL in page
    same = clerk.post(f"/ledger/{own}/correct", given | {"new": GOAL})
    assert same.status_code == 422 and "文字相同" in same.content.decode()


def test_every_fact_in_a_history_tells_how_long_after_the_event_it_was_recorded(
    told: County, client_for: Clients
) -> None:
    told.write("Q00004", ProblemRaised(source=Source.VISIT, category="供水", text="水压不足"), ago=30)
    leader = client_for("leader")
    assert "当日" in leader.get("/problems/Q00001").content.decode()
    assert "补录 30 天" in leader.get("/problems/Q00004").content.decode()


def test_a_clock_turned_back_is_refused_with_a_sentence(told: County) -> None:
    newest = EntryRow.objects.order_by("-id").values_list("recorded", flat=True)[0]
    fact = ProblemRaised(source=Source.VISIT, category="供水", text="水压不足")
    draft = Draft("Q00005", fact, "U003", TODAY)
    with pytest.raises(Fault, match="电脑时钟早于台账最新一条"):
        store.append([draft], author("officer"), store.from_ms(newest - 2001))
    assert store.append([draft], author("officer"), store.from_ms(newest - 1999))


def test_an_export_after_an_erasure_is_whole_and_holds_nothing_of_it(told: County, tmp_path: Path) -> None:
    erased(told, 1, 2)
    sealing.seal()
    exporting.write(tmp_path / "out", payloads=True)
    assert list(outside.check(tmp_path / "out")) == []
    files = (path for path in (tmp_path / "out").rglob("*") if path.is_file())
    assert not any(words.encode() in path.read_bytes() for path in files for words in (SECRET, GOAL))
