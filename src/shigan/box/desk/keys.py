"""Who may do what at the desk: three keys, made at the start, in memory only, said in the terminal."""

from __future__ import annotations

import asyncio
import hmac
import os
from collections.abc import Awaitable, Callable, MutableMapping
from enum import StrEnum

from shigan.box.refusals import Refused
from shigan.maths import slips

VARIABLE = "SHIGAN_DESK"
"""How the keys get from the command that says them to the server: three codes with commas between."""
FREE = 5
"""So many wrong keys cost nothing; nobody guesses one of 2¹¹⁵, but a slow answer makes a script visible."""
WAIT = 3.0
"""Seconds that everybody waits at the desk's door after that, until a right key comes."""


class Role(StrEnum):
    SCRUTINEER = "scrutineer"
    CLERK_A = "a"
    CLERK_B = "b"


class Keys:
    """The keys in the order of `Role`; `sleep` is asked to wait."""

    def __init__(
        self, codes: list[str] | None = None, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        self.codes = dict(zip(Role, codes or slips.make(len(Role)), strict=True))
        self._sleep, self._wrong = sleep, 0

    async def role(self, given: str) -> Role:
        """Whose key this is; all are compared, in constant time. Raises Refused for a wrong one."""
        if self._wrong >= FREE:
            await self._sleep(WAIT)
        try:
            typed = slips.parse(given)
        except slips.BadCode:
            typed = ""
        fits = [role for role, code in self.codes.items() if hmac.compare_digest(code, typed)]
        self._wrong = 0 if fits else self._wrong + 1
        if fits:
            return fits[0]
        raise Refused(
            "工作台口令不对",
            "this is no key of the desk",
            "请照开箱电脑终端上显示的口令重新输入；票箱重新启动后口令会换。",
            "Type it as the terminal of the box's computer shows it; after a restart there are new ones.",
        )


def from_environment(environment: MutableMapping[str, str] = os.environ) -> Keys:
    """The keys that the command said, taken out of the environment; new ones, that nobody knows, if none."""
    given = environment.pop(VARIABLE, "")
    return Keys(given.split(",") if given else None)
