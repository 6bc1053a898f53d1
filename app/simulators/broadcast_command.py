"""What `zhishou simulate broadcast-platform` does; it runs until it is cancelled (Ctrl-C)."""

from __future__ import annotations

import asyncio
import csv
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import structlog

from app.broadcast.wire.keys import Keys
from app.codecs.ebm import trial
from app.codecs.ebm.archive import pack
from app.codecs.ebm.certificate import trusted
from app.codecs.ebm.signature import Signer, SoftwareSigner
from app.simulators.broadcast_bytes import WAITING, Speaker
from app.simulators.broadcast_platform import BroadcastPlatform

log = structlog.get_logger()
BEAT_S, UNHEARD_S, LOOK_S, HOSTILE_S = 30.0, 2.0, 0.5, 5.0
TRIAL_KEY = bytes.fromhex("02f5edbd92955802345b0b943c76bba0983c7f632c9994277b201e7de895b488")
"""Public on purpose (app/codecs/ebm/trial.py): it proves nothing about who signs."""
MOST_PER_VILLAGE = 99 * 99


@dataclass(frozen=True, slots=True)
class PlatformScript:
    """What a simulated platform is and does; durations in seconds from the start, None: never."""

    port: int
    centre: str
    code: str
    centre_code: str
    terminals: int = 60
    regions: tuple[str, ...] = ()
    failing: int = 0
    start_s: float = 3.0
    plays_s: float = 20.0
    silent_after_s: float | None = None
    lies: bool = False
    hostile: bool = False
    register: Path | None = None


def speakers_of(regions: tuple[str, ...], number: int) -> list[Speaker]:
    """Return so many terminals, spread over villages; 9,801 have room in one. Raises ValueError for more."""
    if number > MOST_PER_VILLAGE * len(regions):
        raise ValueError(
            f"每个村最多 {MOST_PER_VILLAGE} 个终端 / a village has room for {MOST_PER_VILLAGE} terminals"
        )
    found = []
    for n in range(number):
        region, at = regions[n % len(regions)], n // len(regions)
        level = 6 if region[9:] != "000" else 5 if region[6:] != "000000" else 4
        code = f"{level}{region}0314{at // 99 + 1:02d}04{at % 99 + 1:02d}"
        found.append(Speaker(code, f"{region[6:]}大喇叭{at + 1}", 115.4 + n % 50 / 100, 27.9 + n // 50 / 100))
    return found


def speakers_in(register: Path) -> tuple[list[Speaker], set[str]]:
    """Return the terminals of a file, and which of them play nothing although they say that they run.

    A line is EBRID,name,longitude,latitude,StateCode,plays|mute. Raises ValueError that names the line.
    """
    found: list[Speaker] = []
    mute: set[str] = set()
    try:
        with register.open(encoding="utf-8", newline="") as file:
            for line in csv.reader(file):
                code, name, lon, lat, state, plays = line
                found.append(Speaker(code, name, float(lon), float(lat), int(state)))
                if plays == "mute":
                    mute.add(code)
    except (OSError, ValueError) as error:
        raise ValueError(
            f"{register} 第{len(found) + 1}行读不懂 / line {len(found) + 1} cannot be read: {error}"
        ) from error
    return found, mute


async def simulate_broadcast_platform(script: PlatformScript, keys: Path | None = None) -> None:
    """Run a platform: heart-beats, its register, messages that start, play and end. Raises ValueError."""
    signer, certificate = _signer(keys)
    speakers, mute = _terminals(script)
    platform = BroadcastPlatform(
        script.code,
        script.centre_code,
        signer=signer,
        trust=trusted([trial.CA], [certificate] if keys is None else []),
        speakers=speakers,
    )
    platform.centre_url = script.centre
    platform.bad.lies = script.lies
    platform.bad.failing = mute | set(list(platform.speakers)[: script.failing])
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(platform.serving(script.port))
        log.info("simulated_platform", url=platform.url, terminals=len(platform.speakers), code=script.code)
        group = await stack.enter_async_context(asyncio.TaskGroup())
        group.create_task(_beats(platform))
        group.create_task(_plays(platform, script))
        if script.silent_after_s is not None:
            group.create_task(_falls_silent(platform, script.silent_after_s))
        if script.hostile:
            group.create_task(_attacks(platform))


def _terminals(script: PlatformScript) -> tuple[list[Speaker], set[str]]:
    if script.register is not None:
        return speakers_in(script.register)
    return speakers_of(script.regions, script.terminals), set()


def hostile_archives(platform: BroadcastPlatform) -> dict[str, bytes]:
    """Return archives that nobody should take in, by what they try."""
    beat = platform.archive("ConnectionCheck", {"RptTime": "2026-01-01 00:00:00"})
    name = beat[:100].rstrip(b"\0").decode("ascii")
    return {
        "a path": beat.replace(name.encode(), b"../" + name[3:].encode(), 1),
        "not a TAR": b"\x1f\x8b\x08" + b"\0" * 1024,
        "cut short": beat[:700],
        "two messages": pack({name: b"<EBD/>", "EBDB_2.xml": b"<EBD/>"}),
        "an entity": pack({name: b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><EBD>&b;</EBD>'}),
        "no signature": platform.archive("OMDRequest", {"OMDType": "EBRPSInfo"}, signed=False),
    }


def _signer(keys: Path | None) -> tuple[Signer, bytes]:
    if keys is None:
        return SoftwareSigner(TRIAL_KEY, trial.PLATFORM[7:13].hex()), trial.PLATFORM
    held = Keys(keys, trials=True)
    signer = held.signer("platform", append_time=True)
    if signer is None:
        raise ValueError(f"{keys} 中没有名为 platform 的密钥 / there is no key named platform in {keys}")
    return signer, b""


async def _beats(platform: BroadcastPlatform) -> None:
    while True:
        receipt = await platform.beat()
        log.info("simulated_platform_beats", receipt=receipt)
        await asyncio.sleep(BEAT_S if receipt else UNHEARD_S)


async def _plays(platform: BroadcastPlatform, script: PlatformScript) -> None:
    """Let each message that came wait, play and end."""
    async with asyncio.TaskGroup() as group:
        begun: set[str] = set()
        while True:
            for ebm_id, one in list(platform.played.items()):
                if ebm_id not in begun:
                    begun.add(ebm_id)
                    if one.state == WAITING:
                        group.create_task(_one(platform, ebm_id, script))
            await asyncio.sleep(LOOK_S)


async def _one(platform: BroadcastPlatform, ebm_id: str, script: PlatformScript) -> None:
    log.info("simulated_platform_plays", ebm=ebm_id, terminals=len(platform.played[ebm_id].speakers))
    await platform.report(ebm_id)
    await asyncio.sleep(script.start_s)
    await platform.play(ebm_id)
    await asyncio.sleep(script.plays_s)
    await platform.finish(ebm_id)


async def _falls_silent(platform: BroadcastPlatform, after_s: float) -> None:
    await asyncio.sleep(after_s)
    platform.bad.silent = True
    log.info("simulated_platform_silent")


async def _attacks(platform: BroadcastPlatform) -> None:
    while True:
        for what, data in hostile_archives(platform).items():
            log.info("simulated_platform_attacks", what=what, receipt=await platform.post(data))
        await asyncio.sleep(HOSTILE_S)
