"""A spot check sent through the post's device: a text answers, else the receipt; seconds measured."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.delivery import actions as delivery
from app.delivery import store as deliveries
from app.delivery.actions import Outcome
from app.devices import modem as modem_module
from app.devices.adapter import Reading
from app.devices.links import keep
from app.devices.links.serial import SerialLink
from app.devices.satphone import driver as satphone_module
from app.devices.satphone.driver import phone_on
from app.devices.sender import Sender
from app.duty.presence.watch import CoverageWatch
from app.duty.spot_check.rules.answer import answers, code_of, named_in, words_of
from app.org import store as org
from app.signals import Text
from app.simulators.satphone import SatellitePhone
from tests.devices.cable import until
from tests.devices.platform import Platform, running
from tests.duty.spot_county import EAST_POST, WEST_POST, Round, officer
from tests.world import EAST, STREAM, WEST, ZONE

PHONE = "17400000077"


@pytest.mark.parametrize(
    "text", ["到", "到。", " 到 1234", "到,值班6", "1234", "值班室 1234 正常", "“到”", "到位"]
)
def test_a_text_that_says_so_or_holds_the_code_answers(text: str) -> None:
    assert answers(text, "1234")


@pytest.mark.parametrize("text", ["", "桥断了", "水到膝盖", "12345", "到处是水", "迟到"])
def test_other_words_are_for_the_desk_to_read(text: str) -> None:
    assert not answers(text, "1234")


def test_calls_of_neighbours_and_second_calls_have_other_codes_and_fit_in_one_message() -> None:
    codes = [code_of(finding, number) for finding in range(1, 40) for number in (1, 2)]
    assert len(set(codes)) == len(codes)
    assert len(words_of("1234", "樟川市临溪镇应急管理所值班室").encode("gbk")) <= 71
    people = {1: "王军", 2: "刘海"}
    assert [named_in(text, people) for text in ("到,王军", "到", "王军、刘海都在")] == [1, None, None]


async def radio(night: Round, family: str, number: str, place: str) -> None:
    """Let a post have a device."""
    await night.world.run(
        "INSERT INTO device (stream, family, number, label, kind, region_code, active, facts) "
        "VALUES (:stream, :family, :number, :label, 'other', :place, true, '{}')",
        stream=STREAM, family=family, number=number, label=f"值班室{number}", place=place,
    )  # fmt: skip


async def drawn(night: Round, method: str, place: str) -> str:
    """Draw one post by a means and return the path of its finding."""
    shares = [{"method": method, "count": 1}]
    await night.begin(shares=shares, region_codes=[place])
    (post,) = await night.findings()
    return await night.of(post)


async def says(night: Round, on: Platform, family: str, number: str, words: str, ref: str) -> None:
    device = await night.world.do(lambda tx: org.device_by_number(tx, (family,), number))
    assert device is not None
    reading = Reading(family, "text", number, {}, b"", (Text(ref, words, b""),))
    await on.pump.hear(device, reading)


async def message(night: Round, *steps: str) -> None:
    """Let the last message go through some steps of a device."""

    async def move(tx: Any) -> None:
        row = await deliveries.locked(tx, (await night.world.deliveries())[-1].id or 0)
        assert row is not None
        for step in steps:
            if step == "submit":
                await delivery.submit(tx, row, "radio:1", 1, night.world.clock.now())
            else:
                await delivery.report(tx, row, Outcome(step), night.world.clock.now())  # type: ignore[arg-type]

    await night.world.do(move)


@pytest.fixture
async def on(spot_round: Round) -> AsyncIterator[Platform]:
    async with running(spot_round.world) as platform:
        yield platform


@pytest.mark.database
async def test_a_radio_is_called_by_text_and_its_answer_is_measured_from_when_it_left(
    spot_round: Round, on: Platform
) -> None:
    night = spot_round
    await radio(night, "hdap", "370106", EAST)
    path = await drawn(night, "radio", EAST)
    called = await night.do("officer", f"{path}/send")
    (attempt,) = called["attempts"]
    assert (called["state"], attempt["message"], attempt["device_label"]) == (
        "calling",
        "queued",
        "值班室370106",
    )
    (row,) = await night.world.deliveries()
    assert (row.channel, row.address) == ("radio", "370106")
    assert row.body == f"【点名】6镇应急管理所值班室值班员请立即回复:到 {attempt['code']}"
    night.world.later(seconds=40)
    await message(night, "submit", "accept", "deliver")
    night.world.later(seconds=25)
    await says(night, on, "hdap", "370106", "桥断了", "t1")
    assert (await night.findings())[EAST_POST]["state"] == "calling"
    await says(night, on, "hdap", "370106", "到,值班6", "t2")
    found = (await night.findings())[EAST_POST]
    (attempt,) = found["attempts"]
    assert (found["state"], found["answered_by"], found["relation"]) == ("passed", "值班6", "on_roster")
    assert (attempt["source"], attempt["answer"], attempt["seconds"]) == ("text", "到,值班6", 25)
    assert found["judged_by"] == "值班室370106"
    before = await night.world.types()
    await says(night, on, "hdap", "370106", "到,值班6", "t3")
    assert await night.world.types() == before, "a radio repeats itself"
    corrected = await night.note(EAST_POST, answered=True, person_id=officer(EAST_POST), at_desk=False)
    assert (corrected["failures"], corrected["attempts"][0]["source"]) == (["absent"], "typed")


@pytest.mark.database
async def test_a_receipt_is_the_answer_when_the_time_for_words_is_over(spot_round: Round) -> None:
    night, world = spot_round, spot_round.world
    limits = night.office.house.scoring.limits
    watch = CoverageWatch(world.database, world.clock, STREAM, ZONE, limits)
    await radio(night, "rdss21", "500777", WEST)
    path = await drawn(night, "beidou", WEST)
    await night.do("officer", f"{path}/send")
    await message(night, "submit")
    world.later(seconds=70)
    await message(night, "deliver")
    await watch.look()
    assert (await night.findings())[WEST_POST]["state"] == "calling"
    world.later(seconds=limits.seconds["beidou"])
    await watch.look()
    found = (await night.findings())[WEST_POST]
    assert (found["state"], found["relation"], found["failures"]) == ("passed", None, [])
    assert [(a["source"], a["seconds"]) for a in found["attempts"]] == [("receipt", 70)]


@pytest.mark.database
async def test_what_cannot_be_sent_is_refused_and_a_typed_result_stops_what_still_waits(
    spot_round: Round,
) -> None:
    night = spot_round
    path = await drawn(night, "radio", EAST)
    refused = await night.refused("officer", f"{path}/send", 409, "no_device_there")
    assert "请换一种方式" in refused["zh"]
    await night.refused("east", f"{path}/send", 403, "not_permitted")
    await radio(night, "hdap", "370106", EAST)
    await night.do("officer", f"{path}/send")
    await night.refused("officer", f"{path}/send", 409, "spot_check_out_of_turn")
    await night.note(EAST_POST, answered=False)
    assert [row.state for row in await night.world.deliveries()] == ["cancelled"]
    path = await drawn(night, "phone", WEST)
    await night.refused("officer", f"{path}/send", 409, "spot_check_out_of_turn")


@pytest.mark.database
async def test_a_satellite_phone_on_its_cable_is_asked_and_answers(
    spot_round: Round, on: Platform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(modem_module, "TICK_S", 0.02)
    monkeypatch.setattr(satphone_module, "LOOK_EVERY_S", 0.02)
    monkeypatch.setattr(keep, "BACKOFF_S", (0.02,))
    night, world = spot_round, spot_round.world
    await radio(night, "satphone", PHONE, EAST)
    path = await drawn(night, "satellite_phone", EAST)
    phone = SatellitePhone(now=world.clock.now)
    line = tmp_path / "ttySAT"
    phone.plug_in()
    line.symlink_to(phone.path)
    driver = phone_on(SerialLink("satphone", str(line)), on.rig)
    async with driver.running():
        try:
            await until(lambda: driver.signal_pct)
            called = await night.do("officer", f"{path}/send")
            async with asyncio.timeout(10):
                while (await night.findings())[EAST_POST]["attempts"][0]["message"] == "queued":
                    await Sender(world.database, world.clock, [driver]).look()
                    await asyncio.sleep(0.02)
            world.clock.advance(timedelta(seconds=33))
            phone.receive(f"+86{PHONE}", f"值班室正常 {called['attempts'][0]['code']}")
            async with asyncio.timeout(10):
                while True:
                    if "spot_check.judged" in await night.world.types():
                        break
                    await asyncio.sleep(0.02)
        finally:
            phone.close()
    found = (await night.findings())[EAST_POST]
    assert (found["state"], found["answered_by"]) == ("passed", f"值班室{PHONE}")
    assert (found["attempts"][0]["source"], found["attempts"][0]["seconds"]) == ("text", 33)
