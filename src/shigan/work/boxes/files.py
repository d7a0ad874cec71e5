"""From the box's files to facts, and back: what is sealed is the file itself, not a retelling.

`result_of` makes `result.json` again from the fact alone, so that the digest under the scrutineers'
signatures binds every figure in the ledger.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from shigan.box.canonical import canonical, digest
from shigan.box.signatures import SIGNATURE
from shigan.facts.boxes import (
    BoxCell,
    BoxClosed,
    BoxCount,
    BoxDetail,
    BoxGroup,
    BoxOpened,
    BoxSigned,
    SlipsMade,
)
from shigan.facts.fact import fields
from shigan.facts.faults import Fault, _

DETAILS = {"nothing": BoxDetail.NOTHING, "bands": BoxDetail.BANDS, "shares": BoxDetail.SHARES}
_WORDS = {detail: word for word, detail in DETAILS.items()}
RESULT = "shigan/box/result/1"


def opened(notice: Mapping[str, Any]) -> BoxOpened:
    """The fact in a `notice.json`. Raises `Fault` where the file is not whole; rules check the manifest."""
    try:
        slips = tuple(
            SlipsMade(voters=voters, made=own["count"], canaries=own["canaries"], root=own["root"])
            for voters, own in sorted(notice["slips"].items())
        )
        return BoxOpened(
            manifest=canonical(notice["manifest"]).decode(),
            digest=digest(notice["manifest"]),
            slips=slips,
            commitment=notice["commitment"],
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise _not_whole("notice.json") from error


def closed(result: Mapping[str, Any], signatures: Iterable[Mapping[str, Any]]) -> BoxClosed:
    """The fact in a `result.json` with its signature files. Raises `Fault` where a file is not whole."""
    try:
        return BoxClosed(
            manifest=result["manifest"],
            result=digest(result),
            root=result["box"]["root"],
            leaves=result["box"]["leaves"],
            paper=result["paper"],
            canaries_cast=result["canaries"]["cast"],
            canaries_wrong=result["canaries"]["wrong"],
            counts=tuple(BoxCount(**{key: own[key] for key in _COUNTED}) for own in result["counts"]),
            groups=tuple(_group(own) for own in result["groups"]),
            cells=tuple(_cell(own["voters"], cell) for own in result["groups"] for cell in own["cells"]),
            signatures=tuple(BoxSigned(key=s["key"], signature=s["signature"]) for s in signatures),
        )
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        if isinstance(error, Fault):
            raise
        raise _not_whole("result.json") from error


_COUNTED = tuple(field.key for field in fields(BoxCount))


def _not_whole(name: str) -> Fault:
    return Fault(_("{name} 不完整"), remedy=_("请重新上传票箱导出的原文件。"), name=name)


def _group(own: Mapping[str, Any]) -> BoxGroup:
    low, high = own["alike"] or (None, None)
    return BoxGroup(
        voters="".join(own["voters"]),
        valid=own["valid"],
        detail=DETAILS[own["detail"]],
        alike_low=low,
        alike_high=high,
    )


def _cell(voters: Iterable[str], own: Mapping[str, Any]) -> BoxCell:
    (upper_low, upper_high), (best_low, best_high) = own["upper"], own["best"] or (None, None)
    return BoxCell(
        group="".join(voters),
        part=own["part"],
        target=own["target"],
        item=own["item"],
        best_low=best_low,
        best_high=best_high,
        upper_low=upper_low,
        upper_high=upper_high,
    )


def result_of(election: str, slips: Iterable[SlipsMade], fact: BoxClosed) -> dict[str, Any]:
    """The `result.json` that a fact came from (docs/box.md); its digest must be `fact.result`."""
    return {
        "format": RESULT,
        "election": election,
        "manifest": fact.manifest,
        "slips": {each.voters: each.root for each in slips},
        "box": {"root": fact.root, "leaves": fact.leaves},
        "counts": [{key: getattr(each, key) for key in _COUNTED} for each in fact.counts],
        "paper": fact.paper,
        "canaries": {"cast": fact.canaries_cast, "wrong": fact.canaries_wrong},
        "groups": [_group_again(each, fact.cells) for each in fact.groups],
    }


def _group_again(group: BoxGroup, cells: Iterable[BoxCell]) -> dict[str, Any]:
    return {
        "voters": list(group.voters),
        "valid": group.valid,
        "detail": _WORDS[group.detail],
        "cells": [_cell_again(cell) for cell in cells if cell.group == group.voters],
        "alike": _range(group.alike_low, group.alike_high),
    }


def _cell_again(cell: BoxCell) -> dict[str, Any]:
    return {
        "part": cell.part,
        "target": cell.target,
        "item": cell.item,
        "best": _range(cell.best_low, cell.best_high),
        "upper": [cell.upper_low, cell.upper_high],
    }


def _range(low: int | None, high: int | None) -> list[int | None] | None:
    return None if low is None else [low, high]


def signature_of(signed: BoxSigned, result: str) -> dict[str, str]:
    """The signature file again, without the name, for a result with this digest."""
    return {"format": SIGNATURE, "key": signed.key, "result": result, "signature": signed.signature}
