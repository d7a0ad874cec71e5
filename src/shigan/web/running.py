"""What the commands do: migrate, build the demo, serve, verify, rebuild."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from shigan.box import serving
from shigan.box.desk import keys as desk_keys
from shigan.exchange.keeping.databases import Deletion
from shigan.facts.faults import Fault, _
from shigan.web import boards, erasing, exporting, naming, rights, sealing, store, verifying
from shigan.web.models import Account, EntryRow, NameRow
from shigan.web.pages.documents import library
from shigan.work.admit import Author, Draft

DEMO_PASSWORD = "shigan-demo-2026"


def migrate() -> None:
    """Bring the database to this version. Raises `Fault` when it is from a newer one."""
    Path(settings.DATA).mkdir(parents=True, exist_ok=True)
    loader = MigrationLoader(connection)
    known = {app for app, _name in loader.disk_migrations}
    newer = {m for m in loader.applied_migrations if m[0] in known} - loader.disk_migrations.keys()
    replaced = {old for migration in loader.disk_migrations.values() for old in migration.replaces}
    if newer - replaced:
        raise Fault(_("数据库来自更新的软件版本"), remedy=_("请安装新版本；数据没有改动。"))
    call_command("migrate", verbosity=0, interactive=False)


def _bar(out: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:,.0f}"),
        TimeElapsedColumn(),
        console=out,
    )


def build_demo(scale: float, out: Console) -> None:
    """The demo county, unless it is there already."""
    from shigan.demo import boxes
    from shigan.demo import county as made_up

    migrate()
    if sealing.last() is not None:
        return
    if EntryRow.objects.exists():
        raise Fault(
            _("{data} 里的演示县没有建完"), remedy=_("删除这个文件夹后再运行。"), data=str(settings.DATA)
        )
    county = made_up.County(scale=scale)
    NameRow.objects.bulk_create(
        [NameRow(code=c, name=n.name, post=n.post) for c, n in county.names.items()], batch_size=2000
    )
    naming.forget()
    with _bar(out) as bar:
        task = bar.add_task("建演示县 / building", total=county.expected_entries)
        batches = ((b.drafts, b.author, b.now) for b in made_up.batches(county))
        for written in store.append_many(batches, made_up.salts()):
            bar.update(task, completed=written)
        bar.update(task, completed=written, total=written)
    for username, person in county.accounts.items():
        account = Account(username=username, code=person.code, unit=person.unit, role=person.role)
        account.set_password(DEMO_PASSWORD)
        account.save()
    boxes.write(county.land, county.plan, county.seed, settings.DATA / "boxes")
    out.print("封存 / sealing …")
    sealing.seal()
    out.print("评判 / judging …")
    boards.judge_now()


def report_demo(scale: float, out: Console) -> None:
    """Which planted misdeeds the judges found, missed, and raised falsely."""
    from shigan.demo import county as made_up
    from shigan.demo import documents, planted

    county = made_up.County(scale=scale)
    out.print(planted.report(boards.flags(), county.planted).words())
    for told in documents.compared(county.papers, _asked_of_documents()):
        out.print(told.words())


def _asked_of_documents() -> dict[str, set[str]]:
    """What the judges ask about each of this year's documents, by its code."""
    from django.utils import timezone

    from shigan.demo import documents
    from shigan.judge import register
    from shigan.judge.documents import Label
    from shigan.judge.figures import Period
    from shigan.judge.tables import Tables

    rules, today = store.rulebook(), timezone.localdate()
    tables = Tables.of(store.entries(kinds=("DocumentRegistered", "DocumentWithdrawn"), until=boards.size()))
    found = {}
    for verdict in register.judged(tables, rules, Period(today.year, today))[1]:
        copied = {documents.COPIED} if verdict.label is Label.COPIED else set()
        found[verdict.document.name] = copied | {each.item for each in register.checks(verdict, rules)}
    return found


def serve_demo(port: int, out: Console) -> None:
    """Serve the demo county and say whom to log in as."""
    out.print(f"\n[bold]http://127.0.0.1:{port}/[/bold]   密码 / password: {DEMO_PASSWORD}\n")
    for username, hint in (
        ("officer", "组工干部：我的工作 → 问题 → 超期  / officer: what is overdue"),
        ("clerk", "联络员：报一次，两分钟  / unit clerk: report once"),
        ("official", "干部：看自己的画像，申请复核  / official: the own record"),
        ("leader", "领导：考核 → 一个班子 → 依据  / leader: open a team, ask why"),
    ):
        out.print(f"  {username:<10}{hint}")
    box = _demo_box(port + 1, out)
    out.print("\nCtrl-C 结束 / stops\n")
    try:
        serve("127.0.0.1", port, out)
    finally:
        if box:
            serving.stop(box)


def _demo_box(port: int, out: Console) -> subprocess.Popen[bytes] | None:
    """The ballot box that a visitor can vote in, beside the main system; its slips are a PDF."""
    from shigan.demo import boxes

    path = settings.DATA / "boxes" / boxes.RUNNING
    if not (path / "box.sqlite").exists():
        return None
    _must_be_free("127.0.0.1", port)
    keys = desk_keys.Keys().codes
    out.print(
        f"\n票箱 / ballot box: [bold]http://127.0.0.1:{port}/[/bold]   票 / slips: {path / 'slips.pdf'}"
    )
    out.print(
        f"  工作台 / desk: http://127.0.0.1:{port}/desk   监票人口令 / key: {keys[desk_keys.Role.SCRUTINEER]}"
    )
    return serving.start(path, "127.0.0.1", port, keys)


