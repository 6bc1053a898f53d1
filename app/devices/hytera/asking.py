"""Asking a radio whether it works: where it is, or a radio check where that may be sent (§2.6, §2.8)."""

from __future__ import annotations

import asyncio
from itertools import count

from app.devices.adapters.hdap import FAMILY
from app.devices.adapters.hytera import control, location
from app.devices.adapters.hytera.frame import LP, RCP
from app.devices.adapters.hytera.meaning import CHECK_REF, LOCATE_REF
from app.devices.driver import Probed
from app.devices.hytera.links import Habits
from app.devices.hytera.radios import Network, Radios
from app.org.store import DeviceFact
from app.signals import Receipt

ANSWER_WITHIN_S = 15.0
_WORKING = frozenset(("", "no_position"))
"""What a radio that works may answer: it may well stand under a roof."""


class Asking:
    """The questions of one link that are under way."""

    def __init__(self, habits: Habits, network: Network) -> None:
        self._habits = habits
        self._network = network
        self._numbers = count(1)
        self._waiting: dict[str, asyncio.Future[Receipt]] = {}

    def hear(self, receipt: Receipt) -> bool:
        """Take in an answer; False when it is none to a question of ours."""
        if not receipt.ref.startswith((CHECK_REF, LOCATE_REF)):
            return False
        asked = self._waiting.get(receipt.ref)
        if asked is not None and not asked.done():
            asked.set_result(receipt)
        return True

    async def probe(self, device: DeviceFact, radios: Radios) -> Probed | None:
        """Ask a radio and wait for its answer; None when the link is down or the device is no radio."""
        radio = int(device.number) if device.family == FAMILY and device.number.isdecimal() else 0
        slot = radios.slot_of(str(radio))
        service = RCP if self._habits.unproven else LP
        if not 0 < radio < 1 << 24 or not self._network.ready(service, slot):
            return None
        if self._habits.unproven:
            ref, method, frame = f"{CHECK_REF}{radio}", "radio_check", control.radio_check(radio)
        else:
            request = next(self._numbers) & 0xFFFFFF
            ref, method = f"{LOCATE_REF}{request}", "location_query"
            frame = location.immediate_request(request, radio, subnet=self._habits.subnet)
        answer = await self._ask(ref, service, slot, frame)
        if answer is None:
            return Probed(passed=False, method=method, detail="没有应答 / no answer")
        passed = answer.stage == "delivered" or (method == "location_query" and answer.reason in _WORKING)
        return Probed(passed, method, answer.reason)

    async def _ask(self, ref: str, service: int, slot: int, frame: bytes) -> Receipt | None:
        asked = self._waiting.setdefault(ref, asyncio.get_running_loop().create_future())
        try:
            self._network.send(service, slot, frame)
            async with asyncio.timeout(ANSWER_WITHIN_S):
                return await asyncio.shield(asked)
        except TimeoutError:
            return None
        finally:
            if self._waiting.get(ref) is asked:
                del self._waiting[ref]
