"""A problem's life: `state` folds it, `rules` say what may follow."""

from shigan.work.problems.rules import STANDS, gate, next_letter
from shigan.work.problems.state import (
    AT_WORK,
    CLAIMED,
    DROPPED,
    FIXED,
    LADDER,
    MEASURED,
    NEXT,
    OPEN,
    PARTLY,
    RAISED,
    RELAPSED,
    Problem,
    fold,
    next_look_back,
    next_watch,
)

__all__ = [
    "AT_WORK",
    "CLAIMED",
    "DROPPED",
    "FIXED",
    "LADDER",
    "MEASURED",
    "NEXT",
    "OPEN",
    "PARTLY",
    "RAISED",
    "RELAPSED",
    "STANDS",
    "Problem",
    "fold",
    "gate",
    "next_letter",
    "next_look_back",
    "next_watch",
]
