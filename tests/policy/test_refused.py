"""A bad policy file is refused by a sentence that names file, key and remedy."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shigan.facts.faults import Fault
from shigan.policy import NAMES, Rulebook, load, shipped

CLOCK = "[clocks.review_request]\nvalue = 30\n"


def fault(name: str, old: str, new: str, count: int = 1) -> Fault:
    """What is said about the shipped file with `old` replaced by `new`."""
    text = shipped(name)
    assert old in text
    with pytest.raises(Fault) as caught:
        load(name, text.replace(old, new, count))
    assert caught.value.remedy
    assert str(caught.value).startswith(f"{name}.toml")
    return caught.value


CASES = {
    "a wrong unit": (
        "appraisal", CLOCK + 'unit = "日"', CLOCK + 'unit = "月"', "clocks.review_request", "单位“月”不对",
    ),
    "a unit nobody knows": (
        "problems", 'unit = "日"', 'unit = "天"', "measure_days", "单位“天”不对",
    ),
    "a missing key": (
        "problems", "value = 15\n", "", "measure_days", "缺少“value”",
    ),
    "an unknown key": (
        "problems", "value = 15\n", "value = 15\nvalu = 1\n", "measure_days.valu", "不认识的键“valu”",
    ),
    "an unknown number": (
        "visits", "[visitors]", "[visitor]", "visitor", "不认识的键“visitor”",
    ),
    "a figure that is text": (
        "problems", "value = 15\n", 'value = "十五"\n', "measure_days.value", "类型不对",
    ),
    "a yes that is a figure": (
        "problems", "value = true\n", "value = 1\n", "checker_of_other_unit.value", "类型不对",
    ),
    "a figure that is a yes": (
        "problems", "value = 15\n", "value = true\n", "measure_days.value", "类型不对",
    ),
    "half a day": (
        "problems", "value = 15\n", "value = 1.5\n", "measure_days.value", "类型不对",
    ),
    "a negative number": (
        "problems", "value = 15\n", "value = -1\n", "measure_days", "小于零",
    ),
    "a giant": (
        "problems", "value = 15\n", "value = 0x" + "f" * 5000 + "\n", "measure_days.value", "大得不合情理",
    ),
    "a percentage over 100": (
        "appraisal", "value = 20\n", "value = 101\n", "quotas.civil_excellent", "101% 超过 100%",
    ),
    "a percentage that is no number": (
        "appraisal", "value = 20\n", "value = nan\n", "quotas.civil_excellent.value", "大得不合情理",
    ),
    "three halves of the members": (
        "meetings", '"2/3"', '"3/2"', "quorum", "大于 1",
    ),
    "a fraction by zero": (
        "meetings", '"2/3"', '"2/0"', "quorum.value", "不是分数",
    ),
    "a sentence without its number": (
        "problems", "应在 {value} {unit}内定出", "应及时定出", "measure_days.words", "空格不对",
    ),
    "a sentence that says its number twice": (
        "problems", "应在 {value} {unit}内定出", "{value} {value!r} {unit}", "measure_days.words", "空格不对",
    ),
    "a giant in a list": (
        "problems", "value = 15\n", "value = [0x" + "f" * 5000 + "]\n", "measure_days.value", "类型不对",
    ),
    "a sentence that reaches for more": (
        "problems", "应在 {value} {unit}内定出", "{value.real} {unit}", "measure_days.words", "空格不对",
    ),
    "a number without a source": (
        "problems", 'source = "本系统自设，防止纸面整改"\n', "", "checker_of_other_unit", "缺少“source”",
    ),
    "a number in force after its file": (
        "visits", "since = 2026-01-25", "since = 2027-01-25", "photo_required", "晚于本文件的日期",
    ),
    "a date that is text": (
        "visits", "since = 2026-01-25", 'since = "2026年"', "photo_required.since", "类型不对",
    ),
    "verified without an article": (
        "appraisal", 'article = "第九十五条"\n', "", "clocks.review_request", "没有写明条款",
    ),
    "neither verified nor explained": (
        "meetings", 'note = "施行日期和条号凭记忆，条文未逐字核对"\n', "", "origin", "没有说明依据",
    ),
    "voter weights that miss one": (
        "schemes", "weight = 0.4 }", "weight = 0.5 }", "领导班子].voters", "之和是 1.1，不是 1",
    ),
    "indicator weights that miss one": (
        "schemes", "weight = 0.15 }", "weight = 0.16 }", "领导班子].indicators", "之和是 1.01",
    ),
    "a negative weight": (
        "schemes", "weight = 0.4 }", "weight = -0.4 }", "schemes[县直部门领导班子].voters", "不是正数",
    ),
    "a kind of unit that does not exist": (
        "schemes", 'unit_kind = "县直部门"', 'unit_kind = "部委"', "].unit_kind", "“部委”不在选项中",
    ),
    "two schemes of one name": (
        "schemes", 'name = "县直部门领导干部"', 'name = "县直部门领导班子"', "schemes", "两项同名",
    ),
    "points over 100": (
        "schemes", "points = 95", "points = 950", "].options", "不在 0 到 100",
    ),
    "a unit of measure nobody knows": (
        "schemes", 'unit = "%"', 'unit = "枚"', "].unit", "单位“枚”",
    ),
    "letters in the wrong order": (
        "problems", "value = 1\n", "value = 40\n", "overdue", "没有逐级增加",
    ),
    "look-backs in the wrong order": (
        "problems", "[3, 6, 12]", "[6, 3, 12]", "look_back_months", "从小到大",
    ),
    "paper that counts as a look": (
        "problems", '["查阅材料"', '["实地核验"', "paper_methods", "“实地核验”",
    ),
    "groups too small to be safe": (
        "publication", "value = 5\n", "value = 3\n", "nothing_below", "暴露个人",
    ),
    "a role without a budget": (
        "burden", "[roles.leader.", "[roles.leiter.", "roles", "缺少或多余",
    ),
    "a kind of fact that does not exist": (
        "ledger", "late_by_kind.VisitHeld", "late_by_kind.VisitHold", "late_by_kind", "VisitHold",
    ),
    "a sanction without its period": (
        "appraisal", '[effects."政务警告"]', '[effects."警告"]', "effects", "政务警告",
    ),
    "a file of another policy": (
        "visits", 'name = "visits"', 'name = "meetings"', "about.name", "不是“visits”的",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_it_is_refused_with_its_place(case: str) -> None:
    name, old, new, key, said = CASES[case]
    found = fault(name, old, new, count=-1 if case == "a role without a budget" else 1)
    assert key in found.place
    assert said in str(found)


def test_broken_toml_names_the_line() -> None:
    found = fault("problems", "value = 15\n", "value = \n")
    assert "第 16 行第 9 列起不合 TOML 写法" in str(found)


def test_what_is_not_utf_8_is_refused() -> None:
    for text in (shipped("visits").encode("gb18030"), "\ud800"):
        with pytest.raises(Fault, match="不是 UTF-8"):
            load("visits", text)


def test_a_byte_order_mark_does_no_harm() -> None:
    assert load("visits", b"\xef\xbb\xbf" + shipped("visits").encode()) == Rulebook.shipped().visits


def test_a_policy_nobody_knows_is_refused() -> None:
    with pytest.raises(Fault, match="没有名为“elections”的规矩"):
        load("elections", "")


def test_an_endless_file_is_refused() -> None:
    with pytest.raises(Fault, match="超过 200000 字"):
        load("visits", "#" * 200_001)


@pytest.mark.parametrize(
    "text", ["a = " + "[" * 5000, "a = 1e99999999999999999999", "a = 0x", ".".join("a" * 9000)]
)
def test_traps_for_the_parser_are_refused_in_words(text: str) -> None:
    with pytest.raises(Fault):
        load("visits", text)


def test_a_scheme_with_too_much_process_does_not_enter_the_rule_book() -> None:
    text = shipped("schemes").replace('nature = "结果"', 'nature = "过程"', 3)
    with pytest.raises(Fault, match=r"占 0\.50，超过上限 30%"):
        Rulebook.shipped().with_adopted("schemes", text)


def test_a_lower_cap_on_process_does_not_enter_against_the_schemes() -> None:
    text = shipped("appraisal").replace("[process_cap]\nvalue = 30", "[process_cap]\nvalue = 5")
    with pytest.raises(Fault, match="超过上限 5%"):
        Rulebook.shipped().with_adopted("appraisal", text)


LATER = {
    "a number": ("problems", r"\[measure_days\]\n(?:.+\n)+"),
    "a number of a table": ("appraisal", r"\[clocks\.review_request\]\n(?:.+\n)+"),
}


@pytest.mark.parametrize("name, lines", LATER.values(), ids=LATER)
def test_a_text_adopted_before_a_number_was_known_takes_it_from_the_shipped_one(
    name: str, lines: str
) -> None:
    old, times = re.subn(lines, "", shipped(name))
    assert times == 1
    with pytest.raises(Fault):
        Rulebook.shipped().with_adopted(name, old)
    book = Rulebook.shipped().with_adopted(name, old, kept=True)
    assert getattr(book, name) == load(name, shipped(name))
    assert book.texts[name] == old, "its version is that of the text as it was adopted"


def test_a_kept_number_is_taken_as_a_whole() -> None:
    text = shipped("problems").replace("[measure_days]\nvalue = 15\n", "[measure_days]\nvalue = 10\n")
    assert load("problems", text, kept=True) == load("problems", text)
    with pytest.raises(Fault):
        load("problems", text.replace("value = 10\n", "value = 10\nvalu = 1\n"), kept=True)


@given(st.data())
def test_whatever_is_done_to_a_file_it_loads_or_is_refused_in_words(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(NAMES))
    lines = shipped(name).splitlines()
    at = data.draw(st.integers(0, len(lines) - 1))
    values = [
        "",
        "value = []",
        "value = {}",
        "value = 1979-05-27T07:32:00Z",
        "[origin.origin]",
        "[[schemes]]",
    ]
    lines[at] = data.draw(st.one_of(st.sampled_from([*values, *lines]), st.text(max_size=30)))
    try:
        load(name, "\n".join(lines))
    except Fault as found:
        assert found.remedy and found.place.startswith(f"{name}.toml")
