"""The reading of single sheets on pages: intervals and their table, no order of merit, no sheet."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shigan.facts.appraisal import SheetsEntered, VoterClass, by_marks
from shigan.judge.raters import LIMITS
from shigan.web import naming
from shigan.web.models import NameRow
from shigan.web.pictures import Dot, Scale, intervals, small_intervals
from tests.web.conftest import County
from tests.web.team import CODES, ODD, YEAR, judged_by

Clients = Callable[[str], Client]
COUNTY, UNIT = f"/evaluations/{YEAR}/", f"/evaluations/{YEAR}/U003/"


def entered(voters: VoterClass, n: int) -> SheetsEntered:
    """Sheets that like the first official least."""
    random = Random(voters)
    sheets = ["".join(random.choices("1223", k=5) + random.choices("1112", k=30)) for _sheet in range(n - 1)]
    return SheetsEntered(
        voters=voters, expected=n, present=n, issued=n, returned=n, valid=n, void=0, session="年度测评会",
        items=tuple("德能勤绩廉"), targets=CODES, sheets=by_marks([*sheets, ODD]),
    )  # fmt: skip


@pytest.fixture
def judged(county: County) -> County:
    """Seven officials of U003, P0006 among them, judged on single sheets by peers and staff."""
    NameRow.objects.bulk_create(NameRow(code=code, name=f"乙{code[-2:]}") for code in CODES[1:])
    naming.forget()
    judged_by(entered)
    return county


def text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_a_team_is_shown_raw_and_adjusted_with_intervals_groups_and_limits(
    judged: County, client_for: Clients
) -> None:
    page = text(client_for("leader"), UNIT)
    for words in ("原始均值（分）", "调整后（分）", "区间（分）", "照单全收（分）", "不可区分", *LIMITS):
        assert words in page, words
    row = page[page.index("甲06</a>") :].split("</tr>")[0]
    assert re.search(r"<b>\d+\.\d</b>", row) and re.search(r"\d+\.\d–\d+\.\d", row)
    assert '<td class="num">42</td>' in row


def test_officials_stand_in_the_order_of_the_roster_whatever_the_reading(
    judged: County, client_for: Clients
) -> None:
    page = text(client_for("leader"), UNIT)
    table = page[page.index("<tbody>") :]
    assert re.findall(r"/appraisal/(P\d+)/", table) == ["P0003", *CODES], "P0003 is of the team too"


def test_the_county_shows_every_team_in_the_order_of_codes_with_the_table_as_twin(
    judged: County, client_for: Clients
) -> None:
    page = text(client_for("leader"), COUNTY)
    units = re.findall(rf'href="/evaluations/{YEAR}/(U\d+)/"', page)
    assert units == sorted(units) and "U003" in units
    assert 'class="sg-picture sg-small"' in page and "列成表" in page
    assert "有把握在内" in page and all(words in page for words in LIMITS)


def test_a_year_or_a_team_without_sheets_says_so(judged: County, client_for: Clients) -> None:
    client = client_for("leader")
    assert text(client, UNIT).count("没有逐张票的读数") == 1, "only P0003 was on no sheet"
    assert "sg-intervals" not in text(client, f"/evaluations/{YEAR}/U004/")
    assert "票数或人数不足" in text(client, f"/evaluations/{YEAR - 1}/")
    assert client.get(f"/evaluations/{YEAR + 1}/").status_code == 404
    assert client.get(f"/evaluations/{YEAR}/P0006/").status_code == 404


def test_the_profile_and_the_own_record_show_the_reading_beside_the_raw_shares(
    judged: County, client_for: Clients
) -> None:
    for username, path in (("leader", f"/appraisal/P0006/{YEAR}"), ("official", "/own/record")):
        page = text(client_for(username), path)
        part = page[page.index("民主测评</h2>") : page.index("问题整改</h2>")]
        assert "加权均值" in part and "调整后测评" in part and "本单位内" in part and LIMITS[0] in part
        assert (UNIT in part) == (username == "leader")


def test_the_team_page_tells_the_limits_and_leads_to_the_reading(judged: County, client_for: Clients) -> None:
    page = text(client_for("leader"), f"/appraisal/team/U003/{YEAR}")
    assert UNIT in page and all(words in page for words in LIMITS) and "票数说不清的" not in page


def test_no_page_and_no_paper_of_the_reading_tells_a_sheet(judged: County, client_for: Clients) -> None:
    client = client_for("officer")
    for path in (COUNTY, UNIT, "/evaluations/method", f"/appraisal/group/G05/{YEAR}.docx"):
        content = client.get(path).content
        assert ODD.encode() not in content and ODD[:10].encode() not in content


def test_who_may_not_see_a_profile_may_not_see_the_reading(judged: County, client_for: Clients) -> None:
    for username in ("clerk", "other_clerk", "official", "admin"):
        client = client_for(username)
        assert [client.get(path).status_code for path in (COUNTY, UNIT)] == [403, 403], username


def test_the_county_costs_as_many_queries_however_many_units_stand_on_it(
    judged: County, client_for: Clients
) -> None:
    client = client_for("leader")
    client.get(COUNTY)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        client.get(COUNTY)
    assert len(queries) < 25


def test_the_method_is_open_to_everybody_who_is_logged_in(judged: County, client_for: Clients) -> None:
    page = text(client_for("official"), "/evaluations/method")
    assert "η = θ − s + v" in page and "docs/raters.md" in page


def test_pictures_draw_a_ring_for_the_raw_figure_and_words_where_there_is_none() -> None:
    dots = [Dot("甲", 92.0, 91.0, 93.0, beside=90.0), Dot("乙", note="不显示"), Dot("丙", None, 85.0, 95.0)]
    picture = intervals(dots, title="区间", unit="分")
    assert picture.count("<circle") == 2 and "不显示" in picture
    small = small_intervals(dots, Scale.over([85.0, 95.0]), "区间")
    assert small.count("<circle") == 1 and "<title>区间</title>" in small
