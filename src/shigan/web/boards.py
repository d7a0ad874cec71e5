"""Findings for pages, kept by checkpoint. Judged when something was sealed, read by subject."""

from __future__ import annotations


def judge_now() -> None:
    """Judge the sealed ledger and keep the findings under its checkpoint."""


def flags() -> list[object]:
    """The flags of the newest judged checkpoint."""
    return []
