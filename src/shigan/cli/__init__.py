"""The command line: `shigan demo | serve | seal | verify | export | rebuild | import | judge | …`.

`shigan bench` measures the mathematics on made-up counties; `shigan box` is the ballot box,
`shigan witness` another office's computer that watches the ledger.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from shigan.box.refusals import Refused
from shigan.cli import box_host, keep, ledger
from shigan.facts.faults import Fault

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="实干 Shigan — 组织部门的工作台账 / the working ledger of an organization department.",
)
bench = typer.Typer(
    no_args_is_help=True, help="试验：在已知真相的虚构县上检验算法 / benchmarks on made-up counties"
)
app.add_typer(bench, name="bench")
app.add_typer(box_host.app, name="box")
app.add_typer(ledger.app, name="witness")
app.add_typer(keep.app)
out = Console(highlight=False)

Data = Annotated[
    Path, typer.Option("--data", envvar="SHIGAN_DATA", help="数据文件夹 / the folder of this installation")
]
Port = Annotated[int, typer.Option(help="端口 / port")]


def main() -> None:
    """Run a command; a fault ends with its sentence and code 2, never with a stack trace."""
    try:
        app()
    except (Fault, Refused) as fault:
        Console(stderr=True, highlight=False, style="red", soft_wrap=True).print(str(fault), markup=False)
        sys.exit(2)


def _django(data: Path) -> None:
    os.environ["SHIGAN_DATA"] = str(data)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shigan.web.settings")
    import django

    django.setup()


@app.command()
def demo(
    data: Data = Path("demo-data"),
    port: Port = 8000,
    scale: Annotated[float, typer.Option(help="规模 / 1 = about 100,000 entries")] = 1.0,
    build_only: Annotated[bool, typer.Option(help="只建不开 / build, do not serve")] = False,
    report: Annotated[
        bool, typer.Option(help="列出埋设的问题是否被发现 / what was planted, found, missed")
    ] = False,
) -> None:
    """建一个演示县并打开 / build the demo county, judge it, serve it."""
    os.environ["SHIGAN_DEMO"] = "1"
    _django(data)
    from shigan.web import running

    running.build_demo(scale, out)
    if report:
        running.report_demo(scale, out)
    elif not build_only:
        running.serve_demo(port, out)


@app.command()
def serve(
    data: Data = Path("data"),
    port: Port = 8000,
    host: str = "127.0.0.1",
    tls: Annotated[
        bool, typer.Option("--tls", help="只用 https，证书由 shigan tls 建 / https, see shigan tls")
    ] = False,
) -> None:
    """打开系统 / serve this installation."""
    if tls:
        keep.use_tls(data)
    _django(data)
    from shigan.web import running

    running.migrate()
    running.serve(host, port, out)


@app.command()
def seal(data: Data = Path("data")) -> None:
    """封存 / seal what waits and sign a checkpoint."""
    _django(data)
    from shigan.web import running, sealing

    running.migrate()
    point = sealing.seal()
    out.print(point.note if point else "没有可封存的记录 / nothing to seal")


@app.command()
def verify(
    folder: Annotated[
        Path | None, typer.Argument(help="导出的文件夹；不写则核对本机台账 / an export; else this ledger")
    ] = None,
    data: Data = Path("data"),
    key: Annotated[str, typer.Option(help="打印件上的公钥 / the key as printed: hex, line or file")] = "",
    checkpoint: Annotated[
        list[Path] | None, typer.Option(help="保存在外的封存点 / a checkpoint that was kept outside")
    ] = None,
    receipt: Annotated[
        list[str] | None,
        typer.Option(help="回执，文件或文字 / a receipt: file or text; nothing else is checked"),
    ] = None,
) -> None:
    """核对整本台账 / recompute the whole ledger; the first bad place is named."""
    outside = [ledger.text_of(path) for path in checkpoint or []]
    given = [ledger.text_or_file(each) for each in receipt or []]
    if folder:
        from shigan.ledger.verify import report

        sys.exit(report(folder, ledger.public_key(key), outside, given, ledger.out.print))
    _django(data)
    from shigan.web import running

    sys.exit(running.verify(out, outside, given))


@app.command()
def export(
    to: Annotated[Path, typer.Argument(help="新文件夹 / a new folder, or with --since a file")],
    data: Data = Path("data"),
    payloads: Annotated[
        bool, typer.Option("--payloads", help="连同未删除的内容 / with the contents that are kept")
    ] = False,
    since: Annotated[
        int | None, typer.Option(help="只出证明：从第几条起 / only the proof of growth since this size")
    ] = None,
) -> None:
    """导出台账供外人核对：表头、瓦片、封存点 / the ledger for outsiders: headers, tiles, checkpoints."""
    _django(data)
    from shigan.web import running

    running.migrate()
    running.export(to, payloads, since, out)


@app.command()
def rebuild(
    data: Data = Path("data"),
    deletions: Annotated[
        Path | None,
        typer.Option(exists=True, help="再做一次的依法删除 / deletions to be made again, a list of restore"),
    ] = None,
) -> None:
    """由台账重建状态 / make the state cache anew from the ledger."""
    _django(data)
    from shigan.web import running

    running.rebuild(out, deletions)


@app.command()
def admin(
    username: Annotated[str, typer.Argument(help="用户名 / user name")],
    data: Data = Path("data"),
    password: Annotated[
        str, typer.Option(prompt="密码（至少 12 位）/ password", hide_input=True, confirmation_prompt=True)
    ] = "",
) -> None:
    """建第一个系统管理员 / make the first administrator."""
    _django(data)
    from shigan.web import running

    running.migrate()
    running.make_admin(username, password, out)


@app.command("import")
def import_(
    files: Annotated[list[Path], typer.Argument(help="表格 / the sheets (.xlsx)")],
    data: Data = Path("data"),
    by: Annotated[str, typer.Option("--as", help="以哪个账号写入 / user name of the author")] = "",
    kind: Annotated[str, typer.Option(help="哪种表；不写则自动识别 / recognised if left out")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="不再询问 / do not ask")] = False,
) -> None:
    """导入表格：全部写入或一条不写 / import sheets into this installation, all or nothing."""
    _django(data)
    from shigan.web import importing, running

    running.migrate()
    sys.exit(importing.from_command(files, kind, by, yes, out))


@app.command()
def judge(
    files: Annotated[list[Path] | None, typer.Argument(help="各种表格 / the sheets (.xlsx)")] = None,
    to: Annotated[Path, typer.Option("--out", help="结果放哪里 / folder for the results")] = Path("out"),
    year: Annotated[int, typer.Option(help="年度；不写取最近一年 / 0: the latest")] = 0,
    skip_faulty: Annotated[bool, typer.Option(help="略过有错的行 / leave out rows with faults")] = False,
    demo_sheets: Annotated[bool, typer.Option(help="用自带的样表 / use the made-up sheets")] = False,
) -> None:
    """由表格直接编出证据册，不用服务器 / sheets in, evidence book out, with no server."""
    from shigan.exchange import examples, offline

    paths = examples.write(to / "样表") if demo_sheets else list(files or [])
    sys.exit(offline.command(paths, to, year, skip_faulty, out.print))


@app.command()
def reuse(
    folder: Annotated[
        Path, typer.Argument(help="文件夹（.docx .pdf .txt .html .zip）/ a folder of documents")
    ],
    to: Annotated[Path, typer.Option("--out", help="结果 / the report, one HTML file")] = Path("report.html"),
    home: Annotated[str, typer.Option(help="本地全称，如 海晏县 / the own place's full name")] = "",
    level: Annotated[str, typer.Option(help="本级：县、区、州…… / the own level's word")] = "",
) -> None:
    """比对一个文件夹里的文件：谁照抄谁、自有多少、具体不具体 / what documents copy, what is their own."""
    from shigan.exchange import reuse_report

    sys.exit(reuse_report.command(folder, to, home, level, out.print))


@app.command()
def docs(check: Annotated[bool, typer.Option(help="只比对 / compare, write nothing")] = False) -> None:
    """生成文档页 / generate the pages under docs/ from facts, rules and commands."""
    from shigan.web import docs as pages

    sys.exit(pages.write(Path("docs"), check=check, out=out, commands=typer.main.get_command(app)))


@bench.command("box")
def ballot_box(
    ballots: Annotated[int, typer.Option(min=100, help="票数 / ballots on slips")] = 10_000,
    tokens: Annotated[int, typer.Option(min=1, help="网上票数 / ballots on tokens")] = 1_000,
    each: Annotated[int, typer.Option(min=50, help="每种各投几张 / ballots of each kind")] = 2_000,
) -> None:
    """票箱：每秒收票数、回答是否难辨、核验用时 / ballots a second, alike answers, verifying."""
    from shigan.bench.box import run

    run.command(out.print, ballots, tokens, each)


@bench.command()
def raters(
    seeds: Annotated[
        str, typer.Option(help="种子 / nobody tuned on these four; tuning was done on 1–3")
    ] = "101,102,103,104",
    scenarios: Annotated[str, typer.Option(help="情形 / clean,canvass,… or all")] = "all",
    oracle: Annotated[bool, typer.Option(help="理论上限（慢）/ what could be known at best, slow")] = True,
    peers: Annotated[bool, typer.Option(help="公开的其他方法 / published methods")] = True,
    jobs: Annotated[int, typer.Option(min=1, help="进程数 / processes")] = 2,
    to: Annotated[Path | None, typer.Option("--out", help="全部数字 / all figures, JSON")] = None,
    resume: Annotated[bool, typer.Option(help="接着做 / go on from --out, made by the same code")] = False,
    renew: Annotated[bool, typer.Option(help="只重算本模型 / with --resume: our model anew")] = False,
    units: Annotated[int, typer.Option(min=2, help="单位数 / units of a county")] = 60,
    draws: Annotated[int, typer.Option(min=2, help="上限的抽样数 / draws of the oracle")] = 180,
) -> None:
    """民主测评读法的攻防试验 / how well each method reads honest and attacked sheets of known truth."""
    from shigan.bench.raters import run

    try:
        plan = run.planned(seeds, scenarios, peers=peers, oracle=oracle, units=units, draws=draws, jobs=jobs)
        book = run.begun(plan, to, resume=resume, renew=renew)
    except ValueError as wrong:
        raise typer.BadParameter(str(wrong)) from wrong
    run.command(plan, book, to, Console(highlight=False, width=max(run.WIDTH, out.width)))


@bench.command("reuse")
def bench_reuse(
    corpus: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="语料；不写则现编 / title, date, text: .jsonl.xz"),
    ] = None,
    seed: Annotated[int, typer.Option(help="种子 / nobody tuned on 808")] = 808,
    documents: Annotated[int, typer.Option(min=20, help="文件数 / documents before relays")] = 2000,
    each: Annotated[int, typer.Option(min=1, help="每类每档 / relays of each kind and rate")] = 20,
    copies: Annotated[int, typer.Option(min=4, help="同一通知 / copies of one notice")] = 1000,
    peers: Annotated[bool, typer.Option(help="公开的其他工具 / public tools")] = True,
    pairs: Annotated[bool, typer.Option(help="所有文件两两（慢）/ all pairs by brute force, slow")] = False,
    numba: Annotated[bool, typer.Option(help="用 numba，如已安装 / with numba where it is there")] = True,
) -> None:
    """照抄照转的查找试验 / how much of copied passages of known truth is found, beside the bars."""
    from shigan.bench.reuse import relays, run

    plan = relays.Plan(seed, each, chains=each, copies=copies)
    console = Console(highlight=False, width=max(run.WIDTH, out.width))
    try:
        run.command(plan, corpus, documents, console, with_peers=peers, numba=numba, pairs=pairs)
    except ValueError as wrong:
        raise typer.BadParameter(str(wrong)) from wrong
