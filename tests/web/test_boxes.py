"""Evaluations in the ballot box on pages: drafts that the box reads, sealing, publishing, what is shown."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shigan.box import manifest as manifests
from shigan.box import names as name_files
from shigan.box import signatures
from shigan.web import naming, sealing, store
from shigan.web.models import BurdenRow
from shigan.work.admit import Author, Draft
from shigan.work.boxes import PUBLISHED, SEALED
from tests.web.conftest import County
from tests.work import evaluation

Clients = Callable[[str], Client]
NOW = datetime.now(UTC)
PLAIN = evaluation.plain(NOW)
DONE = evaluation.plain(NOW - timedelta(days=1))
"""One that opens in an hour, and one that is over."""
CLASSES = {
    "voters-TOTAL_FORMS": "3", "voters-INITIAL_FORMS": "3",
    "voters-0-name": "县领导", "voters-0-weight": "30", "voters-0-expected": "8",
    "voters-1-name": "中层", "voters-1-weight": "30", "voters-1-expected": "12",
    "voters-2-name": "职工", "voters-2-weight": "40", "voters-2-expected": "40", "voters-2-tokens": "on",
}  # fmt: skip
FORM = CLASSES | {
    "code": "B0007", "title": "年度测评", "session": "测评会", "targets": "P0003 甲03\nP0006",
    "opens": "2030-01-10T09:00", "closes": "2030-01-10T17:00", "issue_from": "2030-01-08T09:00",
    "issue_to": "2030-01-09T18:00", "comments": "on", "needed": "1",
    "scrutineers": f"P0007 {evaluation.KEYS[0]['key']}",
}  # fmt: skip
SHEET = "/boxes/new/officials/U003"


def file(name: str, content: Any) -> SimpleUploadedFile:
    data = content if isinstance(content, bytes) else json.dumps(content, ensure_ascii=False).encode()
    return SimpleUploadedFile(name, data, "application/json")


def seal(client: Client, plain: dict[str, Any]) -> Any:
    return client.post("/boxes/file", {"file": file("notice.json", evaluation.notice(plain))})


def done(code: str = "B0001") -> dict[str, Any]:
    """An evaluation that was sealed the day before yesterday and is over; its manifest."""
    plain = DONE | {"election": code}
    draft = Draft(code, evaluation.opening(plain), "U003", (NOW - timedelta(days=2)).date())
    list(store.append_many([([draft], Author("P0001", "U002"), NOW - timedelta(days=2))]))
    return plain


def files(plain: dict[str, Any], signers: int = 2, **changes: Any) -> dict[str, Any]:
    made = evaluation.result(evaluation.notice(plain), evaluation.rows(plain, {"A": 4}), **changes)
    signed = [signatures.sign(made, key) for key in evaluation.KEYS[:signers]]
    return {
        "result": file("result.json", made),
        "signatures": [file(f"{n}.json", each) for n, each in enumerate(signed)],
    }


def drafted(client: Client, address: str = SHEET, **changes: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The two files in the ZIP that the form answers with."""
    answer = client.post(address, FORM | changes)
    assert answer.status_code == 200
    with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
        assert packed.namelist() == ["B0007/draft.json", "B0007/names.json"]
        draft, names = (json.loads(packed.read(name)) for name in packed.namelist())
    return draft, names


def test_the_draft_is_one_that_the_box_reads_and_names_stand_apart(
    county: County, client_for: Clients
) -> None:
    draft, names = drafted(client_for("officer"))
    made = manifests.read(draft, draft=True)
    assert [part.targets for part in made.parts] == [("P0003", "P0006")]
    assert made.parts[0].items == tuple("德能勤绩廉") and made.parts[0].options[0] == "优秀"
    assert name_files.read(names, made).name("P0003") == "甲03" and "甲03" not in json.dumps(draft)
    assert made.names != drafted(client_for("officer"))[0]["names"], "a fresh salt every time"
    assert made.opens.isoformat() == "2030-01-10T09:00:00+08:00"
    assert made.scrutineers[0].name == "P0007"


def test_a_notice_that_is_filed_already_is_refused_in_these_words(
    county: County, client_for: Clients
) -> None:
    client = client_for("officer")
    assert seal(client, PLAIN).status_code == 302
    answer = seal(client, PLAIN)
    assert answer.status_code == 422 and "已经存在" in answer.content.decode()


