"""What was aligned once is not aligned anew, and what is kept changes no verdict."""

from __future__ import annotations

from datetime import date

from shigan.judge.direction import Document
from shigan.judge.documents import Library, Verdict
from shigan.judge.kept import Kept
from shigan.policy import Rulebook

RULES = Rulebook.shipped().documents
WATER = "各乡镇要对辖区内的集中供水设施开展一次全面排查，重点检查蓄水池、管网和消毒设备的运行情况，建立台账。"
FIRE = "各地要把防火责任落实到山头地块，严格野外用火审批，组织护林员加密巡护，严防火种进山入林。"


def paper(name: str, text: str, month: int) -> Document:
    return Document.read(name, text, dated=date(2026, month, 1))


PAPERS = [paper("源", WATER, 1), paper("抄", WATER + FIRE, 2), paper("再抄", FIRE + WATER, 3)]


def verdicts(documents: list[Document], kept: Kept) -> list[Verdict]:
    return Library(documents, RULES, kept).verdicts()


def test_verdicts_are_the_same_with_and_without_what_was_kept() -> None:
    kept = Kept()
    first, again = verdicts(PAPERS, kept), verdicts(PAPERS, kept)
    assert first == again == Library(PAPERS, RULES).verdicts()
    assert [len(verdict.sources) for verdict in first] == [0, 1, 2]


def test_pairs_of_texts_once_aligned_are_kept_until_nobody_asks_for_them() -> None:
    kept = Kept()
    verdicts(PAPERS, kept)
    kept.sweep()
    before = dict(kept.found)
    assert len(before) == 3
    verdicts([*PAPERS, paper("新", FIRE, 4)], kept)
    assert all(kept.found[pair] is passages for pair, passages in before.items())
    kept.sweep()
    verdicts(PAPERS[:2], kept)
    kept.sweep()
    assert len(kept.found) == 1


def test_of_a_draft_nothing_is_kept() -> None:
    library = Library(PAPERS, RULES)
    assert library.draft(paper("稿", WATER, 5)).sources
    assert not library.kept.found and not library.kept.asked


def test_a_text_that_was_changed_is_aligned_anew() -> None:
    kept = Kept()
    verdicts(PAPERS, kept)
    changed = [PAPERS[0], paper("抄", FIRE + "\n" + WATER, 2)]
    assert verdicts(changed, kept) == Library(changed, RULES).verdicts()
