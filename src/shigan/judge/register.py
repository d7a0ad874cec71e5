"""The register of documents as figures: red-tape checks of each document, and each unit's numbers (M7).

Only what `DocumentRegistered` and `DocumentWithdrawn` say is read here; no person is spoken of.
Source of the checks: 整治形式主义为基层减负若干规定, as the policy `documents` says.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from shigan.facts.documents import Direction, Form
from shigan.facts.faults import _
from shigan.judge.direction import Document
from shigan.judge.documents import Label, Library, Verdict
from shigan.judge.figures import Period, benchmark
from shigan.judge.finding import Benchmark, Finding
from shigan.judge.kept import Kept
from shigan.judge.residues import other_issuer
from shigan.judge.tables import Tables
from shigan.policy import Rulebook

COLUMNS: Final = (
    "text", "title", "number", "kind", "level", "direction", "form", "dated", "issuer", "special", "asked_by",
    "length",
)  # fmt: skip
SHOWN: Final = 3
"""So many words or sources are told in a sentence; all of them are marked in the text."""


def registered(tables: Tables, period: Period) -> list[Document]:
    """The documents on the register on the day, but for those withdrawn; those without text too."""
    gone = {code for (code,) in tables.rows(tables["DocumentWithdrawn"].select("subject"))}
    table = tables["DocumentRegistered"]
    seen = table.filter(table.happened <= period.today).order_by("position")
    rows = tables.rows(seen.select("subject", "position", "unit", "happened", *COLUMNS))
    return [_document(*row) for row in rows if row[0] not in gone]


def _document(code: str, position: int, unit: str, happened: object, *told: object) -> Document:
    known = dict(zip(COLUMNS, told, strict=True))
    text = str(known.pop("text"))
    return Document.read(code, text, position=position, unit=unit, posted=happened, **known)


def document_findings(
    verdicts: Iterable[Verdict], rules: Rulebook
) -> Iterator[tuple[Document, tuple[Finding, ...]]]:
    """What is said of each document, in order of codes; compared among those of its kind."""
    verdicts = sorted(verdicts, key=lambda verdict: verdict.document.name)
    kinds: dict[str, list[float]] = defaultdict(list)
    for verdict in verdicts:
        kinds[verdict.document.kind].append(verdict.whole.index)
    compared = {kind: benchmark(values, rules) for kind, values in kinds.items()}
    for verdict in verdicts:
        about = verdict.document
        yield about, tuple(_findings(verdict, rules, compared[about.kind]))


def _findings(verdict: Verdict, rules: Rulebook, compared: Benchmark | None) -> Iterator[Finding]:
    if verdict.document.text:
        yield copied(verdict)
        yield specific(verdict, compared)
    yield from checks(verdict, rules)


def copied(verdict: Verdict) -> Finding:
    """How much is copied, from where, and what that makes of the document."""
    sources = verdict.sources[:SHOWN]
    values: dict[str, object] = {
        "share": f"{100 * verdict.share:.0f}",
        "label": verdict.label.value,
        "sources": "、".join(s.document.number or s.document.name for s in sources),
        "own": verdict.own_length,
    }
    words = _("{label}：没有与以前文件相同的段落")
    if verdict.parent is not None:
        words = _("{label}：{share}% 与 {sources} 相同，自有 {own} 字；先后依据：{by}")
        values["by"] = verdict.parent.evidence.value
    elif verdict.mixed:
        words = _("{label}：{share}% 见于以前的多份文件，自有 {own} 字")
    return Finding(
        measure="documents.copied",
        about=verdict.document.name,
        item=verdict.label.value,
        value=100 * verdict.share,
        unit="%",
        n=verdict.length,
        evidence=_evidence(verdict.document, *(s.document for s in sources)),
        words=words,
        values=values,
    )


def specific(verdict: Verdict, compared: Benchmark | None) -> Finding:
    """How specific the document is, beside others of its kind; and its own part alone."""
    signed = sum(bool(s.signals) for s in verdict.part.sentences)
    return Finding(
        measure="documents.specific",
        about=verdict.document.name,
        value=verdict.whole.index,
        unit="分",
        n=len(verdict.whole.sentences),
        evidence=_evidence(verdict.document),
        words=_("自有部分 {n} 句，{k} 句写明了谁、何时、多少、哪里或找谁"),
        values={"n": len(verdict.part.sentences), "k": signed},
        compare=compared,
    )


def checks(verdict: Verdict, rules: Rulebook) -> Iterator[Finding]:
    """The red-tape checks that have something to ask."""
    document = verdict.document
    yield from _length(verdict, rules)
    if rules.documents.numbered.value and document.form in (Form.BLANK, Form.SLIP):
        words = _("以“{form}”制发，没有文号；谁要求制发：{asked}")
        yield _asks("form", document, words, form=document.form, asked=document.asked_by or "—")
    if verdict.demands:
        said = dict.fromkeys(document.text[a:b] for a, b in verdict.demands)
        words = _("要求下级“{said}”，规定一般不作此要求；谁要求制发：{asked}")
        quoted = "、".join(list(said)[:SHOWN])
        yield _asks("demands", document, words, said=quoted, asked=document.asked_by or "—")
    left = dict.fromkeys(residue.words for residue in verdict.residues)
    if document.direction == Direction.ISSUED and left:
        words = _("文中有“{said}”，不像本地、本级的文件，请核对是否照抄未改")
        yield _asks("residues", document, words, said="、".join(list(left)[:SHOWN]))
    if other_issuer(document.head.issuer, document.issuer):
        words = _("正文落款“{said}”，登记的发文机关是“{known}”")
        yield _asks("issuer", document, words, said=document.head.issuer, known=document.issuer)


def _length(verdict: Verdict, rules: Rulebook) -> Iterator[Finding]:
    document = verdict.document
    limit = rules.documents.special_length if document.special else rules.documents.length
    length = verdict.length or document.length
    if length > limit.value:
        words = _("全文 {length} 字，超过 {limit} 字")
        yield _asks("length", document, words, value=length, length=length, limit=limit.value)


def _asks(item: str, document: Document, words: str, value: float = 1, **values: object) -> Finding:
    return Finding(
        measure="documents.check",
        about=document.name,
        item=item,
        value=float(value),
        n=1,
        evidence=_evidence(document),
        words=words,
        values=values,
    )


def unit_findings(
    documents: Sequence[Document], verdicts: Iterable[Verdict], period: Period
) -> dict[str, tuple[Finding, ...]]:
    """How many documents each unit issued in the year, beside the year before, and how many only copy."""
    labels = {verdict.document.name: verdict.label for verdict in verdicts}
    issued: dict[str, list[Document]] = defaultdict(list)
    for document in documents:
        if document.direction == Direction.ISSUED:
            issued[document.unit].append(document)
    found = {unit: tuple(_unit(unit, mine, labels, period)) for unit, mine in sorted(issued.items())}
    return {unit: findings for unit, findings in found.items() if findings}


def _unit(
    unit: str, issued: Sequence[Document], labels: Mapping[str, Label], period: Period
) -> Iterator[Finding]:
    mine = [document for document in issued if document.posted and document.posted in period]
    now = len(mine)
    before = sum(d.posted is not None and d.posted.year == period.year - 1 for d in issued)
    if not now:
        return
    words = _("本年已发文 {now} 件，上年全年 {before} 件，规定只减不增")
    yield Finding(
        measure="documents.issued",
        about=unit,
        value=float(now),
        unit="件",
        n=now,
        evidence=_evidence(*mine),
        words=words if before and now > before else "",
        values={"now": now, "before": before},
    )
    copies = [document for document in mine if labels.get(document.name) is Label.COPIED]
    if copies:
        yield Finding(
            measure="documents.copies",
            about=unit,
            value=float(len(copies)),
            unit="件",
            n=now,
            evidence=_evidence(*copies),
            words=_("本年发文 {now} 件，{k} 件照抄而没有自己的具体内容：{codes}"),
            values={"now": now, "k": len(copies), "codes": "、".join(d.name for d in copies[:SHOWN])},
        )


def _evidence(*documents: Document) -> tuple[int, ...]:
    return tuple(document.position for document in documents if document.position >= 0)


def judged(
    tables: Tables, rules: Rulebook, period: Period, kept: Kept | None = None
) -> tuple[list[Document], list[Verdict]]:
    """The documents on the register, and the verdict on each of the year that has a text, against all before
    it of any year."""
    documents = registered(tables, period)
    library = Library([d for d in documents if d.text], rules.documents, kept)
    rows = enumerate(library.documents)
    return documents, [library.verdict(n) for n, d in rows if d.posted and d.posted in period]
