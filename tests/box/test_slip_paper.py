from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import segno

from shigan.box import manifest as manifests
from shigan.box import names as names_of
from shigan.box import signatures, slip_paper, slips
from shigan.box.manifest import Manifest
from shigan.box.names import Name, Names
from shigan.box.refusals import Refused
from shigan.maths import slips as codes
from shigan.maths.blind import PublicKey
from tests.box.manifests import grid, manifest, names, pick, plain, voters

FONTS = Path(__file__).parents[2] / "src" / "shigan" / "exchange" / "fonts"
KEY = PublicKey((1 << 3071) | 1, 65537)
WILD = '#let x = 1; $a^2$ *粗* <b> @引 \\ [括] {x} "引号" `码` // = 等 &amp;'

pytestmark = pytest.mark.skipif(not FONTS.is_dir(), reason="no fonts here: `make setup` fetches them")


def made(count: int, voters: str = "A", **changes: Any) -> tuple[list[str], bytes]:
    given = plain(**changes)
    plan = manifests.read(given)
    own = codes.make(count)
    return own, slip_paper.slips_pdf(plan, names_of.read(names(given), plan), voters, own, FONTS)


def pages(data: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", data))


def words(data: bytes) -> str:
    program = shutil.which("pdftotext")
    if not program:
        pytest.skip("pdftotext (poppler) is not here to read the PDF")
    done = subprocess.run([program, "-", "-"], input=data, capture_output=True, check=True)
    return done.stdout.decode()


def notice(plan: dict[str, Any]) -> dict[str, Any]:
    read = manifests.read(plan)
    given, made = slips.make(read)
    if given:
        _file, made, _ = slips.plan([given["C"][0]], slips.read(made, read), read)
    classes = {
        name: {"count": own["count"], "root": own["root"], "canaries": made["canaries"][name]}
        for name, own in made["classes"].items()
    }
    return {
        "format": "shigan/box/notice/1", "manifest": plan, "slips": classes, "commitment": made["commitment"],
    }  # fmt: skip


def test_every_slip_carries_its_code_class_title_and_names() -> None:
    own, data = made(5)
    text = words(data)
    assert all(text.count(code) == 1 for code in own)
    assert text.count("县领导") == 5
    assert text.count("2026年度领导班子和领导干部民主测评") == 5
    assert text.count("示例0003") == 5
    assert text.count("勾选，不写字；截止前可随时重投，以最后一次为准。") == 5


def test_slips_lie_in_another_order_than_they_were_made_in() -> None:
    own, data = made(40)
    assert re.findall(r"(?:\w{5}-){4}\w{5}", words(data)) not in (own, own[::-1], sorted(own))


@pytest.mark.parametrize(
    ("parts", "sheets"),
    [([grid(3)], 2), ([pick(12)], 2), ([grid(10)], 4), ([grid(30)], 4), ([grid(5), pick(12)], 4)],
    ids=["3×5", "pick of 12", "10×5", "30×5", "5×5 and a pick"],
)
def test_short_sheets_lie_two_on_a_page_and_longer_ones_alone(parts: list[Any], sheets: int) -> None:
    assert pages(made(4, parts=parts)[1]) == sheets


def test_a_very_long_sheet_carries_its_code_on_every_page() -> None:
    own, data = made(1, parts=[grid(60)])
    assert pages(data) == 2
    assert words(data).count(own[0]) == 3, "large, and at the foot of both pages"


@pytest.mark.parametrize("origin", ["", "http://piao.example:8080"])
def test_the_qr_code_opens_the_voting_page_with_the_code_behind_the_hash(origin: str) -> None:
    code = codes.make(1)[0]
    link = slip_paper.link(manifest(origin=origin), code)
    assert link == (f"{origin}/#{code}" if origin else code)
    assert int(segno.make_qr(link, error="m").version) <= 5, "modules of a millimetre's size"


def test_a_specimen_has_no_code() -> None:
    _none, data = made(0)
    assert "样票，没有编号" in words(data)
    assert pages(data) == 1
    assert not re.search(r"(?:\w{5}-){4}\w{5}", words(data))


def test_nothing_in_a_name_or_title_is_read_as_markup() -> None:
    plan = manifest(title=WILD, session=WILD, parts=[{**grid(1), "title": WILD, "items": [WILD]}])
    known = Names({"P0001": Name(WILD, WILD)})
    text = words(slip_paper.slips_pdf(plan, known, "A", (), FONTS))
    assert text.count("$a^2$") >= 4


def test_the_widest_and_the_longest_words_still_make_a_sheet() -> None:
    long = "很长的选项名称" * 20
    part = {**grid(2, 50), "options": [f"{long}{n}" for n in range(9)]}
    plan = manifest(parts=[part], title="题" * 200, classes=[voters("A", 8, 100, name="类" * 200, pool="")])
    assert pages(slip_paper.slips_pdf(plan, Names(), "A", (), FONTS)) >= 1


def test_the_paper_needs_a_chinese_font(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(slip_paper, "CHINESE", {"a font that nobody has"})
    with pytest.raises(Refused, match="中文字体"):
        slip_paper.slips_pdf(manifest(), Names(), "A", (), tmp_path)


def test_many_slips_come_in_several_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slip_paper, "ONE_FILE", 2)
    own = codes.make(3)
    files = list(slip_paper.slip_files(manifest(), Names(), "A", own, FONTS))
    assert [sum(code in words(each) for code in own) for each in files] == [2, 1]


def test_the_notice_tells_what_was_sealed_in_groups_of_four() -> None:
    keys = [signatures.new(name) for name in ("监票人一", "监票人二")]
    signers = [{"name": each["name"], "key": each["key"]} for each in keys]
    told = notice(plain({"B": KEY}, scrutineers=signers, needed=2))
    text = " ".join(words(slip_paper.notice_pdf(told, Names(), FONTS)).split())
    read: Manifest = manifests.read(told["manifest"])
    sealed = [read.digest, told["commitment"], keys[0]["key"], told["slips"]["A"]["root"]]
    sealed.append(slip_paper.fingerprint(told["manifest"]["keys"]["B"]))
    assert all(slip_paper.grouped(each) in text for each in sealed)
    assert slip_paper.grouped("0123456789ab") == "0123 4567 89ab"


def test_the_largest_notice_fits_one_page() -> None:
    classes = [
        voters(name, 20, weight, pool="", slips=40)
        for name, weight in zip("ABCDEF", (50, *[10] * 5), strict=True)
    ]
    signers = [
        {"name": f"监票人{n}", "key": key["key"]} for n in range(9) for key in [signatures.new("监票人")]
    ]
    told = notice(plain(dict.fromkeys("ABCDEF", KEY), classes=classes, scrutineers=signers, needed=9))
    json.dumps(told)
    assert pages(slip_paper.notice_pdf(told, Names(), FONTS)) == 1


def test_a_notice_with_a_broken_manifest_is_refused() -> None:
    told = notice(plain())
    with pytest.raises(Refused):
        slip_paper.notice_pdf(told | {"manifest": {}}, Names(), FONTS)
