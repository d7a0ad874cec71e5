"""Secrecy marks: what bears one is refused, and nothing of it is kept (red line 7).

A mark is looked for, not the word: 秘密投票 or 商业秘密 in a sentence is none; `机密★1年` is one wherever it
stands, and so is a level alone on its line, with or without term, copy number (份号) and urgency. A star
alone is a bullet.
Source: 保守国家秘密法 (marks on carriers of state secrets); 保密法实施条例 (the mark: 密级, ★, term);
GB/T 9704 (where it stands: under the copy number of six digits, over the urgency).
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from shigan.facts.faults import Fault, _

LEVEL: Final = "(?:[绝絕]密|[机機]密|[秘祕]密)"
_TERM: Final = r"(?:[长長]期|启用前|\d{1,2}(?:年|个?月)|[一二三四五六七八九十]{1,3}年)"
_STAR: Final = "[★☆✩-✰⋆⭐]"
STARRED: Final = re.compile(rf"{LEVEL}级?[(\[:]?(?:{_STAR}|[*∗·•・.]{_TERM})")
_BRACKETED = re.compile(rf"[\[【(（〔]{LEVEL}级?[\]】)）〕]")
_TITLED = re.compile(
    rf"(?:(?<![绝絕机機秘祕])密级|保密级别|定密)[:\]】)]{{0,2}}{LEVEL}(?!级?[、和或及与]{LEVEL})"
)
_ALONE = re.compile(
    rf"(?:份号)?(?:\d{{6}})?(?:密级|保密级别|定密)?{LEVEL}级?(?:{_TERM})?(?:保密期限(?:{_TERM})?)?"
    r"(?:件|文件|资料|材料)?(?:特急|加急|特提|平急|急件)?"
)
_LONGEST = 40
"""Characters of a line that is nothing but a mark."""
_NAMED = re.compile(rf"★|(?<!国家|商业|工作|技术|保守|泄露){LEVEL}(?!投票|写票|划票|选举)")
_POINTS = re.compile(r"[\W_]+")
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u115f\u1160\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\U000e0000-\U000e0fff]"
)


def compact(text: str) -> str:
    """The text in half-width form (NFKC) without blanks and invisible characters."""
    return "".join(_INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).split())


def marked(text: str) -> bool:
    """Whether a cell, a line or a title is or bears a secrecy mark."""
    bare = compact(text)
    if bare == "★" or any(each.search(bare) for each in (STARRED, _BRACKETED, _TITLED)):
        return True
    return len(bare) <= _LONGEST and bool(_ALONE.fullmatch(_POINTS.sub("", bare)))


def name_marked(name: str) -> bool:
    """Whether a file's name holds a secrecy level (but for 国家秘密, 商业秘密, 秘密投票 and the like)."""
    bare = compact(name)
    return bool(_NAMED.search(bare) or STARRED.search(bare))


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
