"""Readings of personal files: said with a purpose, marked records only with a second person's approval."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from shigan.facts import Fact
from shigan.facts.faults import _
from shigan.facts.readings import FilePart, FileRead, ReadingAsked, ReadingDeclined, ReadingGranted
from shigan.ledger.entry import COUNTY_TIME, Entry
from shigan.policy import Rulebook
from shigan.work.state import Act, Refused, State, base, filled, must_be_new, must_exist, must_stand, rule

READ, ASKED, GRANTED, DECLINED = _("已查阅"), _("待同意"), _("已同意"), _("未同意")
NEXT: dict[str, tuple[type[Fact], ...]] = {ASKED: (ReadingGranted, ReadingDeclined)}
SOURCE = "本系统自设：须经批准的记录由两人办理"


@dataclass(frozen=True, kw_only=True)
class Reading(State):
    """`mark` is who reads, `origin` whose file (a person, or the group or unit of a list), `source` the part,
    `topic` the purpose. `at` and `until` are milliseconds since 1970, UTC: when it was written, and when an
    approval lapses (0: none)."""

    note: str = ""
    persons: tuple[str, ...] = ()
    form: str = ""
    grant: str = ""
    at: int = 0
    until: int = 0
    decided: str = ""
    answer: str = ""


def fold(reading: Reading | None, entry: Entry) -> Reading:
    """The reading after one more entry."""
    fact = entry.fact
    if isinstance(fact, FileRead):
        return Reading(
            **base(entry), stage=READ, source=fact.part, topic=fact.purpose, origin=fact.about,
            mark=entry.by, note=fact.note, persons=fact.persons, form=fact.form, grant=fact.grant,
            at=_ms(entry),
        )  # fmt: skip
    if isinstance(fact, ReadingAsked):
        return Reading(
            **base(entry), stage=ASKED, source=FilePart.MARKED, topic=fact.purpose, origin=fact.about,
            mark=entry.by, note=fact.note, at=_ms(entry),
        )  # fmt: skip
    assert reading is not None, entry.subject
    reading = replace(reading, seq=entry.seq, decided=entry.by)
    if isinstance(fact, ReadingGranted):
        return replace(reading, stage=GRANTED, until=_ms(entry) + fact.minutes * 60_000)
    assert isinstance(fact, ReadingDeclined), entry.kind
    return replace(reading, stage=DECLINED, answer=fact.reason)


def _ms(entry: Entry) -> int:
    return round(entry.recorded.timestamp() * 1000)


def holds(reading: State | None, reader: str, about: str, now: int) -> bool:
    """Whether it is an approval that lets this reader open this person's marked records now (ms)."""
    if not isinstance(reading, Reading) or reading.stage != GRANTED:
        return False
    return (reading.mark, reading.origin) == (reader, about) and now < reading.until


@filled(ReadingGranted)
def fill_granted(kind: type[Fact], state: State | None, day: date, rules: Rulebook) -> dict[str, object]:
    return {"minutes": rules.readings.approval_holds.value}


@rule(FileRead)
def read_file(reading: Reading | None, fact: FileRead, act: Act) -> None:
    must_be_new(reading)
    _must_be_anothers(fact.about, act)
    _must_be_purpose(fact.purpose, act)
    if act.happened != (act.recorded + COUNTY_TIME).date():
        raise Refused(_("查阅只能当天登记"), remedy=_("打开页面时系统自动登记。"))
    now = round(act.recorded.timestamp() * 1000)
    if fact.part is FilePart.MARKED and not holds(act.look(fact.grant), act.by, fact.about, now):
        raise Refused(
            _("没有有效的同意，不能打开这些记录"),
            remedy=_("请申请查阅，由另一人同意后在期限内打开。"),
            source=SOURCE,
        )


@rule(ReadingAsked)
def ask_reading(reading: Reading | None, fact: ReadingAsked, act: Act) -> None:
    must_be_new(reading)
    _must_be_anothers(fact.about, act)
    _must_be_purpose(fact.purpose, act)


def _must_be_anothers(about: str, act: Act) -> None:
    if act.look(about) is None:
        raise Refused(_("没有 {code}"), remedy=_("核对编号。"), code=about)
    if about == act.by:
        raise Refused(_("看本人的材料不用登记"), remedy=_("请打开“本人记录”。"))


def _must_be_purpose(purpose: str, act: Act) -> None:
    known = act.rules.readings.purposes
    if purpose not in known.value:
        raise Refused(
            _("“{purpose}”不是规矩里的查阅用途"),
            remedy=known.sentence(),
            source=known.source,
            purpose=purpose,
        )


@rule(ReadingGranted, ReadingDeclined)
def decide_reading(reading: Reading | None, fact: ReadingGranted | ReadingDeclined, act: Act) -> None:
    must_exist(reading, act)
    assert reading is not None
    must_stand(reading, (ASKED,), _("答复"))
    if act.by in (reading.mark, reading.origin):
        raise Refused(
            _("申请人和材料本人都不能答复这件申请"), remedy=_("请另一人办理。"), source=SOURCE
        )  # fmt: skip
    if isinstance(fact, ReadingGranted) and fact.minutes != act.rules.readings.approval_holds.value:
        raise Refused(
            _("同意的时间与规矩不同"), remedy=act.rules.readings.approval_holds.sentence(), source=SOURCE
        )  # fmt: skip
