"""Appraisal: comparison groups, evidence profiles, teams, the own record, what the officer records."""

from __future__ import annotations

from django.urls import path

from shigan.web.pages.appraisal import board, decide, profile, record, tally, team

urlpatterns = [
    path("appraisal/", board.groups, name="appraisal"),
    path("appraisal/group/<str:code>", board.group, name="group_now"),
    path("appraisal/group/<str:code>/<int:year>", board.group, name="group"),
    path("appraisal/group/<str:code>/<int:year>/decide", decide.decide, name="group_decide"),
    path("appraisal/group/<str:code>/<int:year>.<str:form>", board.download, name="group_paper"),
    path("appraisal/team/<str:unit>/<int:year>", team.team, name="team"),
    path("appraisal/record/", record.choose, name="record"),
    path("appraisal/record/<str:unit>/<int:year>", record.unit_record, name="unit_record"),
    path(
        "appraisal/record/<str:unit>/<int:year>/routine/<int:quarter>", record.routine, name="record_routine"
    ),
    path("appraisal/record/<str:code>/<int:year>/results", record.results, name="record_results"),
    path(
        "appraisal/record/<str:unit>/<int:year>/tally/<str:of>/<str:voters>", tally.tally, name="record_tally"
    ),
    path("appraisal/record/<str:person>/<int:year>/<str:kind>", record.one, name="record_one"),
    path("appraisal/<str:person>/<int:year>", profile.profile, name="profile"),
    path("appraisal/<str:person>/<int:year>.<str:form>", profile.download, name="profile_paper"),
    path("own/record", profile.own_record, name="own_record"),
    path("own/record/<int:year>", profile.own_record, name="own_record_of"),
]
