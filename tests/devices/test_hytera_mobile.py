"""The driver of a mobile radio on a cable (a pty), whose far end speaks in recorded packets."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.delivery.tables import Delivery
from app.devices.hytera import cable as cable_rules
from app.devices.hytera import mobile
from app.devices.hytera.links import CableLink, Habits, parse_links
from app.devices.hytera.mobile import MobileRadio
from app.devices.hytera.texts import texts_of
from app.devices.links.serial import SerialLink
from app.devices.sender import Sender
from app.simulators.hytera_air import RCP, RRS, TMP, address, hdap, hrnp
from app.simulators.line import SerialLine
from tests.devices.cable import until
from tests.devices.hytera_frames import frame
from tests.devices.platform import Platform
from tests.world import EAST, HILL, STREAM, World

pytestmark = pytest.mark.database
OWN = 1001  # as in the recorded answer


@dataclass
class FarRadio:
    """The radio at the other end: accepts, acknowledges, tells its id. A replugged one has the same path."""

    path: Path
    asked: list[bytes] = field(default_factory=list)
    deaf: bool = False
    _line: SerialLine | None = None
    _number: int = 0
    _held: bytes = b""

    def plug_in(self) -> None:
        self._line = SerialLine(self._heard)
        self.path.unlink(missing_ok=True)
        self.path.symlink_to(self._line.path)

    def pull_out(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None
            self.path.unlink()

    def say(self, body: bytes) -> None:
        self._number += 1
        self.write(hrnp(0x00, self._number, body))

    def write(self, data: bytes) -> None:
        assert self._line is not None
        self._line.write(data)

    def _heard(self, data: bytes) -> None:
        self._held += data
        while len(self._held) >= 12:
            (size,) = struct.unpack(">H", self._held[8:10])
            if len(self._held) < size:
                return
            packet, self._held = self._held[:size], self._held[size:]
            self._answer(packet)

    def _answer(self, packet: bytes) -> None:
        if self.deaf:
            return
        if packet[3] == 0xFE:
            self.write(frame("ok-hrnp-accept"))
        elif packet[3] == 0x00:
            self.write(hrnp(0x10, int.from_bytes(packet[6:8], "big")))
            body = packet[12:]
            self.asked.append(body)
            if body[1:3] == b"\x52\x04":
                self.write(frame("ok-hrnp-radio-id-reply"))
            elif body[0] == 0x09 and body[2] == 0xA1:
                self.say(hdap(TMP, 0x00A2, body[5:17] + b"\0"))


@dataclass
class Cable:
    world: World
    driver: MobileRadio
    far: FarRadio
    sender: Sender

    async def events(self, count: int) -> list[dict[str, Any]]:
        async with asyncio.timeout(30):
            while len(events := await self.world.events()) < count:  # noqa: ASYNC110 - rows tell nobody
                await asyncio.sleep(0.01)
        return events

    async def rows(self, query: str) -> list[dict[str, Any]]:
        async with asyncio.timeout(30):
            while not (rows := await self.world.rows(query)):  # noqa: ASYNC110 - as above
                await asyncio.sleep(0.01)
        return rows


@pytest.fixture
async def cable(platform: Platform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Cable]:
    monkeypatch.setattr(mobile, "TICK_S", 0.02)
    monkeypatch.setattr(mobile, "IDLE_S", 0.05)
    monkeypatch.setattr(mobile, "BACKOFF_S", (0.01,))
    monkeypatch.setattr(cable_rules, "CONNECT_EVERY_S", 0.05)
    monkeypatch.setattr(cable_rules, "RESEND_AFTER_S", 0.05)
    world = platform.world
    for key, number, label in ((9, 2101, "山一手台"), (10, OWN, "中心台")):
        await world.run(
            "INSERT INTO device (id, stream, family, number, label, region_code, team_id, active, facts) "
            "VALUES (:id, :stream, 'hdap', :number, :label, :region, :team, true, '{}')",
            id=key,
            stream=STREAM,
            number=str(number),
            label=label,
            region=EAST,
            team=HILL if key == 9 else None,
        )
    far = FarRadio(tmp_path / "ttyUSB0")
    far.plug_in()
    driver = MobileRadio(
        CableLink(SerialLink("hdap", str(far.path)), Habits()), platform.rig, texts_of(platform.rig)
    )
    async with driver.running():
        await until(lambda: driver.own_id)
        yield Cable(world, driver, far, Sender(world.database, world.clock, [driver]))
    far.pull_out()


async def test_the_radio_says_who_it_is_and_is_asked_for_everything(cable: Cable) -> None:
    assert cable.driver.health() == {"ok": True, "connected": True, "radio": OWN, "radios": 0, "trouble": ""}
    await until(lambda: len(cable.far.asked) == 3)
    assert [body[1:3].hex() for body in cable.far.asked] == ["c910", "4718", "5204"]


async def test_a_recorded_group_text_is_shown(cable: Cable) -> None:
    cable.far.write(frame("ok-hrnp-group-text"))
    (event,) = await cable.events(1)
    assert (event["type"], event["text"]["text"]) == ("text.received", "ahoj")


async def test_noise_on_the_line_does_no_harm(cable: Cable) -> None:
    cable.far.write(b"\x7e\x04\x00\x00\x10\x20\xff\x7e\x7e" + frame("ok-hrnp-group-text")[:20])
    await asyncio.sleep(0.15)
    cable.far.say(b"\x77\x00\x00\x00\x00\x00\x03")
    cable.far.write(frame("ok-hrnp-group-text"))
    assert [event["type"] for event in await cable.events(1)] == ["text.received"]


async def test_the_emergency_key_of_the_radio_itself_is_its_own_alarm(cable: Cable) -> None:
    cable.far.say(hdap(RCP, 0xB0C8, b"\x09\x01\x00"))
    (event,) = await cable.events(1)
    assert (event["type"], event["alarm"]["device_label"]) == ("alarm.raised", "中心台")


async def test_an_emergency_of_a_radio_that_has_not_said_who_it_is_is_heard_all_the_same(
    cable: Cable,
) -> None:
    cable.driver.own_id = 0
    cable.far.say(hdap(RCP, 0xB0C8, b"\x09\x01\x00"))
    (event,) = await cable.events(1)
    assert (event["type"], event["alarm"]["device_label"]) == ("alarm.raised", "未登记电台 0")


async def test_our_own_transmission_is_in_the_radio_log(cable: Cable) -> None:
    for process in (1, 3):
        cable.far.say(hdap(RCP, 0xB843, struct.pack("<HHHI", process, 0, 1, 9001)))
    (row,) = await cable.rows("SELECT * FROM radio_talk WHERE ended_at IS NOT NULL")
    assert (row["talker"], row["target"], row["device_id"]) == (str(OWN), "9001", 10)


async def test_a_text_leaves_by_the_cable_and_comes_back_delivered(cable: Cable) -> None:
    cable.far.say(hdap(RRS, 0x0003, address(2101)))
    await cable.rows(f"SELECT 1 FROM device WHERE id = 9 AND heard_via = '{cable.driver.name}'")
    now = cable.world.clock.now()
    row = Delivery(
        stream=STREAM,
        team_id=HILL,
        device_id=9,
        channel="radio",
        address="2101",
        body="桥断绕行",
        queued_at=now,
        expires_at=now + timedelta(minutes=30),
    )

    async def add(tx: Any) -> None:
        tx.add(row)

    await cable.world.do(add)
    await cable.sender.look()
    await cable.rows("SELECT 1 FROM delivery WHERE state = 'delivered' AND accepted_at IS NOT NULL")
    assert "桥断绕行".encode("utf-16-le") in cable.far.asked[-1]


async def test_a_cable_that_is_pulled_and_put_back_is_connected_to_anew(cable: Cable) -> None:
    cable.far.pull_out()
    await until(lambda: not cable.driver.connected)
    assert cable.driver.health()["ok"] is False
    cable.far.plug_in()
    await until(lambda: cable.driver.health()["ok"])


async def test_a_radio_that_was_switched_off_is_noticed_though_nobody_has_a_word_for_it(
    cable: Cable, monkeypatch: pytest.MonkeyPatch
) -> None:
    await until(lambda: len(cable.far.asked) == 3)
    cable.far.deaf = True
    monkeypatch.setattr(mobile, "ASK_EVERY_S", 0.05)
    await until(lambda: not cable.driver.health()["ok"])


async def test_a_radio_that_takes_nothing_any_more_is_connected_to_anew(cable: Cable) -> None:
    await until(lambda: len(cable.far.asked) == 3)
    cable.far.deaf = True
    assert cable.driver.send(RCP, 1, hdap(RCP, 0x0004, b""), "lost")
    await until(lambda: not cable.driver.health()["ok"])
    assert not cable.driver.send(RCP, 1, hdap(RCP, 0x0004, b""))
    cable.far.deaf = False
    await until(lambda: cable.driver.health()["ok"])


async def test_a_radio_on_usb_is_spoken_to_by_udp(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody listens at first; then the radio is switched on and answers with recorded packets."""
    monkeypatch.setattr(mobile, "TICK_S", 0.02)
    monkeypatch.setattr(mobile, "BACKOFF_S", (0.01,))
    monkeypatch.setattr(cable_rules, "CONNECT_EVERY_S", 0.05)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as plug:
        plug.bind(("127.0.0.1", 0))
        port = plug.getsockname()[1]
    (link,) = parse_links(f"hrnp://127.0.0.1:{port}")
    assert isinstance(link, CableLink)
    driver = MobileRadio(link, platform.rig, texts_of(platform.rig))
    async with driver.running():
        await asyncio.sleep(0.05)
        assert driver.health()["ok"] is False
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as radio:
            radio.bind(("127.0.0.1", port))
            radio.setblocking(False)
            async with asyncio.timeout(30):
                while not driver.own_id:
                    await _answer(radio)
            assert driver.health()["ok"] is True


async def _answer(radio: socket.socket) -> None:
    try:
        packet, centre = radio.recvfrom(2048)
    except BlockingIOError:
        await asyncio.sleep(0.01)
        return
    if packet[3] == 0xFE:
        radio.sendto(frame("ok-hrnp-accept"), centre)
    elif packet[3] == 0x00:
        radio.sendto(hrnp(0x10, int.from_bytes(packet[6:8], "big")), centre)
        radio.sendto(frame("ok-hrnp-radio-id-reply"), centre)
