"""Blocks of the evidence book: one subject's profile as tables, figures with interval, group and evidence.

Papers are Chinese whatever language the reader's pages are in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from shigan.exchange.papers import Block, Note, Table
from shigan.exchange.sheets.known import Name
from shigan.judge import Finding, Profile
from shigan.judge.raters import LIMITS

DASH = "—"


@dataclass(frozen=True)
class Reader:
    """Names behind codes, and whether the ledger tells when each fact was recorded."""

    names: Mapping[str, Name]
    recorded: bool = True

    def name(self, code: str) -> str:
        """The name behind a code, or the code."""
        return self.names[code].name if code in self.names else code

    def post(self, code: str) -> str:
        """The post behind a code, or nothing."""
        return self.names[code].post if code in self.names else ""


def figure(finding: Finding | None, digits: int = 0) -> str:
    """`87%（72–95）`: value, unit and interval; a dash where there is none."""
    if finding is None or (finding.value is None and finding.low is None):
        return DASH
    unit = "" if finding.unit == "位" else finding.unit
    if finding.value is None:
        return f"{finding.low:.{digits}f}–{finding.high:.{digits}f}{unit}"
    said = f"{finding.value:.{digits}f}{unit}"
    if finding.low is None or finding.high is None:
        return said
    return f"{said}（{finding.low:.{digits}f}–{finding.high:.{digits}f}）"


def evidence(*findings: Finding | None) -> str:
    """The entries that figures rest on, in runs: `12–15、18`."""
    return runs(position for finding in findings if finding for position in finding.evidence)


def runs(positions: Iterable[int]) -> str:
    """Numbers in order, neighbours joined."""
    found: list[list[int]] = []
    for position in sorted(set(positions)):
        if found and position == found[-1][1] + 1:
            found[-1][1] = position
        else:
            found.append([position, position])
    return "、".join(str(a) if a == b else f"{a}–{b}" for a, b in found) or DASH


def results(profile: Profile) -> Iterator[Block]:
    """Each of the six areas with its place in the group and the indicators behind it."""
    indicators = (*profile.of("results.outcome"), *profile.of("results.process"))
    rows = []
    for area in profile.of("results.area"):
        own = [f for f in indicators if f.values.get("area") == area.item]
        rows.append([area.item, figure(area), "\n".join(map(_indicator, own)), evidence(area)])
    others = [f for f in profile.of("results.other")]
    rows += [["其他", DASH, f.sentence(), evidence(f)] for f in others]
    if rows:
        yield Table(
            ["实绩", "组内位置（区间）", "指标：本年值，同组中位数（四分位数）", "依据"],
            rows,
            widths=(12, 28, 96, 20),
            small=True,
        )
    else:
        yield Note("实绩：没有登记，或同组对象太少，不作比较。")


def _indicator(finding: Finding) -> str:
    nature = "·过程" if finding.measure == "results.process" else ""
    said = f"{finding.item}{nature} {_short(finding.value)}{finding.unit}"
    group = finding.compare
    if group is None:
        return said
    return f"{said}，中位 {_short(group.median)}（{_short(group.q1)}–{_short(group.q3)}）"


def _short(value: float | None) -> str:
    return DASH if value is None else f"{value:.1f}".removesuffix(".0")


def evaluation(profile: Profile) -> Iterator[Block]:
    """Raw shares beside the mean with its interval, class by class, then the weighted mean."""
    rows = [_class(profile, each) for each in profile.of("evaluation.class")]
    if mean := profile.one("evaluation.mean"):
        rows.append(["加权", str(mean.n), _beside(profile, mean), figure(mean, 1), evidence(mean)])
    rows += _read(profile)
    if not rows:
        yield Note("民主测评：没有计票登记。")
        return
    yield Table(
        ["民主测评", "有效票", "各等次占有效票（取整到 5%）", "均值（区间）", "依据"],
        rows,
        widths=(16, 12, 74, 36, 18),
        align=("left", "right", "left", "left", "left"),
        small=True,
    )
    if profile.one("evaluation.adjusted"):
        yield limits()


def _read(profile: Profile) -> Iterator[Sequence[str]]:
    """What the single sheets say when severity and patterns are allowed for, alone and with the results."""
    if adjusted := profile.one("evaluation.adjusted"):
        said = [adjusted.sentence().rstrip("。"), standing(profile)]
        words = "；".join(words for words in said if words)
        yield ["调整后", str(adjusted.n), words, figure(adjusted, 1), evidence(adjusted)]
    if fused := profile.one("evaluation.fused"):
        words = "第二种读法：与逐月平均的实绩位置按精确程度合读，不代替测评"
        yield ["合读", str(fused.n), words, figure(fused, 1), evidence(fused)]


def box(profile: Profile) -> Iterator[Block]:
    """What the ballot box published, group by group: ranges, apart from the counted sheets."""
    found = (*profile.of("evaluation.box_upper"), *profile.of("evaluation.box_untold"))
    groups = sorted({(f.values["box"], f.values["voters"], f.n) for f in found})
    if groups:
        yield Table(
            ["票箱公布", "有效票", "前两档合计（其中第一档）占有效票的范围", "均值的范围", "依据"],
            [_box(profile, *group) for group in groups],
            widths=(16, 12, 74, 36, 18),
            align=("left", "right", "left", "left", "left"),
            small=True,
        )


def _box(profile: Profile, code: str, voters: str, ballots: int) -> Sequence[str]:
    uppers, untold = (
        [f for f in profile.of(measure) if (f.values["box"], f.values["voters"]) == (code, voters)]
        for measure in ("evaluation.box_upper", "evaluation.box_untold")
    )
    said = [
        f"{f.values['item']} {_share(f)}{_in_brackets(profile.one('evaluation.box_first', f.item))}"
        for f in uppers
    ]
    words = "；".join(filter(None, ("，".join(said), *(f.sentence().rstrip("。") for f in untold))))
    points = profile.one("evaluation.box_points", f"{code}·{voters}")
    return [f"{code} {voters} 票", str(ballots), words, figure(points, 1), evidence(*uppers, *untold)]


def _in_brackets(share: Finding | None) -> str:
    return f"（{_share(share)}）" if share else ""


def standing(profile: Profile) -> str:
    """Where an official stands within the unit, with the letters of the groups that cannot be told apart."""
    found = profile.one("evaluation.standing")
    return f"{found.sentence()}；组 {found.values['letters']}" if found else ""


def limits() -> Note:
    """What the sheets cannot tell; stands wherever their reading stands."""
    return Note(
        "调整后：假定由全县一名宽严适中的人来评，平均会给多少分；没有哪张票的分量高过普通的一票。组的字母相同的，"
        f"现有票数分不出高低，字母本身没有高低。票面上看不出来的：{''.join(LIMITS)}"
    )


def _beside(profile: Profile, mean: Finding) -> str:
    """What stands beside the weighted mean: its group, whom it cannot be told apart from, what is missing."""
    group = mean.compare
    said = [f"同组 {group.n} 个，中位 {group.median:.1f}" if group else "同组太少，不比较"]
    others = (*profile.of("evaluation.alike"), *profile.of("evaluation.misfit"))
    said += [f.sentence().rstrip("。") for f in (mean, *others) if f.words]
    return "；".join(said)


def _class(profile: Profile, own: Finding) -> Sequence[str]:
    shares = [
        f"{f.item.partition('·')[2]} {_share(f)}"
        for f in profile.of("evaluation.share")
        if f.item.startswith(f"{own.item}·") and (f.value or (f.high and f.value is None))
    ]
    words = "，".join(shares) or own.sentence()
    return [f"{own.item} 票", str(own.n), words, figure(own, 1), evidence(own)]


def _share(finding: Finding) -> str:
    return f"{finding.low:.0f}–{finding.high:.0f}%" if finding.value is None else f"{finding.value:.0f}%"


def work(profile: Profile, reader: Reader) -> Iterator[Block]:
    """Problems, routine appraisal, late entries, and what keeps from 优秀."""
    rows = [
        _counts(profile),
        _line(profile, "首次核验解决率", "problems.first_check"),
        _line(profile, "反弹率", "problems.relapse"),
    ]
    if quarters := profile.of("routine.quarter"):
        said = "；".join(f.sentence().replace(" ", "") for f in quarters)
        rows.append(["平时考核", said, evidence(*quarters)])
    if reader.recorded:
        rows.append(_line(profile, "补录占比", "late.share"))
    else:
        rows.append(["补录占比", "表格没有逐条写明何时记入，不作判断", DASH])
    blocks = profile.of("blocks")
    if profile.about.startswith("P"):
        said = "；".join(f.sentence() for f in blocks) or "没有登记"
        rows.append(["不得评优的情形", said, evidence(*blocks)])
    yield Table(
        ["日常工作", "数值（区间）或说明", "依据"],
        rows,
        widths=(26, 76, 54),
        small=True,
    )
    yield _months(profile, reader)


def _line(profile: Profile, title: str, measure: str) -> Sequence[str]:
    found = profile.one(measure)
    n = f"，{found.n} 件（条）" if found and found.n else ""
    return [title, figure(found) + n, evidence(found)]


COUNTED = (
    ("problems.raised", "新提"),
    ("problems.fixed", "已解决"),
    ("problems.open", "未了结"),
    ("problems.overdue", "超期"),
    ("problems.dropped", "未解决了结"),
    ("problems.sent_back", "退回"),
    ("problems.paper", "疑似纸面整改"),
)


def _counts(profile: Profile) -> Sequence[str]:
    found = [(title, profile.one(measure)) for measure, title in COUNTED]
    said = "，".join(f"{title} {figure(f)}" for title, f in found if f)
    return ["负责的问题", said or DASH, evidence(*(f for _title, f in found))]


def _months(profile: Profile, reader: Reader) -> Block:
    """Twelve cells a strip: a pile at the year's end is seen at once."""
    strips = [("按发生月", "late.happened"), *([("按记入月", "late.recorded")] if reader.recorded else [])]
    rows = []
    for title, measure in strips:
        found = profile.one(measure)
        series = found.series if found else ()
        rows.append([title, *(str(int(n)) if n else "" for n in series or (0,) * 12)])
    return Table(
        ["事项（条）", *(f"{n}月" for n in range(1, 13))],
        rows,
        widths=(24, *(11,) * 12),
        align=("left", *("right",) * 12),
        small=True,
    )


QUESTIONS = ("results.contradiction", "evaluation.alarm", "late.share", "late.rush")


def questions(profile: Profile, reader: Reader) -> list[str]:
    """What asks for a second look, each a sentence with its evidence; never a verdict."""
    asked = [f for measure in QUESTIONS for f in profile.of(measure) if f.words]
    if not reader.recorded:
        asked = [f for f in asked if not f.measure.startswith("late.")]
    return [f"{f.sentence().rstrip('。')}（依据 {evidence(f)}）" for f in asked]


def profile_blocks(profile: Profile, reader: Reader) -> Iterator[Block]:
    """All tables of one subject."""
    yield from results(profile)
    yield from evaluation(profile)
    yield from box(profile)
    yield from work(profile, reader)


def closing(profile: Profile, reader: Reader) -> Block:
    """The questions, and room for what people say to all this: the person, then the meeting."""
    asked = "；".join(questions(profile, reader))
    rows = [
        ["需要核实", f"{asked}。" if asked else "没有提示。"],
        ["本人陈述", "\n"],
        ["集体研究决定", "（与上列各项不一致的，写明理由）\n"],
    ]
    return Table(["事项", "内容"], rows, widths=(26, 130), small=True)
