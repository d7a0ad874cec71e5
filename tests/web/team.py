"""Seven officials of U003, P0006 among them, judged at one session sheet by sheet."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from shigan.facts.appraisal import SheetsEntered, VoterClass
from shigan.facts.units import GroupFormed, PersonPosted, Rank
from shigan.web import boards, sealing, store
from shigan.work.admit import Author, Draft

YEAR = date.today().year
CODES = ("P0006", *(f"P01{n:02d}" for n in range(6)))
ODD = "44321" * 7
"""A sheet that anybody would know again."""


def judged_by(entered: Callable[[VoterClass, int], SheetsEntered]) -> None:
    """Post the seven to a team of their own, enter twelve sheets of peers and thirty of the staff, judge."""
    drafts = [
        Draft("G05", GroupFormed(scheme="县直部门领导干部", words="县直部门副职"), "U001", date.today())
    ]
    posted = PersonPosted(rank=Rank.DEPUTY, in_team=True, group="G05", managed_by="U001")
    drafts += [Draft(code, posted, "U003", date(YEAR, 1, 1)) for code in CODES]
    for voters, n in ((VoterClass.B, 12), (VoterClass.C, 30)):
        drafts.append(Draft(f"U003/{YEAR}", entered(voters, n), "U003", date.today()))
    store.append(drafts, Author("P0001", "U002"))
    sealing.seal()
    boards.judge_now()
