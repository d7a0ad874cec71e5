"""Single sheets on the pages: the same shares and means as their count, and never a sheet."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from random import Random

import pytest
from django.test import Client

from shigan.facts.appraisal import SheetsEntered, VoterClass, by_marks
from shigan.web import store
from shigan.web.models import Account, NameRow
from tests.exchange.sheetmaking import workbook
from tests.web.conftest import County
from tests.web.team import CODES, ODD, YEAR, judged_by
from tests.web.test_imports import upload

Clients = Callable[[str], Client]


def entered(voters: VoterClass, n: int) -> SheetsEntered:
    random = Random(voters)
    sheets = ["".join(random.choices("112", k=5 * len(CODES))) for _ in range(n - 1)]
    return SheetsEntered(
        voters=voters, expected=n + 2, present=n + 1, issued=n + 1, returned=n, valid=n, void=0,
        session="年度测评会", items=tuple("德能勤绩廉"), targets=CODES, sheets=by_marks([*sheets, ODD]),
    )  # fmt: skip


@pytest.fixture
def judged(county: County) -> County:
    """Seven officials of U003, P0006 among them, judged by twelve peers and thirty of the staff."""
    NameRow.objects.create(code="G05", name="县直副职组")
    judged_by(entered)
    return county


def test_a_profile_shows_heads_shares_and_means_of_sheets(judged: County, client_for: Clients) -> None:
    for username, path in (("leader", f"/appraisal/{CODES[0]}/{YEAR}"), ("official", "/own/record")):
        page = client_for(username).get(path).content.decode()
        evaluation = page[page.index("民主测评</h2>") : page.index("问题整改</h2>")]
        assert "应到 14" in evaluation and "应到 32" in evaluation and "弃权 0 项次" in evaluation
        assert "加权均值" in evaluation and "优秀" in evaluation


def test_no_page_or_paper_tells_a_single_sheet(judged: County, client_for: Clients) -> None:
    officer, positions = client_for("officer"), range(store.newest())
    paths = [f"/appraisal/{CODES[0]}/{YEAR}", f"/appraisal/team/U003/{YEAR}", f"/appraisal/group/G05/{YEAR}"]
    paths += ["/ledger/", f"/ledger/?subject=U003/{YEAR}", "/imports/export/ballots", "/"]
    paths += [f"/ledger/{n}" for n in positions] + [f"/evidence?e={','.join(map(str, positions))}"]
    for path in paths:
        content = officer.get(path).content
        assert ODD.encode() not in content and ODD[:10].encode() not in content, path
    entry = next(e for e in store.entries(f"U003/{YEAR}") if isinstance(e.fact, SheetsEntered))
    assert "按公布规则在考核画像中显示" in officer.get(f"/ledger/{entry.position}").content.decode()


def test_sheets_of_officials_are_not_those_of_the_team(judged: County, client_for: Clients) -> None:
    page = client_for("leader").get(f"/appraisal/team/U003/{YEAR}").content.decode()
    assert "还没有登记测评计票" in page and "班子成员测评" in page


def test_those_who_were_judged_sheet_by_sheet_do_not_lack_an_evaluation(
    judged: County, client_for: Clients
) -> None:
    client = client_for("officer")
    row = client.get(f"/appraisal/?year={YEAR}").content.decode().split("县直副职组")[1].split("</tr>")[0]
    assert '<td class="num">0</td><td class="num">7</td>' in row, "no evaluation is missing, all results are"
    record = client.get(f"/appraisal/record/U003/{YEAR}").content.decode()
    assert record.count('<td class="num">2</td>') == len(CODES)


def typed(unit: str, person: str) -> bytes:
    """Five sheets of a unit's staff on one official, as typed into Excel."""
    head = [
        "测评单位",
        "姓名",
        "测评会议",
        "测评日期",
        "票类",
        "票号",
        "应到",
        "实到",
        "发出",
        "收回",
        "作废",
    ]
    first = [unit, person, "述职测评会", date.today().isoformat(), "C", 1, 5, 5, 5, 5, 0]
    rest = [[None, person, None, None, None, n, *[None] * 5] for n in range(2, 6)]
    return workbook([*head, *"德能勤绩廉"], *([*row, 1, 1, 2, 1, None] for row in (first, *rest)))


def test_typed_sheets_are_imported_and_only_by_those_who_manage_all_who_are_judged(
    judged: County, client_for: Clients
) -> None:
    Account.objects.filter(username="township").update(role="officer")
    own, other = client_for("township"), client_for("officer")
    page = own.get(upload(own, typed("青石镇", "甲06"))["Location"]).content.decode()
    assert "不在您的管理范围内" in page
    answer = upload(other, typed("青石镇", "甲06"))
    assert "测评票" in other.get(answer["Location"]).content.decode()
    assert "写入台账 1 条" in other.post(answer["Location"]).content.decode()
    (entry,) = (e for e in store.entries(f"U010/{YEAR}") if isinstance(e.fact, SheetsEntered))
    assert isinstance(entry.fact, SheetsEntered) and set(entry.fact.sheets) == {"1121-"}
