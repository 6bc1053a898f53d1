"""The SBD modem on its cable: a simulated modem on a real pty, a real database behind it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from app.delivery.tables import Delivery
from app.devices import modem as modem_module
from app.devices.links import keep
from app.devices.links.serial import SerialLink
from app.devices.sbd import driver as sbd_module
from app.devices.sbd.driver import SbdModem as Driver
from app.devices.sbd.driver import modem_on
from app.devices.sbd.outbox import contents
from app.devices.sender import Sender
from app.org import store as org
from app.simulators.sbd import IMEI, SbdModem
from tests.devices.cable import until
from tests.devices.platform import Platform
from tests.world import COUNTY, EAST, HILL, STREAM, World

pytestmark = pytest.mark.database
FAR = "300000000000099"


@dataclass
class Desk:
    """The driver, the modem on the other end of its cable, and the county."""

    world: World
    driver: Driver
    modem: SbdModem
    sender: Sender
    path: Path

    def plug_in(self) -> None:
        """Connect the cable."""
        self.modem.plug_in()
        self.path.unlink(missing_ok=True)
        self.path.symlink_to(self.modem.path)

    async def queue(self, words: str, address: str = FAR) -> None:
        """Let a text wait for sending."""
        now = self.world.clock.now()
        row = Delivery(
            stream=STREAM,
            team_id=HILL,
            device_id=20,
            channel="sbd",
            address=address,
            body=words,
            queued_at=now,
            expires_at=now + timedelta(minutes=30),
        )

        async def add(tx: Any) -> None:
            tx.add(row)

        await self.world.do(add)

    async def row_is(self, **values: object) -> dict[str, Any]:
        """Wait until the message's row has these values."""
        async with asyncio.timeout(10):
            while True:
                await self.sender.look()
                row = (await self.world.rows("SELECT * FROM delivery ORDER BY id"))[0]
                if values.items() <= row.items():
                    return row
                await asyncio.sleep(0.02)

    async def event(self, kind: str) -> dict[str, Any]:
        """Wait for the first event of a kind."""
        async with asyncio.timeout(10):
            while True:
                found = [event for event in await self.world.events() if event["type"] == kind]
                if found:
                    return found[0]
                await asyncio.sleep(0.02)


