"""The problem list: the ledger and its export, one problem, units side by side, look-backs that are due."""

from __future__ import annotations

from django.urls import path

from shigan.web.pages.problems.ledger import export, problems
from shigan.web.pages.problems.one import new_problem, problem
from shigan.web.pages.problems.overview import look_backs, units

urlpatterns = [
    path("problems/", problems, name="problems"),
    path("problems/new", new_problem, name="new_problem"),
    path("problems/export.xlsx", export, name="problems_export"),
    path("problems/units", units, name="problem_units"),
    path("problems/look-backs", look_backs, name="look_backs"),
    path("problems/<str:code>", problem, name="problem"),
]
