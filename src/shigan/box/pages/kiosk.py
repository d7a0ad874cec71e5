"""The voting page for a computer in the hall: it comes back empty by itself, without any script."""

from __future__ import annotations

from shigan.box.pages.frame import path
from shigan.box.words import Language

RECEIPT_SECONDS = 20
REFUSED_SECONDS = 180
"""Time to type a code again; then marks of somebody who went away are gone."""


def kiosk(page: bytes, language: Language, seconds: int = 0) -> bytes:
    """A voting page whose ways all lead back to the kiosk; after so many seconds it goes there by itself."""
    home, here = path(language).encode(), path(language, "kiosk").encode()
    page = page.replace(b'action="%b"' % path(language, "cast").encode(), b'action="%b"' % here)
    page = page.replace(b'href="%b"' % home, b'href="%b"' % here)
    if seconds:
        refresh = b'<meta http-equiv=refresh content="%d; url=%b">\n<title>' % (seconds, here)
        page = page.replace(b"<title>", refresh, 1)
    return page
