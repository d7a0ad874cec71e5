"""Units, posts and comparison groups. Names are kept outside the ledger: here are codes only."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, ClassVar

from shigan.facts.fact import Fact, Label
from shigan.facts.faults import _


class UnitKind(StrEnum):
    COUNTY = "县"
    DEPARTMENT = "县直部门"
    TOWNSHIP = "乡镇街道"
    VILLAGE = "村社区"
    INSTITUTION = "事业单位"
    ENTERPRISE = "国有企业"


class Rank(StrEnum):
    HEAD = "正职"
    DEPUTY = "副职"
    STAFF = "其他"


class Identity(StrEnum):
    CIVIL_SERVANT = "公务员"
    MANAGED_AS_CIVIL_SERVANT = "参公"
    INSTITUTION_STAFF = "事业"
    OTHER = "其他"


@dataclass(frozen=True, kw_only=True)
class UnitFounded(Fact):
    """A unit stands in the organization tree."""

    TITLE: ClassVar[str] = _("单位设立")
    ABOUT: ClassVar[str] = "U"
    kind: Annotated[UnitKind, Label(_("单位类型"))]
    parent: Annotated[str, Label(_("上级单位编号"), limit=8)] = ""
    group: Annotated[str, Label(_("考核单元编号"), limit=8)] = ""


@dataclass(frozen=True, kw_only=True)
class UnitChanged(Fact):
    """A unit was moved to another parent or comparison group."""

    TITLE: ClassVar[str] = _("单位调整")
    ABOUT: ClassVar[str] = "U"
    parent: Annotated[str, Label(_("上级单位编号"), limit=8)]
    group: Annotated[str, Label(_("考核单元编号"), limit=8)] = ""


@dataclass(frozen=True, kw_only=True)
class UnitClosed(Fact):
    """A unit exists no more."""

    TITLE: ClassVar[str] = _("单位撤销")
    ABOUT: ClassVar[str] = "U"
    reason: Annotated[str, Label(_("撤销原因"))]


@dataclass(frozen=True, kw_only=True)
class PersonPosted(Fact):
    """A person holds a post; `managed_by` is the unit with the management authority (干部管理权限)."""

    TITLE: ClassVar[str] = _("干部任职")
    ABOUT: ClassVar[str] = "P"
    rank: Annotated[Rank, Label(_("职务层次"))]
    identity: Annotated[Identity, Label(_("身份"))] = Identity.CIVIL_SERVANT
    in_team: Annotated[bool, Label(_("班子成员"))] = False
    group: Annotated[str, Label(_("考核单元编号"), limit=8)] = ""
    managed_by: Annotated[str, Label(_("管理单位编号"), limit=8)] = ""
    on_probation: Annotated[bool, Label(_("试用期"))] = False


@dataclass(frozen=True, kw_only=True)
class PersonLeft(Fact):
    """A person left the post and the county's management."""

    TITLE: ClassVar[str] = _("干部离任")
    ABOUT: ClassVar[str] = "P"
    reason: Annotated[str, Label(_("离任原因"))]


@dataclass(frozen=True, kw_only=True)
class GroupFormed(Fact):
    """A comparison group (考核单元): whom to compare with whom, under which appraisal scheme."""

    TITLE: ClassVar[str] = _("考核单元设立")
    ABOUT: ClassVar[str] = "G"
    scheme: Annotated[str, Label(_("考核方案"))]
    words: Annotated[str, Label(_("为何可比"))]


@dataclass(frozen=True, kw_only=True)
class RoleGranted(Fact):
    """An account was given its role in a unit."""

    TITLE: ClassVar[str] = _("账号授权")
    ABOUT: ClassVar[str] = "A P"
    role: Annotated[str, Label(_("角色"))]
