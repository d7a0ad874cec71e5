"""证据册: the year's evidence of comparison groups and their members as one paper.

Every figure stands with its interval, its group and the numbers of the entries it rests on; parts stand side
by side and are not added up; members come in the order of the roster. The entries themselves follow.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date

from shigan.exchange.book_parts import DASH, Reader, closing, evidence, figure, profile_blocks, runs
from shigan.exchange.papers import Block, Heading, Note, PageBreak, Paper, Para, Table
from shigan.exchange.papers.model import said
from shigan.exchange.sheets.known import Name
from shigan.facts import Part, fields
from shigan.facts.appraisal import WITHHELD
from shigan.facts.boxes import UNTOLD
from shigan.facts.fact import inner
from shigan.judge import TITLES, Book, Flag, Kind, Profile
from shigan.ledger.entry import Entry

WORDS = 70
"""Characters of an entry's content in the appendix."""


def paper(
    book: Book,
    names: Mapping[str, Name],
    codes: Collection[str] = (),
    *,
    entries: Iterable[Entry] = (),
    recorded: bool = True,
    mark: str = "",
) -> Paper:
    """The book of these persons and teams (all when empty) with their groups, and the entries cited.

    `entries` may be more than are cited. `recorded` is False where nobody knows when facts were recorded
    (sheets judged without a ledger); lateness is then left open. `mark` stands small on every page.
    """
    reader = Reader(names, recorded)
    chosen = {c: p for c, p in {**book.teams, **book.persons}.items() if not codes or c in codes}
    blocks: list[Block] = [*_opening(book, reader)]
    for nth, group in enumerate(sorted({p.group for p in chosen.values()})):
        members = [p for _code, p in sorted(chosen.items()) if p.group == group]
        blocks += [*([PageBreak()] if nth else []), *_group(book, group, members, reader)]
        for member in members:
            blocks += [PageBreak(), *_member(member, book, reader)]
    shown = [*chosen.values()]
    asked = [] if codes else [f for f in book.flags if recorded or f.kind not in (Kind.LATE, Kind.RUSH)]
    if not codes:
        shown += [*book.groups.values(), *book.units.values()]
        blocks += [PageBreak(), *_units(book, asked, reader)]
    blocks += _appendix(entries, _cited(shown, asked, reader), reader)
    return Paper(title=f"{book.year}年度考核证据册", blocks=blocks, day=book.today, mark=mark)


def _opening(book: Book, reader: Reader) -> Iterator[Block]:
    yield Para(
        f"本册汇集{book.year}年1月1日至{said(min(book.today, date(book.year, 12, 31)))}的登记，"
        "供党委（党组）集体研究时查阅。各部分并列，不相加；成员按名册顺序排列。等次由会议决定，本册不提出等次。"
    )
    yield Note(
        "读法：组内位置 0 最低、50 居中、100 最高；数值后括号内是区间，区间重叠的，现有数据分不出高低。"
        f"“依据”是台账条目的编号，内容见册后。规矩版本 {book.version}。"
    )
    if not reader.recorded:
        yield Note("本册由表格编成。表格没有逐条写明何时记入，补录和年末突击不作判断。")


def _group(book: Book, code: str, members: Sequence[Profile], reader: Reader) -> Iterator[Block]:
    yield Heading(1, reader.name(code) if code else "未编入考核单元的对象")
    whole = book.groups.get(code)
    if whole:
        found = "；".join(f.sentence() for f in whole.findings if f.words)
        yield Note(f"方案：{whole.scheme or DASH}。{found}。" if found else f"方案：{whole.scheme or DASH}。")
    yield Table(
        ["名称", "测评加权均值（区间）", "调整后（区间）", "首次核验解决率", "不可区分", "依据"],
        [_row(member, reader) for member in members],
        widths=(36, 30, 30, 28, 14, 18),
        caption="本单元各对象（按名册顺序）",
        small=True,
    )


def _row(member: Profile, reader: Reader) -> Sequence[str]:
    mean, alike = member.one("evaluation.mean"), member.one("evaluation.alike")
    first = member.one("problems.first_check")
    return [
        _title(member.about, member.unit, reader),
        figure(mean, 1),
        figure(member.one("evaluation.adjusted"), 1),
        figure(first),
        f"与 {figure(alike)}" if alike else DASH,
        evidence(mean, first),
    ]


def _title(code: str, unit: str, reader: Reader) -> str:
    return reader.name(code) if code == unit else f"{reader.name(code)}（{reader.name(unit)}）"


