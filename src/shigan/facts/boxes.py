"""Evaluations in the ballot box (票箱): what was fixed and sealed before opening, and what came out.

No ballot, no code and no name stands here: the manifest speaks of people by their codes, the result tells
shares in bins (docs/box.md). Code: `B0001`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, ClassVar

from shigan.facts.fact import Fact, Label, Part
from shigan.facts.faults import Fault, _, not_more

MANIFEST_AT_MOST = 600_000
"""In characters: a manifest of two thousand places on the sheet, of three hundred characters each."""
MANY = 1_000_000
_HEX = re.compile(r"[0-9a-f]{64}")
_VOTERS = re.compile(r"[A-Z]{1,6}")


class BoxDetail(StrEnum):
    """How much of a group of ballots is published."""

    NOTHING = "不公布"
    BANDS = "只公布分档"
    SHARES = "公布比例"


def _must_be_digest(what: str, value: str, length: int = 64) -> None:
    if len(value) != length or not re.fullmatch("[0-9a-f]*", value):
        raise Fault(
            _("“{what}”不是 {n} 位十六进制数"), remedy=_("请重新上传票箱导出的原文件。"), what=what, n=length
        )


def _must_be_voters(value: str) -> None:
    if not _VOTERS.fullmatch(value):
        raise Fault(_("“{value}”不是票类"), remedy=_("票类写大写字母，如 A。"), value=value[:20])


@dataclass(frozen=True, kw_only=True)
class SlipsMade(Part):
    """The slips of one class: how many were made, how many the scrutineers kept as canaries, their root."""

    voters: Annotated[str, Label(_("票类"), limit=1)]
    made: Annotated[int, Label(_("制票（张）"), low=0, high=MANY)]
    canaries: Annotated[int, Label(_("校验票（张）"), low=0, high=MANY)]
    root: Annotated[str, Label(_("票码树根"), limit=64)]

    def check(self) -> None:
        _must_be_voters(self.voters)
        _must_be_digest(_("票码树根"), self.root)
        not_more(_("校验票"), self.canaries, _("制票"), self.made)


@dataclass(frozen=True, kw_only=True)
class BoxOpened(Fact):
    """An evaluation was fixed before opening: its manifest (评议方案) in canonical JSON, the slips' roots."""

    TITLE: ClassVar[str] = _("评议备案")
    ABOUT: ClassVar[str] = "B"
    manifest: Annotated[str, Label(_("评议方案"), limit=MANIFEST_AT_MOST)]
    digest: Annotated[str, Label(_("方案摘要"), limit=64)]
    slips: Annotated[tuple[SlipsMade, ...], Label(_("各类票码"))] = ()
    commitment: Annotated[str, Label(_("校验票承诺"), limit=64)] = ""

    def check(self) -> None:
        _must_be_digest(_("方案摘要"), self.digest)
        if self.commitment:
            _must_be_digest(_("校验票承诺"), self.commitment)
        if any(each.canaries for each in self.slips) and not self.commitment:
            raise Fault(_("有校验票而没有承诺"), remedy=_("请由监票人重新导出备案文件。"))
        _once(_("票类"), [each.voters for each in self.slips])


@dataclass(frozen=True, kw_only=True)
class BoxCount(Part):
    """The ballots of one class, reconciled. `tokens` were issued to the absent; canaries are taken out."""

    voters: Annotated[str, Label(_("票类"), limit=1)]
    expected: Annotated[int, Label(_("应到（人）"), low=0, high=MANY)]
    present: Annotated[int, Label(_("实到（人）"), low=0, high=MANY)]
    handed: Annotated[int, Label(_("发出（张）"), low=0, high=MANY)]
    unused: Annotated[int, Label(_("剩余（张）"), low=0, high=MANY)]
    canaries: Annotated[int, Label(_("校验票（张）"), low=0, high=MANY)]
    tokens: Annotated[int, Label(_("网上领票（人）"), low=0, high=MANY)]
    returned: Annotated[int, Label(_("收回（张）"), low=0, high=MANY)]
    valid: Annotated[int, Label(_("有效（张）"), low=0, high=MANY)]
    blank: Annotated[int, Label(_("弃权（张）"), low=0, high=MANY)]
    void: Annotated[int, Label(_("作废（张）"), low=0, high=MANY)]

    def check(self) -> None:
        _must_be_voters(self.voters)
        if self.valid + self.blank + self.void != self.returned:
            raise Fault(
                _("{voters} 票有效 {valid}、弃权 {blank}、作废 {void} 张，合计不等于收回 {returned} 张"),
                remedy=_("重新清点，三数对平后由票箱重新出结果。"),
                voters=self.voters,
                valid=self.valid,
                blank=self.blank,
                void=self.void,
                returned=self.returned,
            )
        not_more(_("实到"), self.present, _("应到"), self.expected)
        not_more(_("发出和网上领票合计"), self.handed + self.tokens, _("应到"), self.expected)
        not_more(_("收回"), self.returned, _("发出和网上领票合计"), self.handed + self.tokens)


