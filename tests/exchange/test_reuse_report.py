"""`shigan reuse`: a folder of documents in, one page that loads nothing out."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest

from shigan.exchange import reuse_report
from shigan.facts.faults import Fault
from shigan.policy import Rulebook

WATER = (
    "为保障农村饮水安全，各乡镇要对辖区内的集中供水设施开展一次全面排查，重点检查蓄水池、管网和消毒设备的运行情况。"
    "对排查发现的漏水、淤积、水质不达标等问题，要建立台账，逐项明确整改措施，整改完成一项销号一项。"
)
RULES = Rulebook.shipped()
SEEDS = Path(__file__).resolve().parents[3] / "shared/seeds/two-essays.txt"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "收文"
    (made / "里").mkdir(parents=True)
    (made / "a.txt").write_text(f"关于饮水安全的通知\n西水发〔2025〕1号\n{WATER}\n2025年1月5日", "utf-8")
    relay = f"关于饮水安全的意见<b>\n{WATER}\n县水利局应当在4月20日前清理15处。安化县要落实。\n2026年2月1日"
    (made / "里/b.txt").write_bytes(relay.encode("gb18030"))
    (made / "密.txt").write_text("机密★1年\n通知", "utf-8")
    (made / "旧.wps").write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("c.txt", f"转给你们\n{WATER}\n2026年3月1日")
    (made / "c.zip").write_bytes(packed.getvalue())
    return made


def test_a_folder_becomes_one_page_with_each_document_its_sources_and_what_was_not_read(folder: Path) -> None:
    to, said = folder.parent / "report.html", list[str]()
    assert reuse_report.command(folder, to, "海晏县", "", said.append) == 0
    page = to.read_text("utf-8")
    for words in (
        "关于饮水安全的通知",
        "c.zip/c.txt",
        "西水发〔2025〕1号",
        "成文日期或文号年份",
        "4月20日前",
    ):
        assert words in page
    assert "3 份文件" in said[-1] and "2 份没有读" in said[-1]
    assert page.count("没有读取：") == 2 and "★" not in page
    assert '<span class="ask">安化县</span>' in page


def test_the_page_loads_nothing_runs_nothing_and_says_what_it_was_told_as_text(folder: Path) -> None:
    found = reuse_report.compare(folder, RULES)
    page = reuse_report.report(found, "<收文>")
    assert not re.search(r"<script|<link|<img|src=|url\(|@import|https?://", page)
    assert "<b>" not in page and "&lt;b&gt;" in page and "&lt;收文&gt;" in page


def test_every_character_of_a_document_stands_in_the_page_once_in_order(folder: Path) -> None:
    found = reuse_report.compare(folder, RULES)
    page = reuse_report.report(found, "收文")
    texts = re.findall(r'<h3>全文</h3><div class="text">(.*?)</div>', page, re.DOTALL)
    plain = [re.sub(r"<[^>]*>", "", each).replace("&lt;", "<").replace("&gt;", ">") for each in texts]
    assert plain == [verdict.document.text for verdict in found.verdicts]


def test_without_the_own_place_nothing_is_taken_for_a_residue(folder: Path) -> None:
    found = reuse_report.compare(folder, reuse_report.at_home(RULES, "", ""))
    assert not any(verdict.residues for verdict in found.verdicts)


def test_a_place_that_does_not_exist_and_a_folder_that_is_none_are_named(tmp_path: Path) -> None:
    with pytest.raises(Fault, match="无名县"):
        reuse_report.at_home(RULES, "无名县", "")
    with pytest.raises(Fault, match="没有文件夹"):
        reuse_report.compare(tmp_path / "无", RULES)


def test_a_folder_without_readable_files_says_what_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text("# 通知", "utf-8")
    with pytest.raises(Fault, match=r"能读的是 \.docx"):
        reuse_report.command(tmp_path, tmp_path / "report.html", "", "", lambda words: None)
    assert not (tmp_path / "report.html").exists()


@pytest.mark.skipif(not SEEDS.exists(), reason="the essays stand in ../shared only")
def test_the_seed_essays_are_shown_with_what_they_share_and_what_was_left_over(tmp_path: Path) -> None:
    for name, essay in zip(("一", "二"), SEEDS.read_text("utf-8").split("之二——"), strict=True):
        (tmp_path / f"{name}.txt").write_text(essay, "utf-8")
    found = reuse_report.compare(tmp_path, reuse_report.at_home(RULES, "海北藏族自治州", ""))
    page = reuse_report.report(found, "心得")
    assert '<span class="ask">北海</span>' in page and page.count('<span class="ask">全区</span>') >= 1
    (source,) = found.verdicts[1].sources
    assert source.used >= 0.6 and found.verdicts[1].share >= 0.45
