"""Sheets that the field knows (评议票面), as the `parts` of a manifest (docs/box.md).

Items and options of the yearly evaluation belong to the county's appraisal scheme and are handed in. A
statutory election (换届选举, 党内选举) has no preset here: the law wants it on unnumbered paper.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType
from typing import Any, Final

Parts = list[dict[str, Any]]

PRESETS: Final = MappingProxyType(
    {
        "officials": "领导干部民主测评",
        "team": "领导班子民主测评",
        "annual": "领导班子和领导干部民主测评",
        "recommendation": "会议推荐",
        "report": "一报告两评议",
    }
)
"""The closed list of what may be put in the box, with its name."""


def title_of(preset: str) -> str:
    """The name of a preset; an unknown one is told as it is."""
    return PRESETS.get(preset, preset)


def officials(targets: Sequence[str], items: Sequence[str], options: Sequence[str], id: str = "a") -> Parts:
    """Officials in 德能勤绩廉 (公务员法 第三十五条), each from 优秀 to 不称职, with 不了解 apart."""
    return [_grid(id, "领导干部民主测评", targets, items, options)]


def team(unit: str, items: Sequence[str], options: Sequence[str], id: str = "a") -> Parts:
    """One leadership team in the items of 党政领导干部考核工作条例 (2019): political work, leading, results,
    integrity, conduct; each from 优秀 to 较差."""
    return [_grid(id, "领导班子民主测评", [unit], items, options)]


def recommendation(choices: Sequence[str], most: int, post: str) -> Parts:
    """会议推荐 (党政领导干部选拔任用工作条例, chapter 3): at most `most` of the listed persons for a post.

    What comes out is advice to those who decide; whoever is recommended by few is not told.
    """
    return [{"id": "a", "kind": "pick", "title": f"推荐：{post}", "choices": list(choices), "most": most}]


WORK = "本年度干部选拔任用工作"
WORK_ITEMS = ("总体评价", "执行政策法规", "防止和纠正用人上不正之风", "选拔任用工作的效果")
WORK_OPTIONS = ("好", "较好", "一般", "差")
PROBLEMS = (
    "没有发现突出问题", "任人唯亲", "领导干部用人上个人说了算", "跑官要官、说情打招呼", "拉票",
    "执行资格条件不严格", "程序不规范", "干部能上不能下", "其他",
)  # fmt: skip
PROMOTED_ITEM = "对任用的看法"
PROMOTED_OPTIONS = ("认同", "基本认同", "不认同", "不了解")


def report(promoted: Sequence[str]) -> Parts:
    """一报告两评议 (2010 trial measures, for a yearly meeting of the committee): the form on the selection of
    officials in general with its problems, and the form on those promoted in the year.

    The answers (好 to 差; several problems; 认同, 基本认同, 不认同, 不了解) are those of the forms in use;
    the wording of items and problems was not compared with the measures' own text.
    """
    parts: Parts = [
        _grid("a", "干部选拔任用工作民主评议", [WORK], WORK_ITEMS, WORK_OPTIONS),
        {
            "id": "b", "kind": "pick", "title": "存在的主要问题（可多选）", "choices": list(PROBLEMS),
            "most": len(PROBLEMS),
        },
    ]  # fmt: skip
    if promoted:
        parts.append(_grid("c", "新提拔任用干部民主评议", promoted, [PROMOTED_ITEM], PROMOTED_OPTIONS))
    return parts


def _grid(
    id: str, title: str, targets: Sequence[str], items: Sequence[str], options: Sequence[str]
) -> dict[str, Any]:
    return {
        "id": id, "kind": "grid", "title": title, "targets": list(targets), "items": list(items),
        "options": list(options),
    }  # fmt: skip
