"""`shigan backup | restore | drill | tls`: keep an installation, get it back, reach it by https."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from shigan.exchange.keeping import backup as backups
from shigan.exchange.keeping import certificates
from shigan.exchange.keeping.databases import Deletion
from shigan.exchange.keeping.scratch import scratch_database
from shigan.facts.faults import Fault, _

app = typer.Typer()
out = Console(highlight=False, soft_wrap=True, markup=False)
Data = Annotated[
    Path, typer.Option("--data", envvar="SHIGAN_DATA", help="数据文件夹 / the folder of this installation")
]
Keys = Annotated[
    Path | None,
    typer.Option(
        "--keys",
        envvar="SHIGAN_BACKUP_KEYS",
        help="备份密钥的文件夹；不写则放数据文件夹的 keys/backup / folder of the backups' keys",
    ),
]


def _url() -> str:
    return os.environ.get("SHIGAN_DATABASE_URL", "")


def _keys(keys: Path | None, data: Path) -> Path:
    return keys or data / "keys" / "backup"


@app.command()
def backup(
    to: Annotated[Path, typer.Option("--to", help="文件（.backup）或文件夹 / a new file, or a folder")],
    data: Data = Path("data"),
    keys: Keys = None,
    keep: Annotated[
        int,
        typer.Option(
            min=0, help="只留最近几份：更早的连同密钥销毁；0 全留 / destroy older ones, keys included"
        ),
    ] = 0,
) -> None:
    """备份：运行中即可，加密，每份一把密钥 / a consistent, encrypted copy while the system runs."""
    made = backups.make(data, _url(), to, _keys(keys, data))
    size, rows = made.file.stat().st_size / 2**20, sum(made.contents.rows.values())
    out.print(f"已备份 / backed up: {made.file}（{size:.1f} MiB，{rows:,} 行 / rows）")
    out.print(
        f"密钥 / key: {made.key}\n请另存到 U 盘或打印，与备份分开 / keep a copy of it apart from the backup."
    )
    for name in made.left_out:
        out.print(f"票箱 {name} 尚未公布并清除，没有备份 / box left out until it is erased")
    if keep:
        for name in backups.forget_older(made.file.parent, _keys(keys, data), keep):
            out.print(f"已销毁 / destroyed: {name}")


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="备份 / the backup", exists=True, dir_okay=False)],
    key: Annotated[
        Path,
        typer.Option("--key", envvar="SHIGAN_BACKUP_KEYS", help="密钥文件或其文件夹 / key file or folder"),
    ],
    data: Data = Path("data"),
    erased: Annotated[
        str,
        typer.Option(
            help="从哪里得知备份之后的依法删除：更晚的备份、原数据文件夹或原数据库；不写则查同一文件夹里更晚的备份"
            " / where later deletions by law are known: a later backup, the former data folder or database"
        ),
    ] = "",
) -> None:
    """恢复到新文件夹，并核对；不覆盖任何东西 / restore into a new folder and verify it there."""
    deletions, known = backups.deletions_after(file, key, erased)
    held = backups.restore(file, data, _url(), key, lambda folder: _settled(folder, _url(), deletions))
    if known:
        out.print(f"备份之后依法删除 {len(deletions)} 件，依 {known} 再次删除 / deletions by law made again")
    out.print("此后批准的删除本机不得而知，请对照删除申请单 / of later deletions it cannot know")
    out.print(
        f"已恢复并核对 / restored and verified: {data}（{sum(held.rows.values()):,} 行 / rows，"
        f"封存点 / checkpoint {held.size}）"
    )


@app.command()
def drill(
    folder: Annotated[
        Path, typer.Argument(help="备份的文件夹 / the folder of the backups", metavar="FOLDER")
    ],
    data: Data = Path("data"),
    keys: Keys = None,
) -> None:
    """演练：恢复最新一份到临时文件夹，核对，打开一页，删除 / restore the newest, verify, serve, delete."""
    began, file = time.monotonic(), backups.newest(folder)
    with tempfile.TemporaryDirectory(prefix="shigan-drill-") as place, scratch_database(_url()) as url:
        copy = Path(place) / "data"
        held = backups.restore(file, copy, url, _keys(keys, data), lambda made: _verified(made, url))
        _serve_once(copy, url)
    out.print(
        f"演练通过 / the drill passed: {file.name}，封存点 / checkpoint {held.size}，"
        f"{time.monotonic() - began:.0f} 秒 / seconds"
    )


@app.command()
def tls(
    hosts: Annotated[
        list[str] | None, typer.Argument(help="名称或 IP；不写则沿用 / names or IPs; else as before")
    ] = None,
    data: Data = Path("data"),
    new_ca: Annotated[bool, typer.Option(help="重建根证书 / another authority, to be trusted anew")] = False,
) -> None:
    """https 证书：自己的根证书，服务器证书 397 天 / own authority and a server certificate for 397 days."""
    own = certificates.files(data)
    names = certificates.make(own, hosts or [], anew=new_ca)
    out.print(f"服务器证书 / for: {'、'.join(names)}，{certificates.days_left(own)} 天 / days")
    out.print(f"请在各台电脑上信任 / trust on every PC: {own.authority}")
    out.print(f"指纹 / fingerprint SHA-256: {certificates.fingerprint(own)}")


def use_tls(data: Path) -> None:
    """Make the server that is started next speak https alone, with the installation's certificate."""
    own = certificates.files(data)
    if (left := certificates.days_left(own)) < 30:
        out.print(f"服务器证书还有 {left} 天，请运行 shigan tls / the certificate ends in {left} days")
    os.environ |= {
        "SHIGAN_TLS": "1",
        "GRANIAN_SSL_CERTIFICATE": str(own.server.resolve()),
        "GRANIAN_SSL_KEYFILE": str(own.server_key.resolve()),
        "GRANIAN_SSL_PROTOCOL_MIN": "tls1.2",
    }


def _shigan(folder: Path, url: str, *words: str) -> subprocess.Popen[str]:
    """A command of ours on a restored copy, in a process of its own: Django knows one folder."""
    env = {k: v for k, v in os.environ.items() if k != "SHIGAN_HOSTS" and not k.startswith("GRANIAN_")}
    env |= {"SHIGAN_DATA": str(folder), "SHIGAN_DATABASE_URL": url, "SHIGAN_TLS": ""}
    return subprocess.Popen(
        [sys.executable, "-m", "shigan.cli", *words],
        env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


def _settled(folder: Path, url: str, deletions: Sequence[Deletion]) -> bool:
    """Make later deletions again, then check the whole ledger."""
    if deletions:
        given = folder / "deletions.json"
        given.write_text(json.dumps(deletions, ensure_ascii=False), "utf-8")
        process = _shigan(folder, url, "rebuild", "--deletions", str(given))
        said, _none = process.communicate()
        given.unlink()
        if process.returncode:
            out.print(said.strip())
            return False
    return _verified(folder, url)


def _verified(folder: Path, url: str) -> bool:
    process = _shigan(folder, url, "verify")
    said, _none = process.communicate()
    if process.returncode:
        out.print(said.strip())
    return process.returncode == 0


def _serve_once(folder: Path, url: str) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    process = _shigan(folder, url, "serve", "--port", str(port))
    try:
        ends = time.monotonic() + 60
        while not _answers(port):
            if process.poll() is not None or time.monotonic() > ends:
                raise Fault(_("恢复出的系统打不开"), remedy=_("请换用另一份备份再演练。"))
            time.sleep(0.2)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/login")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
