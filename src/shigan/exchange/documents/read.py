"""Reading untrusted documents: guarded at the door, parsed in a child process that may die without harm."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from shigan.exchange.documents.guard import Type, members, nested, type_of
from shigan.facts.faults import Fault, _
from shigan.judge.heads import Head, head
from shigan.work.secrecy import marked_fault, must_bear_no_mark, name_marked

PARSER = Path(__file__).with_name("parse.py")
SECONDS = 40
"""Wall-clock limit of the child; its processor limit is its own (20 s)."""
_UNPRINTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
"""What no text needs and no database takes: control characters and half characters."""
_KEEP = _("请另存为 .docx 或 .txt 后再上传。")
_BROKEN = _("文件不完整或已损坏，读不出来。")
_SENTENCES = {
    "letters": _("文件超过 20 万字。"),
    "letters_unknown": _("文字的编码读不出来，只读 UTF-8 和 GB18030。"),
    "pages": _("文件超过 500 页。"),
    "password": _("文件设有打开密码。"),
    "scanned": _("这份 PDF 里没有文字，可能是扫描件。"),
    "empty": _("文件里没有文字。"),
}


@dataclass(frozen=True)
class Paper:
    """A document that was read: its file's name, its text, what its head says."""

    name: str
    text: str
    head: Head = field(default_factory=Head)


def read_document(data: bytes, name: str = "") -> Paper:
    """One document. Raises `Fault` (with `name` as its place) for what cannot be read or bears a mark."""
    try:
        _name_must_bear_no_mark(name)
        kind = type_of(data, name)
        if kind is Type.ZIP:
            raise Fault(_("这是压缩包，不是一份文件。"), remedy=_("解压后逐份上传，或用导入压缩包的地方。"))
        return _paper(data, name, kind)
    except Fault as fault:
        raise fault.at(name) from None


def read_documents(data: bytes, name: str = "") -> Iterator[Paper | Fault]:
    """The documents of a .zip, or the one document that this is; a file that is refused comes as its fault.

    The archive itself raises `Fault` when it is broken, too large or too many.
    """
    try:
        _name_must_bear_no_mark(name)
        if type_of(data, name) is not Type.ZIP:
            files = [(name, data)]
        else:
            files = [(member.name, member.data) for member in members(data)]
    except Fault as fault:
        raise fault.at(name) from None
    for each, content in files:
        if not _ignored(each):
            yield _one(content, each)


def _ignored(name: str) -> bool:
    """Files that systems leave in archives."""
    base = name.rpartition("/")[2]
    return base.startswith((".", "~$")) or "__MACOSX/" in name or base in ("Thumbs.db", "desktop.ini")


def _one(data: bytes, name: str) -> Paper | Fault:
    try:
        if nested(name):
            raise Fault(_("压缩包里套着压缩包，没有读取。"), remedy=_("请先解压里面的压缩包。"))
        return read_document(data, name)
    except Fault as fault:
        return fault.at(name)


def _name_must_bear_no_mark(name: str) -> None:
    """Before anything else: of a marked file nobody is told how to make it readable."""
    if name_marked(name):
        raise marked_fault()


def _paper(data: bytes, name: str, kind: Type) -> Paper:
    if kind is Type.DOCX:
        for _member in members(data):  # what the child unpacks has been measured
            pass
    said = _parse(data, kind)
    text = _UNPRINTED.sub("", said["text"])
    must_bear_no_mark(text, said["margin"])
    return Paper(name, text, head(text))


def _parse(data: bytes, kind: Type) -> dict[str, Any]:
    try:
        child = subprocess.run(
            [sys.executable, "-I", str(PARSER), kind],
            input=data,
            capture_output=True,
            timeout=SECONDS,
            check=True,
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired, BrokenPipeError):
        raise Fault(_("文件太大或已损坏，没有读完。"), remedy=_KEEP) from None
    answer: dict[str, Any] = json.loads(child.stdout)
    if fault := answer.get("fault"):
        raise Fault(_SENTENCES.get(fault, _BROKEN), remedy=_KEEP)
    return answer
