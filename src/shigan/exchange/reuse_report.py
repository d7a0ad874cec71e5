"""`shigan reuse DIR --out report.html`: what the documents of a folder copy from one another, with no server.

One file of HTML that loads nothing: it opens on any computer, years later, without network and scripts.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Final, NamedTuple

from shigan.exchange.documents import Paper, read_documents
from shigan.facts.faults import Fault, _
from shigan.judge.direction import Document
from shigan.judge.documents import Library, Source, Verdict
from shigan.judge.places import UNKNOWN, places
from shigan.judge.register import checks
from shigan.policy import Rulebook

READ: Final = (".docx", ".pdf", ".txt", ".html", ".htm", ".zip", ".wps", ".doc")
"""Files that are tried; those that cannot be read are named in the report."""
HUES: Final = ("#fde2c4", "#cfe8fc", "#d8f0d0", "#f3d6ec", "#fdf3b4", "#d9d4f5", "#c9efe9", "#f6d3d3")
"""Backgrounds of sources, each dark enough to tell and light enough to read black text on."""
STYLE: Final = """
body{font:16px/1.8 "Noto Serif SC","Songti SC",SimSun,serif;max-width:80em;margin:0 auto;padding:1em}
body{color:#111;background:#fff}
h1,h2,h3{font-family:"Noto Sans SC","Microsoft YaHei",sans-serif;line-height:1.3}
table{border-collapse:collapse;width:100%}td,th{border:1px solid #bbb;padding:.3em .5em;text-align:left}
td,th{vertical-align:top}
th{background:#f2f2f2}.text{white-space:pre-wrap;overflow-wrap:anywhere}
.pair{display:grid;grid-template-columns:1fr 1fr;gap:1em;border-top:1px solid #ccc;padding:.5em 0}
@media(max-width:45em){.pair{grid-template-columns:1fr}}
.grey{color:#767676}.sign{border-bottom:2px solid #0a6e31}.ask{outline:2px dashed #b00020}
article{border-top:3px solid #333;margin-top:2em}
@media print{article{break-before:page}}
"""
SIGNS: Final = {"who": "谁", "when": "何时", "how_much": "多少", "where": "哪里", "contact": "找谁"}
HEAD: Final = ("文件", "文号", "成文日期", "判读", "相同", "主要来源", "自有字数", "具体性", "自有部分具体性")


class Found(NamedTuple):
    """What a folder holds: the verdicts in the order of the evidence, and the files that were refused."""

    verdicts: list[Verdict]
    refused: list[Fault]


def command(folder: Path, to: Path, home: str, level: str, say: Callable[[str], None]) -> int:
    """Read the folder, write the report; returns the exit code: 1 when nothing could be read."""
    found = compare(folder, at_home(Rulebook.shipped(), home, level))
    if not found.verdicts and not found.refused:
        remedy = _("能读的是 .docx .pdf .txt .html 和它们的 .zip，其他格式请先另存。")
        raise Fault(_("{name} 里没有能读的文件"), remedy=remedy, name=folder)
    to.write_text(report(found, folder.name), "utf-8")
    for fault in found.refused:
        say(str(fault))
    say(f"{to}: {len(found.verdicts)} 份文件 / documents, {len(found.refused)} 份没有读 / not read")
    return 0 if found.verdicts else 1


def at_home(rules: Rulebook, home: str, level: str) -> Rulebook:
    """The rules with these places (、 between) and this level word as the own ones.

    Without them nothing is taken for a residue. Raises `Fault` for a name that no place has."""
    own = rules.documents.home
    names = tuple(home.replace(",", "、").split("、")) if home else (UNKNOWN,)
    for name in names:
        if home and name not in places():
            remedy = _("写全称，如“海晏县”“海北藏族自治州”。")
            raise Fault(_("没有名为“{name}”的地方"), remedy=remedy, name=name)
    word = level or (names[0][-1] if home else "")
    made = replace(own, names=replace(own.names, value=names), level=replace(own.level, value=word))
    return replace(rules, documents=replace(rules.documents, home=made))


def compare(folder: Path, rules: Rulebook) -> Found:
    """The documents under a folder, each against those before it. Raises `Fault` when it is no folder."""
    if not folder.is_dir():
        raise Fault(_("没有文件夹 {name}"), remedy=_("核对路径。"), name=folder)
    files = list(_read(folder))
    named = [Document.read(each.name, each.text) for each in files if isinstance(each, Paper)]
    refused = [each for each in files if isinstance(each, Fault)]
    return Found(Library(named, rules.documents).verdicts(), refused)


def _read(folder: Path) -> Iterator[Paper | Fault]:
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() not in READ or not path.is_file():
            continue
        name = path.relative_to(folder).as_posix()
        try:
            for each in read_documents(path.read_bytes(), name):
                if isinstance(each, Paper) and each.name != name:
                    each = replace(each, name=f"{name}/{each.name}")
                yield each
        except Fault as fault:
            yield fault
        except OSError as error:
            yield Fault(_("读不出 {name}"), remedy=_("核对文件和权限。"), place=name, name=error.strerror)


def report(found: Found, name: str) -> str:
    """The report as one HTML page."""
    at = {verdict.document.name: number for number, verdict in enumerate(found.verdicts)}
    parts = [
        "<!DOCTYPE html>",
        '<html lang="zh-CN"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>文件比对：{_e(name)}</title><style>{STYLE}</style></head><body>",
        f"<h1>文件比对：{_e(name)}</h1>",
        "<p>只比对文字，不作定性；颜色表示与哪一份较早的文件相同，灰色是套话，下划线是写明了谁、何时、多少、"
        "哪里、找谁的词句，虚线框是请核对的词句。具体性 0 到 100，只在同一文种内比较，不涉及任何人。</p>",
        _summary(found.verdicts, at),
        *(f"<p>没有读取：{_e(str(fault))}</p>" for fault in found.refused),
        *(_article(number, verdict, at) for number, verdict in enumerate(found.verdicts)),
        "</body></html>",
    ]
    return "\n".join(part for part in parts if part)


def _summary(verdicts: Sequence[Verdict], at: dict[str, int]) -> str:
    rows = "".join(
        f'<tr><td><a href="#d{n}">{_title(v.document)}</a><br><small>{_e(v.document.name)}</small></td>'
        f"<td>{_e(v.document.number)}</td><td>{v.document.dated or ''}</td><td>{v.label}</td>"
        f"<td>{100 * v.share:.0f}%</td><td>{_from(v, at)}</td><td>{v.own_length}</td>"
        f"<td>{v.whole.index:.0f}</td><td>{v.part.index:.0f}</td></tr>"
        for n, v in enumerate(verdicts)
    )
    return f"<table><tr>{''.join(f'<th>{each}</th>' for each in HEAD)}</tr>{rows}</table>"


def _from(verdict: Verdict, at: dict[str, int]) -> str:
    source = verdict.parent
    if source is None:
        return "多份" if verdict.mixed else ""
    other = source.document
    label = _e(other.number or other.title or other.name)
    return f'<a href="#d{at[other.name]}">{label}</a><br><small>{source.evidence}</small>'


def _article(number: int, verdict: Verdict, at: dict[str, int]) -> str:
    document = verdict.document
    hues = {s.document.name: HUES[n % len(HUES)] for n, s in enumerate(verdict.sources)}
    asked = [f.sentence() for f in checks(_as_issued(verdict), Rulebook.shipped())]
    return "".join(
        (
            f'<article id="d{number}"><h2>{_title(document)}</h2>',
            f"<p>{verdict.label}：全文 {verdict.length} 字，{100 * verdict.share:.0f}% 与较早的文件相同，"
            f"自有 {verdict.own_length} 字；具体性 {verdict.whole.index:.0f}，"
            f"自有部分 {verdict.part.index:.0f}；笼统用语 {len(verdict.whole.vague)} 处。</p>",
            *(f"<p>请核对：{_e(each)}</p>" for each in asked),
            _sources(verdict, hues, at),
            f'<h3>全文</h3><div class="text">{_marked(verdict, hues)}</div>',
            *(_pairs(verdict, source, hues) for source in verdict.sources),
            "</article>",
        )
    )


def _as_issued(verdict: Verdict) -> Verdict:
    """The verdict with its document taken for an issued one: in a folder all are asked about."""
    return replace(verdict, document=replace(verdict.document, direction="发文"))


def _sources(verdict: Verdict, hues: dict[str, str], at: dict[str, int]) -> str:
    rows = "".join(
        f'<tr><td style="background:{hues[s.document.name]}"><a href="#d{at[s.document.name]}">'
        f"{_title(s.document)}</a></td><td>{100 * s.share:.0f}%</td>"
        f"<td>{100 * s.used:.0f}%</td><td>{s.evidence}</td></tr>"
        for s in verdict.sources
    )
    head = "<tr><th>来源</th><th>占本文</th><th>占来源全文</th><th>先后依据</th></tr>"
    return f"<table>{head}{rows}</table>" if rows else ""


class Mark(NamedTuple):
    """[start, end) is put between an opening and a closing tag."""

    start: int
    end: int
    tag: str
    close: str = "</span>"


def _marked(verdict: Verdict, hues: dict[str, str]) -> str:
    """The text with sources coloured, formulae grey, signals underlined and residues framed.

    Marks overlap, so the text is cut at every edge and each piece gets all the marks it lies in."""
    marks = [
        Mark(p.start, p.end, f'<span style="background:{hues[s.document.name]}">')
        for s in reversed(verdict.sources)
        for p in s.passages
    ]
    marks += [Mark(a, b, '<span style="background:#e6e6e6">') for a, b in verdict.mixed]
    marks += [Mark(a, b, '<span class="grey">') for a, b in verdict.grey]
    for sentence in verdict.whole.sentences:
        for sign in sentence.signals:
            marks.append(Mark(sign.start, sign.end, f'<span class="sign" title="{SIGNS[sign.sign]}">'))
    asked = [*verdict.demands, *((r.start, r.end) for r in verdict.residues)]
    marks += [Mark(a, b, '<span class="ask">') for a, b in asked]
    return "".join(_pieces(verdict.document.text, marks))


def _pieces(text: str, marks: Sequence[Mark]) -> Iterator[str]:
    """The text in pieces; a sweep over the edges keeps which marks are open."""
    edges = sorted({0, len(text), *(m.start for m in marks), *(m.end for m in marks)})
    starting: dict[int, list[Mark]] = {}
    for mark in marks:
        starting.setdefault(mark.start, []).append(mark)
    order = {id(mark): n for n, mark in enumerate(marks)}
    open_: list[Mark] = []
    for start, end in pairwise(edges):
        open_ = [mark for mark in open_ if mark.end > start] + starting.get(start, [])
        open_.sort(key=lambda mark: order[id(mark)])
        inside = "".join(m.tag for m in open_), "".join(m.close for m in open_)
        yield f"{inside[0]}{_e(text[start:end])}{inside[1]}"


def _pairs(verdict: Verdict, source: Source, hues: dict[str, str]) -> str:
    """The passages shared with one source, side by side."""
    hue, ours, theirs = hues[source.document.name], verdict.document.text, source.document.text
    rows = "".join(
        f'<div class="pair"><div class="text" style="background:{hue}">{_e(ours[p.start : p.end])}</div>'
        f'<div class="text">{_e(theirs[p.source_start : p.source_end])}</div></div>'
        for p in source.passages
    )
    title = _title(source.document)
    return f"<h3>对照：本文 ‖ {title}（{len(source.passages)} 段）</h3>{rows}"


def _title(document: Document) -> str:
    return _e(document.title or document.name)


def _e(text: str) -> str:
    return html.escape(text, quote=True)