@dataclass(frozen=True, kw_only=True)
class BoxGroup(Part):
    """Classes that are published together (`AB`). `alike`: share of sheets with one mark throughout, in %."""

    voters: Annotated[str, Label(_("合并公布的票类"), limit=6)]
    valid: Annotated[int, Label(_("有效（张）"), low=0, high=MANY)]
    detail: Annotated[BoxDetail, Label(_("公布到什么程度"))]
    alike_low: Annotated[int | None, Label(_("通篇同一等次的票至少（%）"), low=0, high=100)] = None
    alike_high: Annotated[int | None, Label(_("通篇同一等次的票至多（%）"), low=0, high=100)] = None

    def check(self) -> None:
        _must_be_voters(self.voters)
        _must_be_range(self.alike_low, self.alike_high)


@dataclass(frozen=True, kw_only=True)
class BoxCell(Part):
    """One place on the sheet in one group: the shares of the first option and of the first two, in %.

    Of a choice, `upper` is the share that ticked it; then `target` and the first option are empty.
    """

    group: Annotated[str, Label(_("合并公布的票类"), limit=6)]
    part: Annotated[str, Label(_("票面部分"), limit=3)]
    item: Annotated[str, Label(_("测评项目"), limit=200)]
    upper_low: Annotated[int, Label(_("前两档至少（%）"), low=0, high=100)]
    upper_high: Annotated[int, Label(_("前两档至多（%）"), low=0, high=100)]
    target: Annotated[str, Label(_("被测评对象"), limit=200)] = ""
    best_low: Annotated[int | None, Label(_("第一档至少（%）"), low=0, high=100)] = None
    best_high: Annotated[int | None, Label(_("第一档至多（%）"), low=0, high=100)] = None

    def check(self) -> None:
        _must_be_voters(self.group)
        _must_be_range(self.upper_low, self.upper_high)
        _must_be_range(self.best_low, self.best_high)


def _must_be_range(low: int | None, high: int | None) -> None:
    if (low is None) is not (high is None) or (low is not None and high is not None and low > high):
        raise Fault(
            _("公布的区间 {low}–{high} 不成立"), remedy=_("请重新上传票箱导出的原文件。"), low=low, high=high
        )


@dataclass(frozen=True, kw_only=True)
class BoxSigned(Part):
    """A scrutineer's Ed25519 signature of the result, which anyone can check again; both in hex."""

    key: Annotated[str, Label(_("监票人公钥"), limit=64)]
    signature: Annotated[str, Label(_("签名"), limit=128)]

    def check(self) -> None:
        _must_be_digest(_("监票人公钥"), self.key)
        _must_be_digest(_("签名"), self.signature, 128)


@dataclass(frozen=True, kw_only=True)
class BoxClosed(Fact):
    """What the box published: reconciled counts, shares in bins, roots; signed by the scrutineers."""

    TITLE: ClassVar[str] = _("评议公布")
    ABOUT: ClassVar[str] = "B"
    manifest: Annotated[str, Label(_("方案摘要"), limit=64)]
    result: Annotated[str, Label(_("结果摘要"), limit=64)]
    root: Annotated[str, Label(_("票箱树根"), limit=64)]
    leaves: Annotated[int, Label(_("票箱中的票（张）"), low=0, high=MANY)]
    paper: Annotated[int, Label(_("纸质录入（张）"), low=0, high=MANY)]
    canaries_cast: Annotated[int, Label(_("投出的校验票（张）"), low=0, high=MANY)]
    canaries_wrong: Annotated[int, Label(_("不符的校验票（张）"), low=0, high=MANY)]
    counts: Annotated[tuple[BoxCount, ...], Label(_("各类票数"))]
    groups: Annotated[tuple[BoxGroup, ...], Label(_("公布的各组"))] = ()
    cells: Annotated[tuple[BoxCell, ...], Label(_("公布的比例"))] = ()
    signatures: Annotated[tuple[BoxSigned, ...], Label(_("监票人签名"))] = ()

    def check(self) -> None:
        for what, value in (
            (_("方案摘要"), self.manifest), (_("结果摘要"), self.result), (_("票箱树根"), self.root),
        ):  # fmt: skip
            _must_be_digest(what, value)
        _once(_("票类"), [each.voters for each in self.counts])
        _once(_("监票人公钥"), [each.key for each in self.signatures])
        returned = sum(each.returned for each in self.counts)
        if returned + self.canaries_cast < self.leaves or returned > self.leaves:
            raise Fault(
                _("票箱中有 {leaves} 张票，收回 {returned} 张加校验票 {canaries} 张对不上"),
                remedy=_("请重新上传票箱导出的原文件。"),
                leaves=self.leaves,
                returned=returned,
                canaries=self.canaries_cast,
            )
        not_more(_("纸质录入"), self.paper, _("收回"), returned)


def _once(what: str, values: list[str]) -> None:
    if len(set(values)) < len(values):
        raise Fault(_("“{what}”有重复"), remedy=_("请重新上传票箱导出的原文件。"), what=what)


UNTOLD = frozenset(
    {("BoxOpened", key) for key in ("manifest", "digest", "slips", "commitment")}
    | {
        ("BoxClosed", key)
        for key in ("manifest", "result", "root", "counts", "groups", "cells", "signatures")
    }
)
"""Fields, by kind and key, too long to be told in one sentence: the evaluation's page shows them."""
