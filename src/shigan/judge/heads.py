"""The head of a document: title, number, date, issuer, addressees, and what it says it comes from.

Source of the layout: 党政机关公文格式 (GB/T 9704-2012): head, number, title, 主送机关, text, issuer, date.
What a head does not say stays empty; nothing here guesses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

NUMBER: Final = re.compile(
    r"(?:(?<!\d)|(?![年月日]))(?:[\u4e00-\u9fffA-Za-zＡ-Ｚａ-ｚ]\d{0,3}(?![年月日])){1,16}\s*[〔\[［(（【]\s*(?:19|20)\d{2}\s*[〕\]］)）】]\s*第?\s*\d{1,5}\s*号"
)
_TAIL = re.compile(r"[〔\[［(（【]\s*(?:19|20)\d{2}\s*[〕\]］)）】]\s*第?\s*\d{1,5}\s*号")
_REACH = 100
"""The letters and blanks before the year of a number are fewer."""
TITLED: Final = re.compile(r"《([^《》]{2,80}(?:《[^《》]{2,60}》[^《》]{0,40})?)》")
RELAYING: Final = re.compile(r"转发|印发|批转|转\s*《|^转")
"""In a title: the document passes another one on."""
_KIND = re.compile(
    r"(?:通知|意见|方案|办法|决定|通报|报告|请示|批复|函|纪要|规定|细则|要点|计划|规划|公告|通告|条例)$"
)
_DAY = re.compile(r"((?:19|20)\d{2})年(\d{1,2})月(\d{1,2})日")
_WRITTEN = re.compile(
    r"([二一][〇○零一二三四五六七八九]{3})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})日"
)
_FORCE = re.compile(
    r"本[^，。；：\n]{1,16}自\s?((?:19|20)\d{2})\s?年\s?(\d{1,2})\s?月\s?(\d{1,2})\s?日\s?起(?:施行|实施|执行|生效)"
)
_BELOW = re.compile(r"(?:抄送|抄报|主送|分送|发送|报送)[：:].*|.*印发|[（(](?:此件|此文|联系人).*[）)]")
"""Lines under the text: copies to, printed by, may be published."""
_SKIPPED = re.compile(r"(?:特急|加急|急件|平急|\d{3,8}|签发人.*|.*文件|之[一二三四五六七八九十].*|—.*—)")
_LEAD = re.compile(r".*(?:根据|按照|依据|贯彻|转发|印发|执行|以下简称|通过|关于)")
"""Words of the sentence before a number. Single ones (和, 及, 与) also stand in the names of organs: they
stay, and numbers are compared by their end."""
_DIGITS = {each: str(n) for n, each in enumerate("〇一二三四五六七八九")} | {"○": "0", "零": "0"}
_TOP, _BOTTOM, _LONGEST_TITLE = 16, 8, 90


@dataclass(frozen=True)
class Head:
    """`in_force`: the day it says it is in force from. `cited` are the numbers and `titles` the 《titles》 in
    the text, but for its own; `relays` says that the title passes another document on."""

    title: str = ""
    number: str = ""
    dated: date | None = None
    in_force: date | None = None
    issuer: str = ""
    addressees: tuple[str, ...] = ()
    cited: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    relays: bool = False


def head(text: str) -> Head:
    """The head of a text."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    number, top = _number(lines[:_TOP]), lines[:_TOP]
    title, below = _title(top)
    at, dated = _dated(lines)
    return Head(
        title=title,
        number=number,
        dated=dated,
        in_force=_in_force(text),
        issuer=_issuer(lines, at),
        addressees=_addressees(top[below:]),
        cited=tuple(n for n in dict.fromkeys(numbers(text)) if n != number),
        titles=tuple(t for t in dict.fromkeys(TITLED.findall("".join(text.split()))) if t != title),
        relays=bool(RELAYING.search(title)),
    )


def frame(text: str) -> list[tuple[int, int]]:
    """[start, end) of the lines around title and text: red head, number, addressees, signature, date, copies
    to. All documents of an organ share them, so they are no sign of copying."""
    rows = [match for match in re.finditer(r"[^\r\n]+[\r\n]*", text) if match[0].strip()]
    lines = [row[0].strip() for row in rows]
    below = _title(lines[:_TOP])[1]
    at, dated = _dated(lines)
    found = {place for place, line in enumerate(lines[:below]) if _is_head(line)}
    found |= {below + place for place in _addressed(lines[below:_TOP])}
    if dated:
        found |= {at, at - 1} if at and _issuer(lines, at) == "".join(lines[at - 1].split()) else {at}
    last = range(max(below, len(lines) - _BOTTOM), len(lines))
    found |= {place for place in last if _BELOW.fullmatch(lines[place])}
    return [rows[place].span() for place in sorted(found)]


def _is_head(line: str) -> bool:
    """Whether a line before the end of the title is none of the title."""
    bare = re.sub(r"\s*签发人.*$", "", line).strip("()（） ")
    return bool(_SKIPPED.fullmatch(line) or NUMBER.fullmatch(bare) or _day(bare))


