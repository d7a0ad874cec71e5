"""Taking a token on a page, in Chromium without TLS: what is sent, what is kept, what is shown."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from shigan.box import tokens
from shigan.box.verifier import STATIC
from shigan.maths.blind import blind_sign
from tests.box import manifests
from tests.box.chromium import Desk, Form, Site, opened, served
from tests.maths.test_blind_vectors import KEY

pytestmark = pytest.mark.browser
FORM = """<!doctype html><html><body>
<form data-token data-election="B0001" data-n="{n:x}" data-e="{e}" data-holder="7" data-result="result"
  data-offline="没有收到答复" data-refused="没有领到" data-wrong="签名不对" data-old="浏览器太旧"
  method="post" action="/take">
<input type="hidden" name="csrfmiddlewaretoken" value="c5f"><input type="hidden" name="more" value="no">
<button>领票</button><p data-token-fault role="alert" hidden></p></form>
<section id="result" hidden tabindex="-1"><textarea data-token-text readonly></textarea>
<button type="button" data-token-save data-file="领票凭证.txt">下载</button>
<button type="button" data-token-print>打印</button></section>{scripts}</body></html>"""


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with served() as site:
        yield site


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    with opened() as desk:
        yield desk


@pytest.fixture
def form(desk: Desk, site: Site) -> Iterator[Desk]:
    """The page on which tokens are taken, in a tab that remembers nothing."""
    site.files["/form"] = FORM.format(n=KEY.public.n, e=KEY.public.e, scripts=site.load(STATIC))
    site.forms.clear()
    desk.do(lambda page: page.goto(site.url("/form")))
    desk.call("() => sessionStorage.clear()")
    yield desk
    desk.do(lambda page: page.goto("about:blank"))


def sign(form: Form) -> tuple[int, str]:
    return 200, json.dumps({"signature": blind_sign(KEY, bytes.fromhex(form["blinded"])).hex()})


def answered(status: int, body: str, form: Form) -> tuple[int, str]:
    return status, body


def ask(desk: Desk) -> None:
    desk.do(lambda page: page.click("form button"))


def told(desk: Desk, text: str) -> None:
    desk.do(lambda page: page.get_by_role("alert").get_by_text(text).wait_for())


def token_of(desk: Desk) -> str:
    desk.do(lambda page: page.wait_for_selector("#result"))
    return str(desk.do(lambda page: page.input_value("[data-token-text]")))


def test_a_token_taken_on_the_page_is_one_that_the_box_accepts(form: Desk, site: Site) -> None:
    site.answer = sign
    ask(form)
    token = token_of(form)
    credential = tokens.of_token(manifests.manifest({"B": KEY.public}), token)
    assert credential is not None
    assert (credential.voters, token.split(".")[0]) == ("B", "B0001")


def test_nothing_but_the_blinded_number_and_the_guard_of_the_form_leaves_the_page(
    form: Desk, site: Site
) -> None:
    site.answer = sign
    ask(form)
    message, signature = (base64.urlsafe_b64decode(part + "==") for part in token_of(form).split(".")[1:])
    (sent,) = site.forms
    assert set(sent) == {"blinded", "csrfmiddlewaretoken"}
    assert sent["csrfmiddlewaretoken"] == "c5f"
    for secret in (message.hex(), message[-32:].hex(), signature.hex()):
        assert secret not in sent["blinded"]


def test_after_a_lost_reply_the_same_number_is_sent_again_even_after_a_reload(form: Desk, site: Site) -> None:
    site.answer = lambda form: None
    ask(form)
    told(form, "没有收到答复")
    form.do(lambda page: page.reload())
    site.answer = sign
    ask(form)
    assert token_of(form)
    assert len({sent["blinded"] for sent in site.forms}) == 1 < len(site.forms)


def test_a_token_that_was_not_saved_can_be_had_again_and_nothing_is_kept_of_a_saved_one(
    form: Desk, site: Site
) -> None:
    site.answer = sign
    ask(form)
    first = token_of(form)
    form.do(lambda page: page.reload())
    ask(form)
    assert token_of(form).split(".")[1] == first.split(".")[1]
    assert form.call("() => sessionStorage.length") == 1
    form.do(lambda page: page.click("[data-token-save]"))
    assert form.call("() => sessionStorage.length") == 0


def test_two_accounts_in_one_tab_never_share_a_number(form: Desk, site: Site) -> None:
    site.answer = lambda form: None
    ask(form)
    told(form, "没有收到答复")
    form.call("() => { document.querySelector('form').dataset.holder = '8'; }")
    site.answer = sign
    ask(form)
    assert token_of(form)
    assert len({sent["blinded"] for sent in site.forms}) == 2


def test_a_refusal_is_told_in_the_servers_words_and_a_wrong_answer_is_never_taken_home(
    form: Desk, site: Site
) -> None:
    for status, body, words in (
        (409, '{"error": "您已领过票"}', "您已领过票"),
        (500, "<html>", "没有领到"),
        (200, json.dumps({"signature": "00" * KEY.public.size}), "签名不对"),
        (200, '{"signature": "zz"}', "签名不对"),
    ):
        site.answer = partial(answered, status, body)
        ask(form)
        told(form, words)
        assert form.do(lambda page: page.is_hidden("#result"))


def test_the_token_can_be_saved_as_a_file_that_holds_it_and_nothing_else(form: Desk, site: Site) -> None:
    site.answer = sign
    ask(form)
    token = token_of(form)

    def saved(page: Any) -> tuple[str, str]:
        with page.expect_download() as download:
            page.click("[data-token-save]")
        return download.value.suggested_filename, Path(download.value.path()).read_text()

    assert form.do(saved) == ("领票凭证.txt", token + "\n")
