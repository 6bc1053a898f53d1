"""The simulated satellite phone, asked by a program that we did not write (gammu)."""

from __future__ import annotations

import asyncio
import os
import shutil
from pathlib import Path

import pytest

from app.simulators.satphone import SatellitePhone

SENTENCE = "gammu is not installed: sh deploy/peers.sh"
LONG = "【派单】东岸村溺水,请携带冲锋舟立即出发,到场后回复。" * 5


class Gammu:
    """gammu on the far end of the phone's cable."""

    def __init__(self, folder: Path, phone: SatellitePhone) -> None:
        self._settings = folder / "gammurc"
        self._settings.write_text(f"[gammu]\ndevice={phone.path}\nconnection=at115200\n", "ascii")

    async def run(self, *words: str) -> str:
        """Run it once; return what it prints."""
        process = await asyncio.create_subprocess_exec(
            "gammu",
            *("-c", str(self._settings), *words),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            env={**os.environ, "LC_ALL": "C.UTF-8"},
        )
        async with asyncio.timeout(60):
            said, _ = await process.communicate()
        assert process.returncode == 0, said.decode()
        return said.decode()


@pytest.fixture
def needed() -> None:
    """Skip loudly without gammu; in CI that is a failure."""
    if shutil.which("gammu") is None:
        if os.environ.get("CI"):
            pytest.fail(SENTENCE)
        pytest.skip(SENTENCE)


@pytest.mark.usefixtures("needed")
async def test_it_recognises_the_phone(tmp_path: Path) -> None:
    with SatellitePhone() as phone:
        said = await Gammu(tmp_path, phone).run("identify")
    assert all(
        word in said for word in ("HTDM1310E", "HWA BP HS 6.0.5", "860000000000017", "460110000000001")
    )


@pytest.mark.usefixtures("needed")
async def test_it_reads_what_we_wrote_into_pdus(tmp_path: Path) -> None:
    with SatellitePhone() as phone:
        phone.receive("+8613800138000", "东岸村被困三人,SOS")
        phone.receive("+8613800138000", "It costs {5} €")
        phone.receive("+8617400000005", LONG)
        said = await Gammu(tmp_path, phone).run("geteachsms")
    assert "东岸村被困三人,SOS" in said
    assert "It costs {5} €" in said
    assert "5 SMS parts in 3 SMS sequences" in said


@pytest.mark.usefixtures("needed")
@pytest.mark.parametrize("text", ["请派直升机", LONG, "plain words, [brackets] and €"])
async def test_what_it_writes_into_pdus_is_read(tmp_path: Path, text: str) -> None:
    with SatellitePhone() as phone:
        kind = ["-unicode"] if not text.isascii() and "€" not in text else []
        await Gammu(tmp_path, phone).run(
            "sendsms", "TEXT", "+8617400000005", "-report", *kind, "-autolen", "1000", "-text", text
        )
    assert [(sent.number, sent.text) for sent in phone.sent] == [("+8617400000005", text)]


@pytest.mark.usefixtures("needed")
async def test_it_sees_a_refusal_as_one(tmp_path: Path) -> None:
    with SatellitePhone() as phone:
        phone.refusal = 331
        with pytest.raises(AssertionError, match=r"(?i)error|fail"):
            await Gammu(tmp_path, phone).run("sendsms", "TEXT", "17400000005", "-text", "x")
    assert not phone.sent
