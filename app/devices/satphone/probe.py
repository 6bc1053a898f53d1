"""Asking whether satellite phones work: our own by its signal, others by a text with receipt."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.devices.adapters.sms_pdu import receipt
from app.devices.adapters.sms_pdu_message import Message
from app.devices.adapters.sms_pdu_write import split, submit, validity_of
from app.devices.driver import Probed
from app.devices.links.serial import LinkLost
from app.devices.modem import Modem
from app.devices.satphone.numbers import dialled, spellings
from app.devices.satphone.outbox import outcome_of, send_command

TEST_TEXT = "【调试】卫星电话定期测试,无需回复"
SIGNAL_WITHIN_S = 30.0
RECEIPT_WITHIN_S = 300.0
CHECK_EVERY_S = 0.1


@dataclass(slots=True)
class _Test:
    number: str
    ended: asyncio.Future[Probed]
    ref: str = ""


class Probes:
    """The tests that are under way on one phone; the phone's own task sends them in their turn."""

    def __init__(self, country: str) -> None:
        self._country = country
        self._waiting: deque[_Test] = deque()
        self._sent: list[_Test] = []

    async def of_signal(
        self,
        wake: asyncio.Event,
        polled: Callable[[], datetime | None],
        state: Callable[[], dict[str, object]],
    ) -> Probed:
        """Let our own phone be asked for signal and network, and judge by what it says."""
        wake.set()
        try:
            async with asyncio.timeout(SIGNAL_WITHIN_S):
                while polled() is None:  # noqa: ASYNC110 - the phone's task asks in its turn
                    await asyncio.sleep(CHECK_EVERY_S)
        except TimeoutError:
            return Probed(passed=False, method="signal_query", detail="no_answer")
        facts = state()
        passed = facts["registered"] is True
        return Probed(
            passed, "signal_query", f"registered={facts['registered']} signal_pct={facts['signal_pct']}"
        )

    async def of_far_phone(self, wake: asyncio.Event, number: str) -> Probed:
        """Send a text that asks for a receipt; passed when the far phone's arrives."""
        test = _Test(number, asyncio.get_running_loop().create_future())
        self._waiting.append(test)
        wake.set()
        try:
            async with asyncio.timeout(RECEIPT_WITHIN_S):
                return await test.ended
        except TimeoutError:
            return Probed(
                passed=False, method="test_message", detail="no_receipt" if test.ref else "not_sent"
            )
        finally:
            self._sent = [one for one in self._sent if one is not test]
            if test in self._waiting:
                self._waiting.remove(test)

    async def send_next(self, modem: Modem) -> None:
        """Send the text of the next test that waits. Raises LinkLost."""
        if not self._waiting:
            return
        test = self._waiting.popleft()
        try:
            pdu = submit(
                dialled(test.number),
                split(TEST_TEXT)[0],
                validity=validity_of(timedelta(seconds=RECEIPT_WITHIN_S)),
            )
            answer = await modem.ask(send_command(pdu))
        except ValueError:
            _end(test, passed=False, detail="no_number")
            return
        except LinkLost:
            _end(test, passed=False, detail="link_lost")
            raise
        if answer.ok:
            test.ref = answer.value()
            self._sent.append(test)
        else:
            _end(test, passed=False, detail=outcome_of(answer).reason)

    def reported(self, message: Message) -> bool:
        """Whether a status report belongs to a test; one that is final ends it."""
        told = receipt(message)
        ways = {message.number.removeprefix("+"), *spellings(message.number, self._country)}
        test = next((one for one in self._sent if one.ref == told.ref and one.number in ways), None)
        if test is None:
            return False
        if told.stage != "accepted":
            _end(test, passed=told.stage == "delivered", detail=told.reason or told.stage)
        return True


def _end(test: _Test, *, passed: bool, detail: str) -> None:
    if not test.ended.done():
        test.ended.set_result(Probed(passed, "test_message", detail))
