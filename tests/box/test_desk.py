"""The closing ceremony on screen: every step through the pages, for the right people, in sentences."""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from shigan.box import closing, sealed, signatures, store
from shigan.box.counting import count
from shigan.box.desk import keys as desk_keys
from shigan.box.desk.keys import Role
from shigan.box.desk.words import DESK
from shigan.box.phases import Phase
from shigan.box.running import Box
from tests.box import manifests
from tests.box.ceremony import Case, case, everybody, finish, tally, vote
from tests.box.ceremony import close as close_all
from tests.box.desk import Browser, browsers, close_by_hand, marks_form, tally_form

STEPS = ("tally", "seal", "canaries", "publish", "shares", "erase")


@pytest.fixture
def made(tmp_path: Path) -> Case:
    return case(tmp_path / "box", canaries=3)


@pytest.fixture
def box(made: Case) -> Iterator[Box]:
    with made.opened() as box:
        yield box


@pytest.fixture
def cast(made: Case, box: Box) -> dict[str, str]:
    return everybody(made, box)


@pytest.fixture
def seats(box: Box) -> dict[Role, Browser]:
    return browsers(box)


@pytest.fixture
def desk(seats: dict[Role, Browser]) -> Browser:
    return seats[Role.SCRUTINEER]


def count_and_seal(made: Case, desk: Browser, cast: dict[str, str]) -> str:
    desk.post("tally", **tally_form(tally(made, cast)))
    return desk.post("seal")


def to_result(made: Case, box: Box, desk: Browser, cast: dict[str, str]) -> dict[str, object]:
    close_by_hand(made, box)
    count_and_seal(made, desk, cast)
    desk.upload("canaries", "canaries", *filter(None, [made.canaries]))
    desk.post("file", name="result.json")
    result: dict[str, object] = json.loads(desk.last.body)
    return result


def test_the_whole_closing_goes_through_the_pages(
    made: Case, box: Box, desk: Browser, cast: dict[str, str]
) -> None:
    assert "投票还没有截止" in desk.post()
    close_by_hand(made, box)
    assert "第 2 步，共 8 步：录纸票" in desk.post()
    assert "第 3 步" in desk.post("papered")
    page = desk.post("tally", **tally_form(tally(made, cast)))
    assert "第 4 步" in page and "44 = 39 + 2 + 3" in page and "对平" in page
    page = desk.post("seal")
    assert "已封箱" in page and "第 5 步" in page
    root = box.do(lambda db: store.get(db, "root"))
    assert " ".join(re.findall("....", root)) in page
    page = desk.upload("canaries", "canaries", made.canaries)
    assert "3 张校验票全部原样在箱" in page and "第 6 步" in page
    desk.post("file", name="bundle.json")
    assert desk.last.save_as == "bundle.json"
    result, faults = count(json.loads(desk.last.body))
    assert result and not faults
    signed = [signatures.sign(result, key) for key in made.scrutineers[:2]]
    assert "第 7 步" in desk.upload("publish", "signatures", *signed)
    desk.post("shares")
    lines = re.findall(r"<code class=lines>(.*?)</code>", desk.last.body.decode())
    kept = json.loads((box.folder.out / "rows.sealed").read_bytes())
    opened = sealed.opened(kept, [line.replace("<br>", "\n") for line in lines[1:]])
    assert sum(map(len, opened.values())) == sum(own["valid"] for own in result["counts"])
    assert "没有勾选确认" in desk.post("erase")
    page = desk.post("erase", sure="1")
    assert "收箱办完了" in page and box.phase is Phase.ERASED
    names = {f"signature-{own['key'][:8]}.json" for own in signed}
    assert {p.name for p in box.folder.out.iterdir()} == names | {
        "included.json", "result.json", "rows.sealed"
    }  # fmt: skip
    desk.post("file", name="result.json")
    assert json.loads(desk.last.body) == result


def test_the_door_tells_strangers_nothing_but_the_hours(desk: Browser, box: Box) -> None:
    page = desk.get("/desk")
    assert "工作台口令" in page and "投票中" in page
    assert desk.last.status == 200 and b"seal" not in desk.last.body
    assert "No" not in page and "Key of the desk" in desk.get("/en/desk")


def test_a_wrong_key_gets_a_sentence_and_no_page(desk: Browser) -> None:
    for action in ("", "seal", "file", "margins"):
        page = Browser(desk.pages, "01234-01234-01234-01234-01234").post(action)
        assert "工作台口令不对" in page and "第 1 步" not in page


