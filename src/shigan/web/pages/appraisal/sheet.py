"""The evidence profile as one sheet: findings and entries of one person or team, arranged for the reader."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from shigan.facts import Fact
from shigan.facts.appraisal import BLANK, Area, EvaluationCounted, Reconciled, SheetsEntered
from shigan.judge.profile import Profile
from shigan.judge.raters import LIMITS
from shigan.ledger.entry import Entry
from shigan.maths.workdays import is_known
from shigan.policy import Rulebook, Scheme
from shigan.web import figures, pictures, store
from shigan.web.figures import Figure, figure
from shigan.web.pages.appraisal.board import area_bar
from shigan.work.appraisal import IN_APPEAL, IN_REVIEW, NOTIFIED, REVIEWED, PersonYear

HEADS = (
    ("expected", _("应到")),
    ("present", _("实到")),
    ("issued", _("发出")),
    ("returned", _("收回")),
    ("valid", _("有效")),
    ("void", _("作废")),
)
PROBLEMS = (
    "problems.raised",
    "problems.open",
    "problems.overdue",
    "problems.fixed",
    "problems.dropped",
    "problems.first_check",
    "problems.sent_back",
    "problems.relapse",
    "problems.days",
    "problems.paper",
)
QUESTIONS = ("results.contradiction", "evaluation.alarm", "evaluation.misfit")


@dataclass(frozen=True)
class AreaPart:
    """One of the six areas: its place in the group, and its indicators with outcome and process apart."""

    area: str
    place: Figure | None
    bar: SafeString | str
    outcome: list[Figure]
    process: list[Figure]


@dataclass(frozen=True)
class ClassPart:
    """One class of ballots: `counts` are 应到…作废 and 弃权, `shares` those of each option or their bands."""

    voters: str
    who: str
    weight: str
    counts: list[tuple[str, int]]
    blank: int | None
    shares: list[tuple[str, Figure]]
    bar: SafeString | str
    mean: Figure | None
    why: str


@dataclass(frozen=True)
class BoxPart:
    """One group of one evaluation in the ballot box: each item with its first share and its first two, the
    bounds of the mean, and why something is not told."""

    box: str
    title: str
    voters: str
    ballots: int
    items: list[tuple[str, Figure | None, Figure]]
    points: Figure | None
    why: str


@dataclass(frozen=True)
class Sheet:
    """Everything of a profile but the committee's part."""

    areas: list[AreaPart]
    other: list[Figure]
    classes: list[ClassPart]
    options: list[str]
    mean: Figure | None
    read: Figure | None
    standing: Figure | None
    fused: Figure | None
    limits: Sequence[str]
    alike: Figure | None
    boxes: list[BoxPart]
    years: list[Figure]
    problems: list[Figure]
    routine: list[tuple[int, Figure | None]]
    late: Figure | None
    strip: SafeString | str
    months: list[tuple[str, list[int]]]
    blocks: list[Figure]
    questions: list[Figure]
    waiting: int


def sheet(about: str, profile: Profile | None, entries: Sequence[Entry], scheme: Scheme | None) -> Sheet:
    """The sheet of a person or team; `entries` are those of the year's file."""
    months = strip_rows(profile)
    sealed = {entry.position: entry.fact for entry in (*entries, *_entered(profile))}
    ballots = [fact for position, fact in sealed.items() if position is not None]
    return Sheet(
        areas=[_area(profile, area) for area in Area],
        other=figures.figures(profile, ("results.other",)),
        classes=class_parts(about, profile, ballots, scheme),
        options=[o.name for o in scheme.options] if scheme else [],
        mean=figure(profile, "evaluation.mean"),
        read=figure(profile, "evaluation.adjusted"),
        standing=figure(profile, "evaluation.standing"),
        fused=figure(profile, "evaluation.fused"),
        limits=LIMITS,
        alike=figure(profile, "evaluation.alike"),
        boxes=box_parts(profile),
        years=figures.figures(profile, ("evaluation.year",)),
        problems=figures.figures(profile, PROBLEMS),
        routine=[(quarter, figure(profile, "routine.quarter", str(quarter))) for quarter in (1, 2, 3, 4)],
        late=figure(profile, "late.share"),
        strip=pictures.strip(months, [str(n) for n in range(1, 13)], gettext("各月事项：发生的和记入的"))
        if months
        else "",
        months=[(label, [round(n) for n in series]) for label, series in months],
        blocks=figures.figures(profile, ("blocks",)),
        questions=figures.figures(profile, QUESTIONS),
        waiting=sum(entry.position is None for entry in entries),
    )


def _area(profile: Profile | None, area: Area) -> AreaPart:
    place = figure(profile, "results.area", area)
    return AreaPart(
        str(area),
        place,
        area_bar(place, area),
        _of_area(profile, "results.outcome", area),
        _of_area(profile, "results.process", area),
    )


def _of_area(profile: Profile | None, measure: str, area: Area) -> list[Figure]:
    return [f for f in figures.figures(profile, (measure,)) if f.finding.values.get("area") == area]


def strip_rows(profile: Profile | None) -> list[tuple[str, Sequence[float]]]:
    """The two rows of the month strip: when things happened and when they were recorded."""
    rows = (
        (gettext("发生"), figure(profile, "late.happened")),
        (gettext("记入"), figure(profile, "late.recorded")),
    )
    return [(label, f.finding.series) for label, f in rows if f and f.finding.series]


