"""The driver against phones as they were recorded: commands are answered as in dialogues nobody here made.

What no dialogue holds is answered ERROR, which the driver has to live with.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from app.devices import modem as modem_module
from app.devices.links import keep
from app.devices.links.serial import SerialLink, open_line
from app.devices.satphone import driver as satphone_module
from app.devices.satphone.driver import SatellitePhone, phone_on
from app.simulators.line import SerialLine
from tests.devices.cable import until
from tests.devices.evidence import VECTORS
from tests.devices.platform import Platform
from tests.devices.test_satphone import Desk

pytestmark = pytest.mark.database
DIALOGUES: dict[str, list[list[str]]] = {
    one["id"]: one["script"]
    for one in json.loads((VECTORS / "sat_at_dialogues.json").read_text("utf-8"))["dialogues"]
}
ANSWERING = (
    *("tt-csq", "tt-creg", "tt-cpin", "tt-cgmm", "tt-mo-call", "tt-mt-call", "tt-hangup"),
    *("3gpp-sms-init", "3gpp-sms-send", "3gpp-sms-recv-cmti"),
)


class Recorded:
    """A phone that says what was said in the dialogues."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self._answers: dict[str, list[str]] = {"AT": ["OK"]}
        for name in ANSWERING:
            self._learn(DIALOGUES[name])
        self._held = b""
        self.line = SerialLine(self._hear)

    def say(self, name: str) -> None:
        """Say what the phone said by itself in a dialogue, up to the host's first command."""
        for who, words in DIALOGUES[name]:
            if who == ">":
                break
            self._say(words)

    def _learn(self, script: list[list[str]]) -> None:
        command = ""
        for who, words in script:
            if who == ">":
                command = words.partition("=")[0] if "CMGS" in words else words
                self._answers.setdefault(command, [])
            elif who == "<" and command:
                self._answers[command].append(words)

    def _hear(self, data: bytes) -> None:
        self._held += data
        while (end := min((at for at in map(self._held.find, (b"\r", b"\x1a")) if at >= 0), default=-1)) >= 0:
            asked, self._held = self._held[:end].decode(), self._held[end + 1 :]
            self.asked.append(asked)
            if asked.startswith("AT+CMGS="):
                self.line.write(b"\r\n> ")
            elif asked.startswith("AT"):
                for words in self._answers.get(asked, ["ERROR"]):
                    self._say(words)
            else:
                for words in self._answers["AT+CMGS"][1:]:
                    self._say(words)

    def _say(self, words: str) -> None:
        self.line.write(b"\r\n" + words.encode() + b"\r\n")


@pytest.fixture
async def phone(
    platform: Platform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[Recorded, SatellitePhone, Desk]]:
    monkeypatch.setattr(modem_module, "TICK_S", 0.02)
    monkeypatch.setattr(satphone_module, "LOOK_EVERY_S", 0.02)
    monkeypatch.setattr(keep, "BACKOFF_S", (0.02,))
    recorded = Recorded()
    driver = phone_on(SerialLink("satphone", recorded.line.path), platform.rig)
    desk: Any = Desk(platform.world, driver, None, platform.sender, tmp_path)  # type: ignore[arg-type]
    async with driver.running():
        try:
            await until(lambda: driver.signal_pct)
            yield recorded, driver, desk
        finally:
            recorded.line.close()


async def test_the_recorded_phone_is_set_up(phone: tuple[Recorded, SatellitePhone, Desk]) -> None:
    _, driver, _ = phone
    health = driver.health()
    assert (health["model"], health["registered"], health["signal_pct"]) == ("HTDM1310E", True, 80.6)


async def test_a_recorded_announcement_is_read_heard_and_deleted(
    phone: tuple[Recorded, SatellitePhone, Desk],
) -> None:
    recorded, _, desk = phone
    recorded.say("3gpp-sms-recv-cmti")
    (event,) = await desk.events("text.received")
    assert event["text"]["text"] == "中兴通讯"
    await until(lambda: recorded.asked[-1] == "AT+CMGD=3" or "AT+CMGD=3" in recorded.asked)


async def test_a_recorded_message_that_is_handed_over_is_heard(
    phone: tuple[Recorded, SatellitePhone, Desk],
) -> None:
    recorded, _, desk = phone
    recorded.say("3gpp-sms-recv-cmt")
    await desk.events("text.received")


async def test_a_recorded_call_opens_a_card_and_a_recorded_end_ends_it(
    phone: tuple[Recorded, SatellitePhone, Desk],
) -> None:
    recorded, driver, desk = phone
    recorded.say("tt-mt-call")
    (event,) = await desk.events("alarm.raised")
    assert (event["alarm"]["kind"], event["alarm"]["subject"]) == ("call", "13800138000")
    driver.voice.answer()
    await until(lambda: (driver.voice.shown() or {})["stage"] == "active")
    recorded.say("tt-dropped")
    await until(lambda: (driver.voice.shown() or {})["reason"] == "dropped")


async def test_a_phone_that_boots_is_set_up_again(phone: tuple[Recorded, SatellitePhone, Desk]) -> None:
    recorded, driver, _ = phone
    before = recorded.asked.count("AT+CMGF=0")
    recorded.say("tt-boot")
    await until(lambda: recorded.asked.count("AT+CMGF=0") > before)
    await until(lambda: driver.connected)


async def test_a_port_that_another_program_holds_is_taken_when_it_is_free(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keep, "BACKOFF_S", (0.02,))
    monkeypatch.setattr(modem_module, "TICK_S", 0.02)
    recorded = Recorded()
    link = SerialLink("satphone", recorded.line.path)
    driver = phone_on(link, platform.rig)
    try:
        async with open_line(link), driver.running():
            await asyncio.sleep(0.1)
            assert not driver.connected
            assert driver.health()["trouble"] == "no_cable"
        async with driver.running():
            await until(lambda: driver.connected)
    finally:
        recorded.line.close()
