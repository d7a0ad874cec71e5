"""The stories of problems: who raises what when, and what becomes of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from shigan.demo.days import END, FIRST, moment, some_day
from shigan.demo.ground import INSPECTION_UNIT, OFFICE_UNIT, Unit
from shigan.demo.scene import Batch, Scene, Story, Thread
from shigan.demo.words import Matter
from shigan.facts.problems import (
    ExtensionAsked,
    ExtensionDecided,
    FixClaimed,
    LetterAnswered,
    LetterSent,
    LookedBack,
    MeasureSet,
    ProblemDropped,
    ProblemRaised,
    ProblemReopened,
    ProgressReported,
    ResultChecked,
    Source,
    Term,
    Verdict,
    Why,
)
from shigan.facts.units import UnitKind
from shigan.maths.workdays import add_months
from shigan.work.admit import Author
from shigan.work.problems import LADDER

RAISERS = {
    Source.INSPECTION: "巡察", Source.LETTERS: "信访", Source.AUDIT: "审计", Source.SUPERVISION: "委办公室",
    Source.APPRAISAL: "组织部", Source.OTHER: "政务服务",
}  # fmt: skip
"""The office that raises problems of a source, by a part of its name."""
WHY = {
    Why.BEYOND_DUTY: "dropped_beyond",
    Why.NO_MEANS: "dropped_means",
    Why.MISTAKEN: "dropped_mistaken",
}
TERMS = {Term.AT_ONCE: (12, 28), Term.LIMITED: (40, 90), Term.LASTING: (150, 260)}
"""From the raising to the deadline, in days."""


@dataclass(slots=True)
class Problem:
    """A problem as it will be raised; `code` is given once all are in order of time. `copies` is the village
    whose reports are copied, or copied from."""

    unit: str
    matter: Matter
    source: Source
    raiser: Author
    now: datetime
    day: date
    code: str = ""
    origin: str = ""
    copies: str = ""

    def raised(self, scene: Scene) -> ProblemRaised:
        """The first fact about it."""
        text = self.matter.say("raise", scene.random, self.day)
        return ProblemRaised(source=self.source, category=self.matter.category, text=text, origin=self.origin)


def planned(scene: Scene) -> list[Problem]:
    """The problems that offices raise at their desks: from inspection, letters, audit and supervision."""
    random, units = scene.random, scene.land.units
    weights = {UnitKind.TOWNSHIP: 9.0, UnitKind.VILLAGE: 1.3, UnitKind.COUNTY: 0.0}
    codes = list(units)
    chosen = random.choices(codes, [weights.get(u.kind, 3.0) for u in units.values()], k=scene.number(1250))
    found = [_at_desk(scene, unit) for unit in chosen]
    for unit in sorted(scene.plan.paper | scene.plan.late):
        found += [_at_desk(scene, unit) for _ in range(9)]
    for unit in sorted(scene.plan.relapse):
        found += [_at_desk(scene, unit, date(2026, 3, 20)) for _ in range(14)]
    return found + list(_copied(scene))


def _copied(scene: Scene) -> Iterator[Problem]:
    """Problems alike in neighbouring villages; the source's come first."""
    for source in sorted(set(scene.plan.copied.values())):
        villages = [source, *sorted(v for v, of in scene.plan.copied.items() if of == source)]
        for number in range(2):
            matter = scene.matter(source)
            for village in villages:
                start = date(2026, (1 if village == source else 4) + 3 * number, 5)
                problem = _at_desk(scene, village, start + timedelta(days=8), start)
                problem.matter, problem.copies = matter, f"{source}/{number}"
                yield problem


def _at_desk(scene: Scene, unit: str, until: date = END, start: date = FIRST) -> Problem:
    source = scene.random.choices(list(RAISERS), [5, 5, 2, 3, 1, 1])[0]
    day = some_day(scene.random, start, until)
    return Problem(
        unit, scene.matter(unit), source, _raiser(scene, unit, source), moment(day, scene.random), day
    )


def _raiser(scene: Scene, unit: str, source: Source) -> Author:
    word = RAISERS[source]
    names = scene.land.names
    for watcher in scene.watchers:
        if word in names[watcher.code].name and watcher.code != unit:
            return scene.clerk(watcher.code)
    return scene.clerk(INSPECTION_UNIT if unit != INSPECTION_UNIT else OFFICE_UNIT)


def told(scene: Scene, problem: Problem) -> Story:
    """A problem raised at a desk, and its life."""
    thread = Thread(scene, problem.code, problem.unit, problem.now)
    yield thread.write(problem.raiser, problem.raised(scene))
    yield from lived(scene, problem)


def lived(scene: Scene, problem: Problem) -> Story:
    """What becomes of a raised problem."""
    return _Life(scene, problem).told()


