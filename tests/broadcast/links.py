"""A centre and a county's broadcast platform that speak over real HTTP on loopback, by one set clock."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.broadcast.shapes import Payload, PayloadContent, PayloadVoice
from app.broadcast.tables import BroadcastHandover, BroadcastMessage, BroadcastTarget, BroadcastTerminal
from app.broadcast.wire.carrier import Carrier
from app.broadcast.wire.heart import Heart
from app.broadcast.wire.terms import WireTerms
from app.clock import SetClock
from app.codecs.ebm.fields import text
from app.codecs.ebm.message import Basics, Content, Message, payload_of
from app.codecs.ebm.multipart import body_of
from app.codecs.ebm.packet import Packet
from app.codecs.ebm.receive import Received, receive
from app.simulators.broadcast_bytes import Speaker
from app.simulators.broadcast_platform import BroadcastPlatform
from tests.api.desk import Desk, at_desk, settings_of
from tests.broadcast.keys_of_tests import Authority, key_file, signer
from tests.reporting.exchange.houses import served
from tests.world import COUNTY, EAST_BANK, STREAM, WEST_LAKE, World

CENTRE, PLATFORM = "49901810000000103010101", "49901810000000314010101"
EAST_PLATFORM = "59901811000000314010101"
OUR_SERIAL, THEIR_SERIAL = "0000000000b1", "0000000000c1"
DOOR = "/EB/ebdsvc.html"
AUTHORITY = Authority()
NOTICE = "县气象局发布暴雨红色预警,请低洼地区群众立即转移。"


def speaker(region: str, number: int) -> Speaker:
    """Return a terminal of a village by its running number."""
    code = f"6{region}0314{number // 99 + 1:02d}04{number % 99 + 1:02d}"
    return Speaker(code, f"{region[-3:]}号喇叭{number}")


@dataclass
class Linked:
    """The centre, its platform, the parts that look when they are told."""

    desk: Desk
    platform: BroadcastPlatform
    carrier: Carrier
    heart: Heart
    terms: WireTerms
    url: str
    peer_id: int = 0
    _numbers: Any = field(default_factory=lambda: count(1))

    @property
    def world(self) -> World:
        return self.desk.world

    @property
    def clock(self) -> SetClock:
        return self.world.clock

    def later(self, **by: float) -> None:
        self.clock.advance(timedelta(**by))

    async def rounds(self, times: int = 1) -> None:
        """Let the carrier look, and wait until what it began, and what that called forth, is done."""
        for _ in range(times):
            await self.carrier.look()
            await self.carrier.settled()
            await self.platform.settled()
            await self.carrier.take_up()

    async def beats(self) -> None:
        await self.heart.look()
        await self.heart.settled()

    async def peer(self, peer_id: int = 0) -> dict[str, Any]:
        found = await self.desk.read("lead", "/api/broadcast/peers")
        return next(one for one in found if one["id"] == (peer_id or self.peer_id))

    async def packets(self, **where: Any) -> list[dict[str, Any]]:
        rows = await self.desk.read("lead", "/api/broadcast/packets?limit=500")
        return [one for one in rows if all(one[name] == value for name, value in where.items())]

    async def handover(self, handover_id: int) -> dict[str, Any]:
        found = await self.world.rows("SELECT * FROM broadcast_handover WHERE id = :id", id=handover_id)
        return found[0]

    async def post(self, body: bytes, kind: str, door: str = DOOR) -> httpx.Response:
        async with httpx.AsyncClient(base_url=self.url) as client:
            return await client.post(door, content=body, headers={"Content-Type": kind})

    async def bring(self, tar: bytes) -> Received:
        """Post a TAR as the standard has it and return its receipt, proved."""
        body, kind = body_of("EBDT_1.tar", tar)
        return self.receipt(await self.post(body, kind))

    def receipt(self, answer: httpx.Response) -> Received:
        assert answer.status_code == 200, answer.text
        got = receive(answer.content, self.platform.trust, self.platform.profile)
        assert got.valid, got.findings
        return got

    def packet(self, kind: str, payload: Any, number: int = 0, **changes: Any) -> Packet:
        """A packet of the platform's."""
        ebd_id = f"10{PLATFORM}{number or next(self._numbers):016d}"
        told = {"destination": CENTRE, "source": PLATFORM, **changes}
        return Packet(ebd_id, kind, time=self.clock.now(), payload=payload, **told)

    def message(self, running: int = 1, msg_type: int = 1, related: str = "", **changes: Any) -> Message:
        """A message of the platform's to the centre."""
        now = self.clock.now()
        told = {"severity": 1, "event_type": "11B03", "title": "暴雨红色预警", "text": NOTICE, **changes}
        basics = Basics(
            msg_type=msg_type,
            sender_name="市应急广播",
            sender_code=PLATFORM,
            sent=now,
            event_type=told["event_type"],
            severity=told["severity"],
            start=now,
            end=now + timedelta(hours=1),
        )
        content = Content("zho", told["title"], told["text"], (EAST_BANK,))
        return Message(f"{PLATFORM}20250618{running:04d}", basics, (content,), related)

    def alert(self, **changes: Any) -> Packet:
        number = changes.pop("number", 0)
        return self.packet("EBM", payload_of(self.message(**changes)), number)

    async def issued(self, areas: tuple[str, ...] = (EAST_BANK, WEST_LAKE), **changes: Any) -> int:
        """A message in the outbox, as broadcasts issue it; returns the row of the outbox."""
        return (await self.issued_to([self.peer_id], areas, **changes))[0]

    async def issued_to(
        self, peers: list[int], areas: tuple[str, ...] = (EAST_BANK, WEST_LAKE), **changes: Any
    ) -> list[int]:
        told = {"msg_type": 1, "drill": False, "severity": 1, "text": NOTICE, "related": "", **changes}
        now, running = self.clock.now(), next(self._numbers)
        end = now + timedelta(seconds=told.get("lasts_s", 3600))
        voice = told.get("voice")
        payload = Payload(
            ebmid=f"{CENTRE}20250618{running:04d}",
            related_ebmid=told["related"],
            msg_type=told["msg_type"],
            drill=told["drill"],
            sender_name="樟川市应急指挥中心",
            sender_code=CENTRE,
            sent_at=now,
            event_type="11B03",
            severity=told["severity"],
            start_at=now,
            end_at=end,
            repeats=3,
            interval_s=60,
            contents=(PayloadContent(language="zho", title="暴雨红色预警", text=told["text"], areas=areas),),
            voice=voice and PayloadVoice(**voice),
        )
        message = BroadcastMessage(
            stream=STREAM,
            region_code=COUNTY,
            ebmid=payload.ebmid,
            msg_type=told["msg_type"],
            drill=told["drill"],
            event_type="11B03",
            severity=told["severity"],
            sender=payload.sender_name,
            sender_code=CENTRE,
            title="暴雨红色预警",
            text=told["text"],
            start_at=now,
            end_at=end,
            state="issued",
            scope={},
            check_before={},
            more_texts=[],
            cause_status="exercise" if told["drill"] else "actual",
            press=f"p{running}",
            author_id=1,
            author="值班员甲",
            drafted_at=now,
            issued_at=now,
            cancels_id=told.get("cancels_id"),
        )

        async def work(tx: Any) -> list[int]:
            tx.add(message)
            await tx.flush()
            assert message.id is not None
            rows = [
                BroadcastHandover(
                    stream=STREAM,
                    message_id=message.id,
                    peer_id=peer,
                    payload=payload.model_dump(mode="json"),
                    queued_at=now,
                    next_at=now,
                    give_up_at=end,
                )
                for peer in peers
            ]
            tx.add_all([BroadcastTarget(message_id=message.id, region_code=area) for area in areas])
            tx.add_all(rows)
            await tx.flush()
            return [row.id for row in rows if row.id is not None]

        return await self.world.do(work)

    async def ebm_id(self, handover_id: int) -> str:
        return str((await self.handover(handover_id))["payload"]["ebmid"])

    async def terminals(self) -> list[dict[str, Any]]:
        return await self.world.rows("SELECT * FROM broadcast_terminal ORDER BY resource_code")

    async def results(self, ebm_id: str) -> dict[str, int]:
        rows = await self.world.rows(
            "SELECT t.resource_code, r.state FROM broadcast_result r JOIN broadcast_terminal t"
            " ON t.id = r.terminal_id JOIN broadcast_message m ON m.id = r.message_id"
            " WHERE m.ebmid = :ebm_id",
            ebm_id=ebm_id,
        )
        return {row["resource_code"]: row["state"] for row in rows}


