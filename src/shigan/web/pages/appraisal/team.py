"""A leadership team's year: evaluation, members, results, problems, and what ballots cannot say."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from shigan.facts.readings import FilePart
from shigan.judge.raters import LIMITS
from shigan.web import boards, figures, opening, pictures, rights, store
from shigan.web.figures import figure
from shigan.web.pages.acts import found
from shigan.web.pages.appraisal import reading
from shigan.web.pages.appraisal.board import dot
from shigan.web.pages.appraisal.reading import Member
from shigan.web.pages.appraisal.sheet import Shares, shares_bar, shares_by_class, sheet
from shigan.work.units import Unit


def team(request: HttpRequest, unit: str, year: int) -> HttpResponse:
    """The page of one team."""
    year, state, rules = reading.checked(year), found(unit), store.rulebook()
    if not isinstance(state, Unit):
        raise Http404(unit)
    rights.require(request.user, "see:U/", state)
    people = reading.in_unit(unit, team=True)
    if asked := opening.gate(request, unit, FilePart.TEAM, [p.subject for p in people]):
        return asked
    own = boards.profile(boards.TEAM, unit, year)
    of_unit = boards.profile(boards.UNIT, unit, year)
    group = store.state(own.group if own and own.group else state.topic) if state.topic or own else None
    scheme = reading.scheme_of(group.topic, rules) if group else None
    decided = reading.decided_in(group.subject, year) if group else None
    everybody = reading.members(list(people), year)
    return render(
        request,
        "appraisal/team.html",
        {
            "section": "appraisal",
            "unit": state,
            "year": year,
            "profile": own,
            "group": group,
            "scheme": scheme,
            "sheet": sheet(unit, own, list(store.entries(f"{unit}/{year}")), scheme),
            "decision": decided.grade_of(unit) if decided else None,
            "meetings": decided.meetings if decided else (),
            "people": [(m, figure(m.profile, "evaluation.mean"), _shares(m)) for m in everybody],
            "picture": _picture(everybody),
            "confidence": rules.appraisal.confidence,
            "unit_figures": figures.figures(of_unit, ("late.share", "late.rush", "routine.good")),
            "publication": rules.publication,
            "limits": LIMITS,
            "cap": rules.appraisal.process_cap,
            "may_record": rights.may(request.user, "EvaluationCounted", state),
        },
    )


def _picture(everybody: list[Member]) -> object:
    means = [(m.label, figure(m.profile, "evaluation.mean")) for m in everybody]
    if not any(mean for _label, mean in means):
        return ""
    title = gettext("班子成员测评加权均值和区间，按名册排列")
    return pictures.intervals([dot(label, mean) for label, mean in means], title=title, unit=gettext("分"))


def _shares(member: Member) -> list[tuple[str, object, Shares]]:
    """Raw shares of each class as a thin bar, with the figures for the table."""
    return [(v, shares_bar(v, own), own) for v, own in shares_by_class(member.profile).items()]
