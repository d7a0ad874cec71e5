"""Documents for tests: a notice of the county, and what others made of it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from shigan.facts.documents import (
    Direction,
    DocumentKind,
    DocumentRegistered,
    Form,
    Level,
    counted,
    text_digest,
)

DAY = date.today() - timedelta(days=40)

NOTICE = """关于清理乡村蓄水池的通知

各乡镇、县直有关单位：
为保证汛期前群众饮水安全，现就清理乡村蓄水池的事情通知如下。
一、摸清底数。把辖区内使用三年以上的蓄水池逐个登记，写清位置、容量、上次清理的时间和管护人。
二、分批清理。先清池壁有裂缝和水色发黄的，再清其余的；清理期间用水车送水，不让一户断水。
三、检测水质。清理后由疾控中心取样，合格以后才恢复供水，检测结果张贴在村务公开栏。
四、长期管护。每个蓄水池确定一名管水员，管水员的报酬从水费中列支，账目每半年公布一次。
"""

OWN = """五、我镇安排。柳湾村蓄水池由镇水务站负责，6月20日前清理完毕，补助2000元；联系电话0970-1234567。
"""


def registered(text: str, **changes: Any) -> DocumentRegistered:
    """The fact of a text, issued by the county."""
    known: dict[str, Any] = {
        "title": text.splitlines()[0], "kind": DocumentKind.NOTICE, "direction": Direction.ISSUED,
        "level": Level.COUNTY, "form": Form.BLANK, "dated": DAY,
        "length": counted(text), "digest": text_digest(text), "text": text,
    }  # fmt: skip
    return DocumentRegistered(**(known | changes))