async def ready(linked: Linked) -> None:
    """Let the register be exchanged: terminals and their states."""
    await linked.rounds(3)
    linked.platform.heard.clear()


def peer_told(url: str, **changes: Any) -> dict[str, Any]:
    """What a person writes into the register for the platform of tests."""
    return {
        "name": "樟川县应急广播平台",
        "resource_code": PLATFORM,
        "region_code": COUNTY,
        "our_resource_code": CENTRE,
        "url": url,
        "allowed": ["127.0.0.1"],
        "authorities": [AUTHORITY.certificate.hex()],
        "certificates": [AUTHORITY.of("platform", THEIR_SERIAL).hex()],
        "key_id": "centre",
        **changes,
    }


async def second(linked: Linked, **changes: Any) -> tuple[BroadcastPlatform, int]:
    """Another platform, of the eastern township, that takes drills unless told otherwise."""
    other = BroadcastPlatform(
        EAST_PLATFORM,
        CENTRE,
        signer=signer("platform", THEIR_SERIAL),
        trust=linked.platform.trust,
        speakers=[speaker(EAST_BANK, 8)],
        now=linked.clock.now,
    )
    told = {"resource_code": EAST_PLATFORM, "name": "东镇广播站", "for_drills": True, **changes}
    answer = await linked.desk.post(
        "lead", "/api/broadcast/peers", peer_told("http://127.0.0.1:9/EB/x", **told)
    )
    assert answer.status_code == 201, answer.text
    return other, answer.json()["id"]


