from __future__ import annotations

import io
import random
import subprocess
import zipfile

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from shigan.exchange.workbook import read_workbook
from shigan.exchange.workbook.guard import MAX_UNPACKED, repack
from shigan.facts.faults import Fault

OLE = bytes.fromhex("d0cf11e0a1b11ae1")


def workbook(cells: dict[tuple[int, int], object]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("台账")
        for (row, column), value in cells.items():
            sheet.write(row, column, value)
    return out.getvalue()


GOOD = workbook({(0, 0): "单位", (0, 1): "票数", (1, 0): "县住建局", (1, 1): 12})


def with_members(*members: tuple[str, bytes], packed: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO(GOOD)
    with zipfile.ZipFile(out, "a", packed) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return out.getvalue()


def bomb() -> bytes:
    """A sheet of 300 MB in some 300 KB: blank rows, well-formed to the end."""
    out, row = io.BytesIO(), b'<row><c t="n"><v>1</v></c></row>' * 32_768
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w") as part:
            part.write(b"<worksheet><sheetData>")
            for _ in range(300):
                part.write(row)
            part.write(b"</sheetData></worksheet>")
    return out.getvalue()


def lying(data: bytes, claimed: int) -> bytes:
    """The same archive with every header claiming the sheet to be of `claimed` bytes."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        true = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    return data.replace(true.to_bytes(4, "little"), claimed.to_bytes(4, "little"))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "空的"),
        (GOOD[:300], "损坏"),
        (GOOD[:-200], "损坏"),
        (random.Random(7).randbytes(4000), "不是 Excel"),
        (OLE + bytes(600), "旧版 .xls"),
        (OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "密码"),
        ("单位,票数\n县住建局,12\n".encode("gb18030"), "文本文件"),
        (b"\xef\xbb\xbf" + "单位,票数\n县住建局,12\n".encode() * 400, "文本文件"),
        (with_members(("xl/vbaProject.bin", b"x")), "宏"),
        (with_members(("xl/embeddings/a.docx", b"x")), "嵌着"),
        (with_members(*((f"xl/media/{n}.png", b"") for n in range(200))), "部件"),
        (with_members(("xl/a.xml", b"<!DOCTYPE x><x/>")), "DTD"),
        (with_members(("xl/a.xml", b"<x/>"), packed=zipfile.ZIP_BZIP2), "压缩方式"),
        (with_members(("xl/a.xml", b" " * 30_000_000)), "没有读取"),
        (with_members(("xl/media/a.png", random.Random(1).randbytes(20_000_000))), "MB"),
    ],
)
def test_each_kind_of_bad_file_gets_its_own_sentence(data: bytes, words: str) -> None:
    with pytest.raises(Fault, match=words) as caught:
        read_workbook(data, "台账.xlsx")
    assert caught.value.place == "台账.xlsx"
    assert caught.value.remedy


def test_a_zip_of_something_else_is_no_workbook() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    with pytest.raises(Fault, match="别的文档"):
        read_workbook(out.getvalue())


def test_an_encrypted_member_is_refused() -> None:
    data = bytearray(GOOD)
    flags = data.index(b"PK\x01\x02") + 8
    data[flags] |= 1
    with pytest.raises(Fault, match="密码"):
        read_workbook(bytes(data))


@pytest.mark.parametrize("claimed", [None, 1000, MAX_UNPACKED - 1_000_000])
def test_a_bomb_is_refused_before_parsing_whatever_its_headers_claim(
    claimed: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_args: object, **_more: object) -> None:
        raise AssertionError("the parser was started")

    monkeypatch.setattr(subprocess, "run", never)
    data = bomb()
    assert len(data) < 2_000_000
    with pytest.raises(Fault):
        read_workbook(data if claimed is None else lying(data, claimed))


def test_what_is_parsed_holds_only_xml_parts_and_is_not_packed() -> None:
    with zipfile.ZipFile(io.BytesIO(repack(with_members(("xl/media/a.png", b"x" * 100))))) as archive:
        assert all(m.filename.endswith((".xml", ".rels")) for m in archive.infolist())
        assert all(m.compress_size == m.file_size for m in archive.infolist())


@settings(max_examples=200)
@given(st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255)), min_size=1, max_size=8))
def test_flipped_bytes_never_bring_anything_but_a_fault_out_of_the_guard(
    flips: list[tuple[int, int]],
) -> None:
    data = bytearray(GOOD)
    for at, value in flips:
        data[at] = value
    try:
        repack(bytes(data))
    except Fault as fault:
        assert fault.remedy


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [(20_000, 0, "20000 行"), (0, 100, "100 列"), (1_048_575, 16_383, "没有读完|20000 行")],
)
def test_a_cell_far_out_is_refused_by_name(row: int, column: int, words: str) -> None:
    with pytest.raises(Fault, match=words):
        read_workbook(workbook({(0, 0): "单位", (row, column): "x"}))


def test_a_workbook_of_broken_xml_is_refused_by_the_parser() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook><sheets>")
    with pytest.raises(Fault, match="读不出来"):
        read_workbook(out.getvalue())
