"""Specificity and residues: what a sentence says, and what the two seed essays do not."""

from __future__ import annotations

from pathlib import Path

import pytest

from shigan.judge.places import foreign, mentioned, own_names, short
from shigan.judge.residues import Sort, other_issuer, residues
from shigan.judge.specificity import Sign, reading
from shigan.policy import Rulebook

WORDS = Rulebook.shipped().documents.wording
HOME = ("海北藏族自治州",)
SEEDS = Path(__file__).resolve().parents[3] / "shared/seeds/two-essays.txt"


def signs(text: str) -> set[str]:
    return {signal.sign for sentence in reading(text, WORDS).sentences for signal in sentence.signals}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("县水利局负责清理蓄水池。", {"who"}),
        ("由乡镇人民政府组织清理。", {"who"}),
        ("居民委员会应当协助。", {"who"}),
        ("请于3月20日前报送。", {"when"}),
        ("自受理之日起十五个工作日内答复。", {"when"}),
        ("每季度通报一次进展。", {"when"}),
        ("每户补助1200元。", {"how_much"}),
        ("合格率不低于百分之九十五。", {"how_much"}),
        ("在海晏县开展试点。", {"where"}),
        ("地点为人民路18号。", {"where"}),
        ("联系电话：0970-8642111。", {"contact"}),
    ],
)
def test_a_sentence_that_says_who_when_how_much_where_or_whom_to_ask_is_seen(
    text: str, expected: set[str]
) -> None:
    assert signs(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "有关部门要高度重视，切实加强领导。",
        "各单位要进一步提高认识。",
        "要增强四个意识，不能一棒子打死。",
        "根据《关于2026年3月底前完成整改的通知》要求。",
        "按照〔2021〕12号文件第十二条的规定。",
        "用准一个人，会带动一批人努力奋进。",
        "抓具体每条战线、每个领域。",
        "防止年底搞突击的问题。",
        "",
    ],
)
def test_what_names_nobody_no_day_and_no_quantity_has_no_signal(text: str) -> None:
    assert not signs(text) and reading(text, WORDS).index == 0


def test_each_signal_shows_its_words_where_they_stand() -> None:
    text = "一、总体要求。\n县水利局应当在2026年4月底前清理15处蓄水池。"
    (sentence,) = [s for s in reading(text, WORDS).sentences if s.signals]
    said = {signal.sign: text[signal.start : signal.end] for signal in sentence.signals}
    assert said == {Sign.WHO: "县水利局", Sign.WHEN: "2026年4月底前", Sign.HOW_MUCH: "15处"}
    assert sentence.duty and sentence.acts


def test_the_index_is_100_where_every_sentence_says_what_is_to_be_done_and_0_where_none_does() -> None:
    assert reading("县水利局应当在4月底前清理15处蓄水池。" * 3, WORDS).index == 100
    assert reading("要高度重视，狠抓落实。" * 3, WORDS).index == 0


def test_the_own_part_alone_can_be_read() -> None:
    vague, plain = "要高度重视，狠抓落实。", "县水利局应当在4月底前清理15处蓄水池。"
    whole = reading(vague + plain, WORDS)
    assert whole.within([(0, len(vague))]).index == 0
    assert whole.within([(len(vague), len(vague + plain))]).index == 100


def test_vague_words_are_counted_with_their_places() -> None:
    text = "要切实加强领导，进一步提升水平。"
    assert [text[a:b] for a, b in reading(text, WORDS).vague] == ["切实", "加强", "进一步", "提升"]


