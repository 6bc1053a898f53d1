"""Calling by a phone: orders of the duty officers, carried out in their turn, and how the call goes."""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from datetime import datetime, timedelta

from app.clock import Clock
from app.devices.adapters.at_calls import CallNews, call_news
from app.devices.modem import Modem
from app.devices.satphone.calls import CallDesk
from app.devices.satphone.numbers import dialled
from app.devices.satphone.setup import Plate
from app.signals import Ring

MAX_ORDERS = 8
LOOK_EVERY = timedelta(seconds=1)


class Busy(Exception):
    """The phone cannot take the order now: a call is on, or too many orders wait."""


class Voice:
    """The voice side of one phone. The sound is the phone's own: handset, headset or loudspeaker."""

    def __init__(self, name: str, clock: Clock) -> None:
        self._desk = CallDesk(name)
        self._clock = clock
        self._orders: deque[str] = deque()
        self._looked_at: datetime | None = None

    def shown(self) -> dict[str, object] | None:
        """Return the last call as it stands, None before the first."""
        return self._desk.call.shown() if self._desk.call else None

    def dial(self, number: str) -> None:
        """Call somebody. Raises ValueError for what is no number, Busy."""
        command = f"ATD{dialled(number)};"
        if self._desk.busy:
            raise Busy
        self._order(command)
        self._desk.dial(number, self._clock.now())

    def answer(self) -> None:
        """Take the call that rings. Raises Busy."""
        self._order("ATA")

    def hang_up(self) -> None:
        """End the call, or refuse the one that rings. Raises Busy."""
        self._order("AT+CHUP")

    def take(self, news: CallNews) -> list[Ring]:
        """Take in what the phone said of a call; return what the desk is to be told."""
        return self._desk.take(news, self._clock.now())

    def lost(self) -> list[Ring]:
        """Forget orders and end the call: the phone is gone."""
        self._orders.clear()
        return self._desk.lost(self._clock.now())

    async def work(self, modem: Modem, plate: Plate) -> list[Ring]:
        """Carry out the orders, and look how the call is if the phone does not say it. Raises LinkLost."""
        rings = self._desk.tick(self._clock.now())
        while self._orders:
            rings += await self._obey(modem, self._orders.popleft())
        if self._desk.busy and not plate.tells_calls:
            rings += await self._look(modem)
        return rings

    def _order(self, command: str) -> None:
        if len(self._orders) >= MAX_ORDERS:
            raise Busy
        self._orders.append(command)

    async def _obey(self, modem: Modem, command: str) -> list[Ring]:
        answer = await modem.ask(command)
        if not answer.ok and command == "AT+CHUP":
            answer = await modem.ask("ATH")
        call = self._desk.call
        if command.startswith("ATD") and call and not (answer.ok and call.stage != "waiting"):
            reason = "" if answer.ok else answer.final.lower().replace(" ", "_").lstrip("+")
            self._desk.call = replace(call, stage="dialing" if answer.ok else "released", reason=reason)
        if answer.ok and command == "ATA" and call and call.stage == "incoming":
            return self.take(CallNews("active"))  # a phone without ^DSCI says no more than OK
        return []

    async def _look(self, modem: Modem) -> list[Ring]:
        now = self._clock.now()
        call = self._desk.call
        waits = call is None or call.stage == "waiting"
        if waits or (self._looked_at is not None and now - self._looked_at < LOOK_EVERY):
            return []
        self._looked_at = now
        answer = await modem.ask("AT+CLCC")
        if not answer.ok or not self._desk.busy:  # it ended while we asked
            return []
        news = [call_news(line, {}) for line in answer.lines] or [CallNews("released", reason="hung_up")]
        return [ring for one in news if one for ring in self.take(one)]
