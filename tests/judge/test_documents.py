"""Documents against those before them: copies, relays, own parts, direction, red tape."""

from __future__ import annotations

import ast
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from shigan.facts.documents import (
    Direction,
    DocumentKind,
    DocumentRegistered,
    Form,
    Level,
    counted,
    text_digest,
)
from shigan.judge import Book, Tables, judge
from shigan.judge.direction import Document, Evidence, evidence, ordered
from shigan.judge.documents import Label, Library, Verdict, outside, united
from shigan.policy import Rulebook
from tests.judge.given import entry, fact, sealed

RULES = Rulebook.shipped()
POLICY = RULES.documents
SEEDS = Path(__file__).resolve().parents[3] / "shared/seeds/two-essays.txt"
WATER = (
    "为保障农村饮水安全，各乡镇要对辖区内的集中供水设施开展一次全面排查，重点检查蓄水池、管网和消毒设备的运行情况。"
    "对排查发现的漏水、淤积、水质不达标等问题，要建立台账，逐项明确整改措施，整改完成一项销号一项。"
    "要加强供水人员的业务培训，严格执行值班值守制度，发生停水的要提前告知群众，并安排车辆送水到户。"
    "要广泛宣传节约用水知识，引导群众爱护供水设施，对破坏设施、私接管道的行为依法依规处理，形成长效管护机制。"
)
FIRE = (
    "进入防火期以来，气温回升快、大风天气多，林草防火形势严峻，各地要把防火责任落实到山头地块，严格野外用火审批。"
    "要组织护林员加密巡护，对坟场、林缘、景区等重点部位安排专人看守，劝导群众文明祭扫，严防火种进山入林。"
    "扑火队伍要集中食宿、靠前驻防，做好装备检修和安全培训，接到火情后快速出动，做到打早打小打了。"
)
OWN = "县水利局应当在4月20日前清理15处蓄水池，每处安排2名管护员，联系电话0970-8642111。"


def paper(name: str, text: str, title: str = "", **known: Any) -> Document:
    return Document.read(name, f"{title}\n{text}" if title else text, **known)


def verdicts(*documents: Document) -> dict[str, Verdict]:
    return {v.document.name: v for v in Library(documents, POLICY).verdicts()}


SOURCE = paper("源", WATER, "省水利厅关于做好农村饮水安全工作的通知", dated=date(2026, 1, 5))


def test_a_document_that_only_repeats_an_earlier_one_is_called_copied_with_its_source() -> None:
    found = verdicts(SOURCE, paper("抄", WATER.replace("乡镇", "街道"), dated=date(2026, 2, 1)))["抄"]
    assert found.label is Label.COPIED and found.share > 0.9
    assert found.parent is not None and found.parent.document.name == "源"
    assert found.parent.evidence is Evidence.DATED and found.parent.used > 0.8
    assert found.part.index == 0


def test_whoever_received_a_document_did_not_copy_it() -> None:
    came = paper("收", WATER, dated=date(2026, 2, 1), direction="收文")
    assert verdicts(SOURCE, came)["收"].label is Label.RECEIVED


def test_a_relay_with_duties_of_its_own_is_told_from_one_without() -> None:
    title = "关于转发《省水利厅关于做好农村饮水安全工作的通知》的通知"
    more = paper("加", WATER[:200] + "\n" + OWN * 3 + "\n" + FIRE, title, dated=date(2026, 2, 1))
    found = verdicts(SOURCE, more)["加"]
    assert found.label is Label.DUTIES
    assert found.parent is not None and found.parent.evidence is Evidence.TITLE


def test_a_short_page_that_passes_a_document_on_is_good_practice() -> None:
    title = "关于转发《省水利厅关于做好农村饮水安全工作的通知》的通知"
    alone = paper("短", "现将通知转发给你们，请遵照执行。", title, dated=date(2026, 2, 1))
    behind = paper("附", f"现将通知转发给你们，请遵照执行。\n附件：\n{WATER}", title, dated=date(2026, 2, 2))
    found = verdicts(SOURCE, alone, behind)
    assert found["短"].label is found["附"].label is Label.SHORT


