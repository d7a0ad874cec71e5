"""党委会材料 and 反馈书 (F34, F35): the same evidence in the two papers that a year's appraisal needs.

The first goes to the committee, which decides; no grade is proposed in it. The second goes to the person.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date

from shigan.exchange.book_parts import DASH, Reader, evidence, figure, limits, profile_blocks, questions
from shigan.exchange.papers import Block, Heading, Note, PageBreak, Paper, Para, Table
from shigan.exchange.papers.model import said
from shigan.exchange.sheets.known import Name
from shigan.judge import COUNTY, Book, Profile


def committee_paper(
    book: Book,
    names: Mapping[str, Name],
    groups: Collection[str] = (),
    *,
    day: date,
    sign: str,
    to: str = "",
    recorded: bool = True,
    mark: str = "",
) -> Paper:
    """What the committee needs to decide the grades of these comparison groups (all when empty)."""
    reader = Reader(names, recorded)
    chosen = [g for g in sorted(book.groups) if not g.startswith(COUNTY) and (not groups or g in groups)]
    blocks: list[Block] = [
        Para(f"现将{book.year}年度考核的登记情况汇报如下，请予研究。各项数据附区间和依据编号，详见证据册。"),
        Heading(1, "名额"),
        *(Para(f"{reader.name(g)}：{_quota(book.groups[g])}") for g in chosen),
    ]
    if not groups:
        blocks += [Para(f"全县：{_quota(p)}") for code, p in book.groups.items() if code.startswith(COUNTY)]
    blocks.append(Heading(1, "各考核单元情况"))
    for group in chosen:
        blocks += _group(book, group, reader)
    blocks += [Heading(1, "需要会议研究的事项"), *_matters(book, chosen, reader)]
    blocks += [PageBreak(), Heading(1, "请会议决定的等次")]
    for group in chosen:
        blocks.append(_ballot(book, group, reader))
    return Paper(
        title=f"关于{book.year}年度考核有关情况的汇报", blocks=blocks, to=to, sign=sign, day=day, mark=mark
    )


def _members(book: Book, group: str) -> list[Profile]:
    """In the order of the roster."""
    both = {**book.teams, **book.persons}
    return [p for _code, p in sorted(both.items()) if p.group == group]


def _quota(whole: Profile) -> str:
    said = [f.sentence() for f in whole.findings if f.measure.startswith("quota.") and f.words]
    return "；".join(said) + "。" if said else "没有名额数据。"


def _group(book: Book, group: str, reader: Reader) -> Iterator[Block]:
    yield Heading(2, reader.name(group))
    rows = []
    for each in _members(book, group):
        mean, first = each.one("evaluation.mean"), each.one("problems.first_check")
        alike, late = each.one("evaluation.alike"), each.one("late.share") if reader.recorded else None
        read = figure(each.one("evaluation.adjusted"), 1)
        rows.append([_who(each, reader), figure(mean, 1), read, figure(first), figure(late), figure(alike)])
    yield Table(
        ["名称", "测评加权均值（区间）", "调整后（区间）", "首次核验解决率", "补录占比", "不可区分"],
        rows,
        widths=(38, 30, 30, 24, 20, 14),
        caption="按名册顺序；区间重叠的分不出高低",
        small=True,
    )
    if any(each.one("evaluation.adjusted") for each in _members(book, group)):
        yield limits()


def _who(profile: Profile, reader: Reader) -> str:
    if profile.about == profile.unit:
        return reader.name(profile.about)
    return f"{reader.name(profile.about)}（{reader.name(profile.unit)}）"


def _matters(book: Book, groups: Collection[str], reader: Reader) -> Iterator[Block]:
    """Who may not be given 优秀 and why, and the questions to settle first."""
    found = False
    for group in groups:
        for each in _members(book, group):
            reasons = [f"不得评优：{f.sentence()}（依据 {evidence(f)}）" for f in each.of("blocks")]
            if words := "；".join([*reasons, *questions(each, reader)]):
                found = True
                yield Para(f"{_who(each, reader)}：{words}。")
    if not found:
        yield Para("没有提示。")


def _ballot(book: Book, group: str, reader: Reader) -> Block:
    rows = [[_who(each, reader), "", ""] for each in _members(book, group)]
    return Table(
        ["名称", "决定等次", "与登记情况不一致的理由"],
        rows or [[DASH, "", ""]],
        widths=(56, 30, 70),
        caption=reader.name(group),
    )


def feedback(
    profile: Profile,
    names: Mapping[str, Name],
    *,
    day: date,
    sign: str,
    grade: str = "",
    until: date | None = None,
    number: str = "",
    recorded: bool = True,
) -> Paper:
    """The letter to one person (or team) after the decision: grade, evidence, what may be done about it.

    `until` is the last day to ask for a review, as the rules set it; both it and `grade` may be left open
    where the letter only feeds back the record.
    """
    reader = Reader(names, recorded)
    person = profile.about.startswith("P")
    blocks: list[Block] = []
    if grade:
        blocks.append(Para(f"经党委（党组）集体研究，您{profile.year}年度考核等次为“{grade}”。"))
    blocks += [
        Para(f"现将{profile.year}年度有关您的登记情况一并反馈。" if person else "现将登记情况反馈。"),
        *profile_blocks(profile, reader),
        *(Para(f"请您说明：{each}。") for each in questions(profile, reader)),
        Para("对登记内容有不同意见的，可以书面陈述，陈述与登记一并保存；登记有误的，由登记单位更正。"),
    ]
    if until:
        blocks.append(Para(f"对考核结果不服的，可以在{said(until)}前申请复核。"))
    if not recorded:
        blocks.append(Note("本书由表格编成，补录和年末突击不作判断。"))
    to = f"{reader.name(profile.about)}同志" if person else reader.name(profile.about)
    return Paper(
        title=f"{profile.year}年度考核反馈书", blocks=blocks, number=number, to=to, sign=sign, day=day
    )
