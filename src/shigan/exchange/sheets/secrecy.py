"""Secrecy marks: a file that carries one is refused, and nothing of it is kept (red line 7).

A mark is looked for, not the word: 秘密投票 in a sentence is none; `机密★1年` is one wherever it
stands, also in a page header, a text box or a comment.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable

from shigan.exchange.workbook import Sheet
from shigan.exchange.workbook.guard import repack
from shigan.facts.faults import Fault, _
from shigan.work.secrecy import marked, name_marked

_MARGIN = re.compile(r"<(?:\w+:)?(?:odd|even|first)(?:Header|Footer)>(.*?)</", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


def refuse_marked(data: bytes, name: str, sheets: Iterable[Sheet]) -> None:
    """Raise `Fault` when the file's name, a sheet's name, a cell or a margin bears a mark."""
    if name_marked(name):
        raise _refused(_("文件名"))
    for sheet in sheets:
        if marked(sheet.name):
            raise _refused(sheet.name)
        for number, row in enumerate(sheet.rows, start=1):
            if any(isinstance(cell, str) and marked(cell) for cell in row):
                raise _refused(f"{sheet.name}!{number}")
    _refuse_margins(data)


def _refuse_margins(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(repack(data))) as archive:
        for part in archive.namelist():
            xml = archive.read(part).decode("utf-8", "replace")
            if part.startswith("xl/worksheets/"):
                said = " ".join(_MARGIN.findall(xml[-20_000:]))
            elif part.startswith(("xl/drawings/", "xl/comments", "docProps/")):
                said = _TAG.sub("", xml)
            else:
                continue
            if name_marked(said):
                raise _refused(_("页眉页脚、文本框或批注"))


def _refused(place: str) -> Fault:
    return Fault(
        _("文件带有密级标志，本系统不存储、处理国家秘密；文件没有保存"),
        remedy=_("请立即从这台电脑上移走该文件，按保密规定处理；误加标志的，去掉后再上传。"),
        place=place,
    )
