"""An evaluation in the ballot box: `files` turns the box's files into facts, `state` folds, `rules` guard."""

from shigan.work.boxes.files import closed, opened, result_of, signature_of
from shigan.work.boxes.state import NEXT, PUBLISHED, SEALED, Box, fold

__all__ = ["NEXT", "PUBLISHED", "SEALED", "Box", "closed", "fold", "opened", "result_of", "signature_of"]

from shigan.work.boxes import rules as rules  # guards are registered when the package is read
