"""Files of the box's commands: read with a refusal that names the file, written new or not at all."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from shigan.box import canonical
from shigan.box.refusals import Refused


def object_of(path: Path, kind: str) -> dict[str, Any]:
    """The object in a file; a refusal names the file."""
    try:
        return canonical.parsed(path.read_bytes(), kind)
    except Refused as refused:
        raise in_file(path, refused) from refused


def json_of(path: Path) -> Any:
    try:
        return json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise in_file(path, Refused("不是可读的 JSON", "no readable JSON", *canonical.CHECK)) from error


def in_file(path: Path, why: Refused) -> Refused:
    return Refused(f"{path}：{why.text}", f"{path}: {why.english}", why.remedy, why.cure)


def write(path: Path, data: bytes) -> None:
    """A new file that only its owner may read. Raises Refused where there is one already."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError as error:
        raise _there_already(path) from error
    with os.fdopen(handle, "wb") as file:
        file.write(data)


def must_be_new(*paths: Path) -> None:
    """Before anything is made, so that nothing is left half done."""
    for path in paths:
        if path.exists():
            raise _there_already(path)


def _there_already(path: Path) -> Refused:
    return Refused(
        f"{path} 已经有了，不覆盖",
        f"{path} is there already and is not overwritten",
        "请换一个文件夹或文件名。",
        "Choose another folder or file name.",
    )
