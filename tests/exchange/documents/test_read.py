"""Untrusted documents: what is read, and the sentence for each kind that is not."""

from __future__ import annotations

import contextlib
import io
import random
import zipfile
from collections.abc import Mapping

import docx
import pytest

from shigan.exchange.documents import Paper, read_document, read_documents
from shigan.exchange.documents.guard import MAX_MEMBERS, members
from shigan.facts.faults import Fault

TEXT = "关于清理蓄水池的通知\n西水发〔2026〕5号\n各乡镇：\n请于3月20日前清理蓄水池。"
OLE = bytes.fromhex("d0cf11e0a1b11ae1")


def word(text: str, header: str = "", cells: str = "") -> bytes:
    made, out = docx.Document(), io.BytesIO()
    for line in text.splitlines():
        made.add_paragraph(line)
    if header:
        made.sections[0].header.paragraphs[0].text = header
    if cells:
        made.add_table(1, 1).cell(0, 0).text = cells
    made.save(out)
    return out.getvalue()


def watermark(text: str, words: str) -> bytes:
    """A document with a drawn watermark in its header, as word processors make it."""
    out = io.BytesIO()
    shape = f'<v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:textpath string="{words}"/></v:shape>'
    with zipfile.ZipFile(io.BytesIO(word(text, header="眉"))) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name.startswith("word/header"):
                part = part.replace(
                    b"</w:hdr>", f"<w:p><w:r><w:pict>{shape}</w:pict></w:r></w:p></w:hdr>".encode()
                )
            new.writestr(name, part)
    return out.getvalue()


def archive(files: Mapping[str, bytes], name_code: str = "utf-8") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in files.items():
            packed.writestr(name, data)
    return out.getvalue()


def pdf(text: str) -> bytes:
    typst = pytest.importorskip("typst")
    source = "\n\n".join(f"#text[{line}]" for line in text.splitlines())
    made: bytes = typst.compile(source.encode())
    return made


@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_plain_text_is_read_in_every_encoding_an_office_has(code: str) -> None:
    paper = read_document(TEXT.encode(code), "通知.txt")
    assert paper.text == TEXT and paper.head.number == "西水发〔2026〕5号"


def test_a_word_document_is_read_with_its_tables() -> None:
    paper = read_document(word(TEXT, cells="责任单位：水利局"), "通知.docx")
    assert paper.text.startswith(TEXT) and "责任单位：水利局" in paper.text
    assert paper.head.title == "关于清理蓄水池的通知"


def test_a_page_is_read_without_its_scripts() -> None:
    lines = "".join(f"<p>{line}</p>" for line in TEXT.splitlines())
    page = f"<!DOCTYPE html><html><style>p{{}}</style><script>偷()</script>{lines}&copy;</html>"
    assert read_document(page.encode("gb18030"), "a.html").text == TEXT + "\n©"


def test_a_pdf_with_text_is_read_and_one_without_is_named_a_scan() -> None:
    pytest.importorskip("pypdf")
    assert "20260302" in read_document(pdf("Notice 20260302"), "a.pdf").text
    with pytest.raises(Fault, match="扫描件"):
        read_document(pdf(""), "a.pdf")


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"", "a.txt", "空的"),
        (b"  \n", "a.txt", "没有文字"),
        (OLE + bytes(600), "a.wps", ".wps"),
        (OLE + bytes(600), "a.doc", "旧版 .doc"),
        (archive({"OFD.xml": b"<x/>"}), "a.ofd", "读不了"),
        (archive({"xl/workbook.xml": b"<x/>"}), "a.xlsx", "读不了"),
        (archive({"[Content_Types].xml": b"<x/>", "word/document2.xml": b"<x/>"}), "a.docx", "读不了"),
        (archive({"mimetype": b"x", "content.xml": b"<x/>"}), "a.odt", "读不了"),
        (word(TEXT)[:-400], "a.docx", "损坏"),
        (b"%PDF-1.7\n" + random.Random(7).randbytes(3000), "a.pdf", "损坏|没有读完|没有文字"),
        (random.Random(7).randbytes(4000), "a.txt", "文件文本|编码"),
        (b"{\\rtf1 x}", "a.rtf", "读不了"),
        (("字" * 200_001).encode(), "a.txt", "20 万字"),
        (archive({"a.txt": TEXT.encode()}), "a.zip", "压缩包"),
        (archive({"word/document.xml": b"<!DOCTYPE x [<!ENTITY a 'b'>]><x/>"}), "a.docx", "损坏"),
    ],
)
def test_what_cannot_be_read_gets_its_own_sentence(data: bytes, name: str, words: str) -> None:
    with pytest.raises(Fault, match=words) as refused:
        read_document(data, name)
    assert refused.value.remedy and refused.value.place == name


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (f"机密★1年\n{TEXT}".encode(), "a.txt"),
        (word(TEXT, header="秘密★3年"), "a.docx"),
        (word(TEXT, cells="【机密】"), "a.docx"),
        (TEXT.encode(), "机密-清理蓄水池.txt"),
        (TEXT.encode(), "绝密/清理蓄水池.txt"),
        (OLE + bytes(600), "秘密★1年.wps"),
        (f"機密★１年\n{TEXT}".encode("gb18030"), "a.txt"),
        (f"<title>机密★1年</title>{TEXT}".encode(), "a.html"),
        (f"<p>&#26426;&nbsp;&#23494;&#9733;1年</p>{TEXT}".encode(), "a.html"),
        (watermark(TEXT, "机密"), "a.docx"),
    ],
    ids=["text", "header", "cell", "name", "folder", "wps", "gb18030", "title", "entities", "watermark"],
)
def test_a_file_with_a_secrecy_mark_is_refused_wherever_the_mark_stands(data: bytes, name: str) -> None:
    with pytest.raises(Fault, match="密级标志"):
        read_document(data, name)