def numbers(text: str) -> Iterator[str]:
    """The document numbers in a text, in one kind of bracket and without the words before them."""
    last = 0
    for tail in _TAIL.finditer(text):  # looked for first: NUMBER alone tries sixteen lengths at every letter
        found = NUMBER.search(text, max(last, tail.start() - _REACH), tail.end())
        if found:
            last = found.end()
            yield plain(found[0])


def plain(number: str) -> str:
    """A number as it is compared: `根据西组发 [2026] 第5号` is `西组发〔2026〕5号`."""
    bare = "".join(number.split()).replace("第", "")
    name, year, rest = re.split(r"[〔\[［(（【](\d{4})[〕\]］)）】]", bare, maxsplit=1)
    return f"{_LEAD.sub('', name) or name}〔{year}〕{rest}"


def same_number(cited: str, own: str) -> bool:
    """Whether a number in a text is a document's own: words of the sentence may stand before it."""
    return bool(own) and cited.endswith(own)


def endings(cited: str) -> Iterator[str]:
    """All numbers that one in a text may be, the longest first: words of the sentence may stand before it."""
    year = cited.find("〔")
    yield from (cited[at:] for at in range(max(year, 1)))


def year_of(number: str) -> int | None:
    """The year of a number."""
    found = re.search(r"〔(\d{4})〕", number)
    return int(found[1]) if found else None


def _number(top: Sequence[str]) -> str:
    """The own number: alone on its line, maybe in brackets or before 签发人."""
    for line in top:
        line = line.strip("()（） ")
        found = NUMBER.match(line)
        if found and not _LEAD.match(found[0]) and re.fullmatch(r"(\s*签发人.*)?", line[found.end() :]):
            return plain(found[0])
    return ""


def _title(top: Sequence[str]) -> tuple[str, int]:
    """The title and the line after it; it may run over several lines."""
    title = ""
    for at, line in enumerate(top):
        if title and (line.endswith(("：", ":")) or re.match(r"[（(一二三四五六七八九十\d]+[、)）.]", line)):
            return title, at
        if _SKIPPED.fullmatch(line) or NUMBER.fullmatch(line.strip("()（）")) or _DAY.fullmatch(line):
            continue
        if title and (len(title) + len(line) > _LONGEST_TITLE or line.endswith("。")):
            return title, at
        if len(line) > _LONGEST_TITLE or line.endswith(("。", "；")):
            return title, at
        title += line
        if _KIND.search(title) and title.count("《") == title.count("》"):
            return title, at + 1
        if not title.startswith(("关于", "中共")) and "关于" not in title and len(title) > 6:
            return title, at + 1
    return title, len(top)


def _addressees(lines: Sequence[str]) -> tuple[str, ...]:
    for at in _addressed(lines):
        return tuple(part for part in re.split(r"[、，,；;]", lines[at].rstrip("：:")) if part)
    return ()


def _addressed(lines: Sequence[str]) -> list[int]:
    """The place of the line that says to whom, if there is one."""
    places = range(min(4, len(lines)))
    found = (at for at in places if lines[at].endswith(("：", ":")) and len(lines[at]) <= 300)
    return [at for at in found if "。" not in lines[at]][:1]


def _dated(lines: Sequence[str]) -> tuple[int, date | None]:
    """The last date that stands alone near the end, else one alone near the top: its line and day."""
    below = range(len(lines) - 1, max(-1, len(lines) - 1 - _BOTTOM), -1)
    for at in (*below, *range(min(_TOP, len(lines)))):
        line = lines[at].strip("()（） ")
        if day := _day(line):
            return at, day
    return len(lines), None


def _day(line: str) -> date | None:
    bare = "".join(line.split())
    if found := _DAY.fullmatch(bare):
        return _date(*map(int, found.groups()))
    if found := _WRITTEN.fullmatch(bare):
        return _date(
            int("".join(_DIGITS.get(c, "0") for c in found[1])), _written(found[2]), _written(found[3])
        )
    return None


def _in_force(text: str) -> date | None:
    """The last day that it says it is in force from."""
    found = [day for day in (_date(*map(int, each)) for each in _FORCE.findall(text)) if day]
    return found[-1] if found else None


def _written(words: str) -> int:
    """二十八 → 28."""
    tens, ten, ones = words.rpartition("十")
    value = int(_DIGITS.get(ones, "0"))
    return value + (10 * int(_DIGITS.get(tens, "1")) if ten else 0)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _issuer(lines: Sequence[str], at: int) -> str:
    """Who signed: the short line before the date at the end, else the red head."""
    if _TOP <= at < len(lines) or (0 < at < len(lines) and at >= len(lines) - _BOTTOM):
        line = lines[at - 1]
        if 2 < len(line) <= 40 and not re.search(r"[。；：，:]", line) and not _KIND.search(line):
            return "".join(line.split())
    for line in lines[:4]:
        if line.endswith("文件") and 4 < len(line) <= 40:
            return "".join(line.split()).removesuffix("文件")
    return ""
