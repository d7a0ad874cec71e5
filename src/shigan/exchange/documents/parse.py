"""Runs alone, as `python -I parse.py docx|pdf|html|txt`: a file on standard input, JSON on standard output.

It imports nothing of ours, because it is the part of the house that may be killed: 512 MB of memory,
20 s of processor. The answer is `{"text": …, "margin": …}` or `{"fault": name}`; see `read.py`. `margin` is
what stands outside the text, in page headers, comments and properties, where a secrecy mark may hide.
"""

from __future__ import annotations

import contextlib
import html.parser
import io
import json
import re
import sys
import zipfile
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

MEMORY, SECONDS = 512 * 2**20, 20
MAX_PAGES, MAX_LETTERS = 500, 200_000

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
"""A text box's second copy, for old readers."""
DRAWN = {
    "{urn:schemas-microsoft-com:vml}textpath": ("string",),
    "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr": ("title", "descr"),
}
"""Words that are an attribute: a watermark's, and what a picture is said to show."""
BODY = "word/document.xml"
MARGINS = re.compile(r"word/(?:header|footer|comments|footnotes|endnotes)\w*\.xml|docProps/\w+\.xml")
BREAKS = {
    "p", "div", "br", "tr", "li", "h1", "h2", "h3", "h4", "h5", "h6", "table", "section", "article", "title",
}  # fmt: skip
UNSAID = {"script", "style", "noscript", "template"}


class RefusedError(Exception):
    """The words are the name of the sentence in `read.py`."""


def limit() -> None:
    """Hold this process to its memory and time, where the system can (not on Windows)."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def parse(kind: str, data: bytes) -> dict[str, Any]:
    """The text of a file and its margins."""
    text, margin = READERS[kind](data)
    if len(text) > MAX_LETTERS:
        raise RefusedError("letters")
    if not text.strip():
        raise RefusedError("scanned" if kind == "pdf" else "empty")
    return {"text": text, "margin": margin}


def docx(data: bytes) -> tuple[str, str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        body = tree(archive.read(BODY))
        margins = [tree(archive.read(name)) for name in archive.namelist() if MARGINS.fullmatch(name)]
    unwritten = (words for part in (body, *margins) for words in drawn(part))
    return written(body), "\n".join([*map(written, margins), *unwritten])


def tree(xml: bytes) -> ElementTree.Element:
    if b"<!DOCTYPE" in xml[:2000] or b"<!ENTITY" in xml[:2000]:
        raise RefusedError("broken")
    return ElementTree.fromstring(xml)


def written(part: ElementTree.Element) -> str:
    """The words of a part, a paragraph a line."""
    return "".join(said(part)).strip("\n")


def drawn(part: ElementTree.Element) -> Iterator[str]:
    for inner in part.iter():
        for name in DRAWN.get(inner.tag, ()):
            yield inner.get(name, "")


def said(part: ElementTree.Element) -> Iterator[str]:
    if part.tag == FALLBACK:
        return
    if part.tag == f"{W}t" or (not part.tag.startswith(W) and part.text and not len(part)):
        yield part.text or ""
    elif part.tag in (f"{W}br", f"{W}cr"):
        yield "\n"
    elif part.tag == f"{W}tab":
        yield "\t"
    for inner in part:
        yield from said(inner)
    if part.tag == f"{W}p" or not part.tag.startswith(W):
        yield "\n"


def pdf(data: bytes) -> tuple[str, str]:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted:
            raise RefusedError("password")
        if len(reader.pages) > MAX_PAGES:
            raise RefusedError("pages")
        text = "\n".join(page.extract_text() for page in reader.pages)
        return text, "\n".join(str(value) for value in (reader.metadata or {}).values())
    except (PyPdfError, ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError) as error:
        raise RefusedError("broken") from error


class Page(html.parser.HTMLParser):
    """What a page says, a block a line."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.unsaid = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.unsaid += tag in UNSAID
        if tag in BREAKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self.unsaid = max(0, self.unsaid - (tag in UNSAID))
        if tag in BREAKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.unsaid:
            self.parts.append(re.sub(r"\s+", " ", data))


def page(data: bytes) -> tuple[str, str]:
    reader = Page()
    reader.feed(decoded(data))
    reader.close()
    return re.sub(r"\s*\n\s*", "\n", "".join(reader.parts)).strip(), ""


def plain(data: bytes) -> tuple[str, str]:
    return decoded(data).replace("\r\n", "\n").replace("\r", "\n"), ""


def decoded(data: bytes) -> str:
    """UTF-8, UTF-16 with its mark, or GB 18030 (and so GBK and GB 2312)."""
    codes = ["utf-16"] if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig", "gb18030"]
    for code in codes:
        with contextlib.suppress(UnicodeDecodeError):
            return data.decode(code)
    raise RefusedError("letters_unknown")


READERS = {"docx": docx, "pdf": pdf, "html": page, "txt": plain}


def answer(kind: str, data: bytes) -> dict[str, Any]:
    """As `parse`, with every way to fail as the name of a sentence."""
    try:
        return parse(kind, data)
    except RefusedError as error:
        return {"fault": str(error)}
    except (ElementTree.ParseError, KeyError, zipfile.BadZipFile, RecursionError):
        return {"fault": "broken"}


if __name__ == "__main__":
    limit()
    sys.stdout.buffer.write(json.dumps(answer(sys.argv[1], sys.stdin.buffer.read())).encode())