def test_small_classes_go_with_the_next_larger_and_the_rule_is_the_policy_in_force(
    county: County, client_for: Clients
) -> None:
    made = manifests.read(drafted(client_for("officer"))[0], draft=True)
    assert [(c.id, c.pool, c.tokens) for c in made.classes] == [
        ("A", "B", False),
        ("B", "C", False),
        ("C", "", True),
    ]
    assert all(c.slips >= c.expected + 5 for c in made.classes)
    policy = store.rulebook().publication
    assert (made.rule.fine_from, made.rule.fewest) == (policy.fine_from.value, policy.fewest.value)


@pytest.mark.parametrize(
    ("preset", "parts"),
    [
        ("team", ["领导班子民主测评"]),
        ("annual", ["领导班子民主测评", "领导干部民主测评"]),
        ("recommendation", ["推荐：副局长"]),
        ("report", ["干部选拔任用工作民主评议", "存在的主要问题（可多选）", "新提拔任用干部民主评议"]),
    ],
)
def test_every_preset_makes_a_sheet(
    county: County, client_for: Clients, preset: str, parts: list[str]
) -> None:
    draft, _names = drafted(client_for("officer"), f"/boxes/new/{preset}/U003", post="副局长", most="2")
    assert [part.title for part in manifests.read(draft, draft=True).parts] == parts


def test_a_number_that_was_taken_is_not_drafted_again(county: County, client_for: Clients) -> None:
    done("B0007")
    answer = client_for("officer").post(SHEET, FORM)
    assert answer.status_code == 422 and "B0007 已经用过，请改用 B0008" in answer.content.decode()


def test_what_is_wrong_in_a_draft_is_told_in_a_sentence(county: County, client_for: Clients) -> None:
    client = client_for("officer")
    for changes, words in (
        ({"targets": "P0003\nP0003"}, "有人列了两次"), ({"targets": "某人"}, "没有找到“某人”"),
        ({"targets": ""}, "id_targets_error"), ({"scrutineers": "P0007 abc"}, "64 位公钥"),
        ({"voters-0-weight": "40"}, "权重合计是 110"), ({"closes": "2030-01-10T08:00"}, "要在投票开始以后"),
        ({f"voters-{n}-expected": "" for n in range(3)}, "至少填一类票"),
        ({"opens": "2020-01-10T09:00"}, "已经过去了"), ({"issue_to": ""}, "开始和截止要一起填"),
        ({"issue_to": "2030-01-08T08:00"}, "要在领票开始以后"),
        ({"issue_to": "2030-01-10T10:00"}, "要在投票开始以前"),
        ({"issue_from": "", "issue_to": ""}, "请填领票的时间"),
        ({"voters-2-tokens": ""}, "没有票类可在网上领票"),
        ({"needed": "2"}, "只写了 1 名监票人"), ({"origin": "192.168.1.10:8081"}, "以 http://"),
        ({"title": "县教育局换届选举"}, "票箱只用于评议和推荐，不用于选举"),
    ):  # fmt: skip
        answer = client.post(SHEET, FORM | changes)
        assert answer.status_code == 422 and words in answer.content.decode(), changes
    assert "不办理" in client.get("/boxes/new").content.decode()
    assert client.get("/boxes/new/election/U003").status_code == 404


def test_the_way_to_the_form_is_preset_and_unit(county: County, client_for: Clients) -> None:
    answer = client_for("officer").get("/boxes/new?preset=team&unit=县住建局")
    assert (answer.status_code, answer["Location"]) == (302, "/boxes/new/team/U003")
    page = client_for("officer").get(SHEET).content.decode()
    assert "P0003 甲03" in page and "分管县领导和本部门主要负责人" in page


def test_a_notice_is_sealed_and_shown_with_its_digest(county: County, client_for: Clients) -> None:
    client = client_for("officer")
    answer = seal(client, PLAIN)
    assert (answer.status_code, answer["Location"]) == (302, "/boxes/B0001")
    state = store.state("B0001")
    assert state is not None and state.stage == SEALED
    sealing.seal()
    page = client.get("/boxes/B0001").content.decode()
    digest = evaluation.digest(PLAIN)
    for words in (digest[:4] + " " + digest[4:8], "aaaa aaaa", "0c0c 0c0c", "没有被改过的证明", "等待投票"):
        assert words in page, words
    assert BurdenRow.objects.filter(form="BoxOpened").exists()


def test_the_notice_for_the_wall_has_everything_to_compare(county: County, client_for: Clients) -> None:
    seal(client_for("officer"), PLAIN)
    page = client_for("auditor").get("/boxes/B0001/notice").content.decode()
    for words in ("sg-qr", "方案摘要", "C 票树根", "校验票承诺", "甲01", "以最后一次为准", "会场终端或纸票"):
        assert words in page, words


