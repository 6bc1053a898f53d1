"""People who hold a device in the demo: some of them answer an order, after a while."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable

ASKED = {"回复1": "1", "回复9": "9"}
"""An order, or a test of the device, says how to answer it; other texts want no answer."""

_SHARE = 0.7
_FROM_S, _TO_S = 20.0, 40.0


class Crew:
    """Answers orders with "1" for 收到, often enough, 20 to 40 seconds later.

    Which ones and when depends only on the seed and the order in which the texts come. `share` is the
    part that is answered, `haste` divides the time to think.
    """

    def __init__(self, seed: int, *, share: float = _SHARE, haste: float = 1.0) -> None:
        self._rng = random.Random(seed)  # noqa: S311  a story that can be told again, no secret
        self._share = share
        self._haste = haste
        self._waiting: set[asyncio.TimerHandle] = set()

    def read(self, text: str, reply: Callable[[str], None]) -> None:
        """Read a text that came in; `reply` is called later if somebody feels like it."""
        answers = self._rng.random() < self._share
        after_s = self._rng.uniform(_FROM_S, _TO_S) / self._haste
        answer = next((word for asked, word in ASKED.items() if asked in text), None)
        if answer is None or not answers:
            return

        def speak() -> None:
            self._waiting.discard(handle)
            reply(answer)

        handle = asyncio.get_running_loop().call_later(after_s, speak)
        self._waiting.add(handle)

    def go_home(self) -> None:
        """Answer nothing any more."""
        for handle in self._waiting:
            handle.cancel()
        self._waiting.clear()
