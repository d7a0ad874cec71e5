"""What goes back to a browser, and what comes in a form: shared by the voters' pages and the desk."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from typing import Any
from urllib.parse import parse_qsl

from shigan.box.refusals import Refused

HTML = "text/html; charset=utf-8"
MOST_FIELDS = 2_100
Form = dict[str, str]


@dataclass(frozen=True)
class Answer:
    """`save_as` is the name under which a browser saves it; `store` lets it keep the file for an hour."""

    body: bytes
    status: int = 200
    kind: str = HTML
    store: bool = False
    save_as: str = ""


def fields(body: bytes, kind: str = "") -> Form:
    """The fields of a form, files among them; of several of one name the texts one after another.

    `kind` is the form's content type: urlencoded, or multipart where files are sent (RFC 7578). Raises
    Refused for what is no form.
    """
    try:
        return _parts(body, kind) if kind.startswith("multipart/form-data") else _pairs(body)
    except ValueError as error:
        raise Refused(
            "表单不完整", "the form is not whole", "请返回重填。", "Go back and fill it again."
        ) from error


def _pairs(body: bytes) -> Form:
    return dict(
        parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=True, max_num_fields=MOST_FIELDS)
    )


def _parts(body: bytes, kind: str) -> Form:
    """Every part as UTF-8 text; a file that is none is no JSON either."""
    whole = message_from_bytes(b"Content-Type: " + kind.encode("ascii") + b"\r\n\r\n" + body)
    parts = whole.get_payload()
    if not isinstance(parts, list) or len(parts) > MOST_FIELDS or whole.defects:
        raise ValueError("no parts")
    found: Form = {}
    for part in parts:
        assert isinstance(part, Message), "a list of parts holds nothing else"
        name = part.get_param("name", header="content-disposition")
        text = _text(part)
        if not isinstance(name, str):
            raise ValueError("a part without a name")
        found[name] = f"{found[name]}\n{text}" if name in found else text
    return found


def _text(part: Message[str, str]) -> str:
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        raise ValueError("a part within a part")
    return data.decode("utf-8-sig")


def objects(text: str, what: str, english: str) -> list[Any]:
    """The JSON objects that stand one after another in a text. Raises Refused, naming `what` it should be."""
    found, at, decoder = [], 0, json.JSONDecoder()
    text = text.strip().removeprefix("\ufeff")
    try:
        while at < len(text):
            value, at = decoder.raw_decode(text, at)
            found.append(value)
            at += len(text[at:]) - len(text[at:].lstrip())
    except (ValueError, RecursionError) as error:
        raise _unreadable(what, english) from error
    if any(not isinstance(each, Mapping) for each in found):
        raise _unreadable(what, english)
    return found


def _unreadable(what: str, english: str) -> Refused:
    return Refused(
        f"{what}读不出来：不是完整的 JSON",
        f"{english} cannot be read: it is not whole JSON",
        "请选原文件，或把文件内容从头到尾完整粘贴。",
        "Choose the file itself, or paste all of it from beginning to end.",
    )