def test_names_of_places_are_found_in_full_and_as_people_say_them() -> None:
    text = "海北藏族自治州和海晏县，海北州；会同县级部门在各区域、城市场地（县（市、区））。"
    assert [m.name for m in mentioned(text)] == ["海北藏族自治州", "海晏县", "海北州"]
    assert short("海北藏族自治州") == "海北" and short("新疆维吾尔自治区") == "新疆"
    assert {"青海省", "青海", "海晏县", "海北州"} <= own_names(HOME)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("平口镇所在的安化县要做好防火。", ["安化县"]),
        ("各镇要以爱我长沙为主题。", ["长沙"]),
        ("让干部到北海交流任职。", ["北海"]),
        ("力戒文山会海，建设大同社会。", []),
        ("刚察县、祁连县和西宁市、青海省、海北。", ["西宁市"]),
        ("赴长沙市，学习借鉴浙江省安吉县经验。", ["长沙市"]),
        ("推动江西经济社会发展，编制四川规划。", ["江西", "四川"]),
        ("洛河北岸的堤防，香港、澳门、台湾同胞。", []),
        ("结合安化实际，大同各级党组织，阿鲁科尔沁的经验。", ["安化", "大同", "阿鲁科尔沁"]),
        ("平安建设、大方得体；本地南部行政区域。", []),
    ],
    ids=[
        "county",
        "prefecture",
        "own turned round",
        "words",
        "neighbours",
        "learning",
        "provinces",
        "river banks",
        "counties in the place of one",
        "counties that are words",
    ],
)
def test_places_that_are_not_the_own_ones_are_named(text: str, names: list[str]) -> None:
    everyday = WORDS.everyday_places.value
    assert [m.name for m in foreign(text, HOME, everyday)] == names
    assert foreign(text, (), everyday) == []


def test_the_own_name_turned_round_is_asked_about_with_what_it_may_have_meant() -> None:
    (slip,) = residues("到北海任职。", "州", HOME)
    assert (slip.sort, slip.words, slip.own) == (Sort.PLACE, "北海", "海北")


@pytest.mark.parametrize(
    ("level", "text", "said"),
    [
        ("州", "近期，区委组织部推进全区工作。", ["区委", "全区"]),
        ("县", "我区各街道，全市各县，省委、市委。", ["我区"]),
        ("区", "全区各街道，区委要求。", []),
        ("州", "社区委员会、城区、景区，全区域推进，东城区委介绍。", []),
    ],
)
def test_words_of_another_level_are_asked_about(level: str, text: str, said: list[str]) -> None:
    assert [r.words for r in residues(text, level, HOME) if r.sort is Sort.LEVEL] == said


def test_an_autonomous_region_may_call_itself_a_region() -> None:
    assert residues("全区农牧民。", "盟", ("锡林郭勒盟",)) == []


@pytest.mark.parametrize(
    ("said", "known", "other"),
    [
        ("西河县水利局", "西河县水利局", False),
        ("县委组织部", "中共西河县委员会组织部", False),
        ("安化县人民政府", "平乐县人民政府", True),
        ("", "平乐县人民政府", False),
    ],
)
def test_an_issuer_other_than_the_register_s_is_asked_about(said: str, known: str, other: bool) -> None:
    assert other_issuer(said, known) is other


@pytest.mark.parametrize("unit", ["1", "一", " ", "百分之一", "a@", "《", "由人民政府"])
def test_a_text_made_to_be_slow_is_read_to_its_end(unit: str) -> None:
    """A pattern that looks back over what it has read would take hours here."""
    text = unit * (100_000 // len(unit))
    assert reading(text, WORDS, HOME).length == len(text.replace(" ", ""))
    assert residues(text, "州", HOME, WORDS.everyday_places.value) == []


@pytest.mark.skipif(not SEEDS.exists(), reason="the essays stand in ../shared only")
def test_both_seed_essays_say_nothing_specific_and_bear_the_residues_of_their_source() -> None:
    first, second = SEEDS.read_text("utf-8").split("之二——")
    for essay in (first, second):
        assert reading(essay, WORDS, HOME).index <= 5
        words = {r.words for r in residues(essay, "州", HOME, WORDS.everyday_places.value)}
        assert {"区委", "全区"} <= words
    slips = [r for r in residues(second, "州", HOME, WORDS.everyday_places.value) if r.sort is Sort.PLACE]
    assert [(r.words, r.own) for r in slips] == [("北海", "海北")]
