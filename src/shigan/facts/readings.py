"""Reading (查阅) of somebody's personal file: who reads what of whom, and what for. Codes: `F00012`.

Every reading is a thing of its own that belongs to the reader's unit, so that the sealed header tells nobody
whose file it was; that stands in the payload.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, ClassVar, Final

from shigan.facts.fact import Fact, Label
from shigan.facts.faults import Fault, _


class FilePart(StrEnum):
    """What of a personal file a page or paper shows."""

    PROFILE = "考核画像"
    PERSON = "任职情况"
    MARKED = "须经批准的记录"
    BOARD = "考核单元对比表"
    TEAM = "班子成员测评"
    RECORD = "考核登记表"
    SHEET = "导出的表格"


LISTS: Final = frozenset({FilePart.BOARD, FilePart.TEAM, FilePart.RECORD, FilePart.SHEET})
"""Parts that tell of several persons at once; the reading names them all."""


@dataclass(frozen=True, kw_only=True)
class FileRead(Fact):
    """A page or paper of somebody else's file was opened; `about` is the person, or the group or unit of a
    list, `form` the kind of file that was taken away (empty: looked at), `grant` the approved request."""

    TITLE: ClassVar[str] = _("查阅")
    ABOUT: ClassVar[str] = "F"
    about: Annotated[str, Label(_("查阅对象"), limit=12)]
    part: Annotated[FilePart, Label(_("查阅部分"))]
    purpose: Annotated[str, Label(_("查阅用途"), limit=40)]
    note: Annotated[str, Label(_("补充说明"), limit=100)] = ""
    persons: Annotated[tuple[str, ...], Label(_("涉及人员"), limit=12)] = ()
    form: Annotated[str, Label(_("导出格式"), limit=8)] = ""
    grant: Annotated[str, Label(_("批准的申请"), limit=12)] = ""

    def check(self) -> None:
        if bool(self.persons) != (self.part in LISTS):
            raise Fault(
                _("“{part}”的涉及人员不对"), remedy=_("多人的表写明每个人，单人的不写。"), part=self.part
            )
        if bool(self.grant) != (self.part is FilePart.MARKED):
            raise Fault(
                _("“{part}”的批准申请不对"), remedy=_("须经批准的记录先申请，其他的不必。"), part=self.part
            )


@dataclass(frozen=True, kw_only=True)
class ReadingAsked(Fact):
    """Somebody asks to read the marked records of one person."""

    TITLE: ClassVar[str] = _("申请查阅")
    ABOUT: ClassVar[str] = "F"
    about: Annotated[str, Label(_("查阅对象"), limit=12)]
    purpose: Annotated[str, Label(_("查阅用途"), limit=40)]
    note: Annotated[str, Label(_("为什么需要"), limit=200)]


@dataclass(frozen=True, kw_only=True)
class ReadingGranted(Fact):
    """A second person approves; the approval lapses after so many minutes."""

    TITLE: ClassVar[str] = _("同意查阅")
    ABOUT: ClassVar[str] = "F"
    minutes: Annotated[int, Label(_("有效（分钟）"), low=1, high=100_000)]


@dataclass(frozen=True, kw_only=True)
class ReadingDeclined(Fact):
    """A second person does not approve, and why."""

    TITLE: ClassVar[str] = _("不同意查阅")
    ABOUT: ClassVar[str] = "F"
    reason: Annotated[str, Label(_("理由"), limit=200)]