class _Life:
    """The unit works, others look; chance and the characters of the units decide how it goes."""

    def __init__(self, scene: Scene, problem: Problem) -> None:
        self.scene, self.problem, self.random = scene, problem, scene.random
        self.thread = Thread(scene, problem.code, problem.unit, problem.now)
        self.unit = scene.land.units[problem.unit]
        self.paper = problem.unit in scene.plan.paper
        self.measures, self.due, self.letters, self.claims, self.reports = "", problem.day, 0, 0, 0

    def told(self) -> Story:
        if self.random.random() < 0.03 and not self.problem.copies:
            yield self._drop(Why.MISTAKEN)
            return
        yield self._plan()
        yield from self._work()
        if self.random.random() < 0.03:
            yield self._drop(self.random.choice([Why.BEYOND_DUTY, Why.NO_MEANS]))
            return
        yield from self._solve()
        yield from self._watch()

    def _say(self, rule: str, **given: object) -> str:
        return self.problem.matter.say(rule, self.random, self.thread.day, **given)

    def _own(self) -> Author:
        return self.scene.clerk(self.unit.code)

    def _plan(self) -> Batch:
        """Goal, measures and deadline, a few days after the raising."""
        own = self._own()
        day = self.thread.after(1, 10, own.by_unit)
        term = self.random.choices(list(TERMS), [25, 60, 15])[0]
        if day > self.problem.day + timedelta(days=TERMS[Term.AT_ONCE][0]):
            term = Term.LIMITED
        self.due = max(self.problem.day + timedelta(days=self.random.randint(*TERMS[term])), day)
        self.measures = self._say("measures")
        led = self.scene.land.led_by(self.unit.code)
        if not led:
            led = self.scene.land.team(OFFICE_UNIT)
        fact = MeasureSet(
            goal=self._say("goal"), measures=self.measures, term=term, due=self.due, leader=led[0].code,
            owner=self.random.choice(led).code,
        )  # fmt: skip
        return self.thread.write(own, fact)

    def _work(self) -> Story:
        """Reports of progress up to the deadline, at times an extension."""
        span = (self.due - self.thread.now.date()).days
        for _ in range(max(1, min(8, span // 14))):
            low = max(2, span // 10)
            yield self._progress(low, low + max(3, span // 8))
        if span > 30 and self.random.random() < 0.13:
            yield from self._extension()

    def _progress(self, low: int, high: int) -> Batch:
        own = self._own()
        self.thread.after(low, high, own.by_unit)
        text = self._copied_text("progress") or self._say("progress")
        return self.thread.write(own, ProgressReported(text=text))

    def _copied_text(self, rule: str) -> str:
        """The text where it is copied: from the plan, or from the neighbouring village."""
        if self.paper and self.random.random() < self.scene.strength(self.unit.code, 1):
            return self.measures if rule == "progress" else f"已按措施落实到位：{self.measures}"
        if not self.problem.copies:
            return ""
        told = self.scene.copied.setdefault(self.problem.copies, [])
        self.reports += 1
        if self.problem.copies.startswith(self.unit.code):
            told.append((self.thread.now, self._say(rule)))
        written = [text for now, text in told if now <= self.thread.now]
        return written[self.reports - 1] if self.reports <= len(written) else ""

    def _extension(self) -> Story:
        own, office = self._own(), self.scene.officer()
        if own.by_unit == office.by_unit:
            return
        self.thread.at(self.due - timedelta(days=self.random.randint(4, 9)), own.by_unit)
        until = self.due + timedelta(days=self.random.randint(15, 60))
        yield self.thread.write(own, ExtensionAsked(due=until, reason=self._say("extend")))
        granted = self.random.random() < 0.8
        self.thread.after(1, 4, office.by_unit)
        said = self._say("granted" if granted else "refused")
        yield self.thread.write(office, ExtensionDecided(granted=granted, reason=said))
        self.due = until if granted else self.due

    def _solve(self) -> Story:
        """Claims and checks until somebody else finds it solved, or nobody tries any more."""
        late = self.random.random() < 0.17
        offset = self.random.randint(2, 48) if late else -self.random.randint(0, 7)
        while self.claims < 4:
            claim_day = self.due + timedelta(days=offset)
            yield from self._letters(claim_day)
            yield self._claim(claim_day)
            verdict = self._verdict()
            yield self._check(verdict)
            if verdict is Verdict.SOLVED:
                self.scene.fixed.add(self.problem.code)
                return
            yield self._progress(5, 18)
            offset = (self.thread.now.date() - self.due).days + self.random.randint(3, 20)
        yield self._drop(Why.NO_MEANS)

    def _letters(self, until: date) -> Story:
        """The ladder of letters while it is overdue, each answered."""
        rules, office = self.scene.rules.problems, self.scene.officer()
        answer = date.min
        while self.letters < len(LADDER):
            step = LADDER[self.letters]
            day = self.due + timedelta(days=int(rules.overdue.of(step)) + self.random.randint(0, 3))
            day = max(day, answer + timedelta(days=1))
            if day >= until or office.by_unit == self.unit.code:
                return
            day = self.thread.at(day, office.by_unit)
            answer = day + timedelta(days=int(rules.answer.of(step)))
            number = f"演组函〔{day.year}〕{self.random.randint(1, 400)}号"
            yield self.thread.write(office, LetterSent(step=step, answer_due=answer, number=number))
            self.letters += 1
            own = self._own()
            self.thread.after(1, 8, own.by_unit)
            yield self.thread.write(own, LetterAnswered(text=self._say("answer")))

    def _claim(self, day: date) -> Batch:
        own = self._own()
        self.thread.at(day, own.by_unit)
        result = self._copied_text("result") or self._say("result")
        self.claims += 1
        return self.thread.write(own, FixClaimed(result=result, evidence=self._say("evidence")))

    def _verdict(self) -> Verdict:
        solving = self.scene.characters[self.unit.code].solving + 0.15 * (self.claims - 1)
        if self.paper:
            solving = 0.12
        if self.random.random() < solving:
            return Verdict.SOLVED
        return self.random.choice([Verdict.PARTLY, Verdict.UNSOLVED])

    def _check(self, verdict: Verdict) -> Batch:
        checker = self._checker()
        self.thread.after(2, 13, checker.by_unit)
        rule = {Verdict.SOLVED: "found_good", Verdict.PARTLY: "found_partly", Verdict.UNSOLVED: "found_bad"}
        fact = ResultChecked(
            method=self._method(), verdict=verdict, found=self._say(rule[verdict]),
            watch=tuple(self.scene.rules.problems.look_back_months.value),
        )  # fmt: skip
        return self.thread.write(checker, fact)

    def _checker(self) -> Author:
        """Whoever raised it, if of another unit; else somebody of a unit chosen by chance."""
        if self.problem.raiser.by_unit != self.unit.code and self.random.random() < 0.6:
            return self.problem.raiser
        others: list[Unit] = self.scene.watchers
        return self.scene.clerk(self._other(others))

    def _other(self, units: list[Unit]) -> str:
        while (code := self.random.choice(units).code) == self.unit.code:
            pass
        return code

    def _method(self) -> str:
        return self.random.choice(self.scene.rules.problems.result_methods.value)

    def _drop(self, why: Why) -> Batch:
        by = self.problem.raiser if self.problem.raiser.by_unit != self.unit.code else None
        by = by or self.scene.clerk(INSPECTION_UNIT if self.unit.code != INSPECTION_UNIT else OFFICE_UNIT)
        self.thread.after(3, 12, by.by_unit)
        return self.thread.write(by, ProblemDropped(why=why, reason=self._say(WHY[why])))

    def _watch(self) -> Story:
        """Look-backs after closing; a relapse or a reopening brings it back to work, once."""
        if self.problem.code not in self.scene.fixed:
            return
        again = False
        if self.random.random() < 0.02:
            yield self._reopen()
            again = True
        else:
            closed = self.thread.day
            for months in self.scene.rules.problems.look_back_months.value:
                relapsed = self._relapses()
                yield self._look_back(add_months(closed, months), months, relapsed)
                if relapsed:
                    again = True
                    break
        if again:
            self.scene.fixed.discard(self.problem.code)
            yield self._progress(4, 15)
            yield from self._solve_again()

    def _relapses(self) -> bool:
        often = self.unit.code in self.scene.plan.relapse
        return self.random.random() < (self.scene.strength(self.unit.code, 0.72) if often else 0.05)

    def _look_back(self, day: date, months: int, relapsed: bool) -> Batch:
        checker = self._checker()
        self.thread.at(day + timedelta(days=self.random.randint(-9, 9)), checker.by_unit)
        found = self._say("relapsed", months=months) if relapsed else self._say("found_good")
        fact = LookedBack(months=months, relapsed=relapsed, method=self._method(), found=found)
        return self.thread.write(checker, fact)

    def _reopen(self) -> Batch:
        raiser = self.problem.raiser
        self.thread.after(15, 70, raiser.by_unit)
        return self.thread.write(raiser, ProblemReopened(reason=self._say("reopened")))

    def _solve_again(self) -> Story:
        yield self._claim(self.thread.now.date() + timedelta(days=self.random.randint(10, 30)))
        yield self._check(Verdict.SOLVED)
        self.scene.fixed.add(self.problem.code)
