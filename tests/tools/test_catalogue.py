"""The catalogue tool finds what is to be translated and tells what is wrong."""

from __future__ import annotations

from pathlib import Path

from babel.messages.catalog import Catalog
from django.conf import settings

from tools import catalogue

if not settings.configured:
    settings.configure()


def catalog(**translations: str) -> Catalog:
    made = Catalog(locale="en", fuzzy=False)
    for source, english in translations.items():
        made.add(source, english)
    return made


def complaints(source: str, english: str) -> list[str]:
    return list(catalogue.complaints(catalog(**{source: ""}), catalog(**{source: english})))


def found(folder: Path, name: str, text: str) -> list[object]:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return list(catalogue.strings(path))


def test_python_strings_are_found_through_every_marker(tmp_path: Path) -> None:
    source = (
        "a = _('甲')\nb = gettext_lazy(\n  '乙'\n  '丙')\nc = ngettext('{n} 人', '{n} 人', 2)\nd = '丁'\n"
    )
    assert found(tmp_path, "a.py", source) == ["甲", "乙丙", ("{n} 人", "{n} 人")]


def test_a_string_made_at_run_time_is_not_taken(tmp_path: Path) -> None:
    assert found(tmp_path, "a.py", "_(name)\n_(f'{name} 人')\n") == []


def test_template_strings_are_found_in_tags_filters_and_blocks(tmp_path: Path) -> None:
    page = """<div>
      {% if a %}
    <p title="{{ x|default:_("无") }}">{% translate "问题清单" %}</p>{% endif %}
    it's (unbalanced
      {% blocktranslate trimmed with n=count %}
        共 {{ n }} 条
      {% endblocktranslate %}
    </div>"""
    assert found(tmp_path, "a.html", page) == ["无", "问题清单", "共 %(n)s 条"]


def test_a_complete_catalogue_has_no_complaints() -> None:
    assert complaints("第 {n} 行：%(name)s", "%(name)s, row {n}") == []


def test_a_lost_placeholder_is_told() -> None:
    assert complaints("第 {n} 行", "row") == ["placeholders differ: 第 {n} 行"]


def test_a_bare_percent_sign_beside_a_placeholder_is_told() -> None:
    assert complaints("%(n)s 张（%%）", "%(n)s in %% of all") == []
    assert complaints("%(n)s 张（%%）", "%(n)s in % of all") == ["a bare %, which must be %%: %(n)s 张（%%）"]


def test_an_untranslated_string_is_told() -> None:
    assert complaints("问题", "") == ["untranslated: 问题"]


def test_missing_and_obsolete_strings_are_told() -> None:
    told = list(catalogue.complaints(catalog(新=""), catalog(旧="old")))
    assert told == ["missing: 新", "obsolete: 旧"]


def test_the_words_of_facts_rules_and_measures_are_found_without_a_marker() -> None:
    found = {text for _place, text in catalogue.terms()}
    assert {"乡镇街道", "实地核验", "工作日", "公务员法", "第九十五条", "反弹率", "名册"} <= found
    assert "schemes[县直部门领导班子]" not in "".join(found), "a number's key is never shown"


def test_a_marked_word_inside_another_call_is_not_taken_for_its_argument(tmp_path: Path) -> None:
    assert found(tmp_path, "a.py", "gettext(KINDS[each['form']].TITLE)\nf(_('甲'))\n") == ["甲"]


def test_the_catalogue_of_the_tree_is_complete_and_exact() -> None:
    assert list(catalogue.complaints(catalogue.extracted(), catalogue.present())) == []
