"""How specific a document is (具体性): which sentences say who, when, how much, where, and whom to ask.

S is the share of the text in sentences with at least one signal; A the sentences with a duty and a date or a
quantity, for each 1,000 characters; index = 100·(0.6·S + 0.4·min(1, A/4)), 0 to 100. It is compared among
documents of one kind only (a notice on study need hold no number), and says nothing of who wrote it.
Sources: after Hope, Hu & Lu (2016), Rev. Account. Stud. 21:1005–1045 (specific names and numbers per word);
Li & Nenkova (2015), AAAI (specificity per sentence). The weights are ours.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final, NamedTuple

from shigan.judge.places import mentioned
from shigan.policy.documents import Wording


class Sign(StrEnum):
    WHO = "who"
    WHEN = "when"
    HOW_MUCH = "how_much"
    WHERE = "where"
    CONTACT = "contact"


class Signal(NamedTuple):
    """[start, end) of the text says who, when, …"""

    sign: Sign
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """[start, end) of the text. `duty`: it says that something has to be done."""

    start: int
    end: int
    signals: tuple[Signal, ...]
    duty: bool

    @property
    def acts(self) -> bool:
        """A duty with a date or a quantity."""
        return self.duty and any(s.sign in (Sign.WHEN, Sign.HOW_MUCH) for s in self.signals)


@dataclass(frozen=True, slots=True)
class Reading:
    """Sentences, and [start, end) of the vague words. `length` counts characters without blanks."""

    sentences: tuple[Sentence, ...]
    vague: tuple[tuple[int, int], ...]
    length: int

    @property
    def share(self) -> float:
        """S, in [0, 1]."""
        said = sum(s.end - s.start for s in self.sentences)
        return sum(s.end - s.start for s in self.sentences if s.signals) / said if said else 0.0

    @property
    def acts(self) -> float:
        """A, for each 1,000 characters."""
        return 1000 * sum(s.acts for s in self.sentences) / self.length if self.length else 0.0

    @property
    def index(self) -> float:
        """0 to 100."""
        return 100 * (0.6 * self.share + 0.4 * min(1.0, self.acts / 4))

    def count(self, sign: Sign) -> int:
        """How many signals of one sort."""
        return sum(signal.sign is sign for sentence in self.sentences for signal in sentence.signals)

    def within(self, spans: Sequence[tuple[int, int]]) -> Reading:
        """The reading of those sentences of which at least half lies within the spans, which are in order."""
        starts = [start for start, _end in spans]
        kept = tuple(
            s for s in self.sentences if 2 * _inside(s.start, s.end, spans, starts) >= s.end - s.start
        )
        vague = tuple(v for v in self.vague if _inside(*v, spans, starts) == v[1] - v[0])
        return Reading(kept, vague, sum(s.end - s.start for s in kept))


def _inside(start: int, end: int, spans: Sequence[tuple[int, int]], starts: Sequence[int]) -> int:
    """How much of [start, end) lies in the spans."""
    first, last = max(0, bisect_right(starts, start) - 1), bisect_left(starts, end)
    return sum(max(0, min(end, b) - max(start, a)) for a, b in spans[first:last])


_SENTENCE = re.compile(r"[^。！？；!?;\s][^。！？；!?;\n]*[。！？；!?;]?")
_QUOTED = re.compile(
    r"《[^《》]*(?:《[^《》]*》[^《》]*)*》|〔\d{4}〕\d+号|第[一二三四五六七八九十百零\d]+[条款项章节次届号]"
)
_C = "[一二两三四五六七八九十百千]"
_D = r"(?<![\d.,])\d{1,12}(?:[.,]\d{1,12}){0,4}"
_CN = rf"(?<!{_C}){_C}{{1,9}}"
_N = rf"(?:{_D}|{_CN})"
_DAY = r"(?:\d{4}\s{0,3}年)?\s{0,3}\d{1,2}\s{0,3}月(?:\s{0,3}\d{1,2}\s{0,3}[日号]|底|末|[上中下]旬)?"
_WHEN = re.compile(
    rf"(?:{_DAY}|\d{{4}}\s{{0,3}}年(?:底|末)?|(?:今年|本|明|次)?年底|(?:本|次|每|当)?月底|[一二三四]季度末?)"
    r"(?:之?前|以前|底前|起(?:施行|实施|执行)?|止|截止|开始|召开|举行|至)"
    rf"|(?:截至|截止|定于|于){_DAY}"
    rf"|{_N}个?(?:工作日|自然日|日|天|周|星期|个月|月|小时|分钟|年)(?:之内|以内|内|前|届满)"
    rf"|每(?:个?(?:工作日|日|天|周|星期|旬|月|季度?|半年|年|学期)|{_N}个?(?:日|天|周|月|年|小时))(?!度|一[条个])"
    rf"|(?:有效期|期限|任期|保存期)[^，。]{{0,6}}{_N}个?(?:年|月|日|天)"
)  # fmt: skip
_MONEY = r"(?:余|多|以上|左右)?\s{0,3}[万亿千百]{0,4}\s{0,3}"
_STRONG = (
    "元|人民币|户|亩|公顷|公里|千米|平方米|立方米|米|吨|公斤|千克|升|倍|学时|课时|岁|"
    "个百分点|%|％|‰|千瓦时|兆瓦"
)
_COUNTED = (
    "人次|人|名|个|件|份|次|所|处|座|家|项|批|辆|台|套|张|篇|字|条|支|场|期|头|只|株|棵|口|眼|栋|间|分|级|本|门|"
    "盏|块|部"
)
_HOW_MUCH = re.compile(
    rf"{_D}{_MONEY}(?:{_STRONG}|{_COUNTED})(?!月)"
    rf"|{_C}{{1,9}}(?:余|多)?[万亿千百]*(?:{_STRONG})"
    rf"|百分之{_C}{{1,9}}|{_C}{{1,9}}分之{_C}{{1,9}}|{_C}{{2,9}}余?(?:人|名|件|份|次|所|处|家|篇|场)"
    rf"|(?:至少|不少于|不超过|不低于|不得超过|不得少于|以上|最多|各){_C}{{1,9}}(?:{_COUNTED})"
    rf"|{_C}{{1,9}}(?:{_COUNTED})(?:以上|以下)"
)
_BODY = (
    "人民政府|办事处|委员会|居委会|村委会|管委会|主管部门|行政部门|办公室|人民法院|人民检察院|公安机关|机关|党校|"
    "党支部|党总支|党工委|党委|党组|组织部|宣传部|统战部|纪委监委|纪委|监委|县委办|政府办|水务站|中心|事务所|"
    "派出所|局(?![面势部限])|厅|银行|学校|医院|供电所|公司|部门"
)
_WHO = re.compile(
    rf"(?P<body>[\u4e00-\u9fff（）]{{0,12}}?(?:{_BODY}))"
    r"(?:和[\u4e00-\u9fff]{2,10})?(?:主要负责人|负责人)?"
    r"(?P<verb>应当|不得|应|必须|须|负责|牵头|承担|会同|配合|组织实施|按照职责|依法|受理|审批|可以|要(?!求|素))"
    rf"|由(?P<by>[\u4e00-\u9fff（）、]{{0,14}}?(?:{_BODY}))(?=[\u4e00-\u9fff]|[，。；])"
    rf"|(?:责任单位|牵头单位|联系单位|主办单位)[:：]\s*(?P<named>[\u4e00-\u9fff]{{2,20}})"
)
_DUTY = re.compile(
    r"应当|应(?!对|急|用|届)|必须|须|要(?!求|素|闻|道|害|点)|负责|牵头|不得|报送|上报|报(?:县|市|州|省|送|备)|"
    r"提交|完成|建成|办理|组织(?!部|工作|路线|生活|系统|建设)|安排|落实到|达到|给予|发放|缴纳|"
    r"处以?|参加|申请|不(?:少|低)于|不超过|施行|实施(?!方案)"
)  # fmt: skip
_STREET = re.compile(
    r"[\u4e00-\u9fff]{2,8}(?:路|街|大道|巷)\d+号|[\u4e00-\u9fff\d]{1,6}(?:会议室|号楼|报告厅)"
)
_CONTACT = re.compile(
    r"(?<!\d)(?:0\d{2,3}[-－]\d{7,8}|1[3-9]\d{9}|12345|123\d{2})(?!\d)|(?<![\w.+-])[A-Za-z0-9_.+-]{1,64}@[A-Za-z0-9-]{1,64}\.[A-Za-z0-9.]{2,64}|https?://\S+"
    r"|联系(?:人|电话|方式)[:：]?\s*\S{2,}"
)


def reading(text: str, wording: Wording, home: Collection[str] = ()) -> Reading:
    """The reading of a text. `home`: names of the own places, which say where too."""
    plain = _blanked(text, wording.slogans.value)
    signals = sorted(_signals(plain, wording, home), key=lambda signal: (signal.start, signal.end))
    sentences, at = [], 0
    for found in _SENTENCE.finditer(text):
        own = []
        while at < len(signals) and signals[at].start < found.end():
            own.append(signals[at])
            at += 1
        sentences.append(_sentence(found.start(), found.end(), own, plain))
    return Reading(tuple(sentences), tuple(_vague(text, wording)), sum(not c.isspace() for c in text))


def _sentence(start: int, end: int, signals: Sequence[Signal], plain: str) -> Sentence:
    return Sentence(start, end, tuple(signals), bool(_DUTY.search(plain, start, end)))


def _blanked(text: str, slogans: Collection[str]) -> str:
    """The text with titles, numbers of articles and slogans blanked out, every character in its place."""
    words = "|".join(map(re.escape, sorted(slogans, key=len, reverse=True)))
    masks = (_QUOTED, re.compile(words)) if words else (_QUOTED,)
    for mask in masks:
        text = mask.sub(lambda found: "＊" * len(found[0]), text)
    return text


def _signals(plain: str, wording: Wording, home: Collection[str]) -> Iterator[Signal]:
    nobody = _any(tuple(wording.nobody.value))
    for found in _WHO.finditer(plain):
        group = next(name for name in ("body", "by", "named") if found[name])
        if not nobody.search(found[group]) and found[group] not in (
            "部门",
            "机关",
            "公司",
            "学校",
            "银行",
            "医院",
        ):
            yield Signal(Sign.WHO, *found.span(group))
    for sign, pattern in ((Sign.WHEN, _WHEN), (Sign.HOW_MUCH, _HOW_MUCH), (Sign.CONTACT, _CONTACT)):
        yield from (Signal(sign, *found.span()) for found in pattern.finditer(plain))
    yield from (Signal(Sign.WHERE, *found.span()) for found in _STREET.finditer(plain))
    yield from (Signal(Sign.WHERE, m.start, m.end) for m in mentioned(plain))
    for name in home:
        if len(name) > 2:
            yield from (Signal(Sign.WHERE, m.start(), m.end()) for m in re.finditer(re.escape(name), plain))


def _vague(text: str, wording: Wording) -> Iterator[tuple[int, int]]:
    yield from (found.span() for found in _any((*wording.vague.value, *wording.nobody.value)).finditer(text))


@lru_cache(maxsize=8)
def _any(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))))


SIGNS: Final = tuple(Sign)
