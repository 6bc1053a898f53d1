"""The simulated broadcast platform as a program: it beats, plays, and attacks; asked from outside."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from app.codecs.ebm import trial
from app.codecs.ebm.certificate import trusted
from app.codecs.ebm.fields import text
from app.codecs.ebm.multipart import upload_of
from app.codecs.ebm.receive import Received, ResultCode, receive
from app.simulators.broadcast_bytes import Writer, result
from app.simulators.broadcast_command import (
    TRIAL_KEY,
    PlatformScript,
    hostile_archives,
    simulate_broadcast_platform,
    speakers_in,
    speakers_of,
)
from app.simulators.broadcast_platform import BroadcastPlatform
from app.simulators.http_desk import Answer, HttpDesk, Request
from tests.codecs.evidence import HERE
from tests.node import free_port
from tests.simulators.test_command import running

CODE, CENTRE = "49901810000000314010101", "49901810000000001010101"
TRUST = trusted([trial.CA], [trial.PLATFORM])


class Centre:
    """A centre that receipts whatever is good; it is not ours: the codecs alone."""

    def __init__(self) -> None:
        self.got: list[Received] = []
        self.news = asyncio.Condition()
        self.desk = HttpDesk(self.answer)

    async def answer(self, request: Request) -> Answer:
        got = receive(upload_of(request.body, request.headers["content-type"]).content, TRUST)
        async with self.news:
            self.got.append(got)
            self.news.notify_all()
        related = got.packet.ebd_id if got.packet else ""
        from datetime import UTC, datetime

        from app.codecs.ebm.profile import GDJ_2018
        from app.codecs.ebm.signature import SoftwareSigner

        signer = SoftwareSigner(TRIAL_KEY, trial.PLATFORM[7:13].hex())
        writer = Writer(CENTRE, CODE, signer, GDJ_2018, lambda: datetime.now(UTC))
        return Answer(
            200, "application/x-tar", writer.pack("EBDResponse", result(int(got.result), ""), related)
        )

    async def until(self, number: int) -> None:
        async with asyncio.timeout(30), self.news:
            await self.news.wait_for(lambda: len(self.got) >= number)


@pytest.fixture
async def centre() -> AsyncIterator[Centre]:
    found = Centre()
    async with found.desk.serving():
        yield found


@asynccontextmanager
async def played(script: PlatformScript) -> AsyncIterator[None]:
    async with running(simulate_broadcast_platform(script)):
        yield


def script(centre: Centre, **changes: Any) -> PlatformScript:
    url = f"{centre.desk.url}/EB/ebdsvc.html"
    return PlatformScript(free_port(), url, CODE, CENTRE, 4, ("990181100201",), **changes)


async def test_it_beats_as_soon_as_it_runs(centre: Centre) -> None:
    async with played(script(centre)):
        await centre.until(1)
    packet = centre.got[0].packet
    assert packet is not None
    assert (packet.kind, packet.source, packet.destination) == ("ConnectionCheck", CODE, CENTRE)


async def test_what_it_posts_on_demand_is_nothing_to_take_in(centre: Centre) -> None:
    async with played(script(centre, hostile=True)):
        await centre.until(6)
    bad = [one for one in centre.got if one.packet is None or one.packet.kind != "ConnectionCheck"]
    assert bad
    assert not [one for one in bad if one.valid]


def test_every_hostile_archive_is_refused_for_its_own_reason() -> None:
    platform = BroadcastPlatform(CODE, CENTRE)
    got = {what: receive(data, TRUST) for what, data in hostile_archives(platform).items()}
    assert {what: one.result for what, one in got.items()} == {
        "a path": ResultCode.UNREADABLE,
        "not a TAR": ResultCode.UNREADABLE,
        "cut short": ResultCode.UNREADABLE,
        "two messages": ResultCode.UNREADABLE,
        "an entity": ResultCode.UNREADABLE,
        "no signature": ResultCode.UNSIGNED,
    }
    assert len({one.findings[0].code for one in got.values()}) >= 5


def test_ten_thousand_terminals_have_numbers_of_their_own() -> None:
    speakers = speakers_of(("990181100201", "990181100202"), 10_000)
    assert len({one.code for one in speakers}) == 10_000
    assert {len(one.code) for one in speakers} == {23}
    with pytest.raises(ValueError, match="9801"):
        speakers_of(("990181100201",), 9_802)


def test_its_terminals_may_stand_in_a_file_and_a_line_that_is_none_is_named(tmp_path: Path) -> None:
    first, second = (one.code for one in speakers_of(("990181100201",), 2))
    file = tmp_path / "speakers.csv"
    file.write_text(
        f"{first},村部大喇叭,115.5,28.0,1,plays\n{second},路口音柱,115.6,28.1,3,mute\n", encoding="utf-8"
    )
    speakers, mute = speakers_in(file)
    assert [(one.name, one.state) for one in speakers] == [("村部大喇叭", 1), ("路口音柱", 3)]
    assert mute == {second}
    for wrong in (f"{first},村部大喇叭\n", f"{first},村部大喇叭,东,北,1,plays\n"):
        file.write_text(wrong, encoding="utf-8")
        with pytest.raises(ValueError, match="line 1 "):
            speakers_in(file)


def test_its_key_is_the_public_one_of_the_trials() -> None:
    told = json.loads((HERE / "ebm_signature_vectors.json").read_text())["test_platform"]
    assert told["private_hex"] == TRIAL_KEY.hex()
    assert text({"a": "b"}, "a") == "b"
