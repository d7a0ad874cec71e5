"""The profile as a paper for the committee's folder: the same figures as the page, as Word or PDF."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext

from shigan.exchange.papers import Block, Heading, Note, Paper, Para, Table, docx, pdf
from shigan.facts.appraisal import Decision
from shigan.web import naming
from shigan.web.figures import Figure
from shigan.web.pages.appraisal.sheet import Sheet

WRITERS: dict[str, tuple[Callable[[Paper], bytes], str]] = {
    "docx": (docx, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "pdf": (pdf, "application/pdf"),
}


def answer(paper: Paper, name: str, form: str) -> HttpResponse:
    """The paper as a download."""
    write, kind = WRITERS[form]
    return HttpResponse(
        write(paper),
        content_type=kind,
        headers={"Content-Disposition": f'attachment; filename="{name}.{form}"'},
    )


def of_person(context: dict[str, Any]) -> Paper:
    """The profile of one person, from what the page shows."""
    person, sheet, point = context["person"], context["sheet"], context["point"]
    title = gettext("{name} {year} 年度考核画像").format(
        name=naming.name(person.subject), year=context["year"]
    )
    mark = (
        gettext("依据封存点 {size}，树根 {root}").format(size=point.size, root=point.root[:12])
        if point
        else ""
    )
    blocks = [_header(context), *_findings(sheet), *_decision(context["decision"], context["meetings"])]
    return Paper(title=title, blocks=blocks, day=context["today"], mark=mark)


def _header(context: dict[str, Any]) -> Table:
    person, group = context["person"], context["group"]
    return Table(
        [gettext("单位"), gettext("职务"), gettext("考核单元"), gettext("规矩版本")],
        [
            [
                naming.name(person.unit),
                naming.post(person.subject) or gettext(person.source),
                naming.name(group.subject) if group else "—",
                context["version"],
            ]
        ],
    )


def _findings(sheet: Sheet) -> Iterator[Block]:
    yield Heading(1, gettext("实绩"))
    yield _table([f for part in sheet.areas for f in ((part.place,) if part.place else ())], gettext("领域"))
    yield _table([f for part in sheet.areas for f in part.outcome + part.process], gettext("指标"))
    yield Heading(1, gettext("民主测评"))
    yield _table(
        [*([sheet.mean] if sheet.mean else []), *(c.mean for c in sheet.classes if c.mean)], gettext("票类")
    )
    for words in filter(None, (*(c.why for c in sheet.classes), sheet.alike.words if sheet.alike else "")):
        yield Para(words)
    yield Heading(1, gettext("问题整改、平时考核和补录"))
    yield _table([*sheet.problems, *([sheet.late] if sheet.late else [])], gettext("事项"))
    for own in (*(f for _quarter, f in sheet.routine if f), *sheet.blocks, *sheet.questions):
        yield Para(own.words)
    yield Note(
        gettext("每个数字都可在系统中打开依据的台账条目；区间越宽，说明现有记录越少，不宜据此分高低。")
    )


def _table(figures: list[Figure], head: str) -> Table:
    rows = [
        [f.item or f.title, f"{f.value}{f.unit}", f.interval or "—", f.compare or "—", f.basis]
        for f in figures
    ]
    return Table(
        [head, gettext("数值"), gettext("区间"), gettext("同类"), gettext("依据")],
        rows,
        widths=(3, 1.6, 1.8, 4, 1.6),
        align=("left", "right", "right", "left", "right"),
    )


def _decision(decision: Decision | None, meetings: tuple[str, ...]) -> Iterator[Block]:
    yield Heading(1, gettext("集体研究决定"))
    if decision is None:
        yield Para(gettext("尚未决定。"))
        return
    yield Para(
        gettext("{meeting}：{grade}。").format(meeting="；".join(meetings), grade=gettext(decision.grade))
    )
    if decision.reason:
        yield Para(gettext("理由：{reason}").format(reason=decision.reason))
