"""`zhishou simulate satphone|sbd`: behind a symbolic link and by TCP, with a host that speaks AT by hand."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from app.devices.links.serial import SerialLink, open_line
from app.simulators.satellite import PhoneScript, at, simulate_satellites, simulate_satphone, simulate_sbd
from app.simulators.satphone import SatellitePhone
from tests.simulators.test_command import appears, running


async def talk(url: str, ask: bytes, until: bytes) -> bytes:
    """Write, and read until something was said."""
    heard = b""
    async with open_line(SerialLink("satphone", url)) as line:
        await line.write(ask)
        async with asyncio.timeout(30):
            while until not in heard:
                heard += await line.read()
    return heard


async def test_a_phone_behind_a_link_plays_its_script(tmp_path: Path) -> None:
    script = PhoneScript(text_after_s=0.05, call_after_s=0.1, noise_after_s=0.15, restart_after_s=0.2)
    async with running(simulate_satphone(str(tmp_path / "phone"), script)):
        url = await appears(tmp_path / "phone")
        heard = await talk(url, b"ATE0\rAT+CNMI=2,1,0,1,0\rAT+CLIP=1\r", b"^SIMST: 1")
    assert b'+CMTI: "SM",1' in heard
    assert b'+CLIP: "+8617400000005",145' in heard
    assert b"\x00\xff" in heard


async def test_a_dialled_call_is_taken_and_a_receipt_comes_late(tmp_path: Path) -> None:
    script = PhoneScript(delay_receipts_s=0.05)
    async with running(simulate_satphone(str(tmp_path / "phone"), script)):
        url = await appears(tmp_path / "phone")
        pdu = b"0021000B817104000000F5000803" + b"6536"  # a length that is none of it: refused
        heard = await talk(url, b"AT+CNMI=2,1,0,1,0\rAT+CMGS=16\r" + pdu + b"\x1aATD10010;\r", b",3,0,0")
    assert b"+CMS ERROR: 304" in heard


async def test_without_signal_there_is_no_network(tmp_path: Path) -> None:
    async with running(simulate_satphone(str(tmp_path / "phone"), PhoneScript(rssi=99))):
        url = await appears(tmp_path / "phone")
        heard = await talk(url, b"AT+CSQ\rAT+CREG?\rATD10010;\r", b"NO CARRIER")
    assert b"+CSQ: 99,99" in heard
    assert b"+CREG: 1,0" in heard


async def test_a_phone_stands_behind_a_serial_server_too() -> None:
    phone = SatellitePhone()
    async with at(phone, "socket://127.0.0.1:0"):
        assert b"OK" in await talk(f"socket://127.0.0.1:{phone.port}", b"AT\r", b"OK")
        assert b"HTDM1310E" in await talk(f"socket://127.0.0.1:{phone.port}", b"AT+CGMM\r", b"OK")


async def test_a_modem_behind_a_link_takes_and_brings_messages(tmp_path: Path) -> None:
    async with running(simulate_sbd(str(tmp_path / "modem"), text_after_s=0.01)):
        url = await appears(tmp_path / "modem")
        await asyncio.sleep(0.1)
        wire = b"AT+SBDWB=5\rhello\x02\x14AT+SBDIXA\rAT+SBDRB\r"
        heard = await talk(url, wire, b"+SBDIX: 0")
    assert b"READY" in heard


@pytest.mark.parametrize("count", [0, 341])
async def test_a_message_of_a_wrong_size_is_refused(tmp_path: Path, count: int) -> None:
    async with running(simulate_sbd(str(tmp_path / "modem"))):
        url = await appears(tmp_path / "modem")
        assert b"\r\n3\r\n" in await talk(url, b"AT+SBDWB=%d\r" % count, b"OK")


@pytest.mark.parametrize("story", [True, False])
async def test_the_demo_has_a_phone_and_a_modem(tmp_path: Path, *, story: bool) -> None:
    async with running(simulate_satellites(tmp_path, story=story)):
        assert b"HTDM1310E" in await talk(await appears(tmp_path / "satphone"), b"AT+CGMM\r", b"OK")
        assert b"300000000000017" in await talk(await appears(tmp_path / "sbd"), b"AT+CGSN\r", b"OK")
