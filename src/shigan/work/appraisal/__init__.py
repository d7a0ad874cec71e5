"""A year's appraisal: `state` folds the files, `rules` guard what is recorded, `sheets` single sheets,
`grades` what is decided."""

from shigan.work.appraisal.grades import DAYS_PER_MONTH, blocks, excellent_percent, of_teams
from shigan.work.appraisal.rules import until
from shigan.work.appraisal.state import (
    CLOSED,
    DECIDED,
    EXCELLENT,
    GATHERING,
    IN_APPEAL,
    IN_REVIEW,
    NEXT,
    NOTIFIED,
    REVIEWED,
    UNGRADED,
    Entered,
    GroupYear,
    PersonYear,
    TeamYear,
    fold_group_year,
    fold_person_year,
    fold_team_year,
)

__all__ = [
    "CLOSED",
    "DAYS_PER_MONTH",
    "DECIDED",
    "EXCELLENT",
    "GATHERING",
    "IN_APPEAL",
    "IN_REVIEW",
    "NEXT",
    "NOTIFIED",
    "REVIEWED",
    "UNGRADED",
    "Entered",
    "GroupYear",
    "PersonYear",
    "TeamYear",
    "blocks",
    "excellent_percent",
    "fold_group_year",
    "fold_person_year",
    "fold_team_year",
    "of_teams",
    "until",
]
