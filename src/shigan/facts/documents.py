"""Documents (公文) issued and received: what was said, by which form, and who asked for it."""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar

from shigan.facts.fact import Fact, Label
from shigan.facts.faults import Fault, _

LONGEST = 200_000
"""Characters of a document's text."""


class DocumentKind(StrEnum):
    """文种: those of 党政机关公文处理工作条例 that a county uses, and the plans between them."""

    NOTICE = "通知"
    OPINION = "意见"
    PLAN = "方案"
    RELAY = "转发"
    RULES = "办法"
    DECISION = "决定"
    CIRCULAR = "通报"
    REPORT = "报告"
    REQUEST = "请示"
    REPLY = "批复"
    LETTER = "函"
    MINUTES = "纪要"
    ESSAY = "心得体会"
    OTHER = "其他"


class Direction(StrEnum):
    ISSUED = "发文"
    RECEIVED = "收文"


class Level(StrEnum):
    """The level of the organ that made the document."""

    CENTRE = "中央"
    PROVINCE = "省"
    PREFECTURE = "市州"
    COUNTY = "县"
    TOWNSHIP = "乡镇"
    VILLAGE = "村社区"


class Form(StrEnum):
    """With a number, or on paper that looks like no document: blank head (白头) or a slip (便笺)."""

    NUMBERED = "正式文号"
    BLANK = "白头"
    SLIP = "便笺"


def counted(text: str) -> int:
    """How long a text is as it is kept (NFC): its characters without blanks and line breaks (字数)."""
    return len("".join(unicodedata.normalize("NFC", text).split()))


def text_digest(text: str) -> str:
    """SHA-256 of the text as it is kept (NFC, UTF-8), 64 hexadecimal digits."""
    return hashlib.sha256(unicodedata.normalize("NFC", text).encode()).hexdigest()


@dataclass(frozen=True, kw_only=True)
class DocumentRegistered(Fact):
    """A document was issued or received; the entry's unit is the one that did.

    `length` and `digest` are those of `text`; where the text is not given they tell of the paper.
    """

    TITLE: ClassVar[str] = _("文件登记")
    ABOUT: ClassVar[str] = "D"
    title: Annotated[str, Label(_("文件标题"), limit=200)]
    kind: Annotated[DocumentKind, Label(_("文种"))]
    direction: Annotated[Direction, Label(_("收文或发文"))]
    level: Annotated[Level, Label(_("制发机关层级"))]
    form: Annotated[Form, Label(_("形式"))]
    dated: Annotated[date, Label(_("成文日期"))]
    length: Annotated[int, Label(_("字数"), low=0, high=LONGEST)]
    number: Annotated[str, Label(_("文号"), limit=20, hint=_("如 西组发〔2026〕5号"))] = ""
    issuer: Annotated[str, Label(_("发文机关"), limit=60, hint=_("本单位发文不填"))] = ""
    addressees: Annotated[int, Label(_("主送机关数（个）"), low=0, high=2000)] = 0
    asked_by: Annotated[str, Label(_("谁要求制发"), limit=40, hint=_("要求制发本文的文号或单位"))] = ""
    special: Annotated[bool, Label(_("专项工作文件"))] = False
    specimen: Annotated[bool, Label(_("样例"), hint=_("演示用，不是真实文件"))] = False
    digest: Annotated[str, Label(_("正文摘要值"), limit=64)] = ""
    text: Annotated[str, Label(_("正文"), limit=LONGEST)] = ""

    def check(self) -> None:
        if self.form is Form.NUMBERED and not self.number.strip():
            raise Fault(
                _("形式是“正式文号”，却没有文号"),
                remedy=_("填写文号；确实没有的，形式选“白头”或“便笺”。"),
            )
        if self.text and (self.length, self.digest) != (counted(self.text), text_digest(self.text)):
            raise Fault(_("字数或摘要值与正文不符"), remedy=_("请重新读入文件，不要手工改动。"))


@dataclass(frozen=True, kw_only=True)
class DocumentWithdrawn(Fact):
    """The document no longer holds, or was registered by mistake."""

    TITLE: ClassVar[str] = _("文件撤回")
    ABOUT: ClassVar[str] = "D"
    reason: Annotated[str, Label(_("撤回原因"), limit=500)]
