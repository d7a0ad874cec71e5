"""The list of evaluations, one evaluation, its notice for the wall, and what the box can promise."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import segno
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from shigan.box.manifest import VoterClass
from shigan.box.slip_paper import fingerprint
from shigan.box.slip_paper import grouped as fours
from shigan.facts.boxes import BoxClosed, SlipsMade
from shigan.ledger.entry import Entry
from shigan.web import issuing, rights, store
from shigan.web.pages.acts import found
from shigan.web.pages.boxes import published
from shigan.work.boxes import PUBLISHED, SEALED, Box

PRESETS = (
    _("领导干部民主测评"), _("领导班子民主测评"), _("领导班子和领导干部民主测评"), _("会议推荐"),
    _("一报告两评议"),
)  # fmt: skip
"""The names of the box's presets, marked here for the catalogue: the box itself knows no catalogue."""
PER_PAGE = 50
STAGES = (SEALED, PUBLISHED)
STYLES = {PUBLISHED: "stage-done"}


def boxes(request: HttpRequest) -> HttpResponse:
    """All evaluations, newest first."""
    rights.require(request.user, "see:B")
    rows = rights.visible_to(request.user, store.listing("B"))  # type: ignore[arg-type]
    if (stage := request.GET.get("stage", "")) in STAGES:
        rows = rows.filter(stage=stage)
    page = Paginator(rows.defer("body").order_by("-since", "-subject"), PER_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "section": "boxes", "page": page, "stages": STAGES, "styles": STYLES,
        "may_add": rights.may(request.user, "BoxOpened"),
    }  # fmt: skip
    return render(request, "boxes/list.html", context)


def about(request: HttpRequest) -> HttpResponse:
    """What the ballot box can promise, and what it cannot."""
    rights.require(request.user, "see:rules")
    return render(request, "boxes/about.html", {"section": "boxes", "rules": published.rules()})


def box(request: HttpRequest, code: str) -> HttpResponse:
    """One evaluation: what was sealed, what was published, what may be done next."""
    state = _box(code)
    rights.require(request.user, "see:B", state)
    entries = list(store.entries(code))
    closed = next((e.fact for e in entries if isinstance(e.fact, BoxClosed)), None)
    return render(
        request, "boxes/one.html",
        {
            "section": "boxes", "style": STYLES.get(state.stage, ""), "entries": entries,
            "closed": closed, "groups": published.shown(state.manifest, closed) if closed else [],
            "scale": published.head(), "signed": _signers(state, closed), **_sealed(state, entries),
            "next": _next(request, state),
            "may_publish": _may_publish(request, state), "may_roll": _may_roll(request, state),
            "taken": sum(p.day is not None for p in issuing.roll(code)) if state.manifest.keys else 0,
        },
    )  # fmt: skip


def notice(request: HttpRequest, code: str) -> HttpResponse:
    """The notice for the wall: times, classes, digests."""
    state = _box(code)
    rights.require(request.user, "see:B", state)
    context = _sealed(state, list(store.entries(code)))
    return render(request, "boxes/notice.html", {"section": "boxes", "qr": _qr(state.digest), **context})


def _box(code: str) -> Box:
    state = found(code)
    if not isinstance(state, Box):
        raise Http404(code)
    return state


def _sealed(state: Box, entries: Iterable[Entry]) -> dict[str, Any]:
    """What both pages show of the manifest."""
    made = state.manifest
    slips = {each.voters: each for each in state.slips}
    return {
        "box": state, "made": made, "phase": _phase(state, timezone.now()),
        "classes": [(each, slips.get(each.id), _key(state, each)) for each in made.classes],
        "digest": fours(state.digest), "commitment": fours(state.commitment),
        "roots": [(each.voters, fours(each.root)) for each in state.slips],
        "made_slips": sum(each.made for each in state.slips), "canaries": _canaries(state.slips),
        "position": next((e.position for e in entries if e.kind == "BoxOpened"), None),
    }  # fmt: skip


def _canaries(slips: Iterable[SlipsMade]) -> int:
    return sum(each.canaries for each in slips)


def _key(state: Box, each: VoterClass) -> str:
    """The fingerprint of a class's token key, as on the notice that the box prints."""
    key = state.manifest.plain["keys"].get(each.id)
    return fours(fingerprint(key)) if key else ""


def _phase(state: Box, now: datetime) -> str:
    made = state.manifest
    if state.stage == PUBLISHED:
        return gettext("结果已公布")
    if made.issue_from and made.issue_to and made.issue_from <= now < made.issue_to:
        return gettext("正在网上领票")
    if now < made.opens:
        return gettext("等待投票")
    return gettext("正在投票") if now < made.closes else gettext("投票已截止，等待公布")


def _next(request: HttpRequest, state: Box) -> str:
    """What those who organize the evaluation do now; nothing for other readers, and after publication."""
    made, now = state.manifest, timezone.now()
    if state.stage == PUBLISHED or not rights.may(request.user, "BoxOpened", state):
        return ""
    if now >= made.closes:
        return gettext("到票箱的工作台（投票地址后加 /desk）收箱，取得结果和监票人签名，再到这里公布。")
    if now >= made.opens:
        return gettext("票箱正在收票，截止前不用做什么。截止后到票箱的工作台收箱。")
    if made.issue_from and now < made.issue_from:
        words = gettext("填好领票名单；领票开始前打开票箱，本系统要能连上它（SHIGAN_BOX_SIGNER）。")
        return gettext("打印通知，核对摘要后张贴。") + words
    return gettext("打印通知，核对摘要后张贴。") + gettext("投票开始前打开票箱，一直开到收箱办完。")


def _may_publish(request: HttpRequest, state: Box) -> bool:
    done = state.stage == SEALED and timezone.now() >= state.manifest.closes
    return done and rights.may(request.user, "BoxClosed", state)


def _may_roll(request: HttpRequest, state: Box) -> bool:
    return bool(state.manifest.keys) and rights.may(request.user, "token_roll", state)


def _signers(state: Box, closed: BoxClosed | None) -> list[str]:
    names = {each.key: each.name for each in state.manifest.scrutineers}
    return [names.get(each.key, each.key[:8]) for each in closed.signatures] if closed else []


def _qr(text: str) -> SafeString:
    svg = segno.make(text, error="m", micro=False).svg_inline(
        omitsize=True, svgclass="sg-qr", lineclass=None, title=gettext("方案摘要的二维码")
    )
    return mark_safe(svg.replace("<svg ", '<svg role="img" ', 1))