def serve(host: str, port: int, out: Console) -> None:
    """Serve until stopped; every few minutes what waits is sealed and judged."""
    _must_be_free(host, port)
    server = subprocess.Popen(
        [
            str(Path(sys.executable).parent / "granian"),
            "--interface",
            "wsgi",
            "--host",
            host,
            "--port",
            str(port),
            "--workers",
            str(min(2, os.cpu_count() or 1)),
            "--blocking-threads",
            "4",
            "--no-access-log",
            "--log-level",
            "error",
            "shigan.web.wsgi:application",
        ],
        env=os.environ | {"SHIGAN_DATA": str(settings.DATA)},
        start_new_session=True,
    )
    serving.leave_when_told()
    try:
        while server.poll() is None:
            _keep(server, out)
    except KeyboardInterrupt:
        pass
    finally:
        serving.stop(server)


def _must_be_free(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Fault(
                _("端口 {port} 已被占用"), remedy=_("换一个端口：--port {next}。"), port=port, next=port + 1
            ) from error


def _keep(server: subprocess.Popen[bytes], out: Console) -> None:
    """Wait for the interval of the rule book, then seal and judge; trouble is told and tried again later."""
    interval = store.rulebook().ledger.seal_interval.value * 60
    ends = time.monotonic() + interval
    try:
        library.keep()
    except (Fault, DatabaseError, OSError) as trouble:
        out.print(f"[red]文件索引未成，稍后再试 / index of documents failed: {trouble}[/red]")
    connection.close()
    while time.monotonic() < ends and server.poll() is None:
        time.sleep(0.5)
    if server.poll() is None:
        try:
            if (point := sealing.last()) and point.ahead():
                out.print(f"[red]电脑时钟被拨回，请校正 / the clock was turned back behind {point.at}[/red]")
            sealing.seal()  # also when only notes wait in the slot
            boards.judge_now()
        except (Fault, DatabaseError, OSError) as trouble:
            out.print(f"[red]封存未成，稍后再试 / sealing failed, will be tried again: {trouble}[/red]")


def verify(out: Console, outside: Sequence[str] = (), receipts: Sequence[str] = ()) -> int:
    """Check everything, and checkpoints kept outside; or receipts alone. The exit code: 0 whole, 1 wrong."""
    migrate()
    said = list(exporting.report_outside(outside, receipts))
    for good, words in said:
        out.print(f"{'✓' if good else '✗'} {words}", style=None if good else "red", markup=False)
    lost = any(not good for good, _words in said)
    return int(lost) if receipts else max(_verify(out), int(lost))


def export(to: Path, payloads: bool, since: int | None, out: Console) -> None:
    """Export the ledger, or with `since` the proof that it grew from so many entries."""
    if since is None:
        n = exporting.write(to, payloads=payloads)
        out.print(f"{to}: {n:,} 条 / entries；公钥 / key {exporting.key().public.hex()}")
        return
    proof = exporting.growth(since)
    if proof is None:
        raise Fault(_("没有封存过 {n} 条"), remedy=_("请核对条数。"), n=since)
    if to.exists():
        raise Fault(_("{folder} 已经有了，不覆盖"), remedy=_("请换一个文件名。"), folder=str(to))
    to.write_text(proof.text(), "utf-8")


def _verify(out: Console) -> int:
    n = EntryRow.objects.count()
    wrong = 0
    with _bar(out) as bar:
        task = bar.add_task("核对 / verifying", total=n)
        for bad in verifying.verify(lambda done: bar.update(task, completed=done)):
            wrong += 1
            if wrong <= 20:
                out.print(f"[red]{bad.place}：{bad.words}[/red]")
        bar.update(task, completed=n)
    point = sealing.last()
    sealed = f"封存点 {point.size}，树根 {point.root}" if point else "尚未封存 / nothing sealed"
    out.print(f"{n:,} 条记录 / entries；{sealed}")
    out.print("[red]台账被改动 / the ledger was altered[/red]" if wrong else "台账完整 / the ledger is whole")
    return 1 if wrong else 0


def rebuild(out: Console, deletions: Path | None = None) -> None:
    """Make the state cache anew; with a file of deletions by law, make those first."""
    migrate()
    if deletions:
        made = erasing.after_restore(Deletion(*each) for each in json.loads(deletions.read_text("utf-8")))
        erasing.scrub()
        out.print(f"已再次删除 / deleted again: {made} 件 / cases")
    out.print(f"{verifying.rebuild():,} 项状态已重建 / states rebuilt")


def make_admin(username: str, password: str, out: Console) -> None:
    """The first administrator; refused when there is one."""
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError

    if Account.objects.filter(role=rights.ADMIN, is_active=True).exists():
        raise Fault(_("已有系统管理员"), remedy=_("请由现有管理员在“账号”页新建。"))
    try:
        validate_password(password)
    except ValidationError as error:
        raise Fault("{why}", remedy="", why="".join(error.messages)) from error
    code = store.next_code("A")
    Account.objects.create_user(username, password, code=code, unit="", role=rights.ADMIN)
    from django.utils import timezone

    from shigan.facts.units import RoleGranted

    store.append([Draft(code, RoleGranted(role=rights.ADMIN), "", timezone.localdate())], Author(code, ""))
    out.print(f"{username} 可以登录了 / may log in now")
