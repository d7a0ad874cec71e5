"""Sheets: the six Excel tables a county keeps anyway, read into drafts and written from the ledger.

parts = read_sheets(data, "问题台账.xlsx")          # faults of the file itself are raised
plan = understand(parts, known)                      # faults of rows stand at their cells
entries = plan.rehearse(author, known, moment)       # the rules of the work floor, at the cells too
if not plan.faults: store.append(plan.drafts, author)
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from shigan.exchange.sheets import ballots, evaluation, problems, results, roster, routine
from shigan.exchange.sheets.known import Known, Ledger, Name, Nothing
from shigan.exchange.sheets.secrecy import refuse_marked
from shigan.exchange.sheets.sheet import SheetKind, Understood, Wish, rehearse
from shigan.exchange.workbook import Column, Reading, Sheet, find_table, read_table, read_workbook
from shigan.exchange.workbook.write import Target, Value, write_table, write_template
from shigan.facts.faults import Fault, _
from shigan.ledger.entry import Entry
from shigan.policy import Rulebook
from shigan.work.admit import Admitted, Author, Draft

__all__ = [
    "KINDS",
    "Known",
    "Ledger",
    "Name",
    "Nothing",
    "Part",
    "Plan",
    "SheetKind",
    "Understood",
    "Wish",
    "export",
    "read_sheets",
    "template",
    "understand",
]

KINDS: dict[str, SheetKind] = {
    each.KIND.key: each.KIND for each in (roster, problems, results, evaluation, ballots, routine)
}
"""The six, in the order in which they build on one another."""
LEAST = 3
"""A header with fewer known titles is not taken for one."""

Part = tuple[SheetKind, Reading]


@dataclass
class Plan:
    """What would be written if it were accepted: all of it or nothing."""

    parts: list[tuple[SheetKind, Understood]]
    names: dict[str, Name]

    @property
    def drafts(self) -> list[Draft]:
        return [draft for _kind, part in self.parts for draft in part.drafts]

    @property
    def faults(self) -> list[Fault]:
        return [fault for _kind, part in self.parts for fault in part.faults]

    def rehearse(self, author: Author, known: Known, moment: Callable[[Wish], datetime]) -> list[Admitted]:
        """What the rules make of it; see `sheet.rehearse`."""
        return rehearse([part for _kind, part in self.parts], author, known, moment)


def read_sheets(data: bytes, name: str, rules: Rulebook, key: str = "") -> list[Part]:
    """Every sheet of a workbook that is one of the six (or the one of kind `key`), in the order of KINDS.

    Raises `Fault`: no workbook, a secrecy mark, no known table, the wrong kind.
    """
    sheets = read_workbook(data, name)
    refuse_marked(data, name, sheets)
    try:
        return _parts(sheets, rules, key)
    except Fault as fault:
        raise fault.at(f"{name}·{fault.place}" if fault.place else name) from None


def _parts(sheets: Sequence[Sheet], rules: Rulebook, key: str) -> list[Part]:
    seen = [(kind, sheet) for sheet in sheets if (kind := recognise(sheet, rules))]
    if not key and not seen:
        raise Fault(
            _("认不出是哪种表"),
            remedy=_("请用导入模板，或从这几种里选一种：{kinds}。"),
            kinds="、".join(kind.title for kind in KINDS.values()),
        )
    if key and seen and key not in {kind.key for kind, _sheet in seen}:
        raise Fault(
            _("这是“{given}”，不是“{wanted}”"),
            remedy=_("请改选表的种类，或换一个文件。"),
            given=seen[0][0].title,
            wanted=KINDS[key].title,
        )
    wanted = [(kind, [sheet]) for kind, sheet in seen if not key or kind.key == key]
    order = list(KINDS)
    return [
        (kind, read_table(given, kind.columns(rules)))
        for kind, given in sorted(
            wanted or [(KINDS[key], list(sheets))], key=lambda each: order.index(each[0].key)
        )
    ]


def recognise(sheet: Sheet, rules: Rulebook) -> SheetKind | None:
    """The kind whose titles most of the header bears; None where it is none of the six."""
    scores = {key: _titles(sheet, kind.columns(rules)) for key, kind in KINDS.items()}
    best = max(scores, key=lambda key: scores[key])
    return KINDS[best] if scores[best] >= LEAST else None


def _titles(sheet: Sheet, columns: Sequence[Column]) -> int:
    try:
        return len(find_table(sheet, [replace(column, required=False) for column in columns]).columns)
    except Fault:
        return 0


def understand(parts: Iterable[Part], known: Known) -> Plan:
    """What the sheets say, each read against the ledger and the sheets before it."""
    order = list(KINDS)
    understood: list[tuple[SheetKind, Understood]] = []
    names: dict[str, Name] = {}
    for kind, reading in sorted(parts, key=lambda part: order.index(part[0].key)):
        part = kind.drafts(reading, known)
        names |= part.names
        understood.append((kind, part))
    return Plan(understood, names)


def template(target: Target, kind: SheetKind, rules: Rulebook, variant: str = "") -> None:
    """An empty sheet of a kind, with instructions."""
    write_template(target, kind.title, kind.template(rules, variant), kind.notes)


def export(
    target: Target,
    kind: SheetKind,
    known: Known,
    entries: Iterable[Entry],
    units: Collection[str] | None,
    watermark: str,
) -> None:
    """The ledger under the same columns that are read; of columns beyond the template only those in use.

    `entries` hold at least the kinds in `kind.facts`; `units` is what the reader may see (None: all).
    """
    columns, usual = kind.columns(known.rules), {c.key for c in kind.template(known.rules, "")}
    wanted = (entry for entry in entries if entry.kind in kind.facts)
    lines = [list(row) for row in kind.rows(known, wanted, units)]
    width = min([len(columns), *(len(line) for line in lines)])
    used = [
        at
        for at, column in enumerate(columns[:width])
        if column.key in usual or any(line[at] is not None for line in lines)
    ]
    rows: list[list[Value]] = [[line[at] for at in used] for line in lines]
    write_table(target, kind.title, [columns[at] for at in used], rows, watermark)
