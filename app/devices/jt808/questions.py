"""Questions of ours that wait for a terminal's answer, known by the serial that the answer quotes."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.devices.adapter import Reading

MOST = 16  # questions that may be open on one line
_ANSWERS = frozenset({"0x0104", "0x0201"})
_ACK = "0x0001"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a terminal answered: the kind of its message and the body, or that it refused (`result` > 0)."""

    kind: str
    body: Mapping[str, Any]

    @property
    def result(self) -> int:
        """The result of an acknowledgement; 0 for an answer in words."""
        return int(self.body.get("result", 0)) if self.kind == _ACK else 0


class TooManyQuestions(RuntimeError):
    """The terminal has not answered the questions before."""


class Questions:
    """The open questions of one line."""

    __slots__ = ("_open",)

    def __init__(self) -> None:
        self._open: dict[int, tuple[bool, asyncio.Future[Answer]]] = {}

    def ask(self, serial: int, *, acknowledged: bool) -> asyncio.Future[Answer]:
        """Wait for the answer to a message of ours; with `acknowledged` a mere 0x0001 "ok" is one.

        Raises TooManyQuestions.
        """
        if len(self._open) >= MOST:
            raise TooManyQuestions
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._open[serial] = acknowledged, future
        future.add_done_callback(lambda _: self._open.pop(serial, None))
        return future

    def hear(self, reading: Reading) -> None:
        """Take in a message of the terminal; it may answer a question."""
        if not self._open or (reading.kind != _ACK and reading.kind not in _ANSWERS):
            return
        body = reading.fields.get("assembled", reading.fields)["body"]
        acknowledged, future = self._open.get(body.get("ack_serial", -1), (False, None))
        if future is None or future.done():
            return
        answer = Answer(reading.kind, body)
        # Some terminals acknowledge a query before they answer it: that alone says nothing.
        if reading.kind in _ANSWERS or acknowledged or answer.result:
            future.set_result(answer)

    def close(self) -> None:
        """Nobody will answer any more: the line is gone."""
        for _, future in list(self._open.values()):
            future.cancel()