def test_an_archive_gives_its_documents_and_the_fault_of_each_that_is_refused() -> None:
    data = archive(
        {
            "收文/通知.txt": TEXT.encode(),
            "里面.zip": archive({"a.txt": b"x"}),
            "b.docx": word(TEXT),
            "密.txt": f"绝密\n{TEXT}".encode(),
            "__MACOSX/._b.docx": b"x",
        }
    )
    found = list(read_documents(data, "收文.zip"))
    papers = [each.name for each in found if isinstance(each, Paper)]
    faults = [str(each) for each in found if isinstance(each, Fault)]
    assert papers == ["收文/通知.txt", "b.docx"]
    assert len(faults) == 2 and "套着压缩包" in faults[0] and "密级" in faults[1]


def test_an_archive_whose_own_name_bears_a_mark_is_not_opened() -> None:
    with pytest.raises(Fault, match="密级标志"):
        list(read_documents(archive({"a.txt": TEXT.encode()}), "秘密文件.zip"))


@pytest.mark.parametrize("name", ["商业秘密保护办法.txt", "保密工作要点.txt", "无记名秘密投票办法.txt"])
def test_a_name_that_only_speaks_of_secrets_is_read(name: str) -> None:
    assert read_document(TEXT.encode(), name).text == TEXT


def test_a_watermark_that_is_no_mark_is_neither_refused_nor_text() -> None:
    assert read_document(watermark(TEXT, "征求意见稿"), "a.docx").text == TEXT


def test_an_archive_of_too_many_files_or_too_many_bytes_is_refused_before_anything_is_read() -> None:
    with pytest.raises(Fault, match="201 个文件"):
        list(read_documents(archive({f"{n}.txt": b"" for n in range(MAX_MEMBERS + 1)}), "a.zip"))
    with pytest.raises(Fault, match="不合常理"):
        list(read_documents(archive({"a.txt": b" " * 30_000_000}), "a.zip"))
    with pytest.raises(Fault, match="损坏"):
        list(read_documents(archive({"a.txt": TEXT.encode()})[:-30], "a.zip"))


@pytest.mark.parametrize("made", [word(TEXT), archive({"a.txt": TEXT.encode()})], ids=["docx", "zip"])
def test_whatever_is_cut_out_of_a_packed_file_is_read_or_refused_in_a_sentence(made: bytes) -> None:
    chance = random.Random(3)
    for _ in range(40):
        start = chance.randrange(len(made))
        torn = made[:start] + made[start + chance.randrange(1, 200) :]
        with contextlib.suppress(Fault):
            list(members(torn))


def test_a_single_document_is_read_where_an_archive_may_be() -> None:
    (paper,) = read_documents(TEXT.encode(), "a.txt")
    assert isinstance(paper, Paper)


def test_control_characters_do_not_come_in() -> None:
    assert read_document(f"{TEXT}\x01\x0c".encode(), "a.txt").text == TEXT


def test_names_packed_on_chinese_windows_are_read() -> None:
    name = "通知.txt"
    data = archive({"AAAA.txt": TEXT.encode()}).replace(b"AAAA.txt", name.encode("gbk"))
    (paper,) = read_documents(data, "a.zip")
    assert isinstance(paper, Paper) and paper.name == name
