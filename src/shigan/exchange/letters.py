"""The letters of the overdue ladder as papers: 提醒函, 督办通知书, 告诫书; one lists several problems."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from shigan.exchange.papers import Paper, Para, Table
from shigan.exchange.papers.model import said
from shigan.facts.problems import LetterStep

TITLES = {
    LetterStep.REMINDER: "关于问题整改超期的提醒函",
    LetterStep.SUPERVISION: "督办通知书",
    LetterStep.ADMONITION: "告诫书",
}
_OPENINGS = {
    LetterStep.REMINDER: "你单位承担的下列问题，整改已超过期限，现予提醒：",
    LetterStep.SUPERVISION: "经提醒，你单位承担的下列问题仍未申报销号，现予督办：",
    LetterStep.ADMONITION: "经提醒、督办，你单位承担的下列问题仍未申报销号，现予告诫：",
}
_DEMANDS = {
    LetterStep.REMINDER: (
        "请抓紧整改。已经改到位的，请申报销号，由你单位以外的人核验；确有困难的，请说明理由，申请延期。"
    ),
    LetterStep.SUPERVISION: "请主要负责人过问，逐项明确责任人、措施和完成日期；已经改到位的，请即申报销号。",
    LetterStep.ADMONITION: "请领导班子专题研究，查明逾期的原因，逐项限期改正；整改情况将如实报告。",
}


@dataclass(frozen=True)
class Item:
    """One problem in a letter: its code, its words, its deadline, and how many days it is late."""

    code: str
    text: str
    deadline: date
    late: int


@dataclass(frozen=True)
class Letter:
    """A letter to one unit. `number` as `×组函〔2026〕5号`; `to` and `sign` are names of units."""

    step: LetterStep
    number: str
    to: str
    sign: str
    day: date
    answer_due: date
    items: Sequence[Item]

    @property
    def paper(self) -> Paper:
        """The letter as a paper after GB/T 9704."""
        rows = [[i.code, i.text, i.deadline.isoformat(), str(i.late)] for i in self.items]
        answer = f"请于{said(self.answer_due)}前书面答复：已做什么，还差什么，何时做完。"
        return Paper(
            title=TITLES[self.step],
            number=self.number,
            to=self.to,
            sign=self.sign,
            day=self.day,
            blocks=(
                Para(_OPENINGS[self.step]),
                Table(
                    ("编号", "问题", "完成期限", "超期（天）"),
                    rows,
                    widths=(1.3, 5, 1.6, 1.2),
                    align=("left", "left", "center", "right"),
                ),
                Para(_DEMANDS[self.step]),
                Para(answer),
            ),
        )
