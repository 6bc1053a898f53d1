"""The gateway without its wires: readings become events on disk, commands are judged before they count.

Both ends are the caller's: `take` is given what the broker brought, `Store.waiting` holds what it is to get.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import msgspec

from app.devices.adapter import Reading
from app.devices.adapters.mqtt_gateway.envelope import MAX_TEXT, Command, read_envelope
from app.devices.adapters.mqtt_gateway.topics import DeviceTopic, event_topic, parse_topic
from app.gateway.store import Store, Task
from app.signals import Distress, Fix, Health, Presence, Ring, Signal, Talk, Text, Trouble

_Event = tuple[str, dict[str, Any], datetime | None]
KMH_PER_MPS = 3.6
TOLD_HEALTH = ("battery_pct", "signal_pct", "rssi_dbm", "firmware")
MAX_RAW_BYTES = 2048
MAX_DIGITS = 20
MAX_REF = 32
FLEETING = ("location", "status")
"""What goes first when the disk is full: the next one says the same."""

QUEUED = "queued"
"""The code of a `txack` that says: it stands in the gateway's queue on disk and leaves when the radio may."""


class Core:
    """One run of a gateway: an epoch, its numbers, its judgement.

    `can` names the commands it carries out, `channels` who does so; a command goes to the channel by which
    its device was heard last. Whatever puts something on disk raises sqlite3.Error when the disk does not
    take it; then nothing was said and nothing is to be acknowledged.
    """

    def __init__(
        self,
        gateway: str,
        store: Store,
        now: Callable[[], datetime],
        can: frozenset[str] = frozenset(),
        channels: Sequence[str] = ("",),
    ) -> None:
        self.gateway = gateway
        self.epoch = str(uuid4())
        self._store = store
        self._now = now
        self.can = can
        self.channels = tuple(channels)
        self._seq = 0
        self.groups_by = ""  # the channel of the radios: only they have groups
        self.ways: Callable[[str], Sequence[str]] = lambda device: (device,)  # how a number may be written
        self.under_way: set[str] = set()
        """Ids of commands that have left and wait for an answer: these are not given out again."""

    @contextmanager
    def together(self) -> Iterator[None]:
        """Put all that is said within the block on disk at once, or nothing of it."""
        seq = self._seq
        try:
            with self._store.together():
                yield
        except BaseException:
            self._seq = seq
            raise

    def hear(self, reading: Reading, channel: str = "", *, once: bool = False) -> None:
        """Put what a device said on disk; a reading that names nobody tells the centre nothing.

        `raw` tells the centre which events are copies of one call. That is the frame, which several gateways
        may hear; with `once` it is the call's own reference, for a device that repeats it in new frames.
        """
        if not is_number(reading.sender) or not any(events_of(signal) for signal in reading.signals):
            return
        frame = None if once else reading.raw[:MAX_RAW_BYTES].hex()
        with self.together():
            self._store.heard(reading.sender, channel, self._now())
            for signal in reading.signals:
                ref = signal.ref.encode().hex() if isinstance(signal, Distress | Text) else None
                for kind, data, at in events_of(signal):
                    self.tell(
                        reading.sender, kind, data, raw=ref if once else frame, at=at, family=reading.family
                    )

    def tell(
        self,
        device: str,
        kind: str,
        data: Mapping[str, Any],
        *,
        corr: str | None = None,
        raw: str | None = None,
        at: datetime | None = None,
        family: str | None = None,
    ) -> None:
        """Put one event on disk, under the next number of this run."""
        envelope: dict[str, Any] = {
            "v": 1,
            "id": uuid4(),
            "ts": (at or self._now()).astimezone(UTC),
            "seq": self._seq + 1,
            "epoch": self.epoch,
            "type": kind,
            "data": data,
        }
        if corr:
            envelope["corr"] = corr
        if raw:
            envelope["raw"] = raw
        if family:
            envelope["family"] = family
        self._store.put(
            event_topic(self.gateway, device, kind),
            msgspec.json.encode(envelope),
            precious=kind not in FLEETING or "trouble" in data,
        )
        self._seq += 1

    def take(self, topic: str, payload: bytes) -> str:
        """Judge what came on a command topic; return the result, "" when it is no command to us.

        A command that may be carried out waits on disk before it is answered; so it may be acknowledged
        to the broker as soon as this returns.
        """
        place = parse_topic(topic)
        message = read_envelope(payload, command=True)
        if not isinstance(place, DeviceTopic) or isinstance(message, str) or message.head.type != place.type:
            return ""
        head = message.head
        assert isinstance(head, Command)
        task = Task(str(head.id), place.device, head.type, bytes(head.data), head.expires_at)
        with self.together():
            return self._decide(replace(task, channel=self._channel_of(task.device)))

    def next_task(self, channel: str | None = None) -> Task | None:
        """Return the next command that may be carried out; those whose time is over are answered so."""
        return next(iter(self.tasks(channel)), None)

    def tasks(self, channel: str | None = None) -> list[Task]:
        """Return the commands that may be carried out; those whose time is over are answered so."""
        now = self._now()
        waiting = [task for task in self._store.tasks(channel) if task.id not in self.under_way]
        for task in waiting:
            if task.expires_at <= now:
                self.finish(task, "expired")
        return [task for task in waiting if task.expires_at > now]

    def finish(self, task: Task, result: str, reason: str = "", *, delivered: bool = False) -> None:
        """Say what became of a queued command. That it was taken was said before, and is not said twice.

        `delivered`: the far device itself has answered, which is more than "taken".
        """
        with self.together():
            self._store.finish(task.id, result)
            if result != "ok" or delivered:
                self._answer(task, result, kind="ack", reason=reason)

    def _channel_of(self, device: str) -> str:
        """Return who carries a command out; an only channel needs no device to be heard before."""
        if len(self.channels) == 1:
            return self.channels[0]
        if device.startswith("g"):
            return self.groups_by
        found = (self._store.channel_of(name) for name in self.ways(device))
        return next((channel for channel in found if channel in self.channels), "")

    def _decide(self, task: Task) -> str:
        known = self._store.result_of(task.id)
        if known is not None:
            if known:  # one that still waits is answered when its turn has come
                self._answer(task, "duplicate", reason=known)
            return "duplicate"
        result, reason = self._judge(task)
        if result == "ok":
            self._answer(task, result, code=QUEUED)
        else:
            self._store.note(task, result, self._now())
            self._answer(task, result, reason=reason)
        return result

    def _judge(self, task: Task) -> tuple[str, str]:
        if task.expires_at <= self._now():
            return "expired", ""
        if task.type not in self.can:
            return "unsupported", ""
        if task.channel not in self.channels:
            return "rejected", "never_heard"
        return ("ok", "") if self._store.take(task, self._now()) else ("rejected", "")

    def _answer(
        self, task: Task, result: str, *, kind: str = "txack", code: str = "", reason: str = ""
    ) -> None:
        told = {"result": result, "code": code, "reason": reason}
        self.tell(task.device, kind, {k: v for k, v in told.items() if v}, corr=task.id)


