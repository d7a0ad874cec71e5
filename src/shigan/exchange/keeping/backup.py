"""`shigan backup`, `shigan restore`: a whole installation in one encrypted file, and back, verified.

A backup is one line of header (`shigan backup 1 GENERATION`) and a tar, compressed and encrypted
(`stream`). In the tar: `backup.json` (when, which database, rows of every table, newest checkpoint), the copy
of the database, the keys of the installation, its certificates, and of each ballot box that is published and
erased what everybody may see. Nothing of a box before that: a copy of a running box could tell, beside
another, what was cast between the two.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import shutil
import sqlite3
import tarfile
import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any

from shigan.box.phases import Phase, reached
from shigan.exchange.keeping import databases, generations
from shigan.exchange.keeping.databases import Contents, Deletion
from shigan.exchange.keeping.stream import Opening, Sealing
from shigan.facts.faults import Fault, _

MAGIC = "shigan backup 1"
SUFFIX = ".backup"
LIST = "backup.json"
BOX_FILES = ("manifest.json", "names.json", "slips.json", "notice.json")
SEALED_ROWS = "rows.sealed"
"""Kept for appeals and wiped after them: a backup would keep them for longer."""
HEADER_BYTES = 64
"""No header is longer."""


@dataclass(frozen=True)
class Made:
    """A backup that was written: its file, its key's file, what is inside, boxes left out by name."""

    file: Path
    key: Path
    contents: Contents
    left_out: tuple[str, ...]


def make(data: Path, url: str, to: Path, keys: Path, now: datetime | None = None) -> Made:
    """Back up an installation to a new file, or under a new name in the folder `to`, while it runs.

    `data` is its folder, `url` its SHIGAN_DATABASE_URL, `keys` the folder for the key of this generation.
    Raises `Fault` where something cannot be read or written; then neither file nor key is left.
    """
    now, generation = now or datetime.now(UTC), generations.new()
    file = _target(to, now, generation.name)
    with _told(file), _scratch(data) as folder:
        key = generations.keep(generation, keys)
        copy = folder / databases.MEMBER[databases.kind(url)]
        try:
            held = databases.copy(data, url, copy)
            about = {
                "made": now.isoformat(timespec="seconds"),
                "database": databases.kind(url),
                **asdict(held),
            }
            (folder / LIST).write_text(json.dumps(about, ensure_ascii=False))
            boxes, left_out = _boxes(data / "boxes")
            _write(file, generation, [(LIST, folder / LIST), *_files(data), *boxes, (copy.name, copy)])
        except BaseException:
            generations.destroy(keys, generation.name)
            raise
    return Made(file, key, held, tuple(left_out))


def restore(file: Path, data: Path, url: str, keys: Path, check: Callable[[Path], bool]) -> Contents:
    """Open a backup into a new folder; `check` says whether the ledger in a folder is whole.

    Everything happens in a scratch folder beside `data`, which takes its name only at the end. Raises `Fault`
    with nothing left behind when `data` is there already, the key is another, the file was altered or cut
    off, rows are missing, or `check` fails.
    """
    if data.exists() and (not data.is_dir() or any(data.iterdir())):
        raise Fault(
            _("{data} 里已有内容，不覆盖"), remedy=_("请用 --data 指出一个新文件夹。"), data=str(data)
        )
    with _told(file), file.open("rb") as sealed:
        header = _header(sealed)
        generation = generations.find(keys, header.split()[-1].decode())
        data.parent.mkdir(parents=True, exist_ok=True)
        with _scratch(data.parent / data.name) as folder:
            _unpack(Opening(sealed, generation.key, header), folder)
            held = _settle(folder, url)
            if not check(folder):
                raise Fault(_("恢复出的台账没有通过核对"), remedy=_("请换用另一份备份。"))
            (folder / LIST).unlink()
            if data.exists():
                data.rmdir()
            folder.rename(data)
    return held