def test_a_document_made_from_several_is_called_so_with_each_source() -> None:
    fire = paper("火", FIRE, dated=date(2026, 1, 6))
    both = paper(
        "合",
        WATER[:100] + FIRE[:100] + "青稞播种进度要按旬通报，农机调度由农技站统一安排。" * 6,
        dated=date(2026, 2, 1),
    )
    found = verdicts(SOURCE, fire, both)["合"]
    assert {s.document.name for s in found.sources} == {"源", "火"}
    assert found.label is Label.SEVERAL


def test_a_document_of_one_s_own_is_called_so() -> None:
    found = verdicts(SOURCE, paper("己", OWN * 4, dated=date(2026, 2, 1)))["己"]
    assert (found.label, found.share, found.sources) == (Label.OWN, 0.0, ())
    assert found.own == ((0, len(OWN) * 4),) and found.part.index == 100


def test_the_own_part_and_the_passages_stand_where_the_text_has_them() -> None:
    text = OWN + WATER + OWN
    found = verdicts(SOURCE, paper("抄", text, dated=date(2026, 2, 1)))["抄"]
    (source,) = found.sources
    (passage,) = source.passages
    assert text[passage.start : passage.end].strip("。") == WATER.strip("。")
    assert source.document.text[passage.source_start : passage.source_end].strip("。") == WATER.strip("。")
    assert united([*found.own, (passage.start, passage.end)]) == [(0, len(text))]


def test_lines_around_the_text_are_neither_copied_nor_own() -> None:
    head, foot = "中共西河县委办公室文件\n西办发〔2026〕{}号\n", "\n中共西河县委办公室\n2026年3月{}日\n"
    to = "各乡镇党委和人民政府，县委各部委，县直各单位，各人民团体，各驻县单位党组织：\n"
    one = paper(
        "一", head.format(1) + "关于防火的通知\n" + to + FIRE + foot.format(1), dated=date(2026, 3, 1)
    )
    two = paper(
        "二", head.format(2) + "关于供水的通知\n" + to + WATER + foot.format(2), dated=date(2026, 3, 2)
    )
    found = verdicts(one, two)["二"]
    assert found.share == 0 and found.label is Label.OWN
    assert [two.text[a:b].strip() for a, b in found.own] == [WATER]


def test_a_notice_relayed_by_a_hundred_villages_is_found_a_hundred_times() -> None:
    copies = [paper(f"村{n:03}", f"第{n}村通知\n{WATER}", dated=date(2026, 2, 1)) for n in range(100)]
    found = verdicts(SOURCE, *copies)
    assert sum(found[c.name].label is Label.COPIED for c in copies) == 100


def test_formulae_are_grey_and_not_counted() -> None:
    phrase = "以习近平新时代中国特色社会主义思想为指导全面贯彻落实党的二十大精神"
    words = ["供水", "防火", "植树", "修路", "春播", "防汛", "招工", "义诊"]
    papers = [
        paper(
            w,
            f"{phrase}，{w * 3}的安排由{w}小组另行公布。{w}每天统计{w}进度，{w}结束后公布{w}结果。",
            dated=date(2026, 1, n + 1),
        )
        for n, w in enumerate(words)
    ]
    last = verdicts(*papers)["义诊"]
    assert last.share == 0 and last.grey and last.label is Label.OWN


def test_a_draft_is_read_against_all_without_being_kept() -> None:
    library = Library([SOURCE], POLICY)
    draft = library.draft(paper("稿", WATER))
    assert draft.label is Label.COPIED and len(library.documents) == 1
    assert library.draft(paper("空", "")).share == 0


