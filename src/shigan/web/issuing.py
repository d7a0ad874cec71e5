"""Taking a token (领票): who may, when, once; the box's signer signs a number that nobody here can read.

Right, time, «not yet», the note of it and the signature stand in one transaction: without a signature
nothing is noted, and of a hundred requests at once one is signed.
"""

from __future__ import annotations

import hashlib
import json
import socket
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from shigan.facts.faults import Fault, _
from shigan.web import store
from shigan.web.models import Account, TokenIssued, TokenRight
from shigan.work.boxes import Box
from shigan.work.state import Refused

SECONDS = 10.0
LONGEST_ANSWER = 16_384


class Unreachable(Fault):
    """The box's signer gave no signature."""


def rights_of(account: Account) -> list[TokenRight]:
    """The evaluations of which an account may take a token, newest first."""
    return list(TokenRight.objects.filter(account=account.code).order_by("-election"))


def right_of(election: str, account: Account) -> TokenRight | None:
    """The account's right to a token of one evaluation."""
    return TokenRight.objects.filter(election=election, account=account.code).first()


def open_to(account: Account, now: datetime) -> list[Box]:
    """The evaluations of which an account may take a token now and has not yet."""
    taken = TokenIssued.objects.filter(account=account.code).values("election")
    rights = TokenRight.objects.filter(account=account.code).exclude(election__in=taken)
    codes = list(rights.values_list("election", flat=True))
    found = store.states(Q(subject__in=codes, key="B")).values() if codes else ()
    return [box for box in found if isinstance(box, Box) and open_now(box, now)]


def open_now(box: Box, now: datetime) -> bool:
    """Whether tokens are issued now."""
    begin, end = box.manifest.issue_from, box.manifest.issue_to
    return begin is not None and end is not None and begin <= now < end


def issued_to(election: str, account: str) -> TokenIssued | None:
    """That the account took its token, if it did."""
    return TokenIssued.objects.filter(election=election, account=account).first()


def issue(box: Box, account: Account, blinded: bytes, now: datetime) -> bytes:
    """The blind signature for an account that may have one.

    The same blinded number again is signed again: its first answer was lost on the way. Raises `Refused`
    (no right, not the hours, another number was signed already), `Unreachable` or `Fault`.
    """
    with transaction.atomic():
        right = _locked(box.subject, account)
        _must_be_hours(box, now)
        _must_fit(box, right.voters, blinded)
        _note(box.subject, right, hashlib.sha256(blinded).hexdigest())
        return _signed(box.subject, right.voters, blinded)


def _locked(election: str, account: Account) -> TokenRight:
    """The right; of several requests of one account the next waits until this one is through."""
    rows = TokenRight.objects.select_for_update().filter(election=election, account=account.code)
    right = rows.first()
    if right is None:
        raise Refused(_("您不在这次评议的领票名单上"), remedy=_("请向组织评议的单位核对名单。"))
    return right


def _must_be_hours(box: Box, now: datetime) -> None:
    if not open_now(box, now):
        raise Refused(_("现在不在领票时间内"), remedy=_("领票时间见本页和通知；投票开始后不再领票。"))


def _must_fit(box: Box, voters: str, blinded: bytes) -> None:
    key = box.manifest.keys.get(voters)
    if key is None or len(blinded) != key.size:
        raise Fault(_("领票请求的数据不对"), remedy=_("请重新打开领票页再试。"))


def _note(election: str, right: TokenRight, blinded: str) -> None:
    known = issued_to(election, right.account)
    if known is None:
        TokenIssued.objects.create(
            election=election,
            account=right.account,
            voters=right.voters,
            blinded=blinded,
            day=timezone.localdate(),
        )
    elif known.blinded != blinded:
        raise Refused(
            _("您已经领过票，一人一票，不能再领"),
            remedy=_("请用已保存的票；找不到的，可到会场凭纸票投票，或告知监票人。"),
        )


def _signed(election: str, voters: str, blinded: bytes) -> bytes:
    asked = {"election": election, "class": voters, "blinded": blinded.hex()}
    said = _answer(json.dumps(asked).encode() + b"\n")
    if "refused" in said:
        raise Unreachable(
            _("票箱没有签发：{why}"), remedy=_("请告知组织评议的单位。"), why=str(said["refused"])
        )
    try:
        return bytes.fromhex(said["signature"])
    except (KeyError, TypeError, ValueError) as error:
        raise _silent() from error


def _answer(line: bytes) -> Mapping[str, Any]:
    """What the signer says to one line."""
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as talk:
            talk.settimeout(SECONDS)
            talk.connect(settings.BOX_SIGNER)
            talk.sendall(line)
            with talk.makefile("rb") as answers:
                said = json.loads(answers.readline(LONGEST_ANSWER))
    except (OSError, ValueError) as error:
        raise _silent() from error
    if not isinstance(said, dict):
        raise _silent()
    return said


def _silent() -> Unreachable:
    return Unreachable(_("票箱没有回答，票没有领出"), remedy=_("请过几分钟再试；这次不算领过。"))


@dataclass(frozen=True)
class Place:
    """One line of the list of those who may take a token: the class, and the day on which it was taken."""

    account: str
    voters: str
    day: object


def roll(election: str) -> list[Place]:
    """Who may take a token and who took one, in the order of codes; days, no times."""
    taken = dict(TokenIssued.objects.filter(election=election).values_list("account", "day"))
    rows = TokenRight.objects.filter(election=election).order_by("voters", "account")
    return [Place(row.account, row.voters, taken.get(row.account)) for row in rows]


def entitle(box: Box, codes: Mapping[str, Iterable[str]], now: datetime) -> int:
    """Replace the list of those who may take a token, by class; returns how many they are.

    Raises `Refused` once issuing has begun, for a class without tokens, for a code twice or without account,
    and for more names than the class has voters.
    """
    made = box.manifest
    if made.issue_from is None or now >= made.issue_from:
        raise Refused(_("领票已经开始，名单不能再改"), remedy=_("漏列的人可到会场凭纸票投票。"))
    listed = [(code, voters) for voters, own in codes.items() for code in own]
    _must_be_listed_once([code for code, _voters in listed])
    for voters, own in codes.items():
        _must_be_few(box, voters, len(list(own)))
    with transaction.atomic():
        TokenRight.objects.filter(election=box.subject).delete()
        TokenRight.objects.bulk_create(
            TokenRight(election=box.subject, account=code, voters=voters) for code, voters in listed
        )
    return len(listed)


def _must_be_listed_once(codes: list[str]) -> None:
    known = set(Account.objects.filter(code__in=codes, is_active=True).values_list("code", flat=True))
    seen: set[str] = set()
    for code in codes:
        if code in seen:
            raise Refused(_("{code} 列了两次，一人只有一票"), remedy=_("只在一个票类里保留。"), code=code)
        if code not in known:
            raise Refused(
                _("{code} 没有可用的账号，不能在网上领票"), remedy=_("请改发纸票，或先开账号。"), code=code
            )
        seen.add(code)


def _must_be_few(box: Box, voters: str, n: int) -> None:
    own = box.manifest.by_class.get(voters)
    if n and (own is None or not own.tokens):
        raise Refused(_("方案里 {voters} 票没有网上领票"), remedy=_("请只列网上领票的票类。"), voters=voters)
    if own is not None and n > own.expected:
        raise Refused(
            _("{voters} 票列了 {n} 人，方案应到 {most} 人"),
            remedy=_("核对名单。"),
            voters=voters,
            n=n,
            most=own.expected,
        )