def listed(file: Path, keys: Path) -> Contents:
    """What a backup says it holds: the list at its beginning, without unpacking the rest."""
    with _told(file), file.open("rb") as sealed:
        header = _header(sealed)
        stream = Opening(sealed, generations.find(keys, header.split()[-1].decode()).key, header)
        with tarfile.open(fileobj=io.BufferedReader(stream, 2**20), mode="r|gz") as tar:
            member = tar.next()
            plain = tar.extractfile(member) if member is not None and member.name == LIST else None
            if plain is None:
                raise tarfile.TarError(LIST)
            return _contents(json.load(plain))


def deletions_after(file: Path, keys: Path, elsewhere: str = "") -> tuple[list[Deletion], str]:
    """The deletions by law that a backup does not know, and from where they are known.

    `elsewhere` is a later backup, the data folder of the system as it was last, or its SHIGAN_DATABASE_URL;
    without it the newest backup that lies beside `file` and opens. ("" where there is none.)
    """
    if elsewhere:
        known, name = _known(elsewhere, keys), elsewhere
    else:
        known, name = _beside(file, keys)
    own = {each.case for each in listed(file, keys).deletions}
    return [each for each in known if each.case not in own], name


def _known(where: str, keys: Path) -> tuple[Deletion, ...]:
    if "://" in where:
        return databases.contents(Path(), where).deletions
    path = Path(where)
    return (databases.contents(path, "") if path.is_dir() else listed(path, keys)).deletions


def _beside(file: Path, keys: Path) -> tuple[tuple[Deletion, ...], str]:
    for later in sorted(file.parent.glob(f"*{SUFFIX}"), reverse=True):
        if later.name <= file.name:
            break
        try:
            return listed(later, keys).deletions, later.name
        except Fault:  # its key is destroyed or elsewhere, or it is damaged: the one before it may do
            continue
    return (), ""


def _contents(about: dict[str, Any]) -> Contents:
    deletions = tuple(Deletion(*each) for each in about.get("deletions", ()))
    return Contents(about["rows"], about["size"], about["root"], deletions)


def newest(folder: Path) -> Path:
    """The newest backup in a folder. Raises `Fault` where there is none."""
    found = sorted(folder.glob(f"*{SUFFIX}")) if folder.is_dir() else []
    if not found:
        raise Fault(_("{folder} 里没有备份"), remedy=_("请先运行 shigan backup。"), folder=str(folder))
    return found[-1]


def forget_older(folder: Path, keys: Path, keep: int) -> list[str]:
    """Destroy the keys of all but the newest `keep` ≥ 1 backups in a folder, remove the files; names."""
    old = sorted(folder.glob(f"*{SUFFIX}"))[: -max(1, keep)]
    for file in old:
        with file.open("rb") as sealed:
            generations.destroy(keys, _header(sealed).split()[-1].decode())
        file.unlink()
    return [file.name for file in old]


def _target(to: Path, now: datetime, generation: str) -> Path:
    if to.suffix == SUFFIX:
        if to.exists():
            raise Fault(_("{file} 已经有了，不覆盖"), remedy=_("请换一个文件名。"), file=str(to))
        return to
    return to / f"shigan-{now:%Y%m%d-%H%M%S}-{generation[:8]}{SUFFIX}"


