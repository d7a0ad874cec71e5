"""What guards single sheets: large enough classes, one entry a session, no sheet that tells who wrote it."""

from __future__ import annotations

from collections.abc import Iterator

from shigan.facts.appraisal import BLANK, EvaluationCounted, SheetsEntered, VoterClass
from shigan.facts.faults import _
from shigan.policy import Scheme
from shigan.work.appraisal.state import PersonYear, TeamYear, sheet
from shigan.work.state import Act, Refused, State, rule
from shigan.work.units import Group, Person, Unit


@rule(SheetsEntered)
def enter_sheets(year: TeamYear | None, fact: SheetsEntered, act: Act) -> None:
    unit, of = act.subject.split("/")
    _must_be_unit(unit, act)
    _must_be_many(fact, act)
    _must_be_first(year, fact, act)
    for target in fact.targets:
        state = _member(target, act)
        _must_be_uncounted(act.look(f"{target}/{of}"), target, fact)
        _must_fit_scheme(state, fact, act)
    _must_hide_voters(unit, fact, act)


def _must_be_unit(unit: str, act: Act) -> None:
    if not isinstance(act.look(unit), Unit):
        raise Refused(_("没有 {code}"), remedy=_("先登记单位或干部。"), code=unit)


def _must_be_many(fact: SheetsEntered, act: Act) -> None:
    least = act.rules.publication.nothing_below
    if fact.valid < least.value:
        raise Refused(
            _("{voters} 票有效 {n} 份，不足 {least} 份，单张票会暴露个人"),
            remedy=_("先与别的票类合并再录入，或只登记计票。"),
            source=least.source,
            voters=fact.voters,
            n=fact.valid,
            least=least.value,
        )


def _must_be_first(year: TeamYear | None, fact: SheetsEntered, act: Act) -> None:
    if year and any(entered.sheet == sheet(fact) for entered in year.entered):
        raise Refused(
            _("{code} 的 {sheet} 票已录入过"),
            remedy=_("同一会议同一票类只录入一次。"),
            code=act.subject,
            sheet=fact.voters,
        )


def _member(target: str, act: Act) -> Person | Unit:
    state = act.look(target)
    if not isinstance(state, Person | Unit):
        raise Refused(_("没有 {code}"), remedy=_("先登记单位或干部。"), code=target)
    return state


def _must_be_uncounted(file: State | None, target: str, fact: SheetsEntered) -> None:
    """A count and the sheets of one session would be the same votes twice."""
    if isinstance(file, PersonYear | TeamYear) and sheet(fact) in file.counted:
        raise Refused(
            _("{code} 这次会议的 {sheet} 票已登记计票"),
            remedy=_("同一批票只登记一次：录入单张票的，不再登记计票。"),
            code=target,
            sheet=fact.voters,
        )


def _must_fit_scheme(target: Person | Unit, fact: SheetsEntered, act: Act) -> None:
    """Items and marks are read by their place, so they have to be the scheme's."""
    scheme = _scheme(target, act)
    if scheme is None:
        return
    items = tuple(item.name for item in scheme.sheet)
    if fact.items != items:
        raise Refused(
            _("{code} 的票面项目是“{given}”，方案“{scheme}”的是“{wanted}”"),
            remedy=_("照方案的项目和先后填写，一项不少；或改正考核单元所用的方案。"),
            code=target.subject,
            given="、".join(fact.items),
            scheme=scheme.name,
            wanted="、".join(items),
        )
    worst = max((mark for own in fact.of_target(target.subject) for mark in own), default=BLANK)
    if worst != BLANK and int(worst) > len(scheme.options):
        raise Refused(
            _("{code} 的票上有标记 {mark}，方案“{scheme}”只有 {n} 个等次"),
            remedy=_("核对票面和考核单元所用的方案。"),
            code=target.subject,
            mark=worst,
            scheme=scheme.name,
            n=len(scheme.options),
        )


def _scheme(target: Person | Unit, act: Act) -> Scheme | None:
    group = act.look(target.topic) if target.topic else None
    if not isinstance(group, Group):
        return None
    return next((s for s in act.rules.schemes.schemes if s.name == group.topic), None)


def _must_hide_voters(unit: str, fact: SheetsEntered, act: Act) -> None:
    """People leave their own row blank: a row that few sheets leave blank tells whose sheets they are.

    So a row of somebody who may have voted in this class is left blank by nobody or by as many sheets as any
    group must have (publication.nothing_below). A blank row is no answer that anybody needs: who does not
    know a colleague marks 不了解, and an own row that everybody marks is one kind mark among many.
    """
    least = act.rules.publication.nothing_below
    for target in _exposed(unit, fact, act):
        alone = sum(_is_blank(own) and not _is_blank(whole) for own, whole in _rows(fact, target))
        if 0 < alone < least.value:
            raise Refused(
                _("{voters} 票中只有 {n} 张把 {code} 一行整行空着，可能看出是谁的票"),
                remedy=_("请参加人每行都划，不了解的划“不了解”；票已收回的，这一票类改为只登记计票。"),
                source=least.source,
                voters=fact.voters,
                n=alone,
                code=target,
            )


def _exposed(unit: str, fact: SheetsEntered, act: Act) -> Iterator[str]:
    """Those judged who may have voted in this class: in class B, cast by peers, everybody; in class A the
    officials of the unit that held the session, whose head votes there; in class C nobody."""
    for target in fact.targets:
        state = act.look(target)
        inside = state is not None and state.unit == unit
        if fact.voters is VoterClass.B or (fact.voters is VoterClass.A and inside):
            yield target


def _rows(fact: SheetsEntered, target: str) -> Iterator[tuple[str, str]]:
    return zip(fact.of_target(target), fact.sheets, strict=True)


def _is_blank(marks: str) -> bool:
    return not marks.strip(BLANK)


def entered(year: State | None, fact: EvaluationCounted, target: str) -> bool:
    """Whether the sheets behind this count of a target were entered one by one, in a unit's year."""
    return isinstance(year, TeamYear) and any(
        own.sheet == sheet(fact) and target in own.targets for own in year.entered
    )
