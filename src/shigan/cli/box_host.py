"""`shigan box`: what the computer that holds the box does, and what checks its result (docs/box.md)."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from shigan.box import folder as folders
from shigan.box import serving, slip_paper, verifier, verify
from shigan.box.desk.state import ROWS
from shigan.box.folder import Folder
from shigan.box.refusals import Refused
from shigan.cli.box import FONTS, app, out
from shigan.cli.files import in_file, json_of, must_be_new, write

__all__ = ["app"]

BoxFolder = Annotated[Path, typer.Argument(help="票箱文件夹 / the folder of the box", metavar="FOLDER")]


@app.command()
def new(
    folder: BoxFolder,
    draft: Annotated[Path, typer.Argument(help="评议草案 / draft.json", exists=True, dir_okay=False)],
    names: Annotated[Path, typer.Argument(help="姓名 / names.json", exists=True, dir_okay=False)],
) -> None:
    """新建票箱：评议方案从此不变 / make a box; the manifest is final."""
    made = folders.new(folder, json_of(draft), json_of(names))
    out.print(f"评议方案指纹 / digest of the manifest {slip_paper.grouped(made.digest)}")
    out.print(f"请把 {folder / 'manifest.json'} 和 names.json 交给监票电脑制票 / now make the slips of it")


@app.command()
def load(
    folder: BoxFolder,
    slips: Annotated[Path, typer.Argument(help="制票所得 / slips.json", exists=True, dir_okay=False)],
) -> None:
    """装入票码：此后可以公示 / give the box the hashes of its slips."""
    try:
        notice = folders.load(folder, slips.read_bytes())
    except Refused as refused:
        raise in_file(slips, refused) from refused
    paper = slip_paper.notice_pdf(notice, Folder(folder).names(), FONTS)
    write(folder / "notice.pdf", paper)
    for voters, own in notice["slips"].items():
        out.print(f"{voters} 类 {own['count']} 张，树根 / root {slip_paper.grouped(own['root'])}")
    out.print(f"请把 {folder / 'notice.json'} 交办公室备案 / goes to the office")
    out.print(f"请把 {folder / 'notice.pdf'} 打印张贴 / print it and hang it up")


@app.command()
def serve(
    folder: BoxFolder,
    host: Annotated[str, typer.Option(help="网址 / address")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="端口 / port")] = 8001,
) -> None:
    """打开票箱：投票、收箱 / serve the voting pages and the desk."""
    serving.serve(folder, host, port, out.print)


@app.command("verify")
def verify_(
    bundle: Annotated[Path, typer.Argument(help="核验包 / bundle.json", exists=True, dir_okay=False)],
    signatures: Annotated[
        list[Path] | None, typer.Argument(help="监票人签名 / signatures", exists=True, dir_okay=False)
    ] = None,
    result: Annotated[
        Path | None, typer.Option(help="已公布的结果 / the published result.json", exists=True)
    ] = None,
    notice: Annotated[
        Path | None, typer.Option(help="投票前公示的 / the notice.json of before opening", exists=True)
    ] = None,
    root: Annotated[str, typer.Option(help="封箱单上的树根 / the root printed at the seal")] = "",
) -> None:
    """核验：从头重算 / recompute everything; exit code 0 if all is well."""
    files = [str(bundle), *(str(each) for each in signatures or [])]
    options = {"--notice": notice, "--result": result, "--root": root}
    sys.exit(verify.main([*files, *(f"{name}={path}" for name, path in options.items() if path)]))


@app.command("verifier")
def verifier_(to: Annotated[Path, typer.Option("--out", help="写到哪个文件 / file to write")]) -> None:
    """核验页：一个文件，任何浏览器断网可用 / the verifier as one page for any browser, without network."""
    must_be_new(to)
    write(to, verifier.page().encode())


@app.command()
def forget(folder: BoxFolder) -> None:
    """申诉期满：清除加密留存的票面 / after the time for appeals: wipe the sealed rows."""
    path = Folder(folder).out / ROWS
    if not path.exists():
        raise Refused(
            f"{path} 不存在，没有可清除的", f"{path} is not there, nothing to wipe",
            "请核对文件夹；可能已经清除过。", "Check the folder; it may have been done already.",
        )  # fmt: skip
    folders.wipe(path)
    out.print(f"已清除 / wiped: {path}")
