"""The verifier as one page: a scrutineer opens it from a stick, in any browser, without network.

It says the same as `shigan box verify`, written a second time in another language, so that a mistake in one
of them shows. The scripts are readable as they stand here; nothing is compiled.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).parent
STATIC = HERE.parent / "static"
SCRIPTS = (
    STATIC / "bytes.js",
    STATIC / "sha2.js",
    STATIC / "blind.js",
    HERE / "canonical.js",
    HERE / "merkle.js",
    HERE / "ed25519.js",
    HERE / "publication.js",
    HERE / "manifest.js",
    HERE / "shape.js",
    HERE / "count.js",
)
"""The mathematics, each file after those that it uses; they need no page."""


def page() -> str:
    """The whole page as HTML text (UTF-8), some 45 KB; by its own policy it may load nothing more."""
    return assembled(HERE / "template.html", (*SCRIPTS, HERE / "words.js", HERE / "page.js"))


def assembled(template: Path, scripts: Sequence[Path]) -> str:
    """One page of a template, the common style and these scripts, which may load nothing more."""
    whole, style = "".join(map(_text, scripts)), _text(HERE / "style.css")
    made = _text(template).replace("{{policy}}", _policy(whole, style))
    return made.replace("{{style}}", style).replace("{{scripts}}", whole)


def _policy(scripts: str, style: str) -> str:
    """Only this script and this style, known by their hashes (Content Security Policy Level 3)."""
    return (
        f"default-src 'none'; script-src '{_hash(scripts)}'; style-src '{_hash(style)}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")
