"""公文: the register, one document beside its sources, drafts before they are issued. docs/reuse.md."""

from __future__ import annotations

from django.urls import path

from shigan.web.pages.documents import one, register, writing

urlpatterns = [
    path("documents/", register.documents, name="documents"),
    path("documents/units", register.units, name="document_units"),
    path("documents/check", writing.check, name="check_document"),
    path("documents/new", writing.new, name="new_document"),
    path("documents/<str:code>", one.document, name="document"),
    path("documents/<str:code>/beside/<str:other>", one.beside, name="document_beside"),
]
