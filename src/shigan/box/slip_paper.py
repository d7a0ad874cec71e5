"""What hangs and lies on paper: the voters' slips, and the notice on the wall; set by typst.

The papers are in Chinese, as is the sheet that is judged on. Nothing of a text is ever read as markup.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from random import SystemRandom
from typing import Any

import segno
import typst

from shigan.box import manifest as manifests
from shigan.box.canonical import canonical
from shigan.box.manifest import Manifest, Part
from shigan.box.names import Names
from shigan.box.refusals import Refused

SLIP = Path(__file__).with_name("slip.typ")
NOTICE = Path(__file__).with_name("notice.typ")
CHINESE = {"noto sans sc", "noto sans cjk sc", "source han sans sc", "simhei", "microsoft yahei", "stheiti"}
TICKS_WIDE = 158.0
"""In mm, what the boxes of a grid may take of the sheet's 190 mm; the rest is for the name."""
NARROWEST, WIDEST, SIGN = 6.2, 18.0, 3.3
"""In mm: the least width of a column of boxes, the most, and what a sign of its label takes."""
TALLEST_LABEL = 6
"""Labels of so many signs or fewer may stand upright over a narrow column."""
ONE_FILE = 100
"""Slips in one PDF: more would ask the office's laptop for too much memory."""
FILES_A_PROCESS = 5
"""typst remembers what it has set; a fresh process forgets it."""


def slips_pdf(
    manifest: Manifest, names: Names, voters: str, codes: Sequence[str] = (), fonts: Path | None = None
) -> bytes:
    """The slips of a class as PDF on A4: two a page where the sheet is short, else one; cut marks between.

    They lie in an order of chance. The code is below the fold line; the band of the class's colour is above
    it and can be seen on the folded slip. Without codes one specimen (样票) is made. `fonts` is a folder of
    fonts beside the system's. Raises Refused where there is no Chinese font.
    """
    shuffled = list(codes)
    SystemRandom().shuffle(shuffled)
    data = _sheet(manifest, names, voters) | {
        "slips": [{"groups": code.split("-"), "qr": _qr(link(manifest, code))} for code in shuffled]
    }
    return _compiled(SLIP, data, fonts)


def slip_files(
    manifest: Manifest, names: Names, voters: str, codes: Sequence[str], fonts: Path | None = None
) -> Iterator[bytes]:
    """`slips_pdf` of many codes, `ONE_FILE` at a time, in a process of its own, which keeps memory low."""
    runs = [codes[at : at + ONE_FILE] for at in range(0, len(codes), ONE_FILE)]
    fresh = get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=fresh, max_tasks_per_child=FILES_A_PROCESS) as other:
        for run in runs:
            yield other.submit(slips_pdf, manifest, names, voters, run, fonts).result()


def notice_pdf(notice: Mapping[str, Any], names: Names, fonts: Path | None = None) -> bytes:
    """The notice for the wall on one A4 page, from the object of a notice.json whose manifest is in order.

    Raises Refused where the manifest is not, or where there is no Chinese font.
    """
    manifest = manifests.read(notice["manifest"])
    return _compiled(NOTICE, _notice(notice, manifest, names), fonts)


def link(manifest: Manifest, code: str) -> str:
    """What the QR code of a slip says: the voting page with the code, which browsers keep to themselves."""
    return f"{manifest.origin}/#{code}" if manifest.origin else code


def grouped(digest: str) -> str:
    """A digest in hex as groups of four, to be compared by eye."""
    return " ".join(digest[at : at + 4] for at in range(0, len(digest), 4))


def fingerprint(key: Mapping[str, Any]) -> str:
    """Of a token key as the manifest holds it: SHA-256(canonical({"n", "e"})) in hex."""
    return hashlib.sha256(canonical(dict(key))).hexdigest()


def _sheet(manifest: Manifest, names: Names, voters: str) -> dict[str, Any]:
    """Everything of a slip but the code."""
    own = manifest.by_class[voters]
    return {
        "voters": own.id,
        "class": own.name,
        "colour": own.colour,
        "election": manifest.election,
        "title": manifest.title,
        "session": _session(manifest, names),
        "origin": manifest.origin,
        "times": _span(manifest.opens, manifest.closes),
        "parts": [_part(part, names) for part in manifest.parts],
    }


def _part(part: Part, names: Names) -> dict[str, Any]:
    made: dict[str, Any] = {"kind": part.kind, "title": part.title}
    if part.kind == "pick":
        return made | {"most": part.most, "choices": [_named(each, names) for each in part.choices]}
    return made | {
        "targets": [_named(each, names) for each in part.targets],
        "options": list(part.options),
        "blocks": [_block(items, part.options) for items in _side_by_side(part)],
    }


