"""The offline page: a checkpoint, a receipt or the proof of an entry is verified in any browser, without
network. The mathematics are the scripts of the ballot box's verifier."""

from __future__ import annotations

from pathlib import Path

from shigan.box.verifier import HERE as BOX
from shigan.box.verifier import STATIC, assembled

HERE = Path(__file__).parent
SCRIPTS = (STATIC / "bytes.js", STATIC / "sha2.js", BOX / "merkle.js", BOX / "ed25519.js", HERE / "proof.js")
"""What needs no page, each file after those that it uses."""


def page() -> str:
    """The whole page as HTML text (UTF-8), some 20 KB."""
    return assembled(HERE / "template.html", (*SCRIPTS, HERE / "page.js"))
