"""Patterns in the sheets of a unit that ask for a second look: they speak of sheets, never of persons.

They change no figure and lead to two things only: hold the evaluation again, or add sheets from outside.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from math import exp
from typing import Any

import numpy as np

from shigan.facts.faults import _
from shigan.judge.canvass import Bloc as Counted
from shigan.judge.figures import COARSE, coarse
from shigan.judge.flags import Flag, Kind
from shigan.judge.raters import DOUBTFUL, Rated
from shigan.maths.raters import Bloc
from shigan.policy.publication import Detail

LEAST_WORTH = 10.0
"""Log units by which a bloc must make a unit's sheets likelier before it is spoken of: every unit of a county
is looked at, from many starts, and less speaks of a unit or two by chance (worth 5 to 11 in the demo county's
honest units, 27 and more in the canvassed ones)."""
LEAST_LOWERED = 2
"""Low votes for one person may have their reason; a bloc has several rivals, and somebody whom it lifts."""
LEAST_COPIED, COPIED_SHARE = 5, 0.1
CARELESS_SHARE = 0.25
"""From these shares of a unit's sheets on copied and careless ones are worth a second look."""


def sheet_flags(given: Rated | None, counted: Iterable[Counted]) -> Iterator[Flag]:
    """The flags of all units; `counted` are the blocs that show in counts, told where the reading of single
    sheets has not found one already."""
    told: set[str] = set()
    if given is not None:
        for bloc in _blocs(given):
            told.add(bloc.about)
            yield bloc
        yield from _of_units(given)
    yield from (_counted(bloc) for bloc in counted if bloc.unit not in told)


def _blocs(given: Rated) -> Iterator[Flag]:
    for bloc in sorted(given.reading.blocs, key=lambda bloc: (bloc.unit, -bloc.worth)):
        worth_saying = bloc.worth >= LEAST_WORTH and len(bloc.lowered) >= LEAST_LOWERED and len(bloc.lifted)
        enough = given.rules.publication.nothing_below.value
        if worth_saying and bloc.sheets >= enough and _speaks(given, bloc.unit):
            yield _bloc(given, bloc)


def _bloc(given: Rated, bloc: Bloc) -> Flag:
    return _flag(
        given,
        bloc.unit,
        [int(at) for at in bloc.lowered],
        1 - exp(-bloc.worth),
        _(
            "本单位这次测评中约 {share}% 的票步调一致，超出偶然，{k} 人的得票被一起压低；这说的是票型，"
            "不是对谁的结论；可重新组织测评或增加外单位评议。过半数一致行动、只压一等的，看不出来。"
        ),
        {"share": max(COARSE, coarse(bloc.share)), "k": len(bloc.lowered)},
        things=tuple(given.sheets.officials[at] for at in sorted(bloc.lowered)),
    )


def _of_units(given: Rated) -> Iterator[Flag]:
    for code, own in given.units.items():
        unit = given.sheets.units.index(code)
        if own and _speaks(given, unit):
            yield from _copied(given, unit, own)
            yield from _careless(given, unit, own)
            yield from _gap(given, unit, own)
            yield from _doubtful(given, unit, own)


def _copied(given: Rated, unit: int, own: Sequence[int]) -> Iterator[Flag]:
    copied, n = int(given.reading.copied[unit]), int(given.reading.sheets[unit])
    if copied >= max(LEAST_COPIED, COPIED_SHARE * n):
        words = _("本单位的测评票 {n} 份，约 {share}% 几乎逐项雷同；可重新组织测评或增加外单位评议。")
        yield _flag(given, unit, own, copied / n, words, {"n": n, "share": coarse(copied / n)})


def _careless(given: Rated, unit: int, own: Sequence[int]) -> Iterator[Flag]:
    n = int(given.reading.sheets[unit])
    share = float(given.reading.careless[unit]) / n
    if share >= CARELESS_SHARE:
        words = _(
            "本单位的测评票 {n} 份，约 {share}% 像是没有细看填的；"
            "可向参加人讲清后重新组织，或增加外单位评议。"
        )
        yield _flag(given, unit, own, share, words, {"n": n, "share": coarse(share)})


def _gap(given: Rated, unit: int, own: Sequence[int]) -> Iterator[Flag]:
    """Officials whose place would lie outside its own interval if every sheet were taken as it stands."""
    reading = given.reading
    apart = np.abs(reading.official - reading.naive)[own] > given.reach * reading.error[own]
    if apart.any():
        words = _(
            "本单位的测评票，照单全收与剔除异常票型后读出的结果，有 {k} 人相差超出误差；"
            "这说的是票型，不是对谁的结论；可重新组织测评或增加外单位评议。"
        )
        yield _flag(given, unit, own, float(apart.mean()), words, {"k": int(apart.sum())})


def _doubtful(given: Rated, unit: int, own: Sequence[int]) -> Iterator[Flag]:
    if given.reading.doubtful[unit]:
        yield _flag(given, unit, own, 1.0, DOUBTFUL, {})


def _speaks(given: Rated, unit: int) -> bool:
    """Whether so many sheets came in that shares of them may be told."""
    return given.rules.publication.detail(int(given.reading.sheets[unit])) is Detail.SHARES


def _flag(
    given: Rated,
    unit: int,
    own: Sequence[int],
    strength: float,
    words: str,
    values: dict[str, Any],
    things: tuple[str, ...] = (),
) -> Flag:
    return Flag(
        kind=Kind.SHEETS,
        about=given.sheets.units[unit],
        evidence=tuple(sorted({p for at in own for p in given.sheets.evidence[at]})),
        things=things,
        strength=strength,
        words=words,
        values=values,
    )


def _counted(bloc: Counted) -> Flag:
    return Flag(
        kind=Kind.SHEETS,
        about=bloc.unit,
        evidence=bloc.evidence,
        things=bloc.pushed,
        strength=1 - bloc.tail,
        words=_(
            "{session}B 票中，{k} 人的低档票成批出现，与其 A、C 票不符，同场又有人优秀票高于其 A、C 票；"
            "这说的是票型，不是对谁的结论；可重新组织测评或增加外单位评议。过半数一致行动、只压一等的，看不出来。"
        ),
        values={"session": bloc.session, "k": len(bloc.pushed)},
    )
