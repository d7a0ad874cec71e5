"""Copied texts."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from shigan.judge.copies import SHARED, SHORTEST, Copy, K, Text, copied
from shigan.maths import reuse

PLAN = "逐户排查供水管网，更换老化阀门，明确专人负责日常维护，确保群众用水安全。"
CHARACTERS = "水路灯桥田村组户钱账人会章表"
words = st.text(alphabet=CHARACTERS, max_size=60)


def naive(texts: list[Text]) -> dict[int, float]:
    """The same by looking at every pair: for each text the best share with any earlier text of another."""
    runs = [runs_of(t) for t in texts]
    return {
        at: max(shares)
        for at, text in enumerate(texts)
        if text.judged and runs[at]
        if (
            shares := [
                sum(run in runs[source] for run in runs[at]) / len(runs[at])
                for source in range(at)
                if texts[source].own != text.own and texts[source].scope == text.scope
            ]
        )
    }


def runs_of(text: Text) -> list[str]:
    plain = reuse.normalized(text.words).text
    return [plain[i : i + K] for i in range(len(plain) - K + 1)] if len(plain) >= SHORTEST else []


def test_punctuation_and_width_do_not_hide_a_copy() -> None:
    texts = [Text("plan", "", PLAN), Text("claim", "", PLAN.replace("，", " , ").replace("。", ""))]
    assert list(copied(texts)) == [Copy(1, 0, 1.0)]


def test_traditional_characters_do_not_hide_a_copy() -> None:
    texts = [Text("plan", "", "完善台账管理制度，组织业务骨干开展专题培训"),
             Text("claim", "", "完善臺賬管理制度，組織業務骨幹開展專題培訓")]  # fmt: skip
    assert list(copied(texts)) == [Copy(1, 0, 1.0)]


def test_a_text_is_no_copy_of_its_own_earlier_version() -> None:
    assert not list(copied([Text("Q1", "", PLAN), Text("Q1", "", PLAN)]))


def test_texts_of_different_scopes_are_not_compared() -> None:
    assert not list(copied([Text("Q1", "U1", PLAN), Text("Q2", "U2", PLAN)]))


def test_a_text_that_serves_as_source_only_is_not_flagged() -> None:
    assert not list(copied([Text("Q1", "", PLAN), Text("Q2", "", PLAN, judged=False)]))


def test_short_phrases_everybody_uses_are_no_copies() -> None:
    assert not list(
        copied([Text("Q1", "", "已整改到位，长期坚持。"), Text("Q2", "", "已整改到位，长期坚持。")])
    )


def test_a_text_copied_three_hundred_times_is_found_three_hundred_times() -> None:
    texts = [Text(f"U{n}", "", PLAN) for n in range(301)]
    assert [copy.text for copy in copied(texts)] == list(range(1, 301))


def test_no_text_at_all_is_no_copy() -> None:
    assert not list(copied([]))
    assert not list(copied([Text("Q1", "", "")]))


@given(st.lists(words, min_size=2, max_size=8))
def test_whatever_is_called_copied_shares_its_runs_by_a_plain_count(found: list[str]) -> None:
    texts = [Text(f"Q{n}", "", each) for n, each in enumerate(found)]
    best = naive(texts)
    for copy in copied(texts):
        assert SHARED <= copy.share <= best[copy.text] + 1e-9


@given(st.text(alphabet=CHARACTERS, min_size=SHORTEST, max_size=60), st.lists(words, max_size=5))
def test_a_whole_copy_is_always_found(text: str, others: list[str]) -> None:
    texts = [Text(f"Q{n}", "", each) for n, each in enumerate([text, *others, text])]
    assert len(texts) - 1 in {copy.text for copy in copied(texts)}
