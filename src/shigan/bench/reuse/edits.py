"""How clerks change what they copy: words, names, order and spelling; origins are kept throughout."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np

from shigan.bench.reuse.spans import Span, joined, own


def _pairs(words: str) -> dict[str, str]:
    """Pairs written as old/new."""
    return dict(pair.split("/") for pair in words.split())


SYNONYMS = _pairs("""
    加强/强化 应当/应该 规定/要求 负责/主管 按照/依照 以及/和 建立/设立 完善/健全 提高/提升
    推进/推动 落实/执行 组织/安排 开展/进行 及时/尽快 有关/相关 确保/保证 实施/施行 必须/务必
    鼓励/支持 制定/拟定 认真/严格 工作/事项 保护/维护 部门/单位 申请/提出申请 检查/核查 管理/监管
    进一步/更加 全面/全方位 重点/着重 促进/推进 结合/立足 下列/以下 可以/得以 指导/引导 情况/情形
    人员/同志 措施/办法 报告/汇报 通知/告知 范围/界限
""")
"""A word and what is written for it."""

WORD = re.compile("|".join(sorted(SYNONYMS, key=len, reverse=True)))
FILLERS = (
    "切实",
    "进一步",
    "不断",
    "认真",
    "全面",
    "扎实",
    "持续",
    "着力",
    "深入",
    "统筹",
    "积极稳妥地",
    "有序",
)

NAMES = _pairs("""
    省人民代表大会常务委员会/县人民代表大会常务委员会
    市人民代表大会常务委员会/县人民代表大会常务委员会 省人民政府/县人民政府 市人民政府/县人民政府
    本省/本县 本市/本县 全省/全县 全市/全县 省级/县级 省有关/县有关 河南省/临河县 浙江省/石桥县
    北京市/云岭县 上海市/沙口县 重庆市/双江县 全国/全县
""")
"""What is written when an upper level's text is sent down; the counties are invented."""

SIMPLIFIED = (
    "国务产业应当规会员办决实条组织违责处开发关经济计划农卫学习门标准质监区设进过时这为对与个们来见问题书长"
)
TRADITIONAL = (
    "國務產業應當規會員辦決實條組織違責處開發關經濟計劃農衛學習門標準質監區設進過時這為對與個們來見問題書長"
)
TO_TRADITIONAL = str.maketrans(SIMPLIFIED, TRADITIONAL)
TO_SIMPLIFIED = str.maketrans(TRADITIONAL, SIMPLIFIED)
TO_OTHER_WIDTH = str.maketrans("0123456789，；：（）％", "０１２３４５６７８９,;:()%")
GONE = 0.85
"""From this share on the sentence is written anew."""
TAKEN = 1.7
"""Characters of the copy that an edit costs on average, in sentences that have several."""
LONGEST = 8
"""Characters of a replacement; of a deletion half as many."""

Random = np.random.Generator
Fragment = Callable[[int], str]
"""Gives so many characters that no document of the benchmark wrote."""
Edit = Callable[[Span, Fragment, Random], Span]


def edited(sentence: Span, rate: float, fragment: Fragment, random: Random) -> Span:
    """A sentence of which a share is edited that is exponential around `rate` (0 to 1).

    So some sentences stay as they are and some are written anew, as in life.
    """
    share = random.exponential(rate) if rate else 0.0
    if share >= GONE:
        return own(fragment(len(sentence)))
    for _ in range(random.poisson(share * len(sentence) / TAKEN)):
        sentence = EDITS[int(random.integers(len(EDITS)))](sentence, fragment, random)
    return sentence


def _synonym(sentence: Span, fragment: Fragment, random: Random) -> Span:
    words = list(WORD.finditer(sentence.text))
    if not words:
        return _replaced(sentence, fragment, random)
    word = words[random.integers(len(words))]
    return _put(sentence, word.start(), word.end(), SYNONYMS[word.group()])


def _deleted(sentence: Span, fragment: Fragment, random: Random) -> Span:
    start = int(random.integers(max(1, len(sentence) - 1)))
    return _put(sentence, start, start + int(random.integers(1, LONGEST // 2 + 1)), "")


def _inserted(sentence: Span, fragment: Fragment, random: Random) -> Span:
    start = int(random.integers(max(1, len(sentence))))
    return _put(sentence, start, start, FILLERS[random.integers(len(FILLERS))])


def _replaced(sentence: Span, fragment: Fragment, random: Random) -> Span:
    start = int(random.integers(max(1, len(sentence) - 1)))
    length = int(random.integers(2, LONGEST + 1))
    return _put(sentence, start, start + length, fragment(length))


EDITS: Sequence[Edit] = (_synonym, _deleted, _inserted, _replaced)


def _put(sentence: Span, start: int, end: int, text: str) -> Span:
    """`text` in place of [start, end), which never reaches over the full stop at the end."""
    end = max(start, min(end, len(sentence) - 1))
    return joined([sentence.part(0, start), own(text), sentence.part(end, len(sentence))])


def renamed(span: Span) -> Span:
    """Names and levels of the sender become those of a county."""
    pieces, last = [], 0
    for match in re.finditer("|".join(NAMES), span.text):
        start, end, new = match.start(), match.end(), NAMES[match.group()]
        kept = common_end(match.group(), new)
        pieces += [span.part(last, start), own(new[: len(new) - kept]), span.part(end - kept, end)]
        last = end
    return joined([*pieces, span.part(last, len(span))])


def common_end(old: str, new: str) -> int:
    """How many of the last characters are the same."""
    count = 0
    while count < min(len(old), len(new)) and old[-1 - count] == new[-1 - count]:
        count += 1
    return count


def moved(sentences: Sequence[Span], random: Random) -> list[Span]:
    """Two neighbouring blocks of up to eight sentences change places."""
    if len(sentences) < 4:
        return list(sentences)
    first, second = (int(random.integers(1, min(8, len(sentences) // 2) + 1)) for _ in range(2))
    start = int(random.integers(len(sentences) - first - second + 1))
    middle, end = start + first, start + first + second
    return [*sentences[:start], *sentences[middle:end], *sentences[start:middle], *sentences[end:]]


def traditional(span: Span) -> Span:
    """About a third of the characters written in their traditional form."""
    return span.respelt(span.text.translate(TO_TRADITIONAL))


def widened(span: Span) -> Span:
    """Digits in full width, punctuation in half width."""
    return span.respelt(span.text.translate(TO_OTHER_WIDTH))


def spaced(span: Span, random: Random) -> Span:
    """Blanks at random places, as text taken from a scan or a table has them."""
    count = len(span) // 25
    places = np.sort(random.choice(len(span), count, replace=False)) if count else np.empty(0, np.int64)
    cuts = [0, *map(int, places), len(span)]
    parts = [span.part(start, end) for start, end in pairwise(cuts)]
    return joined(part for piece in parts for part in (piece, own(" ")))
