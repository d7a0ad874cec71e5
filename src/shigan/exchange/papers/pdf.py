"""The PDF of a paper, set by typst with the office's own fonts where it has them."""

from __future__ import annotations

import json
from dataclasses import asdict
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import typst

from shigan.exchange.papers.model import Block, Paper, Para, Table, annex_lines, numbered, paragraphs, said
from shigan.facts.faults import Fault, _

FONTS = Path(str(files("shigan.exchange"))) / "fonts"
"""Filled at set-up; the system's fonts are used beside them."""
TEMPLATE = Path(__file__).with_name("paper.typ")

_CHINESE = {"fangsong", "fangsong_gb2312", "stfangsong", "noto serif sc", "noto serif cjk sc"}
_PICTURE = b"""
#set page(width: auto, height: auto, margin: 0pt)
#image(bytes(sys.inputs.svg), format: "svg", width: float(sys.inputs.width) * 1mm)
"""


def pdf(paper: Paper) -> bytes:
    """The paper as a tagged PDF; the same paper gives the same bytes on the same machine.

    Raises `Fault` where no Chinese font can be found.
    """
    return _compile(TEMPLATE, "pdf", paper=json.dumps(_data(paper), ensure_ascii=False))


def png(svg: str, width: float) -> bytes:
    """An SVG drawing as PNG of `width` mm at 220 dots an inch, for writers that know no SVG."""
    return _compile(_PICTURE, "png", svg=svg, width=str(width))


def _compile(template: Path | bytes, form: Any, **inputs: str) -> bytes:
    made = typst.compile(template, format=form, ppi=220, font_paths=_fonts(FONTS), sys_inputs=inputs)
    if not isinstance(made, bytes):
        raise TypeError("typst gave no single file")
    return made


@cache
def _fonts(folder: Path) -> typst.Fonts:
    fonts = typst.Fonts(font_paths=[folder] if folder.is_dir() else [])
    if not _CHINESE & {family.lower() for family in fonts.families()}:
        raise Fault(
            _("没有找到可用的中文字体，不能生成 PDF。"),
            remedy=_("请在安装目录运行 make setup 取回字体，或在系统里安装仿宋或思源宋体。"),
        )
    return fonts


def _data(paper: Paper) -> dict[str, Any]:
    """What `paper.typ` reads; every value is text, a number or a list of them."""
    return {
        "title": paper.title.strip(),
        "number": paper.number,
        "to": paper.to,
        "sign": paper.sign,
        "day": said(paper.day) if paper.day else "",
        "remark": paper.remark,
        "mark": paper.mark,
        "annexes": annex_lines(paper.annexes),
        "blocks": [made for block, number in numbered(paper.blocks) for made in _block(block, number)],
    }


def _block(block: Block, number: str) -> list[dict[str, Any]]:
    match block:
        case Para():
            return [{"kind": "para", "text": text} for text in paragraphs(block.text)]
        case Table():
            full = {
                "widths": list(block.widths) or [1] * len(block.head),
                "align": list(block.align) or ["left"] * len(block.head),
            }
            return [{"kind": "table", **asdict(block), **full}]
        case _:
            return [{"kind": type(block).__name__.lower(), "number": number, **asdict(block)}]
