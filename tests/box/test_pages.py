"""The voting pages as documents: complete in two languages, the same for everyone, safe, small."""

from __future__ import annotations

import re
import string
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

import shigan.box
from shigan.box import names as naming
from shigan.box import pages
from shigan.box.manifest import Manifest
from shigan.box.names import Name, Names
from shigan.box.refusals import Refused
from shigan.box.words import LANGUAGES, REFUSALS, WORDS, Language
from tests.box import manifests

STATIC = Path(shigan.box.__file__).parent / "static"
MADE = manifests.plain(parts=[manifests.grid(3), manifests.pick(12)])
MANIFEST = manifests.manifest(parts=[manifests.grid(3), manifests.pick(12)])
NAMES = naming.read(manifests.names(MADE), MANIFEST)
ROW = "12345" + "-" * 5 + "11111" + "101---------"
HOSTILE = """</legend><script>alert("1")</script>'&<b>"""


def every(manifest: Manifest, names: Names, language: Language) -> dict[str, bytes]:
    """One of each page."""
    given = (manifest, names, language)
    made = {f"vote {phase}": pages.vote(*given, phase) for phase in ("before", "voting", "after")}
    made |= {f"refused {why}": pages.refused(*given, why) for why in REFUSALS}
    return made | {
        "vote again": pages.vote(*given, "voting", "marks", ROW),
        "receipt": pages.receipt(*given, "3fa29c01"),
        "look": pages.look(*given),
        "look again": pages.look(*given, "unknown"),
        "shown": pages.shown(*given, ROW),
        "shown none": pages.shown(*given, None),
        "comment": pages.comment(*given),
        "comment again": pages.comment(*given, "spoken", "一句话"),
        "commented": pages.commented(*given),
        "about": pages.about(*given),
    }


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> Language:
    chosen: Language = request.param
    return chosen