@pytest.mark.parametrize(
    ("later", "by"),
    [
        ({"title": f"关于转发《{SOURCE.title}》的通知", "dated": date(2025, 1, 1)}, Evidence.TITLE),
        ({"text": f"根据《{SOURCE.title}》要求", "dated": date(2025, 1, 1)}, Evidence.CITED),
        ({"text": "按照省水发〔2026〕3号要求"}, Evidence.CITED),
        ({"dated": date(2026, 1, 6), "posted": date(2025, 1, 1)}, Evidence.DATED),
        ({"dated": date(2026, 1, 5), "posted": date(2026, 1, 9)}, Evidence.POSTED),
        ({"dated": date(2026, 1, 5), "level": Level.COUNTY}, Evidence.LEVEL),
        ({}, Evidence.NONE),
    ],
)
def test_the_strongest_evidence_decides_which_came_first(later: dict[str, Any], by: Evidence) -> None:
    source = replace(SOURCE, number="省水发〔2026〕3号", posted=date(2026, 1, 8), level=Level.PROVINCE)
    told = {"text": "", **later}
    other = Document.read("后", told.pop("text"), **told)
    assert evidence(other, source) is by
    if by is Evidence.NONE:
        assert evidence(other, source, contained=True) is Evidence.CONTAINED


@pytest.mark.parametrize("known", [None, 2016])
def test_where_a_date_is_missing_wording_of_known_age_decides(known: int | None) -> None:
    dated = date(known, 1, 1) if known else None
    older = Document.read("旧", "由工商行政管理部门给予行政处分。", posted=date(2026, 2, 1), dated=dated)
    newer = Document.read("新", "由市场监督管理部门依法给予处分。", posted=date(2026, 1, 1))
    assert evidence(newer, older, eras=POLICY.eras) is Evidence.WORDING
    assert evidence(older, newer, eras=POLICY.eras) is Evidence.POSTED
    found = replace(newer, dated=date(2015, 1, 1)), replace(older, dated=date(2016, 1, 1))
    assert evidence(*found, eras=POLICY.eras) is Evidence.NONE


def test_documents_without_any_date_are_put_by_their_wording() -> None:
    older = Document.read("乙", "由工商行政管理部门给予行政处分。")
    newer = Document.read("甲", "由市场监督管理部门依法给予处分。")
    assert [d.name for d in ordered([newer, older], POLICY.eras)] == ["乙", "甲"]


def test_whoever_names_another_document_comes_after_it_whatever_the_dates_say() -> None:
    relay = paper("转", "请执行。", f"关于转发《{SOURCE.title}》的通知", dated=date(2025, 12, 1))
    assert (
        [d.name for d in ordered([relay, SOURCE])]
        == ["源", "转"]
        == [d.name for d in ordered([SOURCE, relay])]
    )


def test_documents_that_name_one_another_in_a_circle_are_put_by_their_dates() -> None:
    one = paper(
        "甲",
        "见《关于乙事的若干工作意见》、《关于丙事的若干工作意见》",
        "关于甲事的若干工作意见",
        dated=date(2026, 1, 1),
    )
    two = paper("乙", "见《关于丙事的若干工作意见》", "关于乙事的若干工作意见", dated=date(2026, 1, 2))
    three = paper("丙", "见《关于甲事的若干工作意见》", "关于丙事的若干工作意见", dated=date(2026, 1, 3))
    assert sorted(d.name for d in ordered([three, two, one])) == ["丙", "乙", "甲"]


def test_the_order_in_which_documents_are_given_changes_nothing() -> None:
    papers = [SOURCE, *(paper(f"村{n}", WATER, dated=date(2026, 2, n + 1)) for n in range(5))]
    one, other = verdicts(*papers), verdicts(*reversed(papers))
    assert one == other


def test_what_lies_outside_spans_and_spans_make_the_whole() -> None:
    assert outside([(2, 4), (6, 8)], 10) == [(0, 2), (4, 6), (8, 10)]
    assert outside([(0, 10)], 10) == [] and outside([], 0) == []


