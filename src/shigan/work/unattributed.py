"""What is heard stays unattributed: numbers of a person are refused, words like a name are asked about."""

from __future__ import annotations

import re
import unicodedata

from shigan.facts.faults import _
from shigan.work.state import Refused

_NUMBERS = (
    (_("电话号码"), re.compile(r"(?<!\d)(1[3-9]\d[ -]?\d{4}[ -]?\d{4}|0\d{2,3}[ -]?\d{7,8})(?!\d)")),
    (_("身份证号"), re.compile(r"(?<!\d)(\d{17}[\dXx]|\d{15})(?!\d)")),
    (_("长号码"), re.compile(r"\d{11,}")),
)
_NAMED = re.compile(
    r"(姓名|本人|户主|联系人|反映人|说话人)\s*[:为是]\s*[\u4e00-\u9fff·]{2,}|我叫[\u4e00-\u9fff]{2,}"
)


def must_be_unattributed(text: str) -> None:
    """Refuse words that carry a telephone, identity or other long number."""
    plain = unicodedata.normalize("NFKC", text)
    for what, pattern in _NUMBERS:
        if pattern.search(plain):
            raise Refused(
                _("原话里有{what}，会认出说话的人"),
                remedy=_("删去号码再提交；不记是谁说的，只记说了什么。"),
                what=what,
            )


def looks_named(text: str) -> bool:
    """Whether the words seem to name who spoke: `姓名：…`, `我叫…`. Worth a question, not a refusal."""
    return bool(_NAMED.search(unicodedata.normalize("NFKC", text)))