class Elements(HTMLParser):
    """Tags with their attributes, and which elements are open at the end."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


def text(page: bytes) -> str:
    return re.sub(r"<[^>]*>", " ", page.decode().split("<body>")[1])


# Words


def gaps(words: str) -> set[str | None]:
    return {name for _text, name, _spec, _conversion in string.Formatter().parse(words) if name is not None}


def test_every_word_is_there_in_both_languages_with_the_same_gaps() -> None:
    for key, (chinese, english) in WORDS.items():
        assert chinese.strip() and english.strip(), key
        assert gaps(chinese) == gaps(english), key
        assert key == "other" or not re.search("[\u3400-\u9fff]", english), key


def test_every_refusal_names_place_rule_and_remedy() -> None:
    assert {f"{why}{part}" for why in REFUSALS for part in ("", "_where", "_why", "_remedy")} <= set(WORDS)


def test_no_word_is_left_over() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in (STATIC.parent / "pages").glob("*.py"))
    made = {f"{why}{part}" for why in REFUSALS for part in ("", "_where", "_why", "_remedy")}
    made |= {key for key in WORDS if re.match(r"(promise|does|told|cannot|comment|before|after)_", key)}
    assert [
        key for key in WORDS if key not in made and f'"{key}"' not in source and f"'{key}'" not in source
    ] == []


# What every page is


def test_every_page_is_in_its_language_and_leads_to_the_other(language: Language) -> None:
    for name, page in every(MANIFEST, NAMES, language).items():
        elements = Elements(page)
        assert elements.all("html")[0]["lang"] == {"zh": "zh-CN", "en": "en"}[language], name
        other = next(a for a in elements.all("a") if "hreflang" in a)
        assert str(other["href"]).startswith("/en/") == (language == "zh"), name


def test_an_english_page_shows_chinese_only_where_it_says_so() -> None:
    for name, page in every(MANIFEST, NAMES, "en").items():
        own = re.sub(r"<(\w+) [^>]*lang=zh[^>]*>.*?</\1>", "", page.decode().split("<body>")[1])
        own = own.replace("一句话", "")
        assert not re.search("[\u3400-\u9fff]", own), name


def test_no_page_holds_a_script_a_style_or_anything_from_elsewhere(language: Language) -> None:
    for name, page in every(MANIFEST, NAMES, language).items():
        elements = Elements(page)
        assert [a["src"] for a in elements.all("script")] == ["/fill.js"], name
        assert b"></script>" in page and not elements.all("style"), name
        for _tag, attributes in elements.found:
            assert not [key for key in attributes if key == "style" or key.startswith("on")], name
            for key in ("href", "src", "action"):
                assert str(attributes.get(key) or "/")[0] in "/#", name


def test_hostile_words_stay_words(language: Language) -> None:
    grid = manifests.grid(2) | {"items": [HOSTILE], "options": [HOSTILE, "好"], "title": HOSTILE}
    made: dict[str, Any] = {"title": HOSTILE, "session": HOSTILE, "parts": [grid, manifests.pick(12)]}
    manifest = manifests.manifest(**made)
    row = "1-" + "1" + "-" * 11
    names = Names({"P0001": Name(HOSTILE, HOSTILE)})
    for name, page in every(manifest, names, language).items():
        assert (
            page.count(b"<script") == 1
            and b"<b>\n" not in page
            and b"alert(" not in page.replace(b"alert(&quot;", b"")
        ), name
    for page in (
        pages.vote(manifest, names, language, "voting", "marks", row),
        pages.comment(manifest, names, language, "spoken", HOSTILE + "</textarea><script>"),
    ):
        assert page.count(b"<script") == 1


def test_a_row_that_nobody_checked_cannot_break_the_page(language: Language) -> None:
    hostile = (HOSTILE * 10)[: len(MANIFEST.cells)]
    for row in (hostile, HOSTILE, "9" * len(MANIFEST.cells)):
        page = pages.vote(MANIFEST, NAMES, language, "voting", "marks", row)
        assert page.count(b"<script") == 1
        assert {str(cell): "-" for cell in range(15)}.items() <= checked(page).items()
    assert pages.shown(MANIFEST, NAMES, language, hostile).count(b"<script") == 1


# The sheet


def inputs(page: bytes, kind: str) -> list[dict[str, str | None]]:
    return [a for a in Elements(page).all("input") if a.get("type") == kind]


def checked(page: bytes) -> dict[str, str]:
    """What is ticked, by the number of the cell."""
    ticked = [a for kind in ("radio", "checkbox") for a in inputs(page, kind) if "checked" in a]
    return {str(a["name"])[1:]: str(a["value"]) for a in ticked}


def test_every_cell_is_a_field_and_blank_is_chosen_at_first(language: Language) -> None:
    page = pages.vote(MANIFEST, NAMES, language, "voting")
    radios = {(a["name"], a["value"]) for a in inputs(page, "radio")}
    assert radios == {(f"c{cell}", value) for cell in range(15) for value in "12345-"}
    assert [(a["name"], a["value"]) for a in inputs(page, "checkbox")] == [
        (f"c{c}", "1") for c in range(15, 27)
    ]
    assert checked(page) == {str(cell): "-" for cell in range(15)}
    assert Elements(page).all("form")[0] == {
        "method": "post", "action": pages.path(language, "cast"), "autocomplete": "off",
    }  # fmt: skip


def test_every_field_ends_with_name_value_and_mark(language: Language) -> None:
    page = pages.vote(MANIFEST, NAMES, language, "voting", "marks", ROW).decode()
    fields = re.findall(r"<input type=(?:radio|checkbox) name=c\d+ value=.(?: checked)?>", page)
    assert len(fields) == 15 * 6 + 12


def test_a_refused_ballot_keeps_its_ticks_and_loses_its_code(language: Language) -> None:
    page = pages.vote(MANIFEST, NAMES, language, "voting", "marks", ROW)
    kept = {str(n): mark for n, mark in enumerate(ROW) if n < 15 or mark == "1"}
    assert checked(page) == kept
    assert "value" not in next(a for a in Elements(page).all("input") if a.get("name") == "code")


def test_a_sheet_of_the_wrong_length_comes_back_blank() -> None:
    assert set(checked(pages.vote(MANIFEST, NAMES, "zh", "voting", "marks", "1")).values()) == {"-"}


def test_before_and_after_voting_there_is_no_form_but_the_times(language: Language) -> None:
    for phase in ("before", "after"):
        page = pages.vote(MANIFEST, NAMES, language, phase)
        assert not Elements(page).all("form") and not Elements(page).all("input")
        assert "09:00" in text(page) and "17:00" in text(page)


def test_everybody_gets_the_same_page(language: Language) -> None:
    assert every(MANIFEST, NAMES, language) == every(MANIFEST, NAMES, language)
    assert b"random" not in (STATIC / "fill.js").read_bytes()


def test_a_sheet_of_ten_officials_and_five_items_is_small(language: Language) -> None:
    parts = [manifests.grid(10)]
    manifest = manifests.manifest(parts=parts)
    names = naming.read(manifests.names(manifests.plain(parts=parts)), manifest)
    files = sum((STATIC / name).stat().st_size for name in ("box.css", "fill.js"))
    size = len(pages.vote(manifest, names, language, "voting")) + files
    assert size <= (40_000 if language == "zh" else 60_000)


# What the answers tell


def test_a_receipt_shows_the_number_and_no_mark(language: Language) -> None:
    page = pages.receipt(MANIFEST, NAMES, language, "3fa29c01")
    assert "3fa2 9c01" in text(page)
    assert not [option for option in manifests.OPTIONS if option in text(page)]
    assert "示例" not in text(page)


def test_looking_shows_each_mark_beside_its_item(language: Language) -> None:
    page = pages.shown(MANIFEST, NAMES, language, ROW).decode()
    found = [
        re.sub("<[^>]*>", "", cell).split()[0] for cell in re.findall(r"<td>(.*?)(?=<tr>|</tbody>)", page)
    ]
    blank = WORDS["blank"][LANGUAGES.index(language)]
    assert found == [*manifests.OPTIONS, *[blank] * 5, *["优秀"] * 5]
    picked = page.split("class=ticked")[1].split("</ul>")[0]
    assert "示例0001" in picked and "示例0002" not in picked and "示例0003" in picked


def test_looking_names_an_abstention_and_a_void_sheet(language: Language) -> None:
    at = LANGUAGES.index(language)
    assert WORDS["shown_blank"][at] in text(pages.shown(MANIFEST, NAMES, language, MANIFEST.blank))
    assert WORDS["shown_void"][at] in text(pages.shown(MANIFEST, NAMES, language, MANIFEST.void))


def test_every_refusal_takes_the_focus_and_leads_back(language: Language) -> None:
    for why in REFUSALS:
        elements = Elements(pages.refused(MANIFEST, NAMES, language, why))
        box = next(a for a in elements.all("div") if a.get("id") == "fault")
        assert box["role"] == "alert" and box["tabindex"] == "-1" and "autofocus" in box
        assert pages.path(language) in [a["href"] for a in elements.all("a")]


def test_the_honest_page_shows_the_whole_digest_in_groups(language: Language) -> None:
    shown = text(pages.about(MANIFEST, NAMES, language))
    groups = [MANIFEST.digest[at : at + 4] for at in range(0, 64, 4)]
    assert " ".join(groups) in shown


def test_without_comments_no_page_leads_to_them(language: Language) -> None:
    silent = manifests.manifest(comments=False)
    for page in (
        pages.vote(silent, NAMES, language, "voting"),
        pages.receipt(silent, NAMES, language, "3fa29c01"),
    ):
        assert b"/comment" not in page


# Names


def test_a_code_without_a_name_and_plain_words_are_shown_as_they_stand() -> None:
    names = Names({"P0001": Name("示例", "局长")})
    assert [names.label(code) for code in ("P0001", "P0002", "其他人选")] == [
        "示例 局长",
        "P0002",
        "其他人选",
    ]


@pytest.mark.parametrize(
    "change",
    [
        lambda plain: plain["names"]["P0001"].update(name="别人"),
        lambda plain: plain["names"]["P0001"].update(name=""),
        lambda plain: plain["names"]["P0001"].update(name=7),
        lambda plain: plain["names"]["P0001"].update(more=""),
        lambda plain: plain["names"].pop("P0001"),
        lambda plain: plain["names"].update(P0009=[]),
        lambda plain: plain.update(salt="00" * 32),
        lambda plain: plain.update(salt="0" * 63),
        lambda plain: plain.update(salt="00"),
        lambda plain: plain.update(names=[]),
        lambda plain: plain.update(more=1),
    ],
)
def test_names_that_are_not_those_of_the_manifest_are_refused(change: Callable[[Any], Any]) -> None:
    plain = manifests.names(MADE)
    change(plain)
    with pytest.raises(Refused):
        naming.read(plain, MANIFEST)


def test_a_file_that_holds_no_object_is_refused() -> None:
    with pytest.raises(Refused):
        naming.read([], MANIFEST)
