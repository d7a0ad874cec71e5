"""Names of places: which a text mentions, and which of them are not its own.

`places.txt` holds provinces, prefectures and counties. A county counts with its suffix (海晏县) only, a
prefecture without it too (长沙), unless the name is an everyday word (文山) of the policy's list; an own
name with its characters changed round (北海 for 海北) is asked about always.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Final, NamedTuple

SUFFIXES: Final = "省市区县州旗盟"
LONGEST: Final = 15
UNKNOWN: Final = "本县"
"""Stands for the own place where nobody has said which it is; then nothing is foreign."""
GENERIC: Final = "~"
"""Begins the line of those names in `places.txt` that are as often just words (新区)."""
WORDS_AFTER: Final = {
    "县": "级域",
    "区": "域间别分位块划",
    "市": "场值况面级",
    "州": "",
    "省": "级略",
    "旗": "帜",
    "盟": "",
}
"""After these a suffix belongs to a longer word: 会同县级, 朝阳区域."""
LISTED: Final = re.compile(r"[县市区][（(、][市县区旗]")
"""县（市、区）: kinds of places, no name."""
LEARNING: Final = re.compile(r"(?:学习|借鉴|考察|对口|帮扶|支援|协作|招商|推广|转发)[^。；]{0,8}$")
"""Before a name: another place is meant to be named."""
NAMED_AFTER: Final = "路街塘湾港江河门桥湖山"
"""A road or a water may bear the name of any city: 长春路, 杭州湾."""
PLACED: Final = re.compile(
    r"行政区域|辖区|境内|范围内|所辖|实际|县情|市情|州情|经济社会|各级|各[县乡镇]|党委|政府|人民(?!币|警|法|检|团|代)|"
    r"户籍|干部|组织部|籍"
)
"""Behind a name: the name is that of a place."""
LEADING: Final = "在由对为向于和与及据合是动全进我到从赴来驻纳响责定立护过入"
"""Before a name of a place."""
BANK: Final = re.compile("[江河湖海山][东西南北]")
"""Names that are also the side of a river or hill (洛河北岸)."""
NAMED_TOGETHER: Final = frozenset(("香港", "澳门", "台湾"))
"""Texts name them as such (港澳台)."""
PEOPLES: Final = re.compile(
    r"(?:藏族羌族|蒙古族藏族|傣族景颇族|土家族苗族|苗族侗族|布依族苗族|哈尼族彝族|壮族苗族|[\u4e00-\u9fff]{1,4}族|哈萨克|蒙古|"
    r"柯尔克孜|维吾尔|回族|壮族)*(?:自治[州县区旗])$"
)


class Place(NamedTuple):
    """A province, prefecture or county: its name in full, and what it lies in."""

    name: str
    province: str
    prefecture: str


class Mention(NamedTuple):
    """[start, end) of a text names a place. `like` is the own name it may be a slip for, or empty."""

    name: str
    start: int
    end: int
    like: str = ""


@cache
def places() -> Mapping[str, tuple[Place, ...]]:
    """All places by their names, in full and as people say them (海北藏族自治州, 海北州)."""
    found: dict[str, tuple[Place, ...]] = {}
    for line in _lines():
        if line.startswith(("#", GENERIC)):
            continue
        province, prefecture, *counties = line.split()
        prefecture = prefecture.strip("-")
        rows = [Place(name, province, prefecture) for name in counties]
        rows += [Place(name, province, prefecture) for name in (prefecture, province) if name]
        for place in rows:
            for name in _said(place.name):
                if place not in found.get(name, ()):
                    found[name] = (*found.get(name, ()), place)
    return found


def _lines() -> list[str]:
    return resources.files("shigan.judge").joinpath("places.txt").read_text("utf-8").splitlines()


@cache
def _generic() -> frozenset[str]:
    return frozenset(word for line in _lines() if line.startswith(GENERIC) for word in line.split()[1:])


def short(name: str) -> str:
    """海北藏族自治州 → 海北, 海晏县 → 海晏; a name of two characters stays."""
    if "自治" in name:
        bare = PEOPLES.sub("", name)
        return bare if len(bare) > 1 else name[:2]
    return name[:-1] if len(name) > 2 and name[-1] in SUFFIXES else name


def mentioned(text: str) -> Iterator[Mention]:
    """The places that a text names with their suffixes, the longest name at each place."""
    known, end = places(), 0
    for at, letter in enumerate(text):
        if letter not in SUFFIXES or at < end:
            continue
        if text[at + 1 : at + 2] in tuple(WORDS_AFTER[letter]) or LISTED.match(text, at):
            continue
        for start in range(max(end, at + 1 - LONGEST), at - 1):
            name = text[start : at + 1]
            if name in known and name not in _generic():
                yield Mention(name, start, at + 1)
                end = at + 1
                break


def own_names(home: Collection[str]) -> frozenset[str]:
    """The names that belong to a home: itself, what it lies in, and the counties of the same prefecture."""
    own = set(home)
    for name in home:
        for place in places().get(name, ()):
            own |= {place.province, short(place.province)}
            own |= set(_said(place.prefecture)) if place.prefecture else set()
            own |= set(_within(place.province, place.prefecture))
    return frozenset(own | {short(name) for name in own})


def foreign(text: str, home: Collection[str], everyday: Collection[str] = ()) -> list[Mention]:
    """The places in a text that are not the home's own, but where others are learned from.

    `home` are names of the own place(s); without any nothing is foreign. `everyday` are names that without a
    suffix are words."""
    if not set(home) - {UNKNOWN}:
        return []
    own = own_names(home)
    found = [m for m in mentioned(text) if not _belongs(m.name, own)]
    found += _bare(text, own, frozenset(everyday))
    found += _slips(text, {short(name) for name in home}, own)  # last: it knows what was meant
    asked = {m.start: m for m in found if not LEARNING.search(text[max(0, m.start - 14) : m.start])}
    whole = list[Mention]()
    for start in sorted(asked):
        if not whole or start >= whole[-1].end:
            whole.append(asked[start])
    return whole


def _belongs(name: str, own: frozenset[str]) -> bool:
    return name in own or short(name) in own


def _slips(text: str, home: Collection[str], own: frozenset[str]) -> Iterator[Mention]:
    """Own short names with their characters changed round, where that is the name of another place."""
    for name in home:
        turned = name[::-1]
        if len(name) == 2 and turned != name and turned not in own and turned in _shorts():
            for found in re.finditer(turned, text):
                yield Mention(turned, found.start(), found.end(), like=name)


def _bare(text: str, own: frozenset[str], everyday: frozenset[str]) -> Iterator[Mention]:
    """Places named without a suffix: provinces, prefectures; names that are words too where one is led to."""
    for name in _shorts() - own - everyday:
        at = text.find(name)
        while at >= 0:
            after = text[at + len(name) : at + len(name) + 1]
            led = not BANK.fullmatch(name) or _begins(text, at)
            if led and after not in tuple(SUFFIXES + NAMED_AFTER):
                yield Mention(name, at, at + len(name))
            at = text.find(name, at + 1)
    for found in PLACED.finditer(text):
        for length in range(min(LONGEST, found.start() + 1), 1, -1):
            at = found.start() - length
            name = text[max(at, 0) : found.start()]
            if name in _words() and name not in own and _begins(text, at):
                yield Mention(name, at, found.start())
                break


def _begins(text: str, at: int) -> bool:
    """Whether a word may begin here: behind no ideograph, or behind one that leads to a place."""
    return at == 0 or text[at - 1] in LEADING or not "\u4e00" <= text[at - 1] <= "\u9fff"


@cache
def _shorts() -> frozenset[str]:
    """The short names of all prefectures, of the provinces but those that every text names together, and of
    counties whose short name has three letters, as few words have."""
    all_ = [place for found in places().values() for place in found]
    prefectures = {short(place.prefecture) for place in all_ if place.prefecture}
    provinces = {short(place.province) for place in all_} - NAMED_TOGETHER
    return frozenset(prefectures | provinces | {name for name in _words() if len(name) > 2})


@cache
def _words() -> frozenset[str]:
    """The short names of all places, as many are words too."""
    generic = {short(name) for name in _generic()}
    return frozenset(short(name) for name in places()) - generic - NAMED_TOGETHER


@cache
def _within(province: str, prefecture: str) -> tuple[str, ...]:
    """Every name of the counties of a prefecture (of a province where there is none)."""
    return tuple(
        name
        for name, found in places().items()
        if any(p.province == province and p.prefecture == prefecture for p in found)
    )


def _said(name: str) -> tuple[str, ...]:
    """A place's name in full and, for an autonomous one, as it is said in short."""
    return (name, short(name) + name[-1]) if "自治" in name else (name,)
