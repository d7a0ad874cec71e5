"""Which evaluation may be sealed, and which result may be published."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from shigan.box import manifest as manifests
from shigan.box import signatures
from shigan.box.canonical import canonical, digest
from shigan.box.manifest import Manifest
from shigan.box.presets import PRESETS
from shigan.box.refusals import Refused as BoxRefused
from shigan.facts.boxes import BoxClosed, BoxCount, BoxOpened
from shigan.facts.faults import _
from shigan.policy.number import Number
from shigan.work.boxes.files import result_of, signature_of
from shigan.work.boxes.state import COUNTY_ZONE, SEALED, Box
from shigan.work.state import Act, Refused, must_be_new, must_exist, must_stand, rule
from shigan.work.units import Person, Unit

STATUTORY = ("选举", "换届", "选票")
"""Words in a title that name what the law wants on unnumbered paper."""
ON_PAPER = _("换届等法定选举用不编号的纸质选票，由监票人、计票人办理。")
CODED = re.compile(r"[PU][0-9]{1,9}")
RULED = (
    "nothing_below", "shares_from", "fine_from", "coarse_step", "fine_step", "fewest", "comments_from",
)  # fmt: skip
NEW_NOTICE = _("请由监票人重新导出备案文件。")
NEW_DRAFT = _("请在“评议”页重新生成方案。")
NEW_RESULT = _("请重新上传票箱导出的原文件。")


@rule(BoxOpened)
def open_box(box: Box | None, fact: BoxOpened, act: Act) -> None:
    must_be_new(box)
    made = _read(fact)
    if made.election != act.subject:
        raise Refused(
            _("方案里的编号是 {code}，这里是 {subject}"),
            remedy=NEW_DRAFT,
            code=made.election,
            subject=act.subject,
        )
    _must_not_be_statutory(made)
    _must_concern(made, act)
    _must_have_slips(made, fact)
    _must_not_be_weaker(made, act)
    if act.recorded >= made.opens:
        raise Refused(
            _("投票 {opens} 已经开始，方案须在开始之前备案"),
            remedy=_("改定投票时间，重新生成方案。"),
            opens=_told(made.opens),
        )


def _read(fact: BoxOpened) -> Manifest:
    try:
        plain = json.loads(fact.manifest)
        made = manifests.read(plain)
    except BoxRefused as refused:
        raise Refused(_("{why}"), remedy=NEW_DRAFT, why=f"{refused.text} / {refused.english}") from refused
    except (ValueError, RecursionError) as error:
        raise Refused(_("评议方案不是可读的 JSON"), remedy=NEW_DRAFT) from error
    if canonical(plain).decode() != fact.manifest or made.digest != fact.digest:
        raise Refused(_("评议方案与它的摘要不符"), remedy=NEW_NOTICE)
    return made


def _must_not_be_statutory(made: Manifest) -> None:
    titles = (made.title, made.session, *(part.title for part in made.parts))
    if made.preset not in PRESETS or any(word in title for word in STATUTORY for title in titles):
        raise Refused(
            _("票箱只用于评议和推荐，不用于选举"),
            remedy=ON_PAPER,
            source=_("地方组织选举工作条例"),
        )


def _must_concern(made: Manifest, act: Act) -> None:
    if made.unit != act.unit or not isinstance(act.look(made.unit), Unit):
        raise Refused(_("没有单位 {unit}"), remedy=_("核对方案里的单位编号。"), unit=made.unit)
    for code in dict.fromkeys(_codes(made)):
        if not isinstance(act.look(code), Person | Unit):
            raise Refused(_("没有 {code}"), remedy=_("先登记单位或干部。"), code=code)
    for each in made.scrutineers:
        if not isinstance(act.look(each.name), Person):
            raise Refused(
                _("监票人“{name}”写的不是干部编号，姓名不进台账"),
                remedy=_("方案里监票人只写编号，姓名写在 names.json 里。"),
                name=each.name,
            )


def _codes(made: Manifest) -> Iterator[str]:
    """The persons and units that are judged or may be chosen; other words are items of a form."""
    for part in made.parts:
        yield from (word for word in (*part.targets, *part.choices) if CODED.fullmatch(word))


def _must_have_slips(made: Manifest, fact: BoxOpened) -> None:
    own = {each.voters: each.made for each in fact.slips}
    if own != {each.id: each.slips for each in made.classes if each.slips}:
        raise Refused(_("各类票码的张数与方案不符"), remedy=NEW_NOTICE)


def _must_not_be_weaker(made: Manifest, act: Act) -> None:
    policy = act.rules.publication
    for key in RULED:
        number: Number[Any] = getattr(policy, key)
        if getattr(made.rule, key) < number.value:
            raise Refused(
                _("公布规则比规矩宽：{rule}，方案写的是 {n}"),
                remedy=_("按现行规矩重新生成方案。"),
                source=number.source,
                rule=number.sentence(),
                n=getattr(made.rule, key),
            )


@rule(BoxClosed)
def close_box(box: Box | None, fact: BoxClosed, act: Act) -> None:
    must_exist(box, act)
    assert box is not None
    must_stand(box, (SEALED,), _("再公布结果"))
    made = box.manifest
    if act.recorded < made.closes:
        raise Refused(
            _("投票到 {closes} 才结束，不能提前公布"),
            remedy=_("请在结束以后公布。"),
            closes=_told(made.closes),
        )
    if fact.manifest != box.digest:
        raise Refused(_("结果不是按备案的方案作出的"), remedy=NEW_RESULT)
    _must_be_untouched(fact)
    result = result_of(act.subject, box.slips, fact)
    if digest(result) != fact.result:
        raise Refused(_("结果与它的摘要不符，或票码不是备案的"), remedy=NEW_RESULT)
    _must_balance(box, fact)
    _must_be_coarse(made, fact)
    _must_be_signed(made, fact, result)


def _told(moment: datetime) -> str:
    return moment.astimezone(COUNTY_ZONE).strftime("%Y-%m-%d %H:%M")


def _must_be_untouched(fact: BoxClosed) -> None:
    if fact.canaries_wrong:
        raise Refused(
            _("有 {n} 张校验票与投入时不同，说明票箱里的票被动过，结果不能用"),
            remedy=_("查明原因，换一台电脑重新组织评议。"),
            n=fact.canaries_wrong,
        )


def _must_balance(box: Box, fact: BoxClosed) -> None:
    slips = {each.voters: each for each in box.slips}
    if [each.voters for each in fact.counts] != [each.id for each in box.manifest.classes]:
        raise Refused(_("结果的票类与方案不符"), remedy=NEW_RESULT)
    for own in fact.counts:
        entitled, made = box.manifest.by_class[own.voters], slips.get(own.voters)
        _must_make_up(own, made.made if made else 0, made.canaries if made else 0)
        if own.expected != entitled.expected:
            raise Refused(
                _("{voters} 票应到 {n} 人，方案是 {wanted} 人"),
                remedy=NEW_RESULT,
                voters=own.voters,
                n=own.expected,
                wanted=entitled.expected,
            )
        if own.tokens and not entitled.tokens:
            raise Refused(_("{voters} 票没有网上领票，结果里却有"), remedy=NEW_RESULT, voters=own.voters)


def _must_make_up(own: BoxCount, made: int, canaries: int) -> None:
    if own.handed + own.unused + own.canaries != made or own.canaries != canaries:
        raise Refused(
            _("{voters} 票发出 {handed}、剩余 {unused}、校验票 {canaries} 张，合计不等于制票 {made} 张"),
            remedy=_("重新清点发出和剩余的票，对平后由票箱重新出结果。"),
            voters=own.voters,
            handed=own.handed,
            unused=own.unused,
            canaries=own.canaries,
            made=made,
        )


def _must_be_coarse(made: Manifest, fact: BoxClosed) -> None:
    """Every ballot in one group; groups that are too small tell nothing, bands no first share."""
    valid = {each.voters: each.valid for each in fact.counts}
    grouped = [voters for group in fact.groups for voters in group.voters]
    if sorted(grouped) != sorted(valid):
        raise Refused(_("公布的各组没有把每个票类正好分进一组"), remedy=NEW_RESULT)
    for group in fact.groups:
        n = sum(valid[voters] for voters in group.voters)
        cells = [cell for cell in fact.cells if cell.group == group.voters]
        told = any(cell.best_low is not None for cell in cells)
        too_much = (n < made.rule.nothing_below and (cells or group.alike_low is not None)) or (
            n < made.rule.shares_from and told
        )
        if n != group.valid or too_much:
            raise Refused(
                _("{voters} 票有效 {n} 张，公布的内容超过方案允许的范围"),
                remedy=NEW_RESULT,
                voters=group.voters,
                n=n,
            )


def _must_be_signed(made: Manifest, fact: BoxClosed, result: dict[str, Any]) -> None:
    keys = {each.key for each in made.scrutineers}
    for each in fact.signatures:
        if each.key not in keys or not signatures.verify(result, signature_of(each, fact.result)):
            raise Refused(
                _("有一个签名不是方案里监票人对这个结果的签名"), remedy=_("请监票人对这个结果重新签名。")
            )
    if len(fact.signatures) < made.needed:
        raise Refused(
            _("监票人签名 {n} 个，方案要求 {needed} 个"),
            remedy=_("请补齐监票人签名。"),
            n=len(fact.signatures),
            needed=made.needed,
        )
