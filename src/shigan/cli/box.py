"""`shigan box`: what the scrutineers' laptop does, without network (docs/box.md)."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from shigan.box import canonical, sealed, signatures, slip_paper
from shigan.box import manifest as manifests
from shigan.box import names as names_of
from shigan.box import slips as slips_of
from shigan.box.manifest import Manifest, Part
from shigan.box.names import Names
from shigan.box.refusals import Refused
from shigan.box.slips import ToCast
from shigan.cli.files import in_file, json_of, must_be_new, object_of, write

app = typer.Typer(no_args_is_help=True, help="票箱：无记名测评 / the ballot box: anonymous evaluation")
out = Console(highlight=False, soft_wrap=True, markup=False)
FONTS = Path(str(files("shigan"))) / "exchange" / "fonts"
"""Where set-up puts the Chinese fonts; the system's are used beside them."""
PRINT = "print"
"""The folder with the codes: printed, then destroyed; it never goes to the box."""

ManifestFile = Annotated[
    Path, typer.Argument(help="评议方案 / manifest.json", exists=True, dir_okay=False, metavar="MANIFEST")
]
OutFolder = Annotated[Path, typer.Option("--out", help="放在哪个文件夹 / folder for what is made")]
OutFile = Annotated[Path, typer.Option("--out", help="写到哪个文件 / file to write")]


@app.command()
def slips(
    manifest: ManifestFile,
    names: Annotated[Path, typer.Argument(help="姓名 / names.json", exists=True, dir_okay=False)],
    to: OutFolder,
) -> None:
    """制票：编号只印在纸上 / make the codes; print them, then destroy the print folder."""
    plan = _manifest(manifest)
    known = names_of.read(json_of(names), plan)
    must_be_new(to / "slips.json", to / PRINT)
    codes, plain = slips_of.make(plan)
    for voters, own in codes.items():
        write(to / f"specimen-{voters}.pdf", slip_paper.slips_pdf(plan, known, voters, (), FONTS))
        for number, data in enumerate(slip_paper.slip_files(plan, known, voters, own, FONTS), 1):
            write(to / PRINT / f"slips-{voters}-{number:02}.pdf", data)
    write(to / "slips.json", canonical.canonical(plain))
    for voters, made in plain["classes"].items():
        out.print(f"{voters} 类 {made['count']} 张，树根 / root {slip_paper.grouped(made['root'])}")
    out.print(
        f"请打印 {to / PRINT} 里的票，清点张数，随即删除这个文件夹；交给票箱的只有 {to / 'slips.json'}。\n"
        f"Print what is in {to / PRINT}, count it, delete that folder; only slips.json goes to the box."
    )


@app.command()
def canaries(
    manifest: ManifestFile,
    slips: Annotated[Path, typer.Argument(help="制票所得 / slips.json", exists=True, dir_okay=False)],
    to: OutFolder,
    codes: Annotated[
        Path | None,
        typer.Option(help="编号，每行一个；不写则逐张扫描 / codes, one a line; else scanned", exists=True),
    ] = None,
    names: Annotated[Path | None, typer.Option(help="姓名 / names.json", exists=True, dir_okay=False)] = None,
) -> None:
    """校验票：监票人先抽出的票，混在大家的票里投 / canaries: slips drawn before the voters draw."""
    plan = _manifest(manifest)
    known = names_of.read(json_of(names), plan) if names else Names()
    must_be_new(*(to / name for name in ("canaries.json", "slips.json", "to-cast.txt")))
    made = slips_of.read(object_of(slips, "slips"), plan)
    typed = codes.read_text("utf-8").splitlines() if codes else _scanned()
    opened, plain, to_cast = slips_of.plan([each for each in typed if each.strip()], made, plan)
    write(to / "to-cast.txt", _instructions(to_cast, plan, known).encode())
    write(to / "canaries.json", canonical.canonical(opened))
    write(to / "slips.json", canonical.canonical(plain))
    out.print(f"校验票 {len(to_cast)} 张，承诺 / commitment {slip_paper.grouped(plain['commitment'])}")
    out.print(
        f"请照 {to / 'to-cast.txt'} 投；canaries.json 由监票人保管，截止后才交出；新 slips.json 交票箱。\n"
        "Cast them as to-cast.txt says; keep canaries.json until closing; the new slips.json goes to the box."
    )