# --- the register -----------------------------------------------------------------------------------


def document(text: str, **told: Any) -> DocumentRegistered:
    plain: dict[str, Any] = {
        "title": "关于供水的通知",
        "kind": DocumentKind.NOTICE,
        "direction": Direction.ISSUED,
        "level": Level.COUNTY,
        "form": Form.SLIP,
        "dated": date(2026, 3, 2),
        "length": counted(text),
        "digest": text_digest(text),
        "text": text,
    }
    return DocumentRegistered(**(plain | told))


def book(*facts: tuple[str, Any, date, str]) -> Book:
    entries = sealed(entry(code, told, day, unit) for code, told, day, unit in facts)
    return judge(Tables.of(entries), RULES, 2026, date(2026, 11, 23))


def words(found: Book, code: str, item: str) -> str:
    return found.documents[code].of("documents.check", item)[0].sentence()


DAY = date(2026, 3, 5)


def test_a_registered_copy_is_a_finding_with_its_sources_and_their_entries() -> None:
    source = document(
        WATER, title="省通知", level=Level.PROVINCE, direction=Direction.RECEIVED, dated=date(2026, 1, 5)
    )
    found = book(("D00001", source, DAY, "U2"), ("D00002", document(WATER), DAY, "U2"))
    copied = found.documents["D00002"].one("documents.copied")
    assert copied is not None and copied.value is not None and copied.value > 90
    assert copied.evidence == (1, 0) and "D00001" in copied.sentence() and "成文日期" in copied.sentence()
    assert found.units["U2"].one("documents.copies") is not None


def test_red_tape_is_asked_about_and_who_asked_for_the_document_is_told() -> None:
    text = "请各乡镇制定实施\n细则，并报送贯彻落实情况。" + "字" * 5000
    found = book(("D00001", document(text, asked_by="省发〔2026〕1号"), DAY, "U2"))
    assert "5021 字，超过 5000 字" in words(found, "D00001", "length")
    assert "省发〔2026〕1号" in words(found, "D00001", "demands") and "报送贯彻落实情况" in words(
        found, "D00001", "demands"
    )
    assert "便笺" in words(found, "D00001", "form")


def test_a_special_purpose_document_has_the_lower_limit() -> None:
    found = book(("D00001", document("字" * 4500, special=True), DAY, "U2"))
    assert "超过 4000 字" in words(found, "D00001", "length")
    assert (
        not book(("D00001", document("字" * 4500), DAY, "U2"))
        .documents["D00001"]
        .of("documents.check", "length")
    )


def test_an_issuer_other_than_the_register_s_is_asked_about() -> None:
    text = f"通知\n{OWN}\n安化县人民政府\n2026年3月2日"
    found = book(("D00001", document(text, issuer="平乐县人民政府"), DAY, "U2"))
    assert "安化县人民政府" in words(found, "D00001", "issuer")


def test_a_unit_s_yearly_count_may_only_go_down_and_withdrawn_documents_do_not_count() -> None:
    last = ("D00001", document(OWN, dated=date(2025, 3, 2)), date(2025, 3, 2), "U2")
    now = [(f"D0000{n}", document(f"{OWN}{n}"), DAY, "U2") for n in (2, 3)]
    issued = book(last, *now).units["U2"].one("documents.issued")
    assert issued is not None and issued.value == 2 and "上年全年 1 件" in issued.sentence()
    back = ("D00003", fact("DocumentWithdrawn"), DAY, "U2")
    issued = book(last, *now, back).units["U2"].one("documents.issued")
    assert issued is not None and issued.value == 1 and issued.sentence() == ""


