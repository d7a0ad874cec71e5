"""From the sheets of an evaluation to an honest reading: severity, halo, carelessness, blocs allowed for."""

from shigan.maths.raters.reading import Bloc, Reading, read
from shigan.maths.raters.sheets import BLANK, Sheets

__all__ = ["BLANK", "Bloc", "Reading", "Sheets", "read"]
