"""The problem list through its pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from django.test import Client

from shigan.facts.problems import FixClaimed, MeasureSet, ProblemRaised, Source, Term
from shigan.web import store
from tests.web.conftest import County

Clients = Callable[[str], Client]


def raised(county: County, code: str = "Q00001") -> None:
    county.write(code, ProblemRaised(source=Source.VISIT, category="供水", text="晚上水压不足"), ago=60)
    measure = MeasureSet(
        goal="三楼出水", measures="换泵", term=Term.LIMITED, due=date.today() - timedelta(days=10)
    )
    county.write(code, measure, by="clerk", ago=50)


def test_the_fixer_cannot_check_the_own_fix(county: County, client_for: Clients) -> None:
    raised(county)
    county.write("Q00001", FixClaimed(result="已换泵", evidence="泵房"), by="clerk", ago=12)
    form = {"method": "实地核验", "verdict": "已解决", "found": "有水", "happened": date.today(), "seen": 3}
    answer = client_for("clerk").post("/act/ResultChecked/Q00001", form)
    assert answer.status_code == 422
    assert "责任单位不能核验自己的整改" in answer.content.decode()
    assert client_for("other_clerk").post("/act/ResultChecked/Q00001", form).status_code == 302
    state = store.state("Q00001")
    assert state is not None and state.stage == "已解决"


def test_two_people_at_one_problem_the_second_is_told(county: County, client_for: Clients) -> None:
    raised(county)
    form = {"result": "已换泵", "evidence": "泵房", "happened": date.today(), "seen": 1}
    answer = client_for("clerk").post("/act/FixClaimed/Q00001", form)
    assert answer.status_code == 422
    assert "刚刚有了新的记录" in answer.content.decode()
    assert "已换泵" in answer.content.decode(), "what was typed is not lost"


def test_the_list_costs_the_same_number_of_queries_however_long(
    county: County, client_for: Clients, django_assert_max_num_queries: Callable[..., object]
) -> None:
    client = client_for("officer")
    for n in range(3):
        raised(county, f"Q0000{n}")
    client.get("/problems/")
    with django_assert_max_num_queries(14):  # type: ignore[attr-defined]
        client.get("/problems/")
    for n in range(10, 50):
        raised(county, f"Q000{n}")
    with django_assert_max_num_queries(14):  # type: ignore[attr-defined]
        assert "Q00049" in client.get("/problems/").content.decode()


def test_a_clerk_sees_the_own_unit_only(county: County, client_for: Clients) -> None:
    raised(county)
    assert "Q00001" in client_for("clerk").get("/problems/").content.decode()
    assert "Q00001" not in client_for("other_clerk").get("/problems/").content.decode()
    assert client_for("township").get("/problems/Q00001").status_code == 403


def test_a_stranger_is_sent_to_the_log_in_page(county: County) -> None:
    assert Client().get("/problems/").headers["Location"].startswith("/login")