def test_what_is_no_form_is_turned_away_in_a_sentence(desk: Browser) -> None:
    for body, kind in (
        (b"\xff\xfe", "application/x-www-form-urlencoded"),
        (b"--x--", "multipart/form-data"),
        (b"--x\r\n\r\nno name\r\n--x--", "multipart/form-data; boundary=x"),
        (b"nothing", "multipart/form-data; boundary=x"),
    ):
        page = desk._send("POST", "/desk", body, kind)
        assert "表单不完整" in page and desk.last.status == 403


def test_every_word_of_the_desk_has_the_same_gaps_in_both_languages() -> None:
    for key, texts in DESK.items():
        chinese, english = (set(re.findall(r"{\w+}", text)) for text in texts)
        assert chinese >= english, key


def test_after_five_wrong_keys_everybody_waits_until_a_right_one_comes(
    desk: Browser, seats: dict[Role, Browser]
) -> None:
    stranger = Browser(desk.pages, "nothing")
    for _ in range(desk_keys.FREE):
        stranger.post()
    assert desk.slept == []
    stranger.post()
    seats[Role.CLERK_A].post()
    assert desk.slept == [desk_keys.WAIT] * 2
    desk.post()
    assert len(desk.slept) == 2


def test_keys_come_out_of_the_environment_and_do_not_stay_there() -> None:
    codes = desk_keys.Keys().codes
    environment = dict(os.environ) | {desk_keys.VARIABLE: ",".join(codes.values())}
    assert desk_keys.from_environment(environment).codes == codes
    assert desk_keys.VARIABLE not in environment


def test_clerks_cannot_do_what_scrutineers_do(
    made: Case, box: Box, seats: dict[Role, Browser], cast: dict[str, str]
) -> None:
    close_by_hand(made, box)
    for role in (Role.CLERK_A, Role.CLERK_B):
        for action in (
            "papered",
            "tally",
            "seal",
            "canaries",
            "publish",
            "shares",
            "erase",
            "margins",
            "file",
        ):
            page = seats[role].post(action, name="bundle.json", sure="1")
            assert "由监票人办理" in page and "录入纸票" in page
    assert box.phase is Phase.CLOSED


def test_two_clerks_key_paper_and_a_scrutineer_settles_what_differs(
    made: Case, box: Box, seats: dict[Role, Browser]
) -> None:
    a, b, desk = (
        seats.values() if False else (seats[Role.CLERK_A], seats[Role.CLERK_B], seats[Role.SCRUTINEER])
    )
    first, second = made.codes["C"][:2]
    close_by_hand(made, box)
    assert first in a.post("open", code=f"http://box.example/#{first}")
    assert "等另一人录" in a.post("paper", code=first, **marks_form("1" * 15))
    assert "与另一人一致" in b.post("paper", code=first, **marks_form("1" * 15))
    a.post("paper", code=second, **marks_form("1" * 15))
    assert "不同" in b.post("paper", code=second, void="1")
    assert "两次不同" in desk.post("papered")
    assert "没有分歧" in desk.post("open", code=made.codes["C"][3])
    assert second in desk.post("open", code=second)
    assert "复核已定" in desk.post("paper", code=second, void="1")
    assert "第 3 步" in desk.post("papered")
    rows = box.do(lambda db: [own.row for own in store.cast_ballots(db)])
    assert sorted(rows) == sorted(["1" * 15, "x" * 15])


def test_a_clerk_never_sees_what_the_other_keyed(made: Case, box: Box, seats: dict[Role, Browser]) -> None:
    code, other = made.codes["C"][:2]
    close_by_hand(made, box)
    before = seats[Role.CLERK_B].post("open", code=other)
    blank = seats[Role.CLERK_B].last.body.replace(other.encode(), b"")
    seats[Role.CLERK_A].post("paper", code=code, **marks_form("2" * 15))
    assert seats[Role.CLERK_B].post("open", code=code).replace(code, other) == before
    assert seats[Role.CLERK_B].last.body.replace(code.encode(), b"") == blank


def test_a_clerk_never_sees_what_was_cast_on_a_screen(
    made: Case, box: Box, seats: dict[Role, Browser]
) -> None:
    code, other = made.codes["C"][:2]
    vote(box, code, "3" * 15)
    close_by_hand(made, box)
    seats[Role.CLERK_A].post("open", code=other)
    blank = seats[Role.CLERK_A].last.body.replace(other.encode(), b"")
    seats[Role.CLERK_A].post("open", code=code)
    assert seats[Role.CLERK_A].last.body.replace(code.encode(), b"") == blank


