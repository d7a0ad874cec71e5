"""Importing through the pages: preview, all or nothing, twice adds nothing, nothing kept that should go."""

from __future__ import annotations

import io
import os
import re
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from typer.testing import CliRunner

from shigan.cli import app
from shigan.exchange.workbook import read_workbook
from shigan.web import naming, store
from shigan.web.models import EntryRow, NameRow
from tests.exchange.sheetmaking import workbook
from tests.exchange.test_guard import bomb
from tests.web.conftest import County

Clients = Callable[[str], Client]
HEAD = ["来源", "问题类别", "具体问题（原文）", "提出日期", "责任单位"]
DAY = f"{date.today() - timedelta(days=40):%Y.%m.%d}"


def sheet(*texts: str, unit: str = "县住建局") -> bytes:
    return workbook(["问题台账"], HEAD, *(["调研", "民生", text, DAY, unit] for text in texts))


def upload(client: Client, data: bytes, name: str = "台账.xlsx", kind: str = "") -> HttpResponse:
    return client.post("/imports/", {"file": SimpleUploadedFile(name, data), "kind": kind})  # type: ignore[return-value]


def kept() -> list[Path]:
    return list((Path(settings.DATA) / "uploads").glob("*.upload"))


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    for path in kept():
        path.unlink()


def test_preview_then_write_all_and_the_file_is_gone(county: County, client_for: Clients) -> None:
    officer = client_for("officer")
    answer = upload(officer, sheet("路灯不亮", "水压不足"))
    assert answer.status_code == 302 and len(kept()) == 1
    assert oct(kept()[0].stat().st_mode)[-3:] == "600"
    page = officer.get(answer["Location"]).content.decode()
    assert "将写入 2 条" in page and "具体问题（原文）" in page and "style=" not in page
    n = EntryRow.objects.count()
    done = officer.post(answer["Location"])
    assert "写入台账 2 条" in done.content.decode() and "/problems/Q00001" in done.content.decode()
    assert EntryRow.objects.count() == n + 2 and not kept()
    again = officer.post(answer["Location"])
    assert again.status_code == 400 and "已经用过" in again.content.decode()


def test_the_same_sheet_twice_adds_nothing(county: County, client_for: Clients) -> None:
    officer = client_for("officer")
    officer.post(upload(officer, sheet("路灯不亮"))["Location"])
    n = EntryRow.objects.count()
    page = officer.get(upload(officer, sheet("路灯不亮"))["Location"]).content.decode()
    assert "台账里都有了" in page and "全部写入" not in page
    officer.post(upload(officer, sheet("路灯不亮", "水压不足"))["Location"])
    assert EntryRow.objects.count() == n + 1


def test_one_fault_and_nothing_is_written(county: County, client_for: Clients) -> None:
    officer, n = client_for("officer"), EntryRow.objects.count()
    data = workbook(
        HEAD, ["调研", "民生", "路灯不亮", DAY, "县住建局"], ["调研", "民生", "水", "2026-02-30", "县火星局"]
    )
    where = upload(officer, data)["Location"]
    page = officer.get(where).content.decode()
    assert "有 2 处要改" in page and "Sheet1!D3" in page and "Sheet1!E3" in page and "全部写入" not in page
    assert officer.post(where).status_code == 400
    assert EntryRow.objects.count() == n
    marked = officer.get(f"{where}/marked/0")
    listed = read_workbook(marked.content)[1]
    assert [row[0] for row in listed.rows] == ["Sheet1!D3", "Sheet1!E3"]


def test_giving_up_deletes_the_file(county: County, client_for: Clients) -> None:
    officer = client_for("officer")
    where = upload(officer, sheet("路灯不亮"))["Location"]
    assert officer.post(where, {"drop": "1"})["Location"] == "/imports/"
    assert not kept()


def test_a_file_is_kept_for_an_hour_at_most(county: County, client_for: Clients) -> None:
    officer = client_for("officer")
    where = upload(officer, sheet("路灯不亮"))["Location"]
    os.utime(kept()[0], (time.time() - 3700,) * 2)
    assert officer.get(where).status_code == 400 and not kept()


def test_nobody_else_finds_the_file(county: County, client_for: Clients) -> None:
    where = upload(client_for("officer"), sheet("路灯不亮"))["Location"]
    for username in ("clerk", "leader", "admin"):
        assert client_for(username).get(where).status_code == 403
    from shigan.web.models import Account

    Account.objects.filter(username="leader").update(role="officer")
    assert client_for("leader").get(where).status_code == 400


def test_only_the_office_imports(county: County, client_for: Clients) -> None:
    for username in ("clerk", "official", "auditor", "admin", "leader"):
        assert client_for(username).get("/imports/").status_code == 403
        assert upload(client_for(username), sheet("路灯不亮")).status_code == 403
    assert Client().get("/imports/").status_code == 302


