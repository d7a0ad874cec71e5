"""What the box says no to: one sentence in both languages, and what to do instead."""

from __future__ import annotations


class Refused(ValueError):  # noqa: N818 - a plain word, like the other refusals of the house
    """`text` says in Chinese what is wrong and where, `english` the same, `remedy` and `cure` what to do.

    `why` is the reason's key in `words.REFUSALS`, where voters may meet it on a page.

    No refusal holds a code, a token or a mark of a ballot, so that none gets on a screen or into a log.
    """

    def __init__(self, text: str, english: str, remedy: str = "", cure: str = "", why: str = "") -> None:
        self.text, self.english, self.remedy, self.cure, self.why = text, english, remedy, cure, why
        super().__init__(f"{text}。{remedy} / {english}. {cure}".replace("。 /", "。/").strip())

    def said(self, language: str) -> str:
        """The sentence with its remedy, in `zh` or `en`."""
        if language == "en":
            return f"{self.english}. {self.cure}".strip()
        return f"{self.text}。{self.remedy}"