def test_a_refused_sheet_comes_back_with_its_marks(tmp_path: Path) -> None:
    made = case(tmp_path / "box", parts=[manifests.pick(6, 2)])
    with made.opened() as box:
        clerk = browsers(box)[Role.CLERK_A]
        close_by_hand(made, box)
        page = clerk.post("paper", code=made.codes["A"][0], **marks_form("111---"))
        assert "勾选与票面不符" in page
        assert clerk.last.body.count(b" checked") == 3


def test_paper_is_keyed_only_between_closing_and_seal(
    made: Case, box: Box, seats: dict[Role, Browser], cast: dict[str, str]
) -> None:
    clerk = seats[Role.CLERK_A]
    assert "截止后才能录入" in clerk.post()
    assert "现在不能办" in clerk.post("open", code=made.codes["A"][0])
    close_by_hand(made, box)
    count_and_seal(made, seats[Role.SCRUTINEER], cast)
    assert "不再录入" in clerk.post()


def test_steps_out_of_order_are_refused_in_sentences(box: Box, desk: Browser, cast: dict[str, str]) -> None:
    for action in (
        "open",
        "tally",
        "seal",
        "canaries",
        "publish",
        "shares",
        "erase",
        "checkpoint",
        "margins",
    ):
        page = desk.post(action)
        assert "没有办成" in page and "票箱现在是“投票中”" in page
        assert "The box stands at: voting" in desk.post(action, language="/en")
    assert box.phase is Phase.VOTING


def test_counts_that_do_not_add_up_stay_on_the_page(
    made: Case, box: Box, desk: Browser, cast: dict[str, str]
) -> None:
    close_by_hand(made, box)
    counts = tally(made, cast)
    counts["C"]["unused"] += 2
    page = desk.post("tally", **tally_form(counts))
    assert "第 3 步" in page and "44 ≠ 39 + 4 + 3 = 46" in page and "差 2" in page
    assert "制票数" in desk.post("seal") and box.phase is Phase.CLOSED
    page = desk.post("tally", **(tally_form(counts) | {"A_present": "八"}))
    assert "不是整数" in page and "第 3 步" in page


def test_foreign_canaries_are_refused(made: Case, box: Box, desk: Browser, cast: dict[str, str]) -> None:
    close_by_hand(made, box)
    count_and_seal(made, desk, cast)
    assert "还没有交来校验票文件" in desk.post("canaries", canaries="")
    assert "读不出来" in desk.post("canaries", canaries='{"slips": [')
    assert "这不是校验票文件" in desk.post("canaries", canaries='{"slips": 3}')
    assert made.canaries
    changed = made.canaries | {"salt": "00" * 32}
    assert "承诺不符" in desk.upload("canaries", "canaries", changed)
    assert box.phase is Phase.SEALED


def test_a_changed_canary_is_said_in_red(made: Case, box: Box, desk: Browser, cast: dict[str, str]) -> None:
    vote(box, made.to_cast[0].code, "5" * 15)
    result = to_result(made, box, desk, cast)
    assert result["canaries"] == {"cast": 3, "wrong": 1}
    assert "1 张不见了或被改过" in desk.post()


def test_a_signature_of_something_else_is_named(
    made: Case, box: Box, desk: Browser, cast: dict[str, str]
) -> None:
    result = to_result(made, box, desk, cast)
    good = signatures.sign(result, made.scrutineers[0])
    stranger = signatures.sign(result, signatures.new("别人"))
    assert "第 2 个签名" in desk.upload("publish", "signatures", good, stranger)
    assert "签名不足" in desk.upload("publish", "signatures", good)
    assert box.phase is Phase.COUNTED


def test_the_exact_counts_leave_out_small_groups_and_open_for_no_stranger(tmp_path: Path) -> None:
    made = case(tmp_path / "box", classes=[
        manifests.voters("A", 3, 50, pool=""), manifests.voters("C", 40, 50),
    ])  # fmt: skip
    with made.opened() as box:
        desk = browsers(box)[Role.SCRUTINEER]
        cast = {code: "1" * 15 for own in made.codes.values() for code in own[:3]}
        cast |= {code: "2" * 15 for code in made.codes["C"][3:10]}
        for code, row in cast.items():
            vote(box, code, row)
        to_result(made, box, desk, cast)
        page = desk.post("margins")
        assert "供评议机构内部使用" in page and "县领导" not in page
        assert "德 3 7 0 0 0 0" in page
        assert "什么也不公布" in desk.post()


