"""The database in a backup: a consistent copy while others write, and back again.

SQLite: `VACUUM INTO` copies what is committed in one read transaction and leaves free pages behind, so that
nothing of a deleted row comes along (SQLite, lang_vacuum). PostgreSQL: `pg_dump` in custom format, in the
same exported snapshot in which the rows are counted (PostgreSQL, pg_export_snapshot).
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from shigan.facts.faults import Fault, _

SQLITE, POSTGRESQL = "sqlite", "postgresql"
MEMBER = {SQLITE: "shigan.sqlite3", POSTGRESQL: "shigan.dump"}
"""What the copy is called in a backup."""
PASSING = ("django_session", "axes_accessattempt", "axes_accesslog", "axes_accessfailurelog")
"""Tables whose rows stay out of every backup: who is logged in, and from where somebody tried."""


class Deletion(NamedTuple):
    """A deletion by law that was approved: its case, who asked when for what (the fact as JSON, in which are
    no deleted words), who approved when. Days are ISO."""

    case: str
    unit: str
    asked_by: str
    asked_for: str
    asked_on: str
    asked: str
    approved_by: str
    approved_for: str
    approved_on: str


DELETIONS = """SELECT done.subject, ask.unit, ask."by", ask.by_unit, ask.happened, payload.body,
        done."by", done.by_unit, done.happened
    FROM entry done JOIN entry ask ON ask.subject = done.subject AND ask.seq = 1
    JOIN payload ON payload.entry_id = ask.id WHERE done.kind = 'PayloadErased' ORDER BY done.id"""


@dataclass(frozen=True)
class Contents:
    """Rows of each table, the newest checkpoint (size 0 and no root when nothing was sealed), and the
    deletions by law, which an older copy that is put back has to make again."""

    rows: dict[str, int]
    size: int
    root: str
    deletions: tuple[Deletion, ...] = ()


def kind(url: str) -> str:
    """Which database an installation uses, by its SHIGAN_DATABASE_URL."""
    return POSTGRESQL if url else SQLITE


def copy(data: Path, url: str, to: Path) -> Contents:
    """Write a consistent copy of the installation's database to the file `to`; what it holds."""
    return _dump(url, to) if url else _vacuum(data / MEMBER[SQLITE], to)


def contents(data: Path, url: str) -> Contents:
    """What the database of an installation holds now."""
    if url:
        with _connected(url) as connection:
            return _counted(connection, _tables(connection))
    with closing(sqlite3.connect(data / MEMBER[SQLITE])) as connection:
        return _count(connection)


def put_back(file: Path, url: str) -> None:
    """Restore a dump into an empty PostgreSQL database: as a whole, or not at all."""
    _must_be_empty(url)
    _run("pg_restore", url, "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges",
         "--dbname", _name(url), str(file))  # fmt: skip


def _vacuum(source: Path, to: Path) -> Contents:
    if not source.exists():
        raise Fault(
            _("{folder} 里没有台账"), remedy=_("请用 --data 指出数据文件夹。"), folder=str(source.parent)
        )
    try:
        with closing(sqlite3.connect(source, timeout=20)) as connection:
            connection.execute("VACUUM INTO ?", [str(to)])
        with closing(sqlite3.connect(to, isolation_level=None)) as connection:
            connection.execute("PRAGMA secure_delete=ON")
            for table in set(PASSING) & set(_sqlite_tables(connection)):
                connection.execute(f"DELETE FROM {table}")
            return _count(connection)
    except sqlite3.Error as error:
        raise Fault(
            _("读不出数据库：{why}"), remedy=_("请检查磁盘空间和文件，再备份。"), why=str(error)
        ) from error


def _sqlite_tables(connection: sqlite3.Connection) -> list[str]:
    found = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    )
    return sorted(name for (name,) in found)


def _count(connection: sqlite3.Connection) -> Contents:
    return _counted(connection, _sqlite_tables(connection))


def _counted(connection: Any, tables: Iterable[str]) -> Contents:
    rows = {table: _one(connection, f'SELECT count(*) FROM "{table}"')[0] for table in tables}
    sealed = "seal" in rows and _one(connection, "SELECT size, root FROM seal ORDER BY size DESC LIMIT 1")
    size, root = sealed or (0, "")
    found = connection.execute(DELETIONS).fetchall() if "payload" in rows else []
    deletions = tuple(Deletion(*map(str, each)) for each in found)
    return Contents({t: n for t, n in rows.items() if t not in PASSING}, size, root, deletions)


def _one(connection: Any, statement: str) -> Any:
    return connection.execute(statement).fetchone()


def _tables(connection: Any) -> list[str]:
    found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
    return [name for (name,) in found.fetchall()]


def _dump(url: str, to: Path) -> Contents:
    with _connected(url) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        ((snapshot,),) = connection.execute("SELECT pg_export_snapshot()").fetchall()
        left_out = [f"--exclude-table-data={table}" for table in PASSING]
        _run("pg_dump", url, "--format=custom", "--compress=0", "--no-owner", "--no-privileges",
             f"--snapshot={snapshot}", *left_out, "--file", str(to))  # fmt: skip
        return _counted(connection, _tables(connection))


@contextmanager
def _connected(url: str) -> Iterator[Any]:
    import psycopg

    try:
        with psycopg.connect(url) as connection:
            yield connection
    except psycopg.Error as error:
        raise Fault(
            _("数据库连不上：{why}"),
            remedy=_("请核对 SHIGAN_DATABASE_URL，并确认数据库已启动。"),
            why=str(error).splitlines()[0],
        ) from error


def _must_be_empty(url: str) -> None:
    with _connected(url) as connection:
        if _tables(connection):
            raise Fault(
                _("数据库 {name} 里已有内容，不覆盖"),
                remedy=_("请新建一个空数据库，写进 SHIGAN_DATABASE_URL。"),
                name=_name(url),
            )


def _name(url: str) -> str:
    return unquote(urlsplit(url).path.lstrip("/"))


def _run(tool: str, url: str, *words: str) -> None:
    """One of PostgreSQL's tools; the password goes by the environment, not into the list of processes."""
    if shutil.which(tool) is None:
        raise Fault(
            _("这台电脑没有 {tool}"),
            remedy=_("请安装与服务器同版本的 PostgreSQL 客户端工具（postgresql-client）。"),
            tool=tool,
        )
    parts = urlsplit(url)
    given = {
        "PGHOST": parts.hostname, "PGPORT": parts.port, "PGUSER": parts.username,
        "PGPASSWORD": parts.password,
    }  # fmt: skip
    env = os.environ | {k: unquote(str(v)) for k, v in given.items() if v} | {"PGDATABASE": _name(url)}
    done = subprocess.run([tool, *words], env=env, text=True, capture_output=True)
    if done.returncode:
        said = done.stderr.strip().splitlines()
        raise Fault(_("{tool} 没有成功：{why}"), tool=tool, why=said[-1] if said else "", remedy="")
