"""The wall chart and its tasks through their pages; and that no chart ranks anybody."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client

from shigan.facts.problems import MeasureSet, ProblemRaised, Source, Term
from shigan.facts.tasks import TaskFinished, TaskProgressed, TaskSet
from shigan.policy import Rulebook
from shigan.web import store
from shigan.web.pages.chart.sheet import LEFT, MONTH_WIDTH, RIGHT, across, job, sheet
from shigan.work.tasks import FINISHED, MOVING, Task
from tests.web.conftest import County

Clients = Callable[[str], Client]
TODAY = date.today()
YEAR = TODAY.year


def task(
    county: County, code: str = "T00001", unit: str = "U003", days: int = 20, project: str = "供水改造"
) -> None:
    """A task due so many days from today."""
    fact = TaskSet(
        project=project, text=f"换管 {code}", start=TODAY - timedelta(days=40),
        due=TODAY + timedelta(days=days), owner="P0003",
    )  # fmt: skip
    county.write(code, fact, unit=unit, ago=40)


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def pictures(html: str) -> list[ElementTree.Element]:
    return [
        ElementTree.fromstring(found) for found in re.findall(r"<svg class=\"sg-picture.*?</svg>", html, re.S)
    ]


def state(stage: str = MOVING, **changes: Any) -> Task:
    values: dict[str, Any] = {
        "subject": "T00001", "seq": 1, "unit": "U003", "stage": stage, "since": date(2026, 1, 5),
        "text": "换管", "start": date(2026, 1, 1), "deadline": date(2026, 3, 31),
    }  # fmt: skip
    return Task(**(values | changes))


def test_a_bar_runs_from_its_first_to_its_last_day() -> None:
    bar = sheet([job(state(), date(2026, 2, 1), Rulebook.shipped())], 2026, date(2026, 2, 1)).bars[0]
    assert (bar.x, bar.x + bar.width, bar.tail) == (LEFT, LEFT + 3 * MONTH_WIDTH, 0)


def test_what_is_late_reaches_to_today_and_what_was_finished_late_to_that_day() -> None:
    today = date(2026, 6, 1)
    late = sheet([job(state(), today, Rulebook.shipped())], 2026, today).bars[0]
    assert late.x + late.whole == across(today, 2026)
    done = state(FINISHED, finished=date(2026, 5, 1))
    bar = sheet([job(done, today, Rulebook.shipped())], 2026, today).bars[0]
    assert bar.x + bar.whole == across(date(2026, 5, 1), 2026)


@pytest.mark.parametrize(("begin", "end"), [(2020, 2021), (2024, 2030), (2026, 2030), (2030, 2031)])
def test_no_bar_leaves_the_sheet(begin: int, end: int) -> None:
    each = job(
        state(start=date(begin, 6, 30), deadline=date(end, 6, 30)), date(2026, 2, 1), Rulebook.shipped()
    )
    bar = sheet([each], 2026, date(2026, 2, 1)).bars[0]
    assert bar.x >= LEFT and bar.x + bar.whole <= RIGHT and bar.width > 0


def test_the_chart_shows_tasks_and_open_problems_as_picture_and_table(
    county: County, client_for: Clients
) -> None:
    task(county)
    task(county, "T00002", days=-5)
    county.write("Q00001", ProblemRaised(source=Source.VISIT, category="供水", text="没有水"), ago=20)
    due = TODAY + timedelta(days=9)
    county.write("Q00001", MeasureSet(goal="有水", measures="换泵", term=Term.LIMITED, due=due), by="clerk")
    html = page(client_for("officer"), "/chart/")
    (picture,) = pictures(html)
    assert picture.get("role") == "img" and picture[0].tag.endswith("title")
    classes = [e.get("class", "") for e in picture.iter()]
    assert sum("bar " in c for c in classes) == 3 and classes.count("tail") == 1
    assert set(re.findall(r'<a href="/(?:tasks|problems)/([TQ]\d+)"', html)) == {"T00001", "T00002", "Q00001"}
    assert "超期 5 天" in html


def test_the_chart_is_filtered_by_field_unit_and_kind(county: County, client_for: Clients) -> None:
    task(county, "T00001", "U010")
    task(county, "T00002", "U011", project="农村公路")
    task(county, "T00003", "U004")
    client = client_for("officer")
    for query, codes in {
        "unit=U010": {"T00001", "T00002"}, "field=农村公路": {"T00002"}, "kind=Q": set(),
        "kind=T&unit=U004": {"T00003"}, "late=1": set(),
    }.items():  # fmt: skip
        html = page(client, f"/chart/?{query}")
        assert set(re.findall(r'<a href="/tasks/(T\d+)"', html)) == codes, query
    assert "没有符合条件的任务和问题" in page(client, "/chart/?kind=Q")


def test_a3_holds_all_sheets_and_the_screen_one(county: County, client_for: Clients) -> None:
    for n in range(1, 41):
        task(county, f"T{n:05d}")
    client = client_for("leader")
    assert len(pictures(page(client, "/chart/"))) == 1
    paper = page(client, "/chart/?paper=a3")
    assert len(pictures(paper)) == 2 and "1 / 2" in paper


@pytest.mark.parametrize(
    "address", ["/chart/", "/chart/?paper=a3", "/tasks/", "/tasks/T00001", "/problems/units"]
)
def test_red_line_no_points_and_no_ranking_of_places(
    county: County, client_for: Clients, address: str
) -> None:
    task(county)
    task(county, "T00002", "U011", days=-3)
    html = page(client_for("officer"), address)
    assert not re.search("排名|得分|积分|名次表|红黑榜|末位|第一名|rank|score|points?>", html)


def test_units_stand_in_the_order_of_their_codes_however_late(county: County, client_for: Clients) -> None:
    task(county, "T00001", "U004", days=10)
    task(county, "T00002", "U003", days=-20)
    task(county, "T00003", "U011", days=-30)
    html = page(client_for("officer"), "/chart/")
    assert html.index("县住建局") < html.index("县水务局") < html.index("柳湾村")


def test_an_officer_sets_a_task_and_its_unit_reports_and_finishes_it(
    county: County, client_for: Clients
) -> None:
    form = {
        "unit": "U003", "project": "供水改造", "text": "换十二公里旧管", "start": TODAY, "due": TODAY,
        "owner": "P0003", "happened": TODAY, "seen": 0,
    }  # fmt: skip
    assert client_for("clerk").get("/tasks/new").status_code == 403
    answer = client_for("officer").post("/tasks/new", form)
    assert answer.headers["Location"] == "/tasks/T00001"
    clerk = client_for("clerk")
    assert "/act/TaskProgressed/T00001" in page(clerk, "/tasks/T00001")
    step = {"text": "换了四公里", "happened": TODAY, "seen": 1}
    assert client_for("other_clerk").post("/act/TaskProgressed/T00001", step).status_code == 403
    assert clerk.post("/act/TaskProgressed/T00001", step).status_code == 302
    done = {"result": "全部换完", "evidence": "水压表", "happened": TODAY, "seen": 2}
    assert clerk.post("/act/TaskFinished/T00001", done).status_code == 302
    finished = store.state("T00001")
    assert finished is not None and finished.stage == FINISHED
    again = clerk.post("/act/TaskProgressed/T00001", step | {"seen": 3})
    assert again.status_code == 422 and "已完成" in again.content.decode()


def test_a_task_that_ends_before_it_begins_is_told_in_the_form(county: County, client_for: Clients) -> None:
    form = {
        "unit": "U003", "project": "供水改造", "text": "换管", "start": TODAY,
        "due": TODAY - timedelta(days=1), "happened": TODAY, "seen": 0,
    }  # fmt: skip
    answer = client_for("officer").post("/tasks/new", form)
    assert answer.status_code == 422 and "早于开始日期" in answer.content.decode()


def test_the_task_list_counts_what_its_chips_lead_to(county: County, client_for: Clients) -> None:
    task(county, "T00001")
    task(county, "T00002", days=-3)
    task(county, "T00003")
    county.write("T00003", TaskProgressed(text="进场"), by="clerk", ago=3)
    county.write("T00003", TaskFinished(result="完成", evidence="移交单"), by="clerk", ago=1)
    client = client_for("officer")
    for query, codes in {"": {1, 2, 3}, "late=1": {2}, "stage=已完成": {3}, "stage=未启动": {1, 2}}.items():
        html = page(client, f"/tasks/?{query}")
        assert set(re.findall(r'href="/tasks/(T\d+)"', html)) == {f"T0000{n}" for n in codes}
        assert re.search(rf'aria-current="true">[^<]+<span class="n">{len(codes)}</span>', html)


def test_everybody_sees_tasks_and_only_the_own_problems(county: County, client_for: Clients) -> None:
    task(county, unit="U004")
    county.write("Q00001", ProblemRaised(source=Source.VISIT, category="供水", text="没有水"), ago=20)
    html = page(client_for("other_clerk"), "/chart/")
    assert "T00001" in html and "Q00001" not in html
    assert Client().get("/chart/").headers["Location"].startswith("/login")


@pytest.mark.parametrize("address", ["/chart/", "/tasks/", "/chart/?paper=a3"])
def test_the_chart_costs_the_same_number_of_queries_however_long(
    county: County, client_for: Clients, django_assert_max_num_queries: Any, address: str
) -> None:
    client = client_for("officer")
    for n in range(1, 36):
        task(county, f"T{n:05d}")
        if n in (5, 35):
            client.get(address)
            with django_assert_max_num_queries(14):
                client.get(address)


def test_odd_addresses_are_harmless(county: County, client_for: Clients) -> None:
    task(county)
    for query in ("year=abc", "year=99999", "field=没有", "unit=U999", "page=x", "paper=a9", "kind=Z"):
        assert client_for("officer").get(f"/chart/?{query}").status_code == 200, query
    assert client_for("officer").get("/tasks/T99999").status_code == 404
    assert client_for("officer").get("/tasks/Q00001").status_code == 404