def test_the_sealing_sheet_holds_the_root_and_room_for_names(
    made: Case, box: Box, desk: Browser, cast: dict[str, str]
) -> None:
    close_by_hand(made, box)
    count_and_seal(made, desk, cast)
    page = desk.post("checkpoint")
    root = box.do(lambda db: store.get(db, "root"))
    assert root in page.replace(" ", "") and "监票人1" in page


def test_voters_find_their_number_in_the_public_list(
    made: Case, box: Box, desk: Browser, cast: dict[str, str]
) -> None:
    assert "封箱以后" in desk.get("/included")
    desk.get("/included.json")
    assert desk.last.status == 404 and b"leaves" not in desk.last.body
    close_by_hand(made, box)
    count_and_seal(made, desk, cast)
    page = desk.get("/included")
    numbers = [made.n(code).hex()[:8] for code in cast]
    assert all(f"{n[:4]} {n[4:]}" in page for n in numbers)
    desk.get("/included.json")
    assert len(json.loads(desk.last.body)["leaves"]) == len(cast) + 3


def test_the_public_list_stays_after_the_erasure(
    made: Case, box: Box, desk: Browser, cast: dict[str, str]
) -> None:
    finish(made, box, close_all(made, box, cast))
    code = next(iter(cast))
    number = made.n(code).hex()[:8]
    assert f"{number[:4]} {number[4:]}" in desk.get("/included")


def test_a_step_that_was_cut_off_is_done_again(made: Case, cast: dict[str, str], box: Box) -> None:
    """The power fails between the database's step and the files that follow it."""
    close_by_hand(made, box)
    box.do(lambda db: closing.enter_tally(db, made.manifest, tally(made, cast)))
    box.do(lambda db: closing.seal(db, box.folder))
    box.do(lambda db: closing.open_canaries(db, box.folder, made.canaries))
    box.stop()
    with made.opened() as again:
        desk = browsers(again)[Role.SCRUTINEER]
        assert "第 6 步" in desk.post()
        desk.post("file", name="comments.json")
        assert desk.last.save_as == "comments.json"
        desk.post("file", name="result.json")
        result = json.loads(desk.last.body)
        (again.folder.out / "result.json").unlink()
        signed = [signatures.sign(result, key) for key in made.scrutineers[:2]]
        again.do(lambda db: closing.publish(db, again.folder, signed))
        desk.post("shares")
        assert "收箱办完了" in desk.post("erase", sure="1")
        assert (again.folder.out / "result.json").exists()


def test_new_shares_end_the_old_ones(made: Case, box: Box, desk: Browser, cast: dict[str, str]) -> None:
    result = to_result(made, box, desk, cast)
    assert "还没有" in desk.post("erase", sure="1") or box.phase is Phase.COUNTED
    desk.upload("publish", "signatures", *(signatures.sign(result, key) for key in made.scrutineers[:2]))
    assert "还没有生成份额" in desk.post("erase", sure="1")
    desk.post("shares")
    old = desk.last.body
    desk.post("shares")
    assert desk.last.body != old
    assert not any(line.encode() in b"".join(p.read_bytes() for p in box.folder.out.iterdir())
                   for line in re.findall(r"\w{5}(?:-\w{5}){4}", desk.last.body.decode()))  # fmt: skip


def test_the_kiosk_comes_back_empty_by_itself(made: Case, box: Box, desk: Browser) -> None:
    code = made.codes["A"][0]
    assert 'action="/kiosk"' in (desk.get("/kiosk") and desk.last.body.decode())
    empty = desk.last.body
    page = _vote_in_hall(desk, code, "1" * 15)
    assert '<meta http-equiv=refresh content="20; url=/kiosk">' in page
    assert code not in page and 'href="/"' not in page
    assert _vote_in_hall(desk, code, "2" * 15) == page
    desk.get("/kiosk")
    assert desk.last.body == empty
    wrong = _vote_in_hall(desk, "nothing", "1" * 15)
    assert 'content="180; url=/kiosk"' in wrong and len(wrong.encode()) == len(page.encode())
    assert 'content="180; url=/kiosk"' in _vote_in_hall(desk, made.codes["A"][1], "1" * 14 + "7")


def _vote_in_hall(desk: Browser, code: str, row: str) -> str:
    from urllib.parse import urlencode

    body = urlencode({"code": code, **marks_form(row)}).encode()
    desk._send("POST", "/kiosk", body, "")
    return desk.last.body.decode()