@contextmanager
def _scratch(beside: Path) -> Iterator[Path]:
    """A folder that only its owner may read, in or beside an installation, gone afterwards."""
    place = beside if beside.is_dir() and any(beside.iterdir()) else beside.parent
    folder = Path(tempfile.mkdtemp(prefix=".shigan-", dir=place))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _told(file: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Fault(
            _("读写 {file} 时出错：{why}"),
            remedy=_("请检查磁盘空间和权限。"),
            file=str(error.filename or file),
            why=error.strerror or str(error),
        ) from error
    except (EOFError, ValueError, tarfile.TarError, zlib.error) as error:
        if isinstance(error, Fault):
            raise
        raise Fault(_("{file} 不是可读的备份"), remedy=_("请换用另一份备份。"), file=str(file)) from error


def _files(data: Path) -> list[tuple[str, Path]]:
    """Keys and certificates; the folder of the backups' own keys lies one deeper and stays out."""
    found = [path for part in ("keys", "tls") for path in sorted((data / part).glob("*")) if path.is_file()]
    return [(path.relative_to(data).as_posix(), path) for path in found]


def _boxes(folder: Path) -> tuple[list[tuple[str, Path]], list[str]]:
    """What may be kept of each box, and the boxes of which nothing may."""
    kept, left_out = [], []
    for box in sorted(folder.glob("*")):
        if not _erased(box / "box.sqlite"):
            left_out.append(box.name)
            continue
        files = [box / name for name in BOX_FILES] + sorted((box / "out").glob("*"))
        kept += [
            (f"boxes/{path.relative_to(folder).as_posix()}", path)
            for path in files
            if path.is_file() and path.name != SEALED_ROWS
        ]
    return kept, left_out


def _erased(database: Path) -> bool:
    """A box whose links are erased for certain; one that cannot be read is not."""
    if not database.exists():
        return False
    try:
        with closing(sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)) as db:
            return reached(db) is Phase.ERASED
    except (sqlite3.Error, KeyError):
        return False


def _write(file: Path, generation: generations.Generation, members: list[tuple[str, Path]]) -> None:
    """The file, there as a whole or not at all."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = file.with_suffix(".part")
    try:
        with os.fdopen(os.open(fresh, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as out:
            stream = Sealing(out, generation.key, f"{MAGIC} {generation.name}\n".encode())
            packed = gzip.GzipFile(fileobj=stream, mode="wb", compresslevel=1)
            with packed, tarfile.open(fileobj=packed, mode="w|") as tar:
                for name, path in members:
                    tar.add(path, name, recursive=False, filter=_anonymous)
            stream.finish()
            out.flush()
            os.fsync(out.fileno())
        fresh.replace(file)
    finally:
        fresh.unlink(missing_ok=True)


def _anonymous(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Whose files these were on the old computer is nobody's business on the new one."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member


def _header(file: IO[bytes]) -> bytes:
    header = file.readline(HEADER_BYTES)
    magic, _space, name = header.rstrip(b"\n").rpartition(b" ")
    if magic != MAGIC.encode() or len(name) != 16 or name.strip(b"0123456789abcdef"):
        raise Fault(_("这不是实干的备份"), remedy=_("请选 shigan backup 写出的 .backup 文件。"))
    return header


def _unpack(stream: Opening, folder: Path) -> None:
    """Write the members, then read on to the very end: only there it is certain that nothing was cut off."""
    plain = io.BufferedReader(stream, 2**20)
    with tarfile.open(fileobj=plain, mode="r|gz") as tar:
        for member in tar:
            source = tar.extractfile(member)
            if source is None or not _within(member.name):
                raise tarfile.TarError(member.name)
            path = folder / member.name
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as out:
                shutil.copyfileobj(source, out, 2**20)
    while plain.read(2**20):
        pass


def _within(name: str) -> bool:
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and len(path.parts) > 0


def _settle(folder: Path, url: str) -> Contents:
    """Put the database where the installation looks for it, and count what it holds."""
    about = json.loads((folder / LIST).read_text())
    said = _contents(about)
    if about["database"] != databases.kind(url):
        raise Fault(
            _("备份里是 {kind} 数据库，与本次设置不同"),
            remedy=_("SQLite 的备份恢复时不设 SHIGAN_DATABASE_URL，PostgreSQL 的要设成一个空数据库。"),
            kind=about["database"],
        )
    if url:
        dump = folder / databases.MEMBER[databases.POSTGRESQL]
        databases.put_back(dump, url)
        dump.unlink()
    found = databases.contents(folder, url)
    if (found.rows, found.size, found.root) != (said.rows, said.size, said.root):
        raise Fault(_("恢复出的行数与备份时不同"), remedy=_("请换用另一份备份。"))
    return said
