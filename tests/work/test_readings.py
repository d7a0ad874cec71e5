"""A file is read for a purpose of the rule book, today, by another; marked records by two people."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest

from shigan.facts.fact import Fact
from shigan.facts.faults import Fault
from shigan.facts.readings import FilePart, FileRead, ReadingAsked, ReadingDeclined, ReadingGranted
from shigan.facts.units import Identity, PersonPosted, Rank
from shigan.policy import Rulebook, load, shipped
from shigan.work.admit import Author, Draft, admit
from shigan.work.readings import ASKED, DECLINED, GRANTED, READ, Reading
from shigan.work.state import Refused
from tests.work.life import OFFICE, OTHER, RULES, Life, after

HOURS = RULES.readings.approval_holds.value
PERSON = Author("P0009", "U003")
GRANT = ReadingGranted(minutes=HOURS)


@pytest.fixture
def log() -> Life:
    """Nothing read yet of official P0009."""
    life = Life("F00001", unit="U002")
    posted = PersonPosted(rank=Rank.DEPUTY, identity=Identity.CIVIL_SERVANT, in_team=True)
    write(life, "P0009", posted, OFFICE)
    return life


def write(life: Life, code: str, fact: Fact, by: Author, *, day: int = 0, minutes: int = 0) -> Reading | None:
    now = datetime.combine(after(day), time(4), UTC) + timedelta(minutes=minutes)
    draft = Draft(code, fact, "U002", (now + timedelta(hours=8)).date())
    (made,) = admit([draft], by, now, RULES, life.states.get, lambda: bytes(32))
    life.states[code] = made.state
    return made.state if isinstance(made.state, Reading) else None


def read(part: FilePart = FilePart.PROFILE, **more: str) -> FileRead:
    return FileRead(about="P0009", part=part, purpose="年度考核", **more)  # type: ignore[arg-type]


def asked() -> ReadingAsked:
    return ReadingAsked(about="P0009", purpose="监督检查", note="核对处分是否到期")


def test_a_reading_says_who_whose_which_part_and_what_for(log: Life) -> None:
    state = write(log, "F00001", read(), OTHER)
    assert state and (state.mark, state.origin, state.source, state.topic, state.stage) == (
        OTHER.by, "P0009", FilePart.PROFILE, "年度考核", READ,
    )  # fmt: skip


def test_a_purpose_that_the_rule_book_does_not_know_is_refused(log: Life) -> None:
    with pytest.raises(Refused, match="用途"):
        log.on(0, FileRead(about="P0009", part=FilePart.PROFILE, purpose="随便看看"), OTHER)


def test_a_file_that_is_not_there_cannot_be_read(log: Life) -> None:
    with pytest.raises(Refused, match="没有 P0777"):
        log.on(0, FileRead(about="P0777", part=FilePart.PROFILE, purpose="年度考核"), OTHER)


def test_the_own_file_is_read_without_a_word(log: Life) -> None:
    with pytest.raises(Refused, match="本人"):
        log.on(0, read(), PERSON)


def test_a_reading_is_not_noted_later_nor_twice_under_one_code(log: Life) -> None:
    late = Draft("F00001", read(), "U002", after(0))
    now = datetime.combine(after(1), time(4), UTC)
    with pytest.raises(Refused, match="当天"):
        list(admit([late], OTHER, now, RULES, log.states.get))
    log.on(0, read(), OTHER)
    with pytest.raises(Refused, match="已经存在"):
        log.on(0, read(), OTHER)


def test_a_list_names_everybody_in_it_and_a_single_file_nobody_else() -> None:
    with pytest.raises(Fault, match="涉及人员"):
        read(FilePart.BOARD)
    with pytest.raises(Fault, match="涉及人员"):
        FileRead(about="P0009", part=FilePart.PROFILE, purpose="年度考核", persons=("P0001",))


def test_marked_records_need_an_approval_of_ones_own_for_that_person(log: Life) -> None:
    with pytest.raises(Fault, match="批准申请"):
        read(FilePart.MARKED)
    with pytest.raises(Refused, match="没有有效的同意"):
        write(log, "F00002", read(FilePart.MARKED, grant="F00001"), OTHER)
    write(log, "F00001", asked(), OTHER)
    with pytest.raises(Refused, match="没有有效的同意"):
        write(log, "F00002", read(FilePart.MARKED, grant="F00001"), OTHER)
    write(log, "F00001", GRANT, OFFICE)
    with pytest.raises(Refused, match="没有有效的同意"):
        write(log, "F00002", read(FilePart.MARKED, grant="F00001"), OFFICE)
    assert write(log, "F00002", read(FilePart.MARKED, grant="F00001"), OTHER)


def test_an_approval_lapses(log: Life) -> None:
    write(log, "F00001", asked(), OTHER)
    granted = write(log, "F00001", GRANT, OFFICE)
    assert granted and granted.stage == GRANTED
    assert write(log, "F00002", read(FilePart.MARKED, grant="F00001"), OTHER, minutes=HOURS - 1)
    with pytest.raises(Refused, match="没有有效的同意"):
        write(log, "F00003", read(FilePart.MARKED, grant="F00001"), OTHER, minutes=HOURS)


def test_neither_who_asks_nor_the_person_decides(log: Life) -> None:
    write(log, "F00001", asked(), OTHER)
    for who in (OTHER, PERSON):
        with pytest.raises(Refused, match="都不能答复"):
            write(log, "F00001", GRANT, who)
        with pytest.raises(Refused, match="都不能答复"):
            write(log, "F00001", ReadingDeclined(reason="理由不足"), who)


def test_a_request_is_decided_once_and_for_the_time_of_the_rule_book(log: Life) -> None:
    with pytest.raises(Refused, match="没有 F00001"):
        write(log, "F00001", GRANT, OFFICE)
    state = write(log, "F00001", asked(), OTHER)
    assert state and state.stage == ASKED
    with pytest.raises(Refused, match="时间"):
        write(log, "F00001", ReadingGranted(minutes=HOURS + 1), OFFICE)
    state = write(log, "F00001", ReadingDeclined(reason="理由不足"), OFFICE)
    assert state and (state.stage, state.answer) == (DECLINED, "理由不足")
    with pytest.raises(Refused, match="不能答复"):
        write(log, "F00001", GRANT, OFFICE)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("value = 240", "value = 0", "1 分钟到 7 天"),
        ("value = 1440", "value = 20000", "1 分钟到 7 天"),
        ('"病事假"]', '"星座"]', "没有“星座”"),
    ],
    ids=["no-time", "too-long", "unknown-kind"],
)
def test_rules_of_reading_that_make_no_sense_are_refused(old: str, new: str, words: str) -> None:
    with pytest.raises(Fault, match=words):
        load("readings", shipped("readings").replace(old, new))


def test_what_is_marked_is_discipline_and_health() -> None:
    marked = Rulebook.shipped().readings.marked_kinds()
    assert marked == {"SanctionImposed", "NegativeListed", "LeaveTaken"}
