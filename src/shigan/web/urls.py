"""All addresses: one list a mechanism."""

from __future__ import annotations

from django.urls import include, path

from shigan.web.pages import (
    accounts,
    acts,
    appraisal,
    boxes,
    burden,
    chart,
    documents,
    erasure,
    evaluations,
    home,
    imports,
    ledger,
    letters,
    meetings,
    organization,
    own,
    practices,
    problems,
    rules,
    search,
    suggestions,
    visits,
)

urlpatterns = [
    path("i18n/", include("django.conf.urls.i18n")),
    *home.urlpatterns,
    *accounts.urlpatterns,
    *acts.urlpatterns,
    *appraisal.urlpatterns,
    *evaluations.urlpatterns,
    *boxes.urlpatterns,
    *documents.urlpatterns,
    *problems.urlpatterns,
    *letters.urlpatterns,
    *chart.urlpatterns,
    *imports.urlpatterns,
    *visits.urlpatterns,
    *practices.urlpatterns,
    *meetings.urlpatterns,
    *suggestions.urlpatterns,
    *burden.urlpatterns,
    *organization.urlpatterns,
    *own.urlpatterns,
    *search.urlpatterns,
    *ledger.urlpatterns,
    *erasure.urlpatterns,
    *rules.urlpatterns,
]