def test_what_people_said_is_never_compared_with_anything() -> None:
    """Suggestions, complaints and words heard on visits are no documents (red line 4)."""
    said = fact("SuggestionMade", text=WATER)
    heard = fact("VoiceHeard", text=WATER)
    found = book(
        ("S00001", said, DAY, "U2"), ("V00001", heard, DAY, "U2"), ("D00001", document(WATER), DAY, "U2")
    )
    assert set(found.documents) == {"D00001"}
    copied = found.documents["D00001"].one("documents.copied")
    assert copied is not None and copied.value == 0


def test_what_people_complain_of_is_never_compared_with_reports() -> None:
    """A report may well say what was complained of: with the words of the problem nothing is compared."""
    raised = (
        fact("ProblemRaised", text=WATER),
        fact("VoiceHeard", text=WATER),
        fact("OpinionHeard", text=WATER),
    )
    said = [
        (code, each, DAY, "U2") for code, each in zip(("Q00001", "V00001", "M00001"), raised, strict=True)
    ]
    found = book(*said, ("Q00001", fact("ProgressReported", text=WATER), DAY, "U2"))
    paper = found.units["U2"].one("problems.paper")
    assert paper is not None and paper.value == 0
    assert not [flag for flag in found.flags if flag.kind in ("paper", "copied")]


COMPARES = ("shigan.maths.reuse", "shigan.judge.copies")
"""Who imports one of these compares texts."""
COMPARED = {
    "judge/copies.py", "judge/direction.py", "judge/documents.py", "judge/flags.py", "judge/kept.py",
    "judge/leaning.py", "judge/problems.py", "judge/relays.py", "judge/stock.py",
    "judge/stock_files.py", "exchange/reuse_report.py",
}  # fmt: skip
VOICES = ("SuggestionMade", "VoiceHeard", "OpinionHeard")
"""What people said (red line 4)."""


def imported(source: str) -> set[str]:
    """The modules that a source imports, whichever way it is written."""
    names = set[str]()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom):
            names |= {f"{node.module}.{each.name}" for each in node.names} | {node.module or ""}
        elif isinstance(node, ast.Import):
            names |= {each.name for each in node.names}
    return names


def crossing(place: str, source: str) -> str:
    """What is wrong where a source compares texts: that it does, or that it names what people said."""
    if not any(name.startswith(COMPARES) for name in imported(source)):
        return ""
    if place not in COMPARED:
        return "compares texts"
    return ", ".join(voice for voice in VOICES if voice in source)


def test_texts_are_compared_in_few_places_and_none_of_them_knows_what_people_said() -> None:
    import shigan

    root = Path(shigan.__file__).parent
    sources = {path.relative_to(root).as_posix(): path.read_text("utf-8") for path in root.rglob("*.py")}
    product = {p: s for p, s in sources.items() if not p.startswith(("maths/reuse/", "bench/"))}
    assert {place: wrong for place, text in product.items() if (wrong := crossing(place, text))} == {}
    assert product.keys() >= COMPARED
    assert not [voice for voice in VOICES if voice in product["judge/register.py"]]


@pytest.mark.parametrize("written", [
    "from shigan.maths import reuse", "from shigan.maths.reuse import index", "import shigan.maths.reuse",
    "from shigan.judge.copies import copied",
], ids=["package", "module", "plain", "copies"])  # fmt: skip
def test_a_crossing_is_noticed_whichever_way_it_is_written(written: str) -> None:
    assert crossing("web/pages/suggestions.py", written)
    assert crossing("judge/flags.py", f'{written}\ntables["VoiceHeard"]')
    assert not crossing("judge/flags.py", written)


@pytest.mark.skipif(not SEEDS.exists(), reason="the essays stand in ../shared only")
def test_the_second_seed_essay_shares_nearly_half_with_the_first_and_has_nothing_specific_of_its_own() -> (
    None
):
    first, second = SEEDS.read_text("utf-8").split("之二——")
    found = verdicts(paper("一", first), paper("二", second))["二"]
    assert found.share >= 0.45 and found.sources[0].used >= 0.6
    assert found.part.index <= 5
