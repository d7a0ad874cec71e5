"""Suggestions about the system itself (投诉建议) and the rules adopted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from shigan.facts.fact import Fact, Label
from shigan.facts.faults import _


@dataclass(frozen=True, kw_only=True)
class SuggestionMade(Fact):
    """A suggestion or complaint about this system, unsigned; it carries a day, never a time or an account."""

    TITLE: ClassVar[str] = _("投诉建议")
    ABOUT: ClassVar[str] = "S"
    text: Annotated[str, Label(_("投诉或建议"), limit=1000)]
    page: Annotated[str, Label(_("页面"), limit=100)] = ""


@dataclass(frozen=True, kw_only=True)
class SuggestionAnswered(Fact):
    """What was done about the suggestion, for everybody to read."""

    TITLE: ClassVar[str] = _("建议答复")
    ABOUT: ClassVar[str] = "S"
    text: Annotated[str, Label(_("答复"), limit=1000)]


@dataclass(frozen=True, kw_only=True)
class PolicyAdopted(Fact):
    """A version of a policy is in force from the entry's day on; old findings keep the rules of theirs."""

    TITLE: ClassVar[str] = _("规矩采用")
    ABOUT: ClassVar[str] = "R"
    name: Annotated[str, Label(_("规矩名称"), limit=40)]
    version: Annotated[str, Label(_("版本"), limit=64)]
    text: Annotated[str, Label(_("全文（TOML）"), limit=200_000)]
    reason: Annotated[str, Label(_("采用理由"), limit=500)] = ""