@app.command()
def scrutineer(
    name: Annotated[str, typer.Argument(help="姓名 / name")],
    to: OutFile,
) -> None:
    """监票人的密钥：只存在本人的 U 盘上 / a scrutineer's key, for their own USB stick."""
    key = signatures.new(name)
    write(to, canonical.canonical(key))
    out.print("交办公室填进“监票人”一栏 / for the office's draft: 干部编号 公钥 / code and key")
    out.print(f"{key['name']} {key['key']}")


@app.command()
def sign(
    result: Annotated[Path, typer.Argument(help="结果 / result.json", exists=True, dir_okay=False)],
    key: Annotated[Path, typer.Argument(help="监票人的密钥 / the key file", exists=True, dir_okay=False)],
    to: OutFile,
) -> None:
    """签名：先用 shigan box verify 核对 / sign a result, after having verified it."""
    counted = object_of(result, "result")
    made = signatures.sign(counted, object_of(key, "key"))
    write(to, canonical.canonical(made))
    out.print(f"{made['name']} 已签 / signed: {slip_paper.grouped(made['result'])}")


@app.command()
def rows(
    sealed_rows: Annotated[
        Path, typer.Argument(help="封存的票面 / rows.sealed", exists=True, dir_okay=False, metavar="SEALED")
    ],
    shares: Annotated[
        list[Path],
        typer.Argument(help="密钥份额 / shares, files", exists=True, dir_okay=False, metavar="SHARE…"),
    ],
    to: Annotated[
        Path | None, typer.Option("--out", help="写到文件，不显示 / to a file, not the screen")
    ] = None,
) -> None:
    """复议时由监票人共同打开票面 / open the sealed rows together, for an appeal."""
    opened = sealed.opened(object_of(sealed_rows, "rows"), [_share(each) for each in shares])
    text = "".join(f"{voters} {row}\n" for voters, own in opened.items() for row in own)
    if to:
        write(to, text.encode())
    else:
        out.print(text, end="")


def _manifest(path: Path) -> Manifest:
    return manifests.read(object_of(path, "manifest"))


def _share(path: Path) -> Any:
    """A share as its file holds it: an object, or three lines typed off paper."""
    data = path.read_bytes()
    try:
        return canonical.parsed(data, "share") if data.lstrip().startswith(b"{") else data.decode()
    except UnicodeDecodeError as error:
        raise in_file(path, Refused("不是密钥份额", "no share", *canonical.CHECK)) from error


def _scanned() -> Sequence[str]:
    """Lines from the scanner, until an empty one or the end."""
    out.print("请逐张扫描抽出的票，扫完按回车 / scan the slips one by one, then an empty line")
    typed = []
    for line in sys.stdin:
        if not line.strip():
            break
        typed.append(line)
    return typed


def _instructions(to_cast: Sequence[ToCast], plan: Manifest, names: Names) -> str:
    """What to cast, in words; a slip is named by its last group alone, for its holder has the rest."""
    parts = [
        f"{plan.title}（{plan.election}）\n校验票：用手机或投票机投，与大家混着投，不要一次投完；投后销毁本页。\n"
    ]
    for number, each in enumerate(to_cast, 1):
        parts.append(f"\n{number}. {each.voters} 类，编号末组 {each.code[-5:]}\n")
        parts += [_marks(part, marks, names) for part, marks in plan.split(each.row)]
    return "".join(parts)


def _marks(part: Part, marks: str, names: Names) -> str:
    if part.kind == "pick":
        chosen = [names.label(c) for c, mark in zip(part.choices, marks, strict=True) if mark == "1"]
        return f"   {part.title}：{'、'.join(chosen)}\n"
    lines = [f"   {part.title}\n"]
    for at, target in enumerate(part.targets):
        own = marks[at * len(part.items) : (at + 1) * len(part.items)]
        said = "，".join(f"{i} {part.options[int(m) - 1]}" for i, m in zip(part.items, own, strict=True))
        lines.append(f"   - {names.label(target)}：{said}\n")
    return "".join(lines)