def is_number(sender: str) -> bool:
    """Whether a device is named by a number, as the contract knows them."""
    return sender.isascii() and sender.isdigit() and len(sender) <= MAX_DIGITS and sender != "0"


def events_of(signal: Signal) -> tuple[_Event, ...]:
    """Return the events that say a signal: type, data, when it was true. Answers have none here."""
    say = _SAYINGS.get(type(signal))
    return say(signal) if say else ()


def _fix(fix: Fix) -> tuple[_Event, ...]:
    return (("location", _place(fix), fix.fixed_at),)


def _distress(call: Distress) -> tuple[_Event, ...]:
    place = _place(call.fix) if call.fix else {}
    told = {name: value for name, value in place.items() if name in ("lat", "lon", "tst")}
    return (("emergency", {"active": True, **told, **_words(call.text)}, call.sent_at),)


def _text(text: Text) -> tuple[_Event, ...]:
    return (("text", _words(text.text), text.sent_at),) if text.text else ()


def _presence(told: Presence) -> tuple[_Event, ...]:
    if not told.online:
        return (("leave", {}, None),)
    return (("join", {"renew_s": told.renew_s} if told.renew_s else {}, None),)


def _health(told: Health) -> tuple[_Event, ...]:
    facts = {name: value for name, value in told.facts if name in TOLD_HEALTH}
    return (("status", facts, None),) if facts else ()


def _trouble(told: Trouble) -> tuple[_Event, ...]:
    if told.kind == "silent":  # the centre judges that by itself
        return ()
    return (("status", {"trouble": told.kind, **_words(told.text)}, told.sent_at),)


def _talk(told: Talk) -> tuple[_Event, ...]:
    data = {
        "state": told.stage,
        "call_id": told.ref[:MAX_REF],
        "from": told.talker[:MAX_REF],
        "to": told.target[:MAX_REF],
        "kind": told.target_kind,
        "emergency": told.emergency,
    }
    return (("call", data, None),)


def _ring(told: Ring) -> tuple[_Event, ...]:
    """Say a call to a telephone; its reference is too long for the contract, so it is shortened."""
    call_id = hashlib.blake2s(told.ref.encode(), digest_size=MAX_REF // 2).hexdigest()
    return (("call", {"state": told.stage, "call_id": call_id, "from": told.number[:MAX_REF]}, None),)


_SAYINGS: Mapping[type, Callable[[Any], tuple[_Event, ...]]] = {
    Fix: _fix,
    Distress: _distress,
    Text: _text,
    Presence: _presence,
    Health: _health,
    Trouble: _trouble,
    Talk: _talk,
    Ring: _ring,
}


def _words(text: str) -> dict[str, Any]:
    return {"text": text[:MAX_TEXT]} if text else {}


def _place(fix: Fix) -> dict[str, Any]:
    """Return a fix as OwnTracks names it; a fix without a time says 0, which is no time."""
    told: dict[str, Any] = {
        "lat": fix.lat,
        "lon": fix.lon,
        "tst": int(fix.fixed_at.timestamp()) if fix.fixed_at else 0,
        "alt": fix.altitude_m,
        "vel": None if fix.speed_mps is None else round(fix.speed_mps * KMH_PER_MPS, 2),
        "cog": fix.course_deg,
    }
    return {name: value for name, value in told.items() if value is not None}