def _member(profile: Profile, book: Book, reader: Reader) -> Iterator[Block]:
    yield Heading(2, _title(profile.about, profile.unit, reader))
    post = f"职务：{reader.post(profile.about)}。" if reader.post(profile.about) else ""
    yield Note(f"{post}考核单元：{reader.name(profile.group)}。方案：{profile.scheme or DASH}。")
    yield from profile_blocks(profile, reader)
    yield closing(profile, reader)


def _units(book: Book, asked: Sequence[Flag], reader: Reader) -> Iterator[Block]:
    """Problems of every unit, and what asks for a second look."""
    yield Heading(1, "各单位问题整改")
    shown = ("problems.raised", "problems.fixed", "problems.open", "problems.overdue")
    rows = []
    for code, unit in sorted(book.units.items()):
        found = [unit.one(measure) for measure in shown]
        if any(f and f.value for f in found):
            first, relapse = unit.one("problems.first_check"), unit.one("problems.relapse")
            counts = [f"{f.value:.0f}" if f and f.value is not None else DASH for f in found]
            rows.append([reader.name(code), *counts, figure(first), figure(relapse)])
    yield Table(
        ["单位", "新提（件）", "已解决（件）", "未了结（件）", "超期（件）", "首次核验解决率", "反弹率"],
        rows,
        widths=(30, 16, 16, 16, 16, 32, 30),
        align=("left", "right", "right", "right", "right", "left", "left"),
        small=True,
    )
    yield Heading(1, "需要核实的情况")
    yield from (_flag(flag, reader) for flag in asked)
    if not asked:
        yield Para("没有提示。")


def _flag(flag: Flag, reader: Reader) -> Block:
    words = flag.sentence()
    for code in sorted(flag.things, key=len, reverse=True):
        if code in reader.names:
            words = words.replace(code, reader.name(code))
    title = TITLES[Kind(flag.kind)]
    return Para(f"{reader.name(flag.about)}，{title}：{words.rstrip('。')}（依据 {runs(flag.evidence)}）。")


def _cited(profiles: Iterable[Profile], flags: Iterable[Flag], reader: Reader) -> set[int]:
    """Every entry that a shown figure rests on."""
    found = {p for flag in flags for p in flag.evidence}
    for profile in profiles:
        for finding in profile.findings:
            if reader.recorded or not finding.measure.startswith("late."):
                found.update(finding.evidence)
    return found


def _appendix(entries: Iterable[Entry], cited: Collection[int], reader: Reader) -> list[Block]:
    rows = [
        [str(e.position), e.happened.isoformat(), *entry_words(e, reader)]
        for e in sorted(entries, key=lambda e: e.position or 0)
        if e.position in cited
    ]
    if not rows:
        return []
    head = ["编号", "日期", "事项", "对象", "内容"]
    table = Table(head, rows, widths=(11, 20, 20, 32, 73), align=("right", *("left",) * 4), small=True)
    return [PageBreak(), Heading(1, "依据条目"), table]


def entry_words(entry: Entry, reader: Reader, limit: int = WORDS) -> tuple[str, str, str]:
    """What was recorded, about whom, and its content in at most `limit` characters."""
    about = entry.subject.partition("/")[0]
    whom = reader.name(about if about in reader.names else entry.unit)
    if about.startswith("Q"):
        whom = f"{entry.subject}（{reader.name(entry.unit)}）"
    if entry.fact is None:
        return entry.kind, whom, "已依法删除"
    words = "，".join(_said(entry.fact, reader))
    return type(entry.fact).TITLE, whom, words if len(words) <= limit else words[: limit - 1] + "…"


def _said(part: Part, reader: Reader) -> Iterator[str]:
    """The filled fields as «label value»; a code is told by its name, ballots are not told."""
    for field in fields(type(part)):
        value = getattr(part, field.key)
        if value in ("", None, ()):
            continue
        if (type(part).__name__, field.key) in WITHHELD | UNTOLD:
            yield f"{field.label.name}按公布规则显示在测评中"
            continue
        if inner(field.type):
            yield f"{field.label.name}：" + "；".join(_each(v, reader) for v in value)
        elif isinstance(value, bool):
            yield f"{field.label.name}{'是' if value else '否'}"
        else:
            yield f"{field.label.name} {reader.name(value) if isinstance(value, str) else value}"


def _each(value: object, reader: Reader) -> str:
    return ", ".join(_said(value, reader)) if isinstance(value, Part) else reader.name(str(value))
