"""An empty database for a drill, gone afterwards."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from shigan.facts.faults import Fault, _


@contextmanager
def scratch_database(url: str) -> Iterator[str]:
    """The URL of a new database on the same PostgreSQL server; for SQLite (no URL) nothing needs making.

    Raises `Fault` where the role may not make databases.
    """
    if not url:
        yield ""
        return
    import psycopg
    from psycopg import sql

    name = f"shigan_drill_{secrets.token_hex(4)}"
    try:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    except psycopg.Error as error:
        raise Fault(
            _("不能新建演练用的数据库：{why}"),
            remedy=_("请给这个角色 CREATEDB 权限，或换一个有此权限的角色演练。"),
            why=str(error).splitlines()[0],
        ) from error
    try:
        yield f"{url.rsplit('/', 1)[0]}/{name}"
    finally:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )
