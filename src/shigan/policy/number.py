"""A number of the field: its value with unit, the sentence it stands in, and where it comes from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Generic, TypeVar

from shigan.facts.faults import _, told

V = TypeVar("V")

MEASURES = (
    "日", "工作日", "月", "年", "秒", "分钟", "%", "倍", "分", "人", "次", "字", "份", "件", "个",
    "户", "万元",
)  # fmt: skip
WORDS = "词"
"""The «unit» of a list of words that texts are searched for: a sentence says how many they are."""
WORDINGS = ("比", "是否", "文字", "名目", "时刻", WORDS)
UNITS = MEASURES + WORDINGS
"""The closed list: measures that a sentence must name, and the «units» of parts, words and yes-or-no."""


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Where a value comes from. `verified` means: the article was read word by word in the law's own text.

    `since` is the day the source is in force from; `note` says what evidence there is when not verified.
    """

    source: str
    article: str = ""
    since: date
    verified: bool = False
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Number(Origin, Generic[V]):
    """One value of the rule book: `name` is its key, `words` a sentence with {value} and {unit}.

    `terms` fills what else the sentence of a scheme's weight leaves open (which scheme, which indicator).
    """

    name: str
    value: V
    unit: str
    words: str
    terms: Mapping[str, str] = field(default_factory=dict)

    @property
    def share(self) -> Decimal:
        """A percentage as a part of one. Raises `TypeError` for any other unit."""
        if self.unit != "%" or not isinstance(self.value, Decimal):
            raise TypeError(f"{self.name} is in {self.unit}, not in %")
        return self.value / 100

    def sentence(self, translate: Callable[[str], str] = str) -> str:
        """The sentence of the rule book; `translate` turns its template and terms into another language."""
        listed = len(self.value) if self.unit == WORDS and isinstance(self.value, tuple) else self.value
        value = shown(listed, translate)
        return told(self.words, {"value": value, "unit": self.unit, **self.terms}, translate)


def shown(value: object, translate: Callable[[str], str] = str) -> str:
    """A value as a person reads it: 是 or 否, lists with 、, decimals without an exponent."""
    if isinstance(value, bool):
        return translate(_("是")) if value else translate(_("否"))
    if isinstance(value, tuple):
        return translate(_("、")).join(shown(each, translate) for each in value)
    if isinstance(value, Decimal):
        return f"{value:f}"
    return translate(value) if isinstance(value, str) and value else str(value)


@dataclass(frozen=True)
class Units:
    """Marks which units the code that uses a number can work with."""

    allowed: tuple[str, ...]


Days = Annotated[Number[int], Units(("日",))]
WorkingDays = Annotated[Number[int], Units(("工作日",))]
Months = Annotated[Number[int], Units(("月",))]
MonthList = Annotated[Number[tuple[int, ...]], Units(("月",))]
Years = Annotated[Number[int], Units(("年",))]
Seconds = Annotated[Number[int], Units(("秒",))]
Minutes = Annotated[Number[int], Units(("分钟",))]
Percent = Annotated[Number[Decimal], Units(("%",))]
PercentList = Annotated[Number[tuple[int, ...]], Units(("%",))]
Ratio = Annotated[Number[Fraction], Units(("比",))]
Factor = Annotated[Number[Decimal], Units(("倍",))]
People = Annotated[Number[int], Units(("人",))]
Times = Annotated[Number[int], Units(("次",))]
Characters = Annotated[Number[int], Units(("字",))]
Count = Annotated[Number[int], Units(("件", "份", "个"))]
Flag = Annotated[Number[bool], Units(("是否",))]
Text = Annotated[Number[str], Units(("文字",))]
Clock = Annotated[Number[str], Units(("时刻",))]
Names = Annotated[Number[tuple[str, ...]], Units(("名目",))]
Words = Annotated[Number[tuple[str, ...]], Units((WORDS,))]
