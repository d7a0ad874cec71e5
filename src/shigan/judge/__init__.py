"""评判: the ledger as tables, policy applied, findings with their evidence. Reads only, knows no Django.

    tables = Tables.of(entries)                     # sealed `ledger.entry.Entry`, in any order
    book = judge(tables, rules, year, today)        # the same input gives the same book
    book.persons["P0123"].one("evaluation.mean")    # a Finding: value, low, high, n, evidence, compare, words

`MEASURES` is the closed list of what can be said and how each figure is computed. A Profile holds findings in
no order of merit: there is no total, no ranking and no grade in it, and `tests/judge/test_red_lines.py` walks
every key to keep it so. Flags ask for a second look; they change no figure.
"""

from shigan.judge.book import COUNTY, Book, judge
from shigan.judge.evaluation import evaluation
from shigan.judge.finding import Benchmark, Finding
from shigan.judge.flags import TITLES, Flag, Kind
from shigan.judge.measure import MEASURES, Measure
from shigan.judge.profile import Profile
from shigan.judge.sheets import Line
from shigan.judge.tables import Tables

__all__ = [
    "COUNTY",
    "MEASURES",
    "TITLES",
    "Benchmark",
    "Book",
    "Finding",
    "Flag",
    "Kind",
    "Line",
    "Measure",
    "Profile",
    "Tables",
    "evaluation",
    "judge",
]
