"""The pages that voters see: pure functions from manifest, names and language to whole HTML documents.

They work without JavaScript, hold nothing that differs from voter to voter except what the voter just sent,
and load two files: /box.css and /fill.js.
"""

from shigan.box.pages.about import about
from shigan.box.pages.comments import comment, commented
from shigan.box.pages.frame import path
from shigan.box.pages.looking import look, shown
from shigan.box.pages.refusing import refused
from shigan.box.pages.voting import Phase, receipt, vote

__all__ = ["Phase", "about", "comment", "commented", "look", "path", "receipt", "refused", "shown", "vote"]
