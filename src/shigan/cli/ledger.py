"""`shigan witness`, and the parts of `export` and `verify` that need no database."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from shigan.facts.faults import Fault, _
from shigan.ledger import checkpoint, note, witness

app = typer.Typer(
    no_args_is_help=True,
    help="见证：另一单位的电脑看着台账只增不改 / a witness on another office's computer",
)
out = Console(highlight=False, soft_wrap=True, markup=False)
Folder = Annotated[Path, typer.Argument(help="见证人的文件夹 / the witness's folder")]
SAID = {
    witness.SAME: "同一本台账 / one history",
    witness.SPLIT: "两个见证人看到的不是同一本台账：台账分叉了 / the ledger showed two histories",
    witness.UNKNOWN: "条数不同，需要较大者的导出或证明 / sizes differ: give the larger's export or proof",
}


@app.command()
def new(
    folder: Folder,
    name: Annotated[str, typer.Argument(help="名称，不含空格 / name without spaces, e.g. jijian.example")],
    key: Annotated[Path, typer.Argument(help="台账公钥 / ledger.vkey of an export", exists=True)],
) -> None:
    """建一个见证人；公钥先与打印件核对 / a new witness; first compare the key with a printed slip."""
    log = note.read_key(text_of(key))
    out.print(f"{witness.new(folder, name, log)}\n台账公钥 / the ledger's key: {log.public.hex()}")


@app.command()
def look(
    folder: Folder,
    shown: Annotated[Path, typer.Argument(help="导出的文件夹或证明文件 / an export or a proof file")],
    to: Annotated[Path | None, typer.Option("--out", help="写到文件 / file for the cosigned note")] = None,
) -> None:
    """核对台账只增不改，然后联署 / see that the ledger only grew, then cosign."""
    cosigned = witness.look(folder, shown, int(time.time()))
    if to:
        to.write_text(cosigned, "utf-8")
    out.print(cosigned, end="")


@app.command()
def compare(
    one: Annotated[Path, typer.Argument(help="一个封存点 / a checkpoint")],
    other: Annotated[Path, typer.Argument(help="另一个 / another")],
    key: Annotated[Path, typer.Argument(help="台账公钥 / ledger.vkey", exists=True)],
    shown: Annotated[
        Path | None, typer.Option("--with", help="较大者的导出或证明 / export or proof of the larger")
    ] = None,
) -> None:
    """比对两个见证人的封存点；分叉时退出码 1 / compare two witnesses' checkpoints; 1 if the view is split."""
    texts = text_of(one), text_of(other)
    what = witness.compare(*texts, note.read_key(text_of(key)), shown)
    sizes = "、".join(str(checkpoint.read(each).size) for each in texts)
    out.print(f"封存点 / checkpoints {sizes}：{SAID[what]}")
    raise typer.Exit({witness.SAME: 0, witness.SPLIT: 1, witness.UNKNOWN: 2}[what])


def text_of(path: Path) -> str:
    """The text of a file; raises `Fault` where it is none."""
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Fault(_("文件 {name} 不可读"), remedy=_("请换用完整的文件。"), name=str(path)) from error


def text_or_file(given: str) -> str:
    """What is meant by FILE|TEXT: the text of a file of that name, else the words themselves."""
    try:
        named = "\n" not in given and Path(given).exists()
    except OSError:  # too long for a name
        named = False
    return text_of(Path(given)) if named else given


def public_key(given: str) -> bytes | None:
    """32 bytes from 64 hexadecimal digits, from a key line, or from a file of one; None for nothing."""
    if not given:
        return None
    text = text_or_file(given).strip()
    if "+" in text:
        return note.read_key(text).public
    try:
        public = bytes.fromhex(text)
    except ValueError:
        public = b""
    if len(public) != 32:
        raise Fault(_("公钥不可读"), remedy=_("换用完整的一行公钥（名称+编号+公钥）。"))
    return public
