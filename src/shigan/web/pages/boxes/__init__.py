"""评议 in the ballot box: drafts, sealing, what was published, and taking tokens. docs/box.md."""

from __future__ import annotations

from django.urls import path

from shigan.web.pages.boxes import drafting, filing, one, tokens

urlpatterns = [
    path("boxes/", one.boxes, name="boxes"),
    path("boxes/about", one.about, name="box_about"),
    path("boxes/new", drafting.choose, name="new_box"),
    path("boxes/new/<str:preset>/<str:unit>", drafting.draft, name="box_draft"),
    path("boxes/file", filing.file, name="file_box"),
    path("boxes/<str:code>", one.box, name="box"),
    path("boxes/<str:code>/notice", one.notice, name="box_notice"),
    path("boxes/<str:code>/publish", filing.publish, name="publish_box"),
    path("boxes/<str:code>/roll", tokens.roll, name="token_roll"),
    path("tokens/", tokens.tokens, name="tokens"),
    path("tokens/<str:code>", tokens.token, name="token"),
]
