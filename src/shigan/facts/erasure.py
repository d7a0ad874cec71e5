"""Correction and legal erasure of what the ledger holds: both are further entries, nothing is edited.

SOURCE: 个人信息保护法第四十六条 (更正、补充), 第四十七条 (删除).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, ClassVar

from shigan.facts.fact import Fact, Label, Part
from shigan.facts.faults import Fault, _

WIPED = _("已依法删除")
"""Stands where the words of an erased fact stood; long enough for every check of a shortest text."""


class Basis(StrEnum):
    """The cases of 个人信息保护法第四十七条第一款 in which personal information must be deleted."""

    PURPOSE = "处理目的已实现、无法实现或者不再必要（个人信息保护法第四十七条第一款第一项）"
    RETENTION = "保存期限已届满（个人信息保护法第四十七条第一款第二项）"
    CONSENT = "个人撤回同意（个人信息保护法第四十七条第一款第三项）"
    UNLAWFUL = "违反法律、行政法规或者约定处理（个人信息保护法第四十七条第一款第四项）"
    OTHER = "法律、行政法规规定的其他情形（个人信息保护法第四十七条第一款第五项）"

    @property
    def item(self) -> int:
        """Which 项 of 第四十七条第一款 it is, 1…5."""
        return list(Basis).index(self) + 1


class Asker(StrEnum):
    """Who asked for the deletion."""

    PERSON = "本人"
    KIN = "近亲属"
    OURSELVES = "本单位主动"
    AUTHORITY = "监管部门"


@dataclass(frozen=True, kw_only=True)
class EntryCorrected(Fact):
    """Words of entry `seq` of the same thing are wrong: `old` ought to be `new`. The entry itself stays."""

    TITLE: ClassVar[str] = _("更正")
    ABOUT: ClassVar[str] = "Q K T P U G P/ U/ D"
    seq: Annotated[int, Label(_("更正第几次记录"), low=1, high=1_000_000)]
    field: Annotated[str, Label(_("栏目"), limit=40)]
    old: Annotated[str, Label(_("原为"), limit=2000)]
    new: Annotated[str, Label(_("更正为"), limit=2000)]
    reason: Annotated[str, Label(_("更正理由"), limit=500)]

    def check(self) -> None:
        if self.old == self.new:
            raise Fault(_("更正前后的文字相同"), remedy=_("填写更正后的文字。"))


@dataclass(frozen=True, kw_only=True)
class ErasureRequested(Fact):
    """Somebody asks that the words of entries `seqs` of the thing `about` be deleted."""

    TITLE: ClassVar[str] = _("申请删除")
    ABOUT: ClassVar[str] = "E"
    about: Annotated[str, Label(_("编号"), limit=40)]
    seqs: Annotated[tuple[int, ...], Label(_("第几次记录"), low=1, high=1_000_000)]
    basis: Annotated[Basis, Label(_("法律依据"))]
    asker: Annotated[Asker, Label(_("提出人"))]
    reason: Annotated[str, Label(_("说明"), limit=200, hint=_("不要抄写拟删除的内容"))] = ""
    name: Annotated[bool, Label(_("连同姓名和职务"))] = False

    def check(self) -> None:
        if not (self.seqs or self.name) or list(self.seqs) != sorted(set(self.seqs)):
            raise Fault(_("没有选定要删除的记录"), remedy=_("至少选一条。"))


@dataclass(frozen=True, kw_only=True)
class Rest(Part):
    """What stays of an erased entry: its choices, dates, numbers and codes, as JSON without any words."""

    seq: Annotated[int, Label(_("第几次记录"), low=1, high=1_000_000)]
    body: Annotated[str, Label(_("保留的非文字项"), limit=50_000)]


@dataclass(frozen=True, kw_only=True)
class PayloadErased(Fact):
    """A second person approved: payload and salt of these entries are deleted, `kept` alone stays."""

    TITLE: ClassVar[str] = _("批准删除")
    ABOUT: ClassVar[str] = "E"
    about: Annotated[str, Label(_("编号"), limit=40)]
    basis: Annotated[Basis, Label(_("法律依据"))]
    kept: Annotated[tuple[Rest, ...], Label(_("保留的非文字项"))]
    name: Annotated[bool, Label(_("连同姓名和职务"))] = False


@dataclass(frozen=True, kw_only=True)
class ErasureRefused(Fact):
    """The deletion is not made, and why; the person may go to court (第五十条)."""

    TITLE: ClassVar[str] = _("不予删除")
    ABOUT: ClassVar[str] = "E"
    reason: Annotated[str, Label(_("理由"), limit=500)]