def _entered(profile: Profile | None) -> list[Entry]:
    """The single sheets that the evaluation rests on; they stand in the file of the unit that held the
    session."""
    means = profile.of("evaluation.class") if profile else ()
    return store.sealed_at({p for mean in means for p in mean.evidence}, SheetsEntered.__name__)


def box_parts(profile: Profile | None) -> list[BoxPart]:
    """What the ballot box published of the subject, group by group."""
    told: dict[tuple[str, str], list[Figure]] = {}
    for f in figures.figures(profile, ("evaluation.box_upper", "evaluation.box_untold")):
        told.setdefault((f.finding.values["box"], f.finding.values["voters"]), []).append(f)
    return [_box_part(profile, box, voters, own) for (box, voters), own in sorted(told.items())]


def _box_part(profile: Profile | None, box: str, voters: str, own: list[Figure]) -> BoxPart:
    uppers = [f for f in own if f.finding.measure == "evaluation.box_upper"]
    return BoxPart(
        box,
        str(own[0].finding.values["title"]),
        voters,
        own[0].finding.n,
        [
            (str(f.finding.values["item"]), figure(profile, "evaluation.box_first", f.finding.item), f)
            for f in uppers
        ],
        figure(profile, "evaluation.box_points", f"{box}·{voters}"),
        next((f.words for f in own if f.words), ""),
    )


Ballots = tuple[Reconciled, int]
"""What was counted or entered of one class, and how many marks were left blank about the subject."""


def class_parts(
    about: str, profile: Profile | None, facts: Iterable[Fact | None], scheme: Scheme | None
) -> list[ClassPart]:
    """The classes of ballots on the subject, in order of their letters."""
    found: dict[str, list[Ballots]] = {}
    for fact in facts:
        match fact:
            case EvaluationCounted():
                blank = sum(tally.blank for tally in fact.tallies)
                found.setdefault(fact.voters, []).append((fact, blank))
            case SheetsEntered() if about in fact.targets:
                rows = [row for row in fact.of_target(about) if row.strip(BLANK)]
                found.setdefault(fact.voters, []).append((fact, "".join(rows).count(BLANK)))
    shares = shares_by_class(profile)
    return [_class(profile, v, found[v], shares.get(v, []), scheme) for v in sorted(found)]


Shares = list[tuple[str, Figure]]
"""Each option's share of one class's ballots, or its band, in the order of the scheme."""


def shares_by_class(profile: Profile | None) -> dict[str, Shares]:
    """The shares of every class that may be shown."""
    found: dict[str, Shares] = {}
    for own in figures.figures(profile, ("evaluation.share",)):
        voters, option = own.finding.item.split("·", 1)
        found.setdefault(voters, []).append((option, own))
    return found


def shares_bar(voters: str, shares: Shares) -> SafeString | str:
    """The shares as a thin stacked bar; nothing where only bands are known."""
    parts = [(option, f.finding.value) for option, f in shares if f.finding.value is not None]
    if not parts or len(parts) < len(shares):
        return ""
    said = gettext("，").join(f"{gettext(option)} {f.value}%" for option, f in shares)
    return pictures.stacked(parts, gettext("{voters}票：{shares}").format(voters=voters, shares=said))


def _class(
    profile: Profile | None,
    voters: str,
    ballots: Sequence[Ballots],
    shares: Shares,
    scheme: Scheme | None,
) -> ClassPart:
    mean = figure(profile, "evaluation.class", voters)
    own = next((v for v in scheme.voters if v.name == voters), None) if scheme else None
    return ClassPart(
        voters,
        gettext(own.words) if own else "",
        f"{own.weight * 100:.0f}%" if own else "",
        [(gettext(head), sum(getattr(fact, key) for fact, _blank in ballots)) for key, head in HEADS],
        sum(blank for _fact, blank in ballots) if shares else None,
        shares,
        shares_bar(voters, shares),
        mean if mean and mean.finding.value is not None else None,
        mean.words if mean else "",
    )


def clock(year: PersonYear | None, today: date) -> str:
    """The legal clock that runs at present, in words."""
    if year is None or year.due is None:
        return ""
    values = {"day": year.due.isoformat(), "left": (year.due - today).days}
    if today > year.due:
        words = {
            NOTIFIED: gettext("申请复核和直接申诉的期限已于 {day} 届满。"),
            IN_REVIEW: gettext("复核应于 {day} 前答复，已经超期。"),
            REVIEWED: gettext("申诉期限已于 {day} 届满。"),
            IN_APPEAL: gettext("申诉应于 {day} 前作出决定，已经超期。"),
        }
    else:
        words = {
            NOTIFIED: gettext("可在 {day} 前申请复核，也可以不经复核在同一日前直接申诉（还有 {left} 日）。"),
            IN_REVIEW: gettext("复核应在 {day} 前答复（还有 {left} 日）。"),
            REVIEWED: gettext("不服复核决定的，可在 {day} 前提出申诉（还有 {left} 日）。"),
            IN_APPEAL: gettext("申诉应在 {day} 前作出决定（还有 {left} 日）。"),
        }
    provisional = "" if is_known(year.due) else gettext("该年放假安排尚未公布，截止日是暂定的。")
    return words.get(year.stage, "").format(**values) + provisional


def clocks_said(rules: Rulebook) -> list[str]:
    """The clocks of review and appeal as sentences of the rule book."""
    clocks = rules.appraisal.clocks
    own = (
        clocks.review_request,
        clocks.review_answer,
        clocks.appeal_request,
        clocks.appeal_direct,
        clocks.appeal_decision,
        clocks.appeal_extension,
    )
    return [number.sentence(gettext) for number in own]