def test_a_townships_office_imports_for_its_own_units_only(county: County, client_for: Clients) -> None:
    from shigan.web.models import Account

    Account.objects.filter(username="township").update(role="officer")
    client = client_for("township")
    page = client.get(upload(client, sheet("路灯不亮", unit="县住建局"))["Location"]).content.decode()
    assert "不在您的管理范围内" in page
    assert (
        "将写入 1 条"
        in client.get(upload(client, sheet("路灯不亮", unit="柳湾村"))["Location"]).content.decode()
    )


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (sheet("机密★1年"), "台账.xlsx", "密级标志"),
        (sheet("路灯不亮"), "机密台账.xlsx", "密级标志"),
        (bomb(), "台账.xlsx", "没有读取"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1old", "台账.xls", "旧版 .xls"),
        (workbook(["甲", "乙", "丙"], [1, 2, 3]), "台账.xlsx", "认不出是哪种表"),
    ],
)
def test_a_bad_file_is_refused_with_the_remedy_and_not_kept(
    county: County, client_for: Clients, data: bytes, name: str, said: str
) -> None:
    answer = upload(client_for("officer"), data, name)
    assert answer.status_code == 422 and said in answer.content.decode()
    assert not kept()


def test_the_wrong_kind_is_told_by_name(county: County, client_for: Clients) -> None:
    answer = upload(client_for("officer"), sheet("路灯不亮"), kind="results")
    assert "这是“问题台账”，不是“实绩”" in answer.content.decode()


def test_a_roster_brings_codes_into_the_ledger_and_names_beside_it(
    county: County, client_for: Clients
) -> None:
    officer = client_for("officer")
    data = workbook(
        ["单位", "单位类型", "上级单位", "姓名", "职务", "职务层次"],
        ["县林业局", "县直部门", "演示县"],
        ["县林业局", None, None, "郑某戊", "局长", "正职"],
        ["县住建局", None, None, "甲06", "副局长", "副职"],
    )
    officer.post(upload(officer, data)["Location"])
    naming.forget()
    assert (
        naming.name("U012") == "县林业局"
        and naming.post("P0008") == "局长"
        and naming.post("P0006") == "副局长"
    )
    assert not any("某" in str(entry.fact) or "林业" in str(entry.fact) for entry in store.entries())
    assert NameRow.objects.get(code="P0008").name == "郑某戊"


def test_what_is_exported_comes_back_as_nothing_new(county: County, client_for: Clients) -> None:
    officer = client_for("officer")
    officer.post(upload(officer, sheet("路灯不亮"))["Location"])
    for key in ("roster", "problems"):
        data = officer.get(f"/imports/export/{key}").content
        page = officer.get(upload(officer, data, kind=key)["Location"]).content.decode()
        assert "台账里都有了" in page, re.findall("<td>.*?</td>", page)
    assert client_for("clerk").get("/imports/export/problems").status_code == 403


def test_every_template_downloads(county: County, client_for: Clients) -> None:
    officer = client_for("officer")
    page = officer.get("/imports/").content.decode()
    links = re.findall(r'href="(/imports/(?:template|export)/[^"]+)"', page)
    assert len(links) > 10
    for link in links:
        assert read_workbook(officer.get(link).content)[0].name
    assert officer.get("/imports/template/poems").status_code == 404
    assert officer.get("/imports/template/evaluation?scheme=x").status_code == 404


def test_a_large_sheet_asks_the_database_no_more_often(
    county: County, client_for: Clients, django_assert_max_num_queries: Callable[..., object]
) -> None:
    officer = client_for("officer")
    for n in (5, 50):
        where = upload(officer, sheet(*(f"第{i}盏路灯不亮" for i in range(n))))["Location"]
        with django_assert_max_num_queries(22):  # type: ignore[attr-defined]
            officer.get(where)


def test_the_command_writes_the_same_and_asks_first(county: County, tmp_path: Path) -> None:
    path = tmp_path / "台账.xlsx"
    path.write_bytes(sheet("路灯不亮"))
    where = ["--data", str(settings.DATA), "--as"]
    n = EntryRow.objects.count()
    assert CliRunner().invoke(app, ["import", str(path), *where, "officer"], input="n\n").exit_code == 2
    assert EntryRow.objects.count() == n
    said = CliRunner().invoke(app, ["import", str(path), *where, "officer", "--yes"])
    assert said.exit_code == 0, said.output
    assert EntryRow.objects.count() == n + 1
    assert "没有新的内容" in CliRunner().invoke(app, ["import", str(path), *where, "officer", "--yes"]).output
    path.write_bytes(sheet("水压不足", unit="县火星局"))
    said = CliRunner().invoke(app, ["import", str(path), *where, "officer", "--yes"])
    assert said.exit_code == 2 and "没有单位“县火星局”" in said.output
    assert io.StringIO(said.output).read().count("Traceback") == 0
