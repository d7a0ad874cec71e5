"""The door for uploaded workbooks: what is too big, hidden or not an .xlsx is refused before any parsing."""

from __future__ import annotations

import io
import zipfile
import zlib

from shigan.facts.faults import Fault, _

MAX_FILE = 20_000_000
"""Bytes of the upload itself."""
MAX_MEMBERS = 200
MAX_UNPACKED = 100_000_000
"""Bytes of all members together."""
MAX_RATIO, RATIO_FROM = 100, 4_000_000
"""How many times a member of at least so many bytes may exceed its packed size."""

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_ARCHIVES = (".zip", ".xlsx", ".xlsm", ".docx", ".pptx", ".7z", ".rar", ".gz", ".jar")
_SAVE_AS = _("请用 Excel 或 WPS 打开，另存为“Excel 工作簿（.xlsx）”后再上传。")
_SHRINK = _("请只保留要导入的那张表，去掉图片，另存后再上传。")


def repack(data: bytes) -> bytes:
    """The XML parts of an .xlsx in a new, uncompressed archive: what was measured is what gets parsed.

    Raises `Fault` for anything that is no plain, moderate .xlsx. Unpacks at most `MAX_UNPACKED` bytes,
    whatever the headers of the archive claim.
    """
    _check_magic(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            _check_sizes(members)
            _check_contents(archive.namelist())
            return _copy(archive, [m for m in members if m.filename.lower().endswith((".xml", ".rels"))])
    except (
        zipfile.BadZipFile,
        EOFError,
        OSError,
        ValueError,
        NotImplementedError,
        zlib.error,
    ) as error:
        if isinstance(error, Fault):
            raise
        raise Fault(
            _("文件不完整或已损坏，打不开。"), remedy=_("请重新复制或下载这个文件，能用 Excel 打开后再上传。")
        ) from error


def _check_magic(data: bytes) -> None:
    if not data:
        raise Fault(_("文件是空的，一个字节也没有。"), remedy=_("请检查文件后重新上传。"))
    if len(data) > MAX_FILE:
        raise Fault(_("文件超过 {limit} MB。"), remedy=_SHRINK, limit=MAX_FILE // 1_000_000)
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise Fault(_("文件设有打开密码。"), remedy=_("请在 Excel 里去掉密码，另存后再上传。"))
        raise Fault(_("这是旧版 .xls（或 .et）文件，不是 .xlsx。"), remedy=_SAVE_AS)
    if not data.startswith(b"PK"):
        if _is_prose(data):
            raise Fault(_("这是文本文件（例如 .csv），只是改了扩展名。"), remedy=_SAVE_AS)
        raise Fault(_("这不是 Excel 工作簿（.xlsx）。"), remedy=_SAVE_AS)


def _is_prose(data: bytes) -> bool:
    """Whether the beginning reads as UTF-8 or GB 18030 text; a cut character at the end does not count."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            start = data[:4000].decode(encoding)
        except UnicodeDecodeError as error:
            if error.start < min(len(data), 4000) - 4:
                continue
            start = data[: error.start].decode(encoding)
        return all(letter.isprintable() or letter in "\r\n\t" for letter in start)
    return False


def _check_sizes(members: list[zipfile.ZipInfo]) -> None:
    if len(members) > MAX_MEMBERS:
        raise Fault(
            _("文件里有 {n} 个部件，超过 {limit} 个。"), remedy=_SHRINK, n=len(members), limit=MAX_MEMBERS
        )
    if sum(member.file_size for member in members) > MAX_UNPACKED:
        raise _too_large()
    for member in members:
        if member.file_size >= RATIO_FROM and member.file_size > MAX_RATIO * member.compress_size:
            raise _too_large()
        if member.flag_bits & 0x1:
            raise Fault(_("文件设有打开密码。"), remedy=_("请在 Excel 里去掉密码，另存后再上传。"))
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Fault(_("文件的压缩方式不是 Excel 用的那种。"), remedy=_SAVE_AS)


def _check_contents(given: list[str]) -> None:
    names = [name.lower().replace("\\", "/") for name in given]
    if len(set(names)) < len(names):
        raise Fault(_("文件里有重名的部件，可能被改动过。"), remedy=_SAVE_AS)
    if any(name.endswith("vbaproject.bin") for name in names):
        raise Fault(_("文件带有宏（.xlsm），不能上传。"), remedy=_SAVE_AS)
    if any(name.endswith(_ARCHIVES) for name in names):
        raise Fault(_("文件里嵌着别的文件或压缩包。"), remedy=_("请删除嵌入的对象，另存后再上传。"))
    if "xl/workbook.bin" in names:
        raise Fault(_("这是 .xlsb 文件，不是 .xlsx。"), remedy=_SAVE_AS)
    if "xl/workbook.xml" not in names:
        raise Fault(_("这是压缩包或别的文档，不是 Excel 工作簿（.xlsx）。"), remedy=_SAVE_AS)


def _copy(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> bytes:
    left, out = MAX_UNPACKED, io.BytesIO()
    with zipfile.ZipFile(out, "w") as stored:
        for member in members:
            with archive.open(member) as part:
                content = part.read(left + 1)
            left -= len(content)
            if left < 0:
                raise _too_large()
            if b"<!DOCTYPE" in content[:2000] or b"<!ENTITY" in content[:2000]:
                raise Fault(_("文件里有不允许的 XML 声明（DTD）。"), remedy=_SAVE_AS)
            if b"macroEnabled" in content and member.filename == "[Content_Types].xml":
                raise Fault(_("文件带有宏（.xlsm），不能上传。"), remedy=_SAVE_AS)
            stored.writestr(member.filename, content)
    return out.getvalue()


def _too_large() -> Fault:
    return Fault(
        _("文件解压后超过 {limit} MB，或压缩得不合常理，没有读取。"),
        remedy=_SHRINK,
        limit=MAX_UNPACKED // 1_000_000,
    )
