"""What is taken away from the ledger: the printed checkpoint, a proof file, the page to verify offline."""

from __future__ import annotations

import segno
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from shigan.ledger import page as offline
from shigan.web import exporting, proving, rights, sealing, store
from shigan.web.models import EntryRow


def proof_file(request: HttpRequest, position: int) -> HttpResponse:
    """The proof of an entry as a file (C2SP tlog-proof)."""
    rights.require(request.user, "see:ledger")
    row = EntryRow.objects.filter(position=position).first()
    proof = proving.prove(store.read_entry(row)) if row else None
    if proof is None:
        raise Http404(position)
    return _file(proof.text(), f"{position}.tlog-proof", "text/plain")


def slip(request: HttpRequest) -> HttpResponse:
    """The newest checkpoint on A6 paper, for the archive, the discipline inspection, the notice board."""
    rights.require(request.user, "see:ledger")
    seal = sealing.last()
    context = {"seal": seal, "key": exporting.key(), "qr": qr(seal.note) if seal else ""}
    return render(request, "ledger/slip.html", {"section": "ledger", **context})


def verifier(request: HttpRequest) -> HttpResponse:
    """The page that verifies without network, as a file to take away."""
    rights.require(request.user, "see:ledger")
    return _file(offline.page(), "verify.html", "text/html")


def _file(text: str, name: str, kind: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text, content_type=f"{kind}; charset=utf-8", headers=headers)


def qr(text: str) -> SafeString:
    """The text as a QR code, of which 15 % may be lost (ISO/IEC 18004, level M)."""
    svg = segno.make(text, error="m", micro=False).svg_inline(
        omitsize=True, svgclass="sg-qr", lineclass=None, title=gettext("二维码")
    )
    return mark_safe(svg)  # drawn by segno out of squares alone


urlpatterns = [
    path("ledger/slip", slip, name="ledger_slip"),
    path("ledger/verify.html", verifier, name="ledger_verifier"),
    path("ledger/<int:position>.tlog-proof", proof_file, name="proof_file"),
]
