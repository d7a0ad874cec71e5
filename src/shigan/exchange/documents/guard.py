"""The door for uploaded documents: what each file is, and what is too big, nested or unreadable."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from shigan.facts.faults import Fault, _

MAX_FILE = 20_000_000
"""Bytes of one document."""
MAX_ARCHIVE = 50_000_000
"""Bytes of a .zip."""
MAX_MEMBERS, MAX_UNPACKED, MAX_RATIO = 200, 100_000_000, 100
RATIO_FROM = 4_000_000
"""Below so many bytes a member may be packed as tightly as it likes."""

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_PACKED = (".zip", ".7z", ".rar", ".gz", ".tar", ".jar", ".bz2", ".xz")
_TORN = (
    zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError, RuntimeError, zlib.error,
)  # fmt: skip
"""What `zipfile` raises over archives that are damaged."""
_SAVE_AS = _("请用 WPS 或 Word 打开，另存为“Word 文档（.docx）”后再上传。")
_FEWER = _("请分几次上传，每次少放一些文件。")


class Type(StrEnum):
    DOCX = "docx"
    PDF = "pdf"
    HTML = "html"
    TEXT = "txt"
    ZIP = "zip"


class Member(NamedTuple):
    """A file out of an archive."""

    name: str
    data: bytes


def type_of(data: bytes, name: str) -> Type:
    """What a file is, by its bytes first. Raises `Fault` for what is empty, too big or not readable here."""
    if not data:
        raise Fault(_("文件是空的，一个字节也没有。"), remedy=_("请检查文件后重新上传。"))
    if data.startswith(_OLE):
        raise Fault(_("这是旧版 .doc 或 .wps 文件，或设有打开密码，读不了。"), remedy=_SAVE_AS)
    if data.startswith(b"PK\x03\x04") or data.startswith(b"PK\x05\x06"):
        return _packed(data)
    if len(data) > MAX_FILE:
        raise Fault(_("文件超过 {limit} MB。"), remedy=_("去掉图片后再上传。"), limit=MAX_FILE // 1_000_000)
    if data[:1024].lstrip().startswith(b"%PDF"):
        return Type.PDF
    start, low = data[:2000].lstrip(b"\xef\xbb\xbf \r\n\t").lower(), name.lower()
    if low.endswith((".html", ".htm")) or start.startswith((b"<!doctype html", b"<html")):
        return Type.HTML
    if low.endswith((".wps", ".doc", ".et", ".ofd", ".rtf")) or start.startswith(b"{\\rtf"):
        raise Fault(_("这种文件读不了，只读 .docx、.pdf、.txt、.html 和它们的 .zip。"), remedy=_SAVE_AS)
    if b"\0" in data[:4000] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Fault(_("这不是文件文本，只读 .docx、.pdf、.txt、.html 和它们的 .zip。"), remedy=_SAVE_AS)
    return Type.TEXT


def _packed(data: bytes) -> Type:
    """A .docx or an archive of documents; an .ofd and a workbook are archives too, of another kind."""
    names = {member.filename.lower() for member in _listed(data)}
    if "word/document.xml" in names:
        return Type.DOCX
    if names & {"ofd.xml", "xl/workbook.xml", "ppt/presentation.xml", "[content_types].xml", "mimetype"}:
        raise Fault(_("这种文件读不了，只读 .docx、.pdf、.txt、.html 和它们的 .zip。"), remedy=_SAVE_AS)
    return Type.ZIP


def members(data: bytes, wanted: tuple[str, ...] = ()) -> Iterator[Member]:
    """The files of an archive, those whose names end as `wanted` (all, if empty).

    Unpacks at most MAX_UNPACKED bytes, whatever the headers claim. Raises `Fault`.
    """
    left = MAX_UNPACKED
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in _listed(data):
                name = _name(member)
                if member.is_dir() or (wanted and not name.lower().endswith(wanted)):
                    continue
                with archive.open(member) as part:
                    content = part.read(left + 1)
                left -= len(content)
                if left < 0:
                    raise _too_large()
                yield Member(name, content)
    except Fault:  # a ValueError too
        raise
    except _TORN as error:
        raise _broken() from error


def _listed(data: bytes) -> list[zipfile.ZipInfo]:
    """The members of an archive after every check that needs no unpacking."""
    if len(data) > MAX_ARCHIVE:
        raise Fault(_("文件超过 {limit} MB。"), remedy=_FEWER, limit=MAX_ARCHIVE // 1_000_000)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            found = archive.infolist()
    except _TORN as error:
        raise _broken() from error
    if len(found) > MAX_MEMBERS:
        raise Fault(
            _("压缩包里有 {n} 个文件，超过 {limit} 个。"), remedy=_FEWER, n=len(found), limit=MAX_MEMBERS
        )
    if sum(member.file_size for member in found) > MAX_UNPACKED or any(map(_bomb, found)):
        raise _too_large()
    if any(member.flag_bits & 0x1 for member in found):
        raise Fault(_("压缩包或文件设有密码。"), remedy=_("请去掉密码后再上传。"))
    return found


def _bomb(member: zipfile.ZipInfo) -> bool:
    return member.file_size >= RATIO_FROM and member.file_size > MAX_RATIO * member.compress_size


def _name(member: zipfile.ZipInfo) -> str:
    """The member's name; archives made on Chinese Windows write GBK and do not say so."""
    if member.flag_bits & 0x800:
        return member.filename
    try:
        return member.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return member.filename


def nested(name: str) -> bool:
    """Whether a file in an archive is an archive itself."""
    return name.lower().endswith(_PACKED)


def _too_large() -> Fault:
    return Fault(
        _("文件解压后超过 {limit} MB，或压缩得不合常理，没有读取。"),
        remedy=_FEWER,
        limit=MAX_UNPACKED // 1_000_000,
    )


def _broken() -> Fault:
    return Fault(_("文件不完整或已损坏，打不开。"), remedy=_("请重新复制或下载这个文件，能打开后再上传。"))
