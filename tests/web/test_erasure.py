"""Legal erasure: two people, the words are gone everywhere, and every proof still holds."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from shigan.facts.erasure import Asker, Basis, EntryCorrected, ErasureRefused, ErasureRequested, PayloadErased
from shigan.facts.problems import MeasureSet, ProblemRaised, Source, Term
from shigan.web import boards, erasing, proving, sealing, store, verifying
from shigan.web.models import BoardRow, EntryRow, NameRow, PayloadRow, StateRow
from shigan.work.admit import Author
from shigan.work.erasure import DECLINED, ERASED, Erasure
from shigan.work.state import Refused
from tests.web.conftest import ACCOUNTS, County

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
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER payload_no_update")
        cursor.execute("UPDATE payload SET body = replace(body, '救助', '低保') WHERE length(salt) = 0")
    assert any("第 1 次" in bad.place for bad in verifying.verify())


def test_words_that_a_backup_brought_back_are_found_and_erased_again(told: County) -> None:
    old = PayloadRow.objects.get(entry__subject="Q00001", entry__seq=1)
    erased(told, 1)
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER payload_no_update")
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
    for seq, old, words in ((9, GOAL, "没有第 9 次记录"), (2, "已删除", "不能更正")):
        with pytest.raises(Refused, match=words):
            told.write("Q00001", EntryCorrected(seq=seq, field="goal", old=old, new="乙", reason="误"))
