"""The problem list through its pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.test import Client

from shigan.exchange.workbook import read_workbook
from shigan.facts import Fact
from shigan.facts.problems import (
    ExtensionAsked,
    FixClaimed,
    LookedBack,
    MeasureSet,
    ProblemDropped,
    ProblemRaised,
    ResultChecked,
    Source,
    Term,
    Verdict,
    Why,
)
from shigan.web import boards, sealing, store
from tests.web.conftest import County

Clients = Callable[[str], Client]
TODAY = date.today()
CLAIM = FixClaimed(result="已换泵", evidence="泵房")
SOLVED = ResultChecked(method="实地核验", verdict=Verdict.SOLVED, found="三楼有水", watch=(3, 6, 12))
SIXTEEN = 16


def raised(
    county: County, code: str = "Q00001", *, unit: str = "U003", due: int = -10, ago: int = 60
) -> None:
    """A problem with its measures, due so many days from today."""
    problem = ProblemRaised(source=Source.VISIT, category="供水", text=f"晚上水压不足 {code}")
    county.write(code, problem, unit=unit, ago=ago)
    measure = MeasureSet(goal="三楼出水", measures="换泵", term=Term.LIMITED, due=TODAY + timedelta(days=due))
    county.write(code, measure, unit=unit, by="clerk" if unit == "U003" else "officer", ago=ago - 5)


def fixed(county: County, code: str = "Q00001", ago: int = 12) -> None:
    """A problem that was claimed and checked so many days ago."""
    raised(county, code, ago=ago + 40)
    county.write(code, CLAIM, by="clerk", ago=ago + 5)
    county.write(code, SOLVED, by="other_clerk", ago=ago)


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def chip(html: str, words: str) -> int:
    """The count on a chip."""
    found = re.search(rf'>{words} <span class="n">(\d+)</span>', html)
    assert found, words
    return int(found[1])


def test_the_fixer_cannot_check_the_own_fix(county: County, client_for: Clients) -> None:
    raised(county)
    county.write("Q00001", CLAIM, by="clerk", ago=12)
    form = {"method": "实地核验", "verdict": "已解决", "found": "有水", "happened": TODAY, "seen": 3}
    answer = client_for("clerk").post("/act/ResultChecked/Q00001", form)
    assert answer.status_code == 422
    assert "责任单位不能核验自己的整改" in answer.content.decode()
    assert client_for("other_clerk").post("/act/ResultChecked/Q00001", form).status_code == 302
    state = store.state("Q00001")
    assert state is not None and state.stage == "已解决"


def test_what_is_refused_stands_on_the_page_with_rule_source_and_remedy(
    county: County, client_for: Clients
) -> None:
    raised(county)
    county.write("Q00001", CLAIM, by="clerk", ago=12)
    html = page(client_for("clerk"), "/problems/Q00001")
    assert (
        "现在不能" in html
        and "责任单位不能核验自己的整改（本系统自设，防止纸面整改）。请由其他单位的人核验。" in html
    )
    assert "/act/ResultChecked/Q00001" not in html, "no form for what is refused"
    assert "/act/ResultChecked/Q00001" in page(client_for("officer"), "/problems/Q00001")


def test_two_people_at_one_problem_the_second_is_told(county: County, client_for: Clients) -> None:
    raised(county)
    form = {"result": "已换泵", "evidence": "泵房", "happened": TODAY, "seen": 1}
    answer = client_for("clerk").post("/act/FixClaimed/Q00001", form)
    assert answer.status_code == 422
    assert "刚刚有了新的记录" in answer.content.decode()
    assert "已换泵" in answer.content.decode(), "what was typed is not lost"


def test_a_clerk_of_the_unit_that_raised_it_reopens_it(county: County, client_for: Clients) -> None:
    county.write(
        "Q00001", ProblemRaised(source=Source.VISIT, category="供水", text="没有水"), by="other_clerk", ago=60
    )
    measure = MeasureSet(goal="有水", measures="换泵", term=Term.LIMITED, due=TODAY)
    county.write("Q00001", measure, by="clerk", ago=50)
    county.write("Q00001", CLAIM, by="clerk", ago=20)
    county.write("Q00001", SOLVED, by="officer", ago=10)
    form = {"reason": "又没有水了", "happened": TODAY, "seen": 4}
    answer = client_for("officer").post("/act/ProblemReopened/Q00001", form)
    assert "只有提出问题的人或其单位可以重新打开" in answer.content.decode()
    assert client_for("other_clerk").post("/act/ProblemReopened/Q00001", form).status_code == 302
    assert "请责任单位重新制定措施和期限" in page(client_for("other_clerk"), "/problems/Q00001")


@pytest.mark.parametrize(
    "address", ["/problems/", "/problems/?late=1&sort=due&q=水压", "/problems/units", "/problems/look-backs"]
)
def test_a_list_costs_the_same_number_of_queries_however_long(
    county: County, client_for: Clients, django_assert_max_num_queries: Any, address: str
) -> None:
    client = client_for("officer")
    for n in range(5):
        fixed(county, f"Q0000{n}", ago=80) if n % 2 else raised(county, f"Q0000{n}")
    client.get(address)
    with django_assert_max_num_queries(12):
        client.get(address)
    for n in range(10, 55):
        fixed(county, f"Q000{n}", ago=80) if n % 2 else raised(county, f"Q000{n}")
    with django_assert_max_num_queries(12):
        client.get(address)


def test_a_clerk_sees_the_own_unit_only(county: County, client_for: Clients) -> None:
    raised(county)
    assert "Q00001" in page(client_for("clerk"), "/problems/")
    assert "Q00001" not in page(client_for("other_clerk"), "/problems/")
    assert client_for("township").get("/problems/Q00001").status_code == 403


def test_a_stranger_is_sent_to_the_log_in_page(county: County) -> None:
    for address in ("/problems/", "/problems/units", "/problems/look-backs", "/problems/export.xlsx"):
        assert Client().get(address).headers["Location"].startswith("/login")


def test_chips_count_what_they_lead_to(county: County, client_for: Clients) -> None:
    client = client_for("officer")
    raised(county, "Q00001")
    raised(county, "Q00002", due=20)
    county.write("Q00002", CLAIM, by="clerk")
    raised(county, "Q00003", unit="U004")
    county.write("Q00003", ProblemDropped(why=Why.BEYOND_DUTY, reason="省管河道"))
    fixed(county, "Q00004")
    county.write(
        "Q00005", ProblemRaised(source=Source.LETTERS, category="道路", text="路灯不亮"), unit="U004"
    )
    html = page(client, "/problems/")
    wanted = {
        "全部": 5,
        "未结": 3,
        "整改中": 1,
        "待核验": 1,
        "已解决": 1,
        "未解决了结": 1,
        "超期": 1,
        "信访": 1,
    }
    assert {words: chip(html, words) for words in wanted} == wanted
    assert chip(page(client, "/problems/?unit=U004"), "全部") == 2
    assert chip(page(client, "/problems/?stage=未结"), "调研") == 2
    for address, codes in {
        "stage=未结": {1, 2, 5}, "late=1": {1}, "source=信访": {5}, "stage=未解决了结": {3}, "q=路灯": {5},
        "q=q00004": {4}, "unit=U004&stage=未结": {5},
    }.items():  # fmt: skip
        found = page(client, f"/problems/?{address}")
        assert set(re.findall(r'href="/problems/(Q\d+)"', found)) == {f"Q0000{n}" for n in codes}, address


def test_who_has_claimed_in_time_is_not_called_late_while_waiting(
    county: County, client_for: Clients
) -> None:
    raised(county, due=-10)
    county.write("Q00001", CLAIM, by="clerk", ago=12)
    assert chip(page(client_for("officer"), "/problems/"), "超期") == 0
    assert "超期" not in page(client_for("officer"), "/problems/Q00001")


def test_fixed_and_closed_without_a_fix_are_counted_apart(county: County, client_for: Clients) -> None:
    fixed(county, "Q00001")
    raised(county, "Q00002")
    county.write("Q00002", ProblemDropped(why=Why.BEYOND_DUTY, reason="省管河道"), by="leader")
    html = page(client_for("officer"), "/problems/units")
    line = html[html.index("县住建局") : html.index("</tr>", html.index("县住建局"))]
    assert re.findall(r"stage=[%\w]+\">(\d+)<", line) == ["1", "1"]
    assert "不算“已解决”" in page(client_for("officer"), "/problems/Q00002")


def test_the_overview_of_units_keeps_a_fixed_order_and_names_no_rank(
    county: County, client_for: Clients
) -> None:
    raised(county, "Q00001", unit="U011")
    for n in range(2, 5):
        raised(county, f"Q0000{n}", unit="U004")
    html = page(client_for("officer"), "/problems/units")
    assert html.index("县水务局") < html.index("柳湾村")
    assert not re.search("第 ?[一1] ?名|得分|积分|排名：", html)


def test_the_shares_of_a_unit_come_with_their_interval_once_judged(
    county: County, client_for: Clients
) -> None:
    fixed(county, "Q00001")
    assert (
        "["
        not in page(client_for("officer"), "/problems/units").partition("<table")[2].partition("</table")[0]
    )
    sealing.seal()
    boards.judge_now()
    html = re.sub("<[^>]+>", "", page(client_for("officer"), "/problems/units"))
    assert re.search(r"100 \[\d+–100\] 1 件", html)


def test_the_export_holds_exactly_what_the_list_shows(county: County, client_for: Clients) -> None:
    raised(county, "Q00001")
    raised(county, "Q00002", unit="U004", due=30)
    fixed(county, "Q00003")
    answer = client_for("officer").get("/problems/export.xlsx?late=1")
    assert answer.status_code == 200
    (sheet,) = read_workbook(BytesIO(answer.content).getvalue())
    titles, *rows = [row for row in sheet.rows if any(row)][1:]
    assert len([t for t in titles if t]) == SIXTEEN
    assert [row[0] for row in rows] == ["Q00001"]
    assert rows[0][3] == "晚上水压不足 Q00001" and rows[0][7] == "县住建局"


def test_who_may_not_export_gets_no_file_and_no_button(county: County, client_for: Clients) -> None:
    raised(county)
    assert client_for("clerk").get("/problems/export.xlsx").status_code == 403
    assert "export.xlsx" not in page(client_for("clerk"), "/problems/")


def test_look_backs_that_are_due_wait_in_a_list(county: County, client_for: Clients) -> None:
    fixed(county, "Q00001", ago=85)
    fixed(county, "Q00002", ago=10)
    fixed(county, "Q00003", ago=150)
    html = page(client_for("officer"), "/problems/look-backs")
    assert set(re.findall(r"/act/LookedBack/(Q\d+)", html)) == {"Q00001", "Q00003"}
    assert chip(html, "过期未看") == 1 and chip(html, "正在期内") == 1
    relapse = LookedBack(months=3, relapsed=True, method="随机走访", found="又没有水")
    county.write("Q00003", relapse)
    assert "↺" not in html and "反弹 1 次" in page(client_for("officer"), "/problems/?mark=1")


def test_an_extension_shows_as_asked_until_it_is_answered(county: County, client_for: Clients) -> None:
    raised(county, due=5)
    until = TODAY + timedelta(days=30)
    county.write("Q00001", ExtensionAsked(due=until, reason="设备未到"), by="clerk")
    assert f"已申请延期至 {until}" in page(client_for("clerk"), "/problems/Q00001")
    form = {"granted": "on", "reason": "属实", "happened": TODAY, "seen": 3}
    assert client_for("clerk").post("/act/ExtensionDecided/Q00001", form).status_code == 403
    assert client_for("officer").post("/act/ExtensionDecided/Q00001", form).status_code == 302
    assert "已延期 1 次" in page(client_for("clerk"), "/problems/Q00001")


@pytest.mark.parametrize("fact", [CLAIM, None])
def test_the_line_of_clocks_marks_one_present_place(
    county: County, client_for: Clients, fact: Fact | None
) -> None:
    raised(county, due=20)
    if fact:
        county.write("Q00001", fact, by="clerk")
    html = page(client_for("officer"), "/problems/Q00001")
    assert html.count('aria-current="step"') == 1
    assert all(words in html for words in ("提出", "措施", "申报", "核验", "3 个月回头看", "12 个月回头看"))


def test_odd_addresses_are_harmless(county: County, client_for: Clients) -> None:
    raised(county)
    client = client_for("officer")
    for query in ("sort=nonsense", "stage=没有", "page=99999", "page=x", "unit=U999", 'q="%\\', "late=abc"):
        assert client.get(f"/problems/?{query}").status_code == 200, query
    assert client.get("/problems/Q99999").status_code == 404
    assert client.get("/problems/U001").status_code == 404