def _named(code: str, names: Names) -> dict[str, str]:
    return {"name": names.name(code), "post": names.post(code)}


def _side_by_side(part: Part) -> list[tuple[str, ...]]:
    """The items in runs that fit beside one another."""
    least = sum(max(NARROWEST, SIGN * _columns_of(option)) for option in part.options)
    run = max(1, int(TICKS_WIDE / least))
    runs = -(-len(part.items) // run)
    even = -(-len(part.items) // runs)  # 5 + 4 rather than 8 + 1
    return [part.items[at : at + even] for at in range(0, len(part.items), even)]


def _block(items: Sequence[str], options: Sequence[str]) -> dict[str, Any]:
    width = min(WIDEST, TICKS_WIDE / (len(items) * len(options)))
    return {"items": list(items), "width": width, "labels": [_label(option, width) for option in options]}


def _label(option: str, width: float) -> list[str]:
    """The lines of an option's label: one line if it fits, upright if it is short, else cut where it must."""
    if len(option) * SIGN <= width:
        return [option]
    a_line = 1 if len(option) <= TALLEST_LABEL else max(1, int(width / SIGN))
    return [option[at : at + a_line] for at in range(0, len(option), a_line)]


def _columns_of(option: str) -> int:
    """How many signs wide an option's label is at least."""
    return 1 if len(option) <= TALLEST_LABEL else -(-len(option) // TALLEST_LABEL)


def _notice(notice: Mapping[str, Any], manifest: Manifest, names: Names) -> dict[str, Any]:
    made = notice["slips"]
    issue = _span(manifest.issue_from, manifest.issue_to) if manifest.issue_from and manifest.issue_to else ""
    return {
        "election": manifest.election,
        "title": manifest.title,
        "session": _session(manifest, names),
        "origin": manifest.origin,
        "times": _span(manifest.opens, manifest.closes),
        "issue": issue,
        "look": manifest.look_minutes,
        "classes": [
            {
                "voters": each.id,
                "name": each.name,
                "colour": each.colour,
                "expected": each.expected,
                "slips": each.slips,
                "canaries": made.get(each.id, {}).get("canaries", 0),
                "weight": each.weight,
                "root": grouped(made.get(each.id, {}).get("root", "")),
                "key": grouped(fingerprint(manifest.plain["keys"][each.id])) if each.tokens else "",
            }
            for each in manifest.classes
        ],
        "digest": grouped(manifest.digest),
        "qr": _qr(manifest.digest),
        "commitment": grouped(notice["commitment"]),
        "scrutineers": [
            {"name": names.name(each.name), "key": grouped(each.key)} for each in manifest.scrutineers
        ],
        "needed": manifest.needed,
        "fewest": manifest.rule.nothing_below,
    }


def _session(manifest: Manifest, names: Names) -> str:
    """Unit and meeting; a unit whose name is not known is left out, since its code tells voters nothing."""
    unit = names.label(manifest.unit) if manifest.unit in names.known else ""
    return " · ".join(each for each in (unit, manifest.session) if each)


def _span(start: datetime, end: datetime) -> str:
    """From when to when, the day said once where it is the same."""
    first = f"{start.year}年{start.month}月{start.day}日 {start:%H:%M}"
    if start.date() == end.date():
        return f"{first}—{end:%H:%M}"
    return f"{first} 至 {end.year}年{end.month}月{end.day}日 {end:%H:%M}"


def _qr(text: str) -> str:
    """An SVG with its quiet zone of four modules (ISO/IEC 18004), level M: 15 % of it may be lost."""
    return str(segno.make_qr(text, error="m", boost_error=False).svg_inline(border=4, omitsize=True))


def _compiled(template: Path, data: Mapping[str, Any], fonts: Path | None) -> bytes:
    made = typst.compile(
        template,
        format="pdf",
        font_paths=_fonts(fonts),
        sys_inputs={"paper": json.dumps(data, ensure_ascii=False)},
        pdf_tags=template != SLIP,  # slips are only printed, and thousands of tagged boxes cost gigabytes
    )
    if not isinstance(made, bytes):
        raise TypeError("typst gave no single file")
    return made


@cache
def _fonts(folder: Path | None) -> typst.Fonts:
    fonts = typst.Fonts(font_paths=[folder] if folder and folder.is_dir() else [])
    if not CHINESE & {family.lower() for family in fonts.families()}:
        raise Refused(
            "没有找到可用的中文字体，不能生成 PDF",
            "no Chinese font was found, the PDF cannot be made",
            "请在安装目录运行 make setup 取回字体，或在系统里安装思源黑体。",
            "Run `make setup` to fetch fonts, or install Noto Sans SC.",
        )
    return fonts
