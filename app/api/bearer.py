"""Who asks: the browser's session by its cookie, a program by its token; how often, and when it last did."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import datetime

from app.db import Database
from app.org.rules.access import Viewer
from app.org.tokens import store
from app.org.tokens.rules import PREFIX, Allowance, is_closed
from app.refusals import NotPermitted, Refusal

COOKIE = "zhishou_session"
COMMANDS = 10  # times as many commands as readings
NOTED_EVERY_S = 60.0  # the last use of a token is written down no more often
_SCHEME = "bearer "


class TooManyRequests(Refusal):
    """A token or a person asks more often than it may."""

    code = "too_many_requests"

    def __init__(self, wait_s: float, zh: str = "该令牌", en: str = "this token") -> None:
        self.retry_after_s = max(1, round(wait_s))
        super().__init__(
            f"{zh}请求过于频繁,请 {self.retry_after_s} 秒后再试",
            f"{en} asks too often: try again in {self.retry_after_s} s",
        )


def secret_of(headers: Mapping[str, str], cookies: Mapping[str, str]) -> str:
    """Return what proves who asks, "" for nothing.

    A token comes in its header only and a session in its cookie only: neither does for the other.
    """
    header = headers.get("authorization")
    if header is not None:
        told = header[len(_SCHEME) :].strip() if header.lower().startswith(_SCHEME) else ""
        return told if told.startswith(PREFIX) else ""
    cookie = cookies.get(COOKIE, "")
    return "" if cookie.startswith(PREFIX) else cookie


class People:
    """How much each person who is logged in may still ask of this process.

    It stops a script, never an officer: commands are counted apart from what is read, against ten times as
    much, so that however much a browser reads, an intake and an order pass.
    """

    def __init__(self, per_minute: int) -> None:
        """`per_minute`: readings of one account; 0 for no limit."""
        self._per_minute = per_minute
        self._left: dict[tuple[int, bool], Allowance] = {}

    def admit(self, viewer: Viewer, *, reading: bool) -> None:
        """Let a person pass, or raise TooManyRequests. A token has its own limit."""
        if viewer.per_minute is not None or not self._per_minute:
            return
        now_s, key = time.monotonic(), (viewer.account_id, reading)
        if (left := self._left.get(key)) is None:
            most = self._per_minute * (1 if reading else COMMANDS)
            left = self._left[key] = Allowance.full(most, now_s)
        if (wait_s := left.wait_s(now_s)) > 0:
            raise TooManyRequests(wait_s, "本账号", "this account")


class Tokens:
    """What this process remembers of tokens: how much each may ask now, and when its use was noted."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._left: dict[int, Allowance] = {}
        self._noted_s: dict[int, float] = {}

    def admit(self, viewer: Viewer, path: str) -> None:
        """Let a token pass, or raise NotPermitted, TooManyRequests. Anybody else passes."""
        if viewer.per_minute is None:
            return
        if is_closed(path):
            raise NotPermitted
        now_s = time.monotonic()
        left = self._left.get(viewer.account_id)
        if left is None or left.per_minute != viewer.per_minute:
            left = self._left[viewer.account_id] = Allowance.full(viewer.per_minute, now_s)
        if (wait_s := left.wait_s(now_s)) > 0:
            raise TooManyRequests(wait_s)

    async def note(self, viewer: Viewer, address: str, now: datetime) -> None:
        """Write down that a token was used, at most once a minute."""
        if viewer.per_minute is None:
            return
        now_s = time.monotonic()
        if now_s - self._noted_s.get(viewer.account_id, float("-inf")) < NOTED_EVERY_S:
            return
        self._noted_s[viewer.account_id] = now_s
        async with self._database.transaction() as tx:
            await store.note_use(tx, viewer.account_id, address, now)
