"""Sheets between upload and acceptance: private files, an hour long, that only their owner can find again."""

from __future__ import annotations

import errno
import json
import re
import secrets
import time
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from shigan.facts.faults import Fault, _
from shigan.web.models import Account

KEEP_SECONDS = 3600
_TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")


@dataclass(frozen=True)
class Upload:
    """A workbook that waits: its name as it came, the kind chosen (or nothing), its bytes."""

    name: str
    key: str
    data: bytes


def keep(user: Account, upload: Upload) -> str:
    """Keep a workbook; returns its token. What is too old goes."""
    sweep()
    token = secrets.token_urlsafe(24)
    head = json.dumps({"name": upload.name, "key": upload.key}, ensure_ascii=False).encode()
    path = _path(user, token)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_bytes(head + b"\n" + upload.data)
    except OSError as error:
        path.unlink(missing_ok=True)
        if error.errno == errno.ENOSPC:
            raise Fault(_("磁盘已满，没有写入任何内容"), remedy=_("请清理磁盘后再提交。")) from error
        raise
    return token


def kept(user: Account, token: str) -> Upload:
    """The workbook again. Raises `Fault` when it is somebody else's, too old, or used already."""
    sweep()
    path = _path(user, token) if _TOKEN.fullmatch(token) else None
    if path is None or not path.exists():
        raise Fault(_("这次上传已经用过，或超过了一小时"), remedy=_("请重新上传；已写入的不会重复写入。"))
    head, _line, data = path.read_bytes().partition(b"\n")
    return Upload(**json.loads(head), data=data)


def forget(user: Account, token: str) -> None:
    """Delete a kept workbook."""
    if _TOKEN.fullmatch(token):
        _path(user, token).unlink(missing_ok=True)


def sweep() -> None:
    """Delete what is older than an hour."""
    for path in _folder().glob("*.upload"):
        if time.time() - path.stat().st_mtime > KEEP_SECONDS:
            path.unlink(missing_ok=True)


def _folder() -> Path:
    return Path(settings.DATA) / "uploads"


def _path(user: Account, token: str) -> Path:
    return _folder() / f"{user.pk}-{token}.upload"
