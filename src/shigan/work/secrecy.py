"""Secrecy marks: what bears one is refused, and nothing of it is kept (red line 7).

A mark is looked for, not the word: 秘密投票 in a sentence is none; `机密★1年` is one wherever it stands.
Source: 保守国家秘密法 (marks on carriers of state secrets); 保密法实施条例 (the mark: 密级, ★, term).
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from shigan.facts.faults import Fault, _

LEVEL: Final = "(?:绝密|机密|秘密)"
_NAMED = re.compile(rf"★|(?<!国家){LEVEL}(?!投票|写票|划票)")
STARRED: Final = re.compile(rf"{LEVEL}[*☆]|★")
_ALONE = re.compile(
    rf"(?:密级|保密级别|定密)?[:：]?[\[【(（《<]?{LEVEL}级?[\]】)）》>]?"
    r"(?:[*☆]?(?:长期|\d{1,2}(?:年|个?月)|[一二三四五六七八九十]{1,3}年))?(?:件|文件|资料)?"
)
_BRACKETED = re.compile(rf"[\[【(（]{LEVEL}级?[\]】)）]")
_TITLED = re.compile(rf"(?:密级|保密级别|定密)[:：]?{LEVEL}")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]")


def compact(text: str) -> str:
    """The text in half-width form (NFKC) without blanks and invisible characters."""
    return "".join(unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)).split())


def marked(text: str) -> bool:
    """Whether a cell, a line or a title is or bears a secrecy mark."""
    bare = compact(text)
    return any(each.search(bare) for each in (STARRED, _BRACKETED, _TITLED)) or bool(_ALONE.fullmatch(bare))


def name_marked(name: str) -> bool:
    """Whether a file's name holds a secrecy level (but for 国家秘密 and 秘密投票)."""
    return bool(_NAMED.search(compact(name)))


def bears_mark(text: str) -> bool:
    """Whether any line of a longer text bears a mark, or the lines together do (密级 / ★ / term apart)."""
    lines = [line for line in text.splitlines() if line.strip()]
    return any(map(marked, lines)) or bool(STARRED.search(compact("".join(lines))))


def must_bear_no_mark(*texts: str) -> None:
    """Raise `Fault` when one of the texts bears a secrecy mark. What it says is not repeated."""
    if any(map(bears_mark, texts)):
        raise marked_fault()


def marked_fault() -> Fault:
    """The sentence for what bears a mark."""
    return Fault(
        _("文件带有密级标志，本系统不存储、处理国家秘密；文件没有保存"),
        remedy=_("请立即从这台电脑上移走该文件，按保密规定处理；误加标志的，去掉后再上传。"),
        source="保守国家秘密法",
    )
