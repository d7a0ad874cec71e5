"""All addresses: one list a mechanism."""

from __future__ import annotations

from django.urls import include, path

from shigan.web.pages import accounts, acts, home, problems

urlpatterns = [
    path("i18n/", include("django.conf.urls.i18n")),
    *home.urlpatterns,
    *accounts.urlpatterns,
    *acts.urlpatterns,
    *problems.urlpatterns,
]
