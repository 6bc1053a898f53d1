"""A county's broadcast platform over real HTTP: it receives, plays, reports, and has its bad days.

It is written from the standard and the codecs alone, not from our own wire: what both get wrong alike would
otherwise be found by nobody.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import structlog

from app.clock import SystemClock
from app.codecs.ebm import identifiers
from app.codecs.ebm.certificate import Trust
from app.codecs.ebm.fields import Field, Fields, text
from app.codecs.ebm.message import Message, MsgType, message_of
from app.codecs.ebm.multipart import body_of, upload_of
from app.codecs.ebm.packet import Packet, time_text
from app.codecs.ebm.profile import GDJ_2018, Profile
from app.codecs.ebm.receive import Received, ResultCode, receive
from app.codecs.ebm.signature import Signer
from app.codecs.ebm.trial import trial_trust
from app.codecs.findings import Refused
from app.outward.address import read_address
from app.outward.call import Asked, Garbled, call
from app.simulators.broadcast_bytes import (
    CANCELLED,
    FAILED,
    PLAYING,
    SUCCESS,
    WAITING,
    Broadcast,
    Speaker,
    Writer,
    result,
    state_of,
)
from app.simulators.http_desk import Answer, HttpDesk, Request

log = structlog.get_logger()
_CLOCK = SystemClock()


@dataclass(slots=True)
class Badness:
    """What is staged: `silent` accepts and never answers, `refuses` is a ResultCode, `failing` play nothing.

    `lies` says success whatever the terminals did; `tears` hangs up without an answer; `mute` does the right
    things and reports nothing by itself.
    """

    silent: bool = False
    tears: bool = False
    refuses: int = 0
    lies: bool = False
    mute: bool = False
    failing: set[str] = field(default_factory=set)


class BroadcastPlatform:
    """One platform. Use it as `async with platform.serving():`; `centre_url` is where it posts to.

    `heard` are the packets that were judged good, `played` the messages by EBMID, `alarms` counts the
    terminals that sounded in earnest (MsgType 1) and in a drill.
    """

    def __init__(
        self,
        code: str,
        centre_code: str,
        *,
        signer: Signer | None = None,
        trust: Trust | None = None,
        speakers: Sequence[Speaker] = (),
        now: Callable[[], datetime] = _CLOCK.now,
        profile: Profile = GDJ_2018,
    ) -> None:
        self.code, self.centre_code, self.centre_url = code, centre_code, ""
        self.trust = trust or trial_trust()
        self.speakers = {one.code: one for one in speakers}
        self.profile = replace(profile, signature=signer is not None)
        self._bytes = Writer(code, centre_code, signer, self.profile, now)
        self.bad = Badness()
        self.heard: list[Packet] = []
        self.refused: list[Received] = []
        self.played: dict[str, Broadcast] = {}
        self.files: dict[str, bytes] = {}
        self.sounded = 0
        self.drilled = 0
        self.beats = 0
        self._now = now
        self._receipts: dict[str, bytes] = {}
        self._desk = HttpDesk(self._answer)
        self._later: set[asyncio.Task[None]] = set()
        self._news = asyncio.Condition()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"{self._desk.url}/EB/ebdsvc.html"

    @asynccontextmanager
    async def serving(self, port: int = 0) -> AsyncIterator[BroadcastPlatform]:
        """Listen on the loopback while the block lasts."""
        async with self._desk.serving(port):
            try:
                yield self
            finally:
                for task in list(self._later):
                    task.cancel()
                await asyncio.gather(*self._later, return_exceptions=True)

    async def until(self, what: Callable[[], bool], within_s: float = 30) -> None:
        """Wait until something holds; it is looked at whenever a packet came in."""
        async with asyncio.timeout(within_s), self._news:
            await self._news.wait_for(what)

    # What comes in.

    async def _answer(self, request: Request) -> Answer | None:
        if self.bad.tears:
            return None
        if self.bad.silent:
            await request.hung_up()
            return None
        try:
            data = upload_of(request.body, request.headers.get("content-type", "")).content
        except Refused as refused:
            return Answer(400, "text/plain", refused.finding.detail.encode())
        got = await asyncio.to_thread(receive, data, self.trust, self.profile)
        receipt = await self._receipt(got)
        async with self._news:
            self._news.notify_all()
        name = f'attachment; filename="EBDT_{self.code}.tar"'
        return Answer(200, "application/x-tar", receipt, {"Content-Disposition": name})

    async def _receipt(self, got: Received) -> bytes:
        packet = got.packet
        related = packet.ebd_id if packet else ""
        if packet is None or not got.valid or packet.source != self.centre_code:
            self.refused.append(got)
            code = got.result if not got.valid else ResultCode.OTHER
            return self._bytes.pack("EBDResponse", result(code, "拒收"), related)
        if self.bad.refuses:
            return self._bytes.pack("EBDResponse", result(self.bad.refuses, "平台忙"), related)
        if packet.kind == "ConnectionCheck":
            self.beats += 1
            return self._bytes.pack("EBDResponse", result(1, "成功"), related)
        if related in self._receipts:
            return self._receipts[related]
        self.heard.append(packet)
        self.files.update(got.files)
        self._take(packet)
        self._receipts[related] = self._bytes.pack("EBDResponse", result(1, "成功"), related)
        return self._receipts[related]

    def _take(self, packet: Packet) -> None:
        match packet.kind:
            case "EBM":
                self._message(message_of(packet.payload))
            case "EBMStateRequest":
                asked = text(packet.payload, "EBM", "EBMID")
                self._soon(self.report(asked, related=packet.ebd_id))
            case "OMDRequest":
                self._soon(self.tell(text(packet.payload, "OMDType"), related=packet.ebd_id))

    def _message(self, message: Message) -> None:
        if message.ebm_id in self.played:
            return
        basics = message.basics
        if basics is not None and basics.msg_type == MsgType.CANCEL:
            self.played[message.ebm_id] = Broadcast(message, [], SUCCESS)
            target = self.played.get(message.related)
            if target is not None and target.state in (WAITING, PLAYING):
                target.state = CANCELLED
            return
        areas = {area for content in message.contents for area in content.areas}
        meant = [
            one
            for one in self.speakers.values()
            if any(identifiers.covers(area, one.region) for area in areas)
        ]
        self.played[message.ebm_id] = Broadcast(message, meant)

    # What it does by itself.

    async def play(self, ebm_id: str) -> None:
        """Let the terminals of a message play, and report it: state 2."""
        one = self.played[ebm_id]
        if one.state != WAITING:
            return
        one.state, one.started = PLAYING, self._now()
        basics = one.message.basics
        sounding = sum(1 for speaker in one.speakers if self._works(speaker))
        if basics is not None and basics.msg_type == MsgType.BROADCAST:
            self.sounded += sounding
        elif basics is not None and basics.msg_type == MsgType.DRILL_TERMINAL:
            self.drilled += sounding
        if not self.bad.mute:
            await self.report(ebm_id)

    async def finish(self, ebm_id: str) -> None:
        """Let a message end: 3 when all its terminals played (or it lies), else 4; and report it."""
        one = self.played[ebm_id]
        if one.state != PLAYING:
            return
        well = all(self._works(speaker) for speaker in one.speakers) and bool(one.speakers)
        one.state = SUCCESS if well or self.bad.lies else FAILED
        if not self.bad.mute:
            await self.report(ebm_id)

    async def report(self, ebm_id: str, related: str = "") -> None:
        """Report a message's state with its terminals, asked or not."""
        one = self.played.get(ebm_id)
        if one is None:
            await self.send("EBDNotify", result(5, f"没有消息 {ebm_id}"), related)
            return
        await self.send("EBMStateResponse", state_of(one, self._works, self._now()), related)

    async def tell(self, kind: str, related: str = "") -> None:
        """Report the terminals, their states, or an empty list of what there is none of."""
        now = time_text(self._now())
        rows: list[Fields] = []
        for one in self.speakers.values() if kind.startswith("EBRDT") else ():
            row: dict[str, Field] = {"RptTime": now, "EBRID": one.code}
            if kind == "EBRDTInfo":
                row |= {"RptType": "Sync", "EBRName": one.name, "Longitude": f"{one.lon:.6f}"}
                row |= {"Latitude": f"{one.lat:.6f}"}
            else:
                row |= {"StateCode": str(one.state), "StateDesc": "故障" if one.state == 3 else "运行"}
            rows.append(row)
        await self.send(kind, {kind[:5]: tuple(rows)} if rows else {}, related)

    async def beat(self) -> int:
        """Send a heart-beat; return the ResultCode of its receipt, 0 without one."""
        return await self.send("ConnectionCheck", {"RptTime": time_text(self._now())})

    async def issue(self, message: Message, payload: Fields) -> int:
        """Send a message of our own to the centre, as a superior does; return the ResultCode."""
        log.info("simulated_platform_issues", ebm=message.ebm_id)
        return await self.send("EBM", payload)

    async def send(self, kind: str, payload: Fields, related: str = "") -> int:
        """Post a packet to the centre; return the ResultCode of its receipt, 0 when there was none."""
        return await self.post(self._bytes.pack(kind, payload, related))

    async def post(self, data: bytes) -> int:
        """Post any bytes as a TAR, hostile ones too; return the ResultCode of the receipt, 0 without one."""
        address = read_address(self.centre_url)
        if address is None:
            return 0
        body, kind = body_of(f"EBDT_{self.code}.tar", data)
        try:
            async with asyncio.timeout(30):
                came = await call(address, Asked("POST", "", body, {"Content-Type": kind}), 1024 * 1024)
        except (OSError, TimeoutError, Garbled) as error:
            log.warning("simulated_platform_unheard", why=type(error).__name__)
            return 0
        got = await asyncio.to_thread(receive, came.body, self.trust, self.profile)
        return int(text(got.packet.payload, "ResultCode")) if got.packet is not None and got.valid else 0

    def _works(self, speaker: Speaker) -> bool:
        return speaker.code not in self.bad.failing and speaker.state not in (2, 3)

    def _soon(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._later.add(task)
        task.add_done_callback(self._later.discard)

    def archive(self, kind: str, payload: Fields, *, signed: bool = True) -> bytes:
        """Return the TAR of a packet under a new number, without a signature when told so."""
        return self._bytes.pack(kind, payload, signed=signed)

    def pack(self, packet: Packet) -> bytes:
        """Write, sign and pack any packet, also one under a number that was used before."""
        return self._bytes.packed(packet)

    async def settled(self) -> None:
        """Wait until everything it began by itself is done."""
        await asyncio.gather(*self._later)