@pytest.fixture
async def linked(world: World, tmp_path: Path) -> AsyncIterator[Linked]:
    """A centre that knows one platform with three terminals, and is known by it."""
    ours = AUTHORITY.of("centre", OUR_SERIAL)
    settings = settings_of(world.database, tmp_path, broadcast_keys_file=key_file(tmp_path, centre=ours))
    platform = BroadcastPlatform(
        PLATFORM,
        CENTRE,
        signer=signer("platform", THEIR_SERIAL),
        trust=AUTHORITY.trust(ours),
        speakers=[speaker(EAST_BANK, 1), speaker(EAST_BANK, 2), speaker(WEST_LAKE, 1)],
        now=world.clock.now,
    )
    async with AsyncExitStack() as stack:
        desk = await stack.enter_async_context(at_desk(world, settings))
        port = await stack.enter_async_context(served(desk.app))
        await stack.enter_async_context(platform.serving())
        platform.centre_url = f"http://127.0.0.1:{port}{DOOR}"
        terms = desk.house.wire
        carrier = Carrier(world.database, world.clock, STREAM, terms)
        heart = Heart(world.database, world.clock, STREAM, terms)
        found = Linked(desk, platform, carrier, heart, terms, f"http://127.0.0.1:{port}")
        answer = await desk.post("lead", "/api/broadcast/peers", peer_told(platform.url))
        assert answer.status_code == 201, answer.text
        found.peer_id = answer.json()["id"]
        await stack.enter_async_context(carrier._messages.held())
        await stack.enter_async_context(carrier._errands.held())
        yield found


__all__ = [
    "AUTHORITY",
    "CENTRE",
    "DOOR",
    "NOTICE",
    "OUR_SERIAL",
    "PLATFORM",
    "THEIR_SERIAL",
    "BroadcastTerminal",
    "Linked",
    "linked",
    "peer_told",
    "speaker",
    "text",
]
