"""The pages of the desk: for scrutineers and clerks, step by step; and the public list of what was counted.

Pure functions like the voters' pages. Nobody is logged in: the key goes along in every form.
"""

from shigan.box.pages.desk.clerk import clerk
from shigan.box.pages.desk.frame import Message, Seat
from shigan.box.pages.desk.included import early, included
from shigan.box.pages.desk.printed import checkpoint, exact, shares
from shigan.box.pages.desk.scrutineer import door, scrutineer

__all__ = [
    "Message",
    "Seat",
    "checkpoint",
    "clerk",
    "door",
    "early",
    "exact",
    "included",
    "scrutineer",
    "shares",
]
