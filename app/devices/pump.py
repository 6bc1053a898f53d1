"""From readings to facts: positions go to the recorder, calls and texts into a transaction of their own.

Nothing here answers the device; it returns when, and only when, what was said is committed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from app import tracing
from app.clock import Clock
from app.db import Database, Tx
from app.delivery import actions as delivery
from app.delivery import store as deliveries
from app.delivery.actions import Outcome, Step
from app.devices.adapter import Reading
from app.devices.metrics import FACT_SECONDS
from app.devices.radio_log import actions as radio_log
from app.devices.recorder import Recorder
from app.dispatch.actions import intake
from app.dispatch.rules.distress import is_distress
from app.dispatch.settings import DispatchRules
from app.duty.spot_check.actions import sent
from app.duty.spot_check.rules.judge import Limits
from app.org.store import DeviceFact
from app.response.call_and_respond.actions import texts as callouts
from app.signals import Distress, Fix, Health, Presence, Receipt, Ring, Talk, Text, Trouble
from app.tracking.rules import believable
from app.tracking.store import Heard

_STEPS: dict[str, Step] = {"accepted": "accept", "delivered": "deliver", "failed": "fail"}


@dataclass
class Pump:
    """Takes readings in, in the order of their link."""

    database: Database
    recorder: Recorder
    clock: Clock
    limits: Limits = field(default_factory=Limits)  # of spot checks, for answers that come by device
    rules: DispatchRules | None = None  # of the county; None: as shipped

    async def hear(self, device: DeviceFact, reading: Reading, via: str = "") -> asyncio.Future[None] | None:
        """Take in one reading of a known device, heard through the driver named `via`.

        Facts are committed when this returns; positions when the returned future is done. Database
        errors are raised: the device must not be answered then.
        """
        now = self.clock.now()
        await self._facts(device, reading)
        await self._talks(reading, device.stream, via)
        # After the facts, which lock the device: the recorder passes over one that somebody holds.
        self.recorder.touch(device.id, via)
        for told in (s for s in reading.signals if isinstance(s, Health)):
            self.recorder.note_health(device.id, dict(told.facts))
        for there in (s for s in reading.signals if isinstance(s, Presence)):
            self.recorder.note_health(device.id, {"online": there.online, "renew_s": there.renew_s})
        fixes = [s for s in reading.signals if isinstance(s, Fix)]
        if not fixes:
            return None
        return await self.recorder.record([position(device, fix, now) for fix in fixes])

    async def hear_receipt(
        self,
        channel: str,
        wire_ref: str,
        receipt: Receipt,
        device_id: int | None,
        outcome: Outcome | None = None,
    ) -> None:
        """Let a device's answer move the message it belongs to; an answer to nothing changes nothing."""
        async with self.database.transaction() as tx:
            row = await deliveries.in_flight(tx, channel, wire_ref, device_id)
            if row is not None:
                told = outcome or Outcome(_STEPS[receipt.stage], receipt.reason)
                await delivery.report(tx, row, told, self.clock.now())

    async def hear_talk(self, stream: str, via: str, talk: Talk) -> None:
        """Write who talks into the radio log, also where the talker stands in no register."""
        async with self.database.transaction() as tx:
            await radio_log.hear_talk(tx, stream, via, talk, self.clock.now())

    def note(self, device_id: int, facts: Mapping[str, object], via: str = "") -> None:
        """Keep what was learnt of a device itself (its network lost it). With `via` it was heard, too."""
        if via:
            self.recorder.touch(device_id, via)
        self.recorder.note_health(device_id, facts)

    async def hear_answer(self, wire_ref: str, outcome: Outcome) -> None:
        """Let an answer move the message that left under this very reference, even after it was accepted."""
        async with self.database.transaction() as tx:
            row = await deliveries.by_reference(tx, wire_ref)
            if row is not None:
                await delivery.report(tx, row, outcome, self.clock.now())

    async def _facts(self, device: DeviceFact, reading: Reading) -> None:
        """Take calls in together (a batch is one counting) and each text alone: it ends with the journal."""
        calls = [s for s in reading.signals if isinstance(s, Distress)]
        if calls:
            with _heard(device):
                async with self.database.transaction() as tx:
                    await intake.hear_calls(tx, device, calls, reading.raw, self.clock.now())
        for words in (s for s in reading.signals if isinstance(s, Text)):
            with _heard(device):
                async with self.database.transaction() as tx:
                    if not await self._answers_a_question(tx, device, words):
                        await intake.hear_text(tx, device, words, reading.raw, self.clock.now(), self.rules)
        for trouble in (s for s in reading.signals if isinstance(s, Ring | Trouble)):
            with _heard(device):
                async with self.database.transaction() as tx:
                    if isinstance(trouble, Ring):
                        await intake.hear_ring(tx, device, trouble, reading.raw, self.clock.now())
                    else:
                        await intake.hear_trouble(tx, device, trouble, reading.raw, self.clock.now())

    async def _answers_a_question(self, tx: Tx, device: DeviceFact, words: Text) -> bool:
        """Let words answer a warning or a spot check that waits for them; a call for help is no answer."""
        if is_distress(words.text):
            return False
        now = self.clock.now()
        if await callouts.hear_text(tx, device, words, now):
            return True
        return await sent.hear_text(tx, device.stream, device.id, device.label, words.text, now, self.limits)

    async def _talks(self, reading: Reading, stream: str, via: str) -> None:
        """Write who talks into the radio log."""
        for talk in (s for s in reading.signals if isinstance(s, Talk)):
            await self.hear_talk(stream, via, talk)


@contextmanager
def _heard(device: DeviceFact) -> Iterator[None]:
    """Measure and trace one fact: heard to committed."""
    with FACT_SECONDS.time(), tracing.span("heard", family=device.family):
        yield


def position(device: DeviceFact, fix: Fix, now: datetime) -> Heard:
    """Return a fix as it is stored: with what the register knows of the device, and when we heard it."""
    return Heard(
        device_id=device.id,
        stream=device.stream,
        team_id=device.team_id,
        region_code=device.region_code,
        lon=fix.lon,
        lat=fix.lat,
        altitude_m=fix.altitude_m,
        speed_mps=fix.speed_mps,
        course_deg=fix.course_deg,
        fixed_at=fix.fixed_at,
        true_at=believable(fix.fixed_at, now),
        heard_at=now,
    )
