"""The overdue ladder through its pages: due, sent many at once, printed, answered."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from typing import Any

from django.test import Client

from shigan.facts.problems import FixClaimed, LetterSent, LetterStep, MeasureSet, ProblemRaised, Source, Term
from shigan.web import store
from shigan.web.models import EntryRow
from shigan.work.problems import Problem
from tests.web.conftest import County

Clients = Callable[[str], Client]
TODAY = date.today()
YEAR = TODAY.year


def late(county: County, code: str, unit: str = "U003", days: int = 2) -> None:
    """A problem that is so many days past its deadline."""
    county.write(
        code, ProblemRaised(source=Source.VISIT, category="供水", text=f"没有水 {code}"), unit=unit, ago=90
    )
    due = TODAY - timedelta(days=days)
    measure = MeasureSet(goal="有水", measures="换泵", term=Term.LIMITED, due=due)
    county.write(code, measure, unit=unit, by="officer", ago=85)


def send(client: Client, *codes: str, first: int = 5) -> Any:
    form = {"stem": "县组函", "first": first, "problem": [f"{c}.{_seq(c)}" for c in codes]}
    return client.post("/letters/", form)


def _seq(code: str) -> int:
    state = store.state(code)
    return state.seq if state else 0


def page(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def problem(code: str) -> Problem:
    state = store.state(code)
    assert isinstance(state, Problem)
    return state


def test_one_letter_a_unit_and_step_with_one_number(county: County, client_for: Clients) -> None:
    late(county, "Q00001")
    late(county, "Q00002")
    late(county, "Q00003", unit="U004")
    client = client_for("officer")
    answer = send(client, "Q00001", "Q00002", "Q00003")
    assert answer.status_code == 302
    numbers = [problem(f"Q0000{n}").letter_number for n in (1, 2, 3)]
    assert numbers == [f"县组函〔{YEAR}〕5号", f"县组函〔{YEAR}〕5号", f"县组函〔{YEAR}〕6号"]
    html = client.get(answer.headers["Location"]).content.decode()
    assert html.count('<article class="sg-paper"') == 2
    assert "关于问题整改超期的提醒函" in html and f"县组函〔{YEAR}〕5号" in html and "县住建局：" in html
    assert "今天没有该发的函件" in client.get("/letters/").content.decode()


def test_all_are_sent_or_none(county: County, client_for: Clients) -> None:
    late(county, "Q00001")
    late(county, "Q00002", unit="U004")
    seen = [f"Q00001.{_seq('Q00001')}", f"Q00002.{_seq('Q00002')}"]
    county.write("Q00002", FixClaimed(result="已换泵", evidence="泵房"), unit="U004", by="other_clerk")
    before = EntryRow.objects.count()
    answer = client_for("officer").post("/letters/", {"stem": "县组函", "first": 1, "problem": seen})
    assert answer.status_code == 422 and EntryRow.objects.count() == before


def test_a_number_that_is_taken_is_refused(county: County, client_for: Clients) -> None:
    late(county, "Q00001")
    late(county, "Q00002", unit="U004")
    client = client_for("officer")
    send(client, "Q00001", first=5)
    answer = send(client, "Q00002", first=5)
    assert answer.status_code == 422
    assert f"文号 县组函〔{YEAR}〕5号 已经用过" in answer.content.decode()
    assert 'value="6"' in client.get("/letters/").content.decode(), "the next number is proposed"


def test_bad_numbers_and_empty_choices_are_told(county: County, client_for: Clients) -> None:
    late(county, "Q00001")
    client = client_for("officer")
    chosen = f"Q00001.{_seq('Q00001')}"
    for form in (
        {"stem": "县组函", "first": 0, "problem": [chosen]},
        {"stem": "〔〕", "first": 1, "problem": [chosen]},
        {"stem": "县组函", "first": 1}, {"stem": "县组函", "first": 1, "problem": ["'; DROP"]},
    ):  # fmt: skip
        assert client.post("/letters/", form).status_code == 422
    assert problem("Q00001").letter == ""


def test_the_ladder_climbs_step_by_step_each_with_its_time_to_answer(
    county: County, client_for: Clients
) -> None:
    late(county, "Q00001", days=40)
    client = client_for("officer")
    sent = ((LetterStep.REMINDER, 36, 26), (LetterStep.SUPERVISION, 20, 13))
    for n, (step, ago, answer) in enumerate(sent, start=1):
        assert re.search(rf'该发{step} <span class="n">1</span>', page(client, f"/letters/?show={step}"))
        fact = LetterSent(
            step=step, answer_due=TODAY - timedelta(days=answer), number=f"县组函〔{YEAR}〕{n}号"
        )
        county.write("Q00001", fact, ago=ago)
    assert send(client, "Q00001", first=3).status_code == 302
    assert problem("Q00001").letter == LetterStep.ADMONITION
    assert "今天没有该发的函件" in page(client, "/letters/")
    assert all(f"〔{YEAR}〕{n}号" in page(client, "/problems/Q00001") for n in (1, 2, 3))


def test_no_second_letter_before_the_first_could_be_answered(county: County, client_for: Clients) -> None:
    late(county, "Q00001", days=40)
    client = client_for("officer")
    assert send(client, "Q00001").status_code == 302
    assert "今天没有该发的函件" in page(client, "/letters/")
    answer = send(client, "Q00001", first=6)
    assert answer.status_code == 422 and "还不到发函的时候" in answer.content.decode()


def test_papers_tell_the_lateness_of_their_own_day(county: County, client_for: Clients) -> None:
    late(county, "Q00001", days=3)
    client = client_for("officer")
    where = send(client, "Q00001").headers["Location"]
    cell = r"<td>没有水 Q00001</td><td>[\d-]+</td><td>3</td>"
    assert re.search(cell, client.get(where).content.decode())


def test_letters_are_kept_as_word_and_pdf_many_as_a_zip(county: County, client_for: Clients) -> None:
    late(county, "Q00001")
    late(county, "Q00002", unit="U004")
    client = client_for("officer")
    where = send(client, "Q00001", "Q00002").headers["Location"]
    packed = zipfile.ZipFile(BytesIO(client.get(f"{where}&as=docx").content))
    assert [name.partition(" ")[0] for name in packed.namelist()] == ["001", "002"]
    one = client.get(f"/letters/papers?letter=Q00001.{_seq('Q00001')}&as=pdf")
    assert one.content.startswith(b"%PDF") and one.headers["Content-Type"] == "application/pdf"


def test_only_the_office_sends_letters(county: County, client_for: Clients) -> None:
    late(county, "Q00001")
    assert send(client_for("clerk"), "Q00001").status_code == 403
    assert send(client_for("leader"), "Q00001").status_code == 403
    assert "登记并打印" not in client_for("clerk").get("/letters/").content.decode()
    assert Client().get("/letters/").headers["Location"].startswith("/login")


def test_the_unit_reads_and_answers_its_letter_and_no_other_unit_does(
    county: County, client_for: Clients
) -> None:
    late(county, "Q00001")
    where = send(client_for("officer"), "Q00001").headers["Location"]
    assert client_for("clerk").get(where).status_code == 200
    assert client_for("other_clerk").get(where).status_code == 403
    assert "登记答复" in client_for("clerk").get("/letters/").content.decode()
    form = {"text": "月底前换完水泵", "happened": TODAY, "seen": 3}
    assert client_for("clerk").post("/act/LetterAnswered/Q00001", form).status_code == 302
    assert "没有等待答复的函件" in client_for("clerk").get("/letters/").content.decode()


def test_papers_that_do_not_exist_are_not_found(county: County, client_for: Clients) -> None:
    late(county, "Q00001")
    for query in ("", "letter=Q00001.1", "letter=Q00009.1", "letter=abc"):
        assert client_for("officer").get(f"/letters/papers?{query}").status_code == 404


def test_the_list_costs_the_same_number_of_queries_however_long(
    county: County, client_for: Clients, django_assert_max_num_queries: Any
) -> None:
    client = client_for("officer")
    for n in range(50):
        late(county, f"Q000{n:02d}", days=2 + n)
        if n in (4, 49):
            client.get("/letters/")
            with django_assert_max_num_queries(14):
                client.get("/letters/")
