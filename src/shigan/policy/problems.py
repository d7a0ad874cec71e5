"""The rules of the problem list: clocks, look-backs, letters, and which look at a problem closes it."""

from __future__ import annotations

from dataclasses import dataclass

from shigan.facts.faults import Fault, _
from shigan.facts.problems import LetterStep
from shigan.policy.number import Days, Flag, MonthList, Months, Names, Times
from shigan.policy.reading import About


@dataclass(frozen=True, kw_only=True)
class Ladder:
    """Days for each step of the overdue ladder 提醒 → 督办 → 告诫."""

    reminder: Days
    supervision: Days
    admonition: Days

    def of(self, step: LetterStep) -> int:
        """The days of one step."""
        days = {
            LetterStep.REMINDER: self.reminder,
            LetterStep.SUPERVISION: self.supervision,
            LetterStep.ADMONITION: self.admonition,
        }
        return days[step].value


@dataclass(frozen=True, kw_only=True)
class ProblemsPolicy:
    """`overdue`: days after the date due; `answer`: days to answer the letter."""

    about: About
    measure_days: Days
    at_once_days: Days
    limited_months: Months
    lasting_review_months: Months
    due_soon_days: Days
    check_days: Days
    look_back_months: MonthList
    look_back_grace_days: Days
    extensions: Times
    extension_days: Days
    overdue: Ladder
    answer: Ladder
    checker_of_other_unit: Flag
    result_methods: Names
    paper_methods: Names
    states: Names

    def closes(self, method: str) -> bool:
        """Whether a check by this method looks at the result itself, so that it may close a problem."""
        return method in self.result_methods.value

    def methods(self) -> tuple[str, ...]:
        """All methods a check may name."""
        return self.result_methods.value + self.paper_methods.value

    def check(self) -> None:
        after = (self.overdue.reminder.value, self.overdue.supervision.value, self.overdue.admonition.value)
        if list(after) != sorted(set(after)):
            raise Fault(
                _("提醒、督办、告诫的天数没有逐级增加"),
                remedy=_("按先提醒、再督办、后告诫填写。"),
                place="overdue",
            )
        if list(months := self.look_back_months.value) != sorted(set(months)) or not months[0]:
            raise Fault(
                _("回头看的月份没有从小到大排列"), remedy=_("如 3、6、12。"), place="look_back_months"
            )
        if both := set(self.result_methods.value) & set(self.paper_methods.value):
            raise Fault(
                _("“{method}”既算看结果又算看材料"),
                remedy=_("只留一处。"),
                place="paper_methods",
                method=min(both),
            )