def test_a_notice_that_may_not_be_sealed_is_told_why_and_nothing_is_written(
    county: County, client_for: Clients
) -> None:
    client = client_for("officer")
    for content, words in (
        (b"{", "不是可读的 JSON"), ({"format": "shigan/box/result/1"}, "notice 文件"),
        (evaluation.notice(PLAIN | {"unit": "U999"}), "没有单位"),
        (evaluation.notice(DONE), "须在开始之前备案"),
        (evaluation.notice(PLAIN | {"title": "换届选举"}), "纸质选票"),
        ({"format": "shigan/box/notice/1", "manifest": PLAIN}, "不完整"),
    ):  # fmt: skip
        answer = client.post("/boxes/file", {"file": file("notice.json", content)})
        assert answer.status_code == 422 and words in answer.content.decode(), words
    assert not store.listing("B").exists()


def test_a_result_is_published_as_ranges_with_all_counts(county: County, client_for: Clients) -> None:
    client, plain = client_for("officer"), done()
    assert "公布结果" in client.get("/boxes/B0001").content.decode()
    answer = client.post("/boxes/B0001/publish", files(plain))
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    state = store.state("B0001")
    assert state is not None and state.stage == PUBLISHED
    page = client.get("/boxes/B0001").content.decode()
    for words in (
        "应到",
        "收回",
        "弃权",
        "作废",
        "校验票投入 3 张",
        "监票人签名：",
        "甲01、甲02",
        "通篇同一等次",
        "sg-small",
    ):
        assert words in page, words
    assert re.search(r"\d+–\d+<br><span class=\"sg-range\">优秀 \d+–\d+", page)
    assert "A 县领导；B 中层干部" in page, "four of A are too few and go with B"
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert "together in % of valid ballots" in client.get("/boxes/B0001").content.decode()


def test_a_group_too_small_shows_no_figure(county: County, client_for: Clients) -> None:
    plain = done()
    made = evaluation.result(evaluation.notice(plain), evaluation.rows(plain, {"A": 1, "B": 1, "C": 1}))
    signed = [signatures.sign(made, key) for key in evaluation.KEYS]
    sent = {"result": file("result.json", made), "signatures": [file("s", each) for each in signed]}
    assert client_for("officer").post("/boxes/B0001/publish", sent).status_code == 302
    page = client_for("leader").get("/boxes/B0001").content.decode()
    assert "有效票 3 张，不足 5 张，按公布规则不显示任何数字。" in page and "sg-small" not in page


def test_a_result_that_may_not_be_published_is_told_why(county: County, client_for: Clients) -> None:
    client, plain = client_for("officer"), done()
    for sent, words in (
        (files(plain, signers=1), "方案要求 2 个"),
        (files(plain, canaries={"cast": 3, "wrong": 1}), "重新组织评议"),
        ({"result": file("r", {"format": "shigan/box/result/1"})}, "不完整"), ({}, "这个字段是必填项"),
        ({"result": file("r", b"[]")}, "result 文件"), (files(plain | {"title": "别的"}), "备案的方案"),
    ):  # fmt: skip
        answer = client.post("/boxes/B0001/publish", sent)
        assert answer.status_code == 422, words
        assert words in answer.content.decode(), words
    seal(client, PLAIN | {"election": "B0002"})
    answer = client.post("/boxes/B0002/publish", files(PLAIN | {"election": "B0002"}))
    assert "不能提前公布" in answer.content.decode()


def test_the_list_costs_the_same_for_one_evaluation_and_for_many(county: County, client_for: Clients) -> None:
    client = client_for("officer")
    done()

    def cost() -> int:
        naming.forget()
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/boxes/").status_code == 200
        return len(queries)

    one = cost()
    for n in range(2, 8):
        done(f"B{n:04}")
    assert cost() == one
    assert "B0007" in client.get("/boxes/").content.decode()
    assert "B0007" not in client.get(f"/boxes/?stage={PUBLISHED}").content.decode()


def test_the_promises_are_told_with_what_cannot_be_promised(county: County, client_for: Clients) -> None:
    page = client_for("official").get("/boxes/about").content.decode()
    for words in ("能保证", "不能保证", "监票人全部串通", "哪台手机", "5 人"):
        assert words in page, words


def test_the_ledger_s_page_tells_no_manifest_and_no_cells(county: County, client_for: Clients) -> None:
    client, plain = client_for("officer"), done()
    client.post("/boxes/B0001/publish", files(plain))
    sealing.seal()
    page = client.get("/ledger/?subject=B0001").content.decode()
    assert "评议公布" in page and "shigan/box/manifest" not in page
    page = client.get("/boxes/B0001").content.decode()
    assert "见评议的页面" in page and "shigan/box/manifest" not in page