@pytest.fixture
async def desk(platform: Platform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    """A modem that has just looked into its mailbox; the county's clock stands still."""
    monkeypatch.setattr(modem_module, "TICK_S", 0.02)
    monkeypatch.setattr(sbd_module, "LOOK_EVERY_S", 0.02)
    monkeypatch.setattr(keep, "BACKOFF_S", (0.02,))
    world = platform.world
    for key, number, label, team in ((20, FAR, "山一铱星终端", HILL), (21, IMEI, "中心铱星终端", None)):
        await world.run(
            "INSERT INTO device (id, stream, family, number, label, region_code, team_id, active, facts) "
            "VALUES (:id, :stream, 'sbd', :number, :label, :region, :team, true, '{}')",
            id=key, stream=STREAM, number=number, label=label, region=EAST if team else COUNTY, team=team,
        )  # fmt: skip
    modem = SbdModem()
    driver = modem_on(SerialLink("sbd", str(tmp_path / "ttySBD")), platform.rig)
    desk = Desk(world, driver, modem, Sender(world.database, world.clock, [driver]), tmp_path / "ttySBD")
    desk.plug_in()
    async with driver.running():
        try:
            await until(lambda: modem.sessions and modem.heard[-1] == "AT+SBDD0")
            yield desk
        finally:
            modem.pull_out()


async def test_the_modem_is_set_up_and_looks_into_its_mailbox(desk: Desk) -> None:
    assert desk.modem.heard[:4] == ["AT", "ATE0", "AT&K0", "AT+SBDMTA=1"]
    assert desk.modem.sessions == ["AT+SBDIX"[2:]]
    assert desk.driver.health() == {
        "ok": True,
        "connected": True,
        "imei": IMEI,
        "bars": 4,
        "failures": 0,
        "trouble": "",
    }


async def test_a_ring_brings_every_message_that_waits_each_stored_before_the_next(desk: Desk) -> None:
    desk.modem.rings = False
    desk.modem.send_down(f"@{FAR} 被困,求救 118.2312,28.5321".encode())
    desk.modem.rings = True
    desk.modem.send_down("天气预警:暴雨".encode())
    alarm, text = await desk.event("alarm.raised"), await desk.event("text.received")
    assert (alarm["alarm"]["device_id"], alarm["alarm"]["lon"]) == (20, 118.2312)
    assert (text["text"]["device_id"], text["text"]["text"]) == (21, "天气预警:暴雨")
    await until(lambda: desk.modem.heard.count("AT+SBDD1") == 2)
    assert desk.modem.sessions == ["+SBDIX", "+SBDIXA", "+SBDIXA"]


async def test_content_that_is_no_text_or_looks_like_an_answer_is_heard_without_harm(desk: Desk) -> None:
    desk.modem.send_down(b"A\r\nOK\r\n\xff\xfe\x00\x1b[31m")
    text = await desk.event("text.received")
    assert text["text"]["text"] == "A\nOK\n��[31m"


async def test_a_sender_that_stands_in_no_register_is_not_believed(desk: Desk) -> None:
    desk.modem.send_down(b"@123456789012345 hello")
    text = await desk.event("text.received")
    assert (text["text"]["device_id"], text["text"]["text"]) == (21, "@123456789012345 hello")


async def test_a_damaged_frame_is_read_again(desk: Desk) -> None:
    desk.modem.bad_checksums = 1
    desk.modem.send_down("被困".encode())
    assert (await desk.event("alarm.raised"))["alarm"]["text"] == "被困"


async def test_a_frame_that_stays_damaged_is_kept_in_the_log_and_stops_nobody(desk: Desk) -> None:
    with capture_logs() as logged:
        desk.modem.bad_checksums = 3
        desk.modem.send_down(b"hello")
        desk.modem.send_down(b"again")
        assert (await desk.event("text.received"))["text"]["text"] == "again"
    assert "000568656c6c6f0215" in {
        line.get("raw_hex") for line in logged if line["event"] == "sbd_unreadable"
    }


async def test_what_the_modem_still_holds_is_read_after_a_restart(
    desk: Desk, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    hear, away = platform.pump.hear, True

    async def stumble(*args: Any) -> Any:
        if away:
            raise ConnectionRefusedError("no database")
        return await hear(*args)

    monkeypatch.setattr(platform.pump, "hear", stumble)
    desk.modem.send_down("桥断了".encode())
    await until(lambda: desk.modem.heard.count("AT+SBDRB") > 2)
    assert len(desk.modem.sessions) == 2
    desk.modem.pull_out()
    await until(lambda: not desk.driver.health()["connected"])
    away = False
    desk.modem.forget()
    desk.plug_in()
    assert (await desk.event("text.received"))["text"]["text"] == "桥断了"


async def test_a_text_is_accepted_by_the_gateway(desk: Desk) -> None:
    await desk.queue("速去东岸")
    await desk.row_is(state="accepted")
    assert list(desk.modem.sent) == [f"@{FAR} 速去东岸".encode()]
    assert "AT+SBDD0" in desk.modem.heard


async def test_a_long_text_goes_in_parts_a_session_each(desk: Desk) -> None:
    words = "【派单】东岸村溺水,速去。" * 20
    await desk.queue(words)
    row = await desk.row_is(state="accepted")
    said = [part.decode() for part in desk.modem.sent]
    assert row["part_count"] == len(said) == 3
    assert all(part.startswith(f"@{FAR} ({n}/3)") for n, part in enumerate(said, 1))
    assert "".join(part.partition(")")[2] for part in said) == words


@pytest.mark.parametrize(("status", "reason", "pause_s"), [(32, "no_network", 5), (36, "try_later", 180)])
async def test_a_session_that_fails_is_tried_again_after_its_pause(
    desk: Desk, status: int, reason: str, pause_s: int
) -> None:
    desk.modem.status = status
    await desk.queue("速去东岸")
    await desk.row_is(state="queued", reason=reason, attempt=1)
    desk.modem.status = 0
    desk.world.later(seconds=pause_s - 1)
    await desk.sender.look()
    await asyncio.sleep(0.1)
    assert list(desk.modem.sent) == []
    desk.world.later(seconds=2)
    await desk.row_is(state="accepted", attempt=2)


async def test_pauses_grow_and_the_message_is_tried_until_it_is_too_old(desk: Desk) -> None:
    desk.modem.status = 32
    await desk.queue("速去东岸")
    for failures, pause_s in ((1, 5), (2, 5), (3, 30), (4, 30), (5, 300), (6, 300)):
        await desk.row_is(state="queued", attempt=failures)
        await until(partial(failed, desk, failures))
        desk.world.later(seconds=pause_s + 1)
    assert desk.driver.health()["ok"] is False
    desk.world.later(minutes=30)
    await desk.row_is(state="expired")


async def test_without_signal_no_session_is_wasted(desk: Desk) -> None:
    desk.modem.bars = 0
    desk.world.later(seconds=31)
    await until(lambda: desk.driver.bars == 0)
    await desk.queue("速去东岸")
    await desk.sender.look()
    await asyncio.sleep(0.1)
    assert len(desk.modem.sessions) == 1
    desk.modem.bars = 3
    desk.world.later(seconds=10)
    await desk.row_is(state="accepted")


async def test_an_address_that_is_no_imei_fails_and_holds_up_nobody(desk: Desk) -> None:
    await desk.queue("速去东岸", address="17400000005")
    await desk.row_is(state="failed", reason="not_sendable")


async def test_a_lost_ring_is_made_good_by_the_hourly_look(desk: Desk) -> None:
    desk.modem.rings = False
    desk.modem.send_down("桥断了".encode())
    desk.world.later(hours=1)
    await desk.event("text.received")


async def test_our_own_modem_is_asked_for_its_signal_and_no_other(desk: Desk) -> None:
    own = await desk.world.do(lambda tx: org.device_by_number(tx, ("sbd",), IMEI))
    far = await desk.world.do(lambda tx: org.device_by_number(tx, ("sbd",), FAR))
    assert own is not None and far is not None
    probed = await desk.driver.probe(own)
    assert probed is not None
    assert (probed.passed, probed.detail) == (True, "bars=4")
    assert await desk.driver.probe(far) is None


def failed(desk: Desk, failures: int) -> bool:
    return desk.driver.failures == failures


def test_what_fits_goes_whole_and_characters_are_never_cut() -> None:
    assert contents("a" * 323, FAR) == [f"@{FAR} {'a' * 323}".encode()]
    parts = contents("水" * 1000, FAR)
    assert max(map(len, parts)) <= 340
    assert "".join(part.decode().partition(")")[2] for part in parts) == "水" * 1000
    assert len(contents("水" * 1000, FAR)) == 10
