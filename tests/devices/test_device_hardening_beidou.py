"""A command machine's link keeps what it heard, sends what can be sent, and never falls silent for ever."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from sqlalchemy.exc import DBAPIError, IntegrityError
from structlog.testing import capture_logs

from app.db import Database
from app.devices import inbox
from app.devices.adapter import Reading
from app.devices.adapters import rdss21
from app.devices.adapters.payload import segment
from app.devices.beidou import cable as beidou_cable
from app.devices.beidou import outbox
from app.devices.beidou.dialects import card_number
from app.devices.beidou.machine import BeidouMachine
from app.devices.inbox import Inbox, passing
from app.devices.links.serial import LinkLost, SerialLink, open_line, parse_links
from app.devices.sender import Sender
from app.signals import Distress, Fix, Receipt, Signal
from tests.devices.cable import FarEnd, until
from tests.devices.platform import Platform
from tests.devices.test_beidou_machine import Cable, heard
from tests.world import CARD, LONE_CARD


@pytest.fixture
async def cable(platform: Platform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Cable]:
    """A machine that knows its card, on a hasty link."""
    monkeypatch.setattr(beidou_cable, "IDLE_S", 0.05)
    monkeypatch.setattr(beidou_cable, "BACKOFF_S", (0.01,))
    monkeypatch.setattr(inbox, "BACKOFF_S", (0.02,))
    world = platform.world
    far = FarEnd(tmp_path / "ttyBD0")
    link = SerialLink("rdss21", str(far.path))
    machine = BeidouMachine(link, platform.rig)
    far.plug_in()
    task = asyncio.create_task(machine.run())
    try:
        await until(lambda: machine.card.number)
        yield Cable(world, machine, far, Sender(world.database, world.clock, [machine]))
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        far.pull_out()


def said(raw: bytes, *signals: Signal) -> Reading:
    return Reading("rdss21", "BDTXR", LONE_CARD, {}, raw, signals)


@pytest.mark.database
async def test_calls_heard_while_the_database_is_away_are_taken_in_when_it_is_back_in_order(
    cable: Cable, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = Database("postgresql://nobody@127.0.0.1:1/nothing")
    monkeypatch.setattr(platform.pump, "database", gone)
    monkeypatch.setattr(platform.register, "_database", gone)
    with capture_logs() as logged:
        cable.far.say(rdss21.bdtxr(int(LONE_CARD), "SOS 一号"))
        cable.far.say(rdss21.bdtxr(int(CARD), "桥断了"))
        await until(lambda: logged)
        asked = cable.far.asked("CCICA")  # the line is read meanwhile: a new card is learned at once
        cable.far.say(rdss21.bdici(300_009))
        await until(lambda: cable.machine.card.number == "300009")
        assert cable.far.asked("CCICA") == asked
    assert [line["event"] for line in logged] == ["reading_waits"]
    monkeypatch.setattr(platform.pump, "database", cable.world.database)
    monkeypatch.setattr(platform.register, "_database", cable.world.database)
    events = await heard(cable, 3)
    assert [event["type"] for event in events] == ["alarm.raised", "text.received", "intake.received"]
    await gone.close()


@pytest.mark.database
async def test_a_reading_that_can_never_be_taken_in_is_kept_in_the_log_and_stops_nobody(
    cable: Cable, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    hear = platform.pump.hear

    async def stumble(device: Any, reading: Reading, via: str = "") -> Any:
        if device.number == CARD:
            raise RuntimeError("a fault of ours")
        return await hear(device, reading, via)

    monkeypatch.setattr(platform.pump, "hear", stumble)
    poison = rdss21.bdtxr(int(CARD), "桥断了")
    with capture_logs() as logged:
        cable.far.say(poison)
        cable.far.say(rdss21.bdtxr(int(LONE_CARD), "SOS"))
        (event,) = await heard(cable, 1)
    assert event["type"] == "alarm.raised"
    (line,) = logged
    assert line["event"] == "reading_lost"
    assert bytes.fromhex(line["raw_hex"]).strip() == poison.strip()


async def test_when_too_many_wait_what_the_machine_says_of_itself_goes_first_and_calls_last(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(inbox, "MAX_WAITING", 3)
    taken: list[bytes] = []
    away = True

    async def take_in(reading: Reading) -> None:
        if away:
            raise TimeoutError
        taken.append(reading.raw)

    monkeypatch.setattr(inbox, "BACKOFF_S", (0.01,))
    async with Inbox(take_in).running() as box:
        box.put(said(b"call 1", Distress("1")))
        box.put(said(b"feedback", Receipt("TXA", "accepted")))
        box.put(said(b"fix", Fix(118, 28)))
        await asyncio.sleep(0.03)
        with capture_logs() as logged:
            for number in (2, 3, 4):
                box.put(said(b"call %d" % number, Distress(str(number))))
        away = False
        await until(lambda: len(taken) == 3)
    gone = [bytes.fromhex(line["raw_hex"]) for line in logged]
    assert gone == [b"feedback", b"fix", b"call 2"]
    assert taken == [b"call 1", b"call 3", b"call 4"]


async def test_what_still_waits_when_the_house_stops_is_kept_in_the_log() -> None:
    async def take_in(_: Reading) -> None:
        raise OSError("no database")

    with capture_logs() as logged:
        async with Inbox(take_in).running() as box:
            box.put(said(b"call", Distress("1")))
            await asyncio.sleep(0.01)
    assert [line["event"] for line in logged] == ["reading_waits", "reading_lost"]
    assert logged[-1]["raw_hex"] == b"call".hex()


class _Orig(Exception):
    def __init__(self, sqlstate: str) -> None:
        self.sqlstate = sqlstate


@pytest.mark.parametrize(
    ("error", "ends"),
    [
        (OSError("refused"), True),
        (TimeoutError(), True),
        (DBAPIError("", None, _Orig("57P01")), True),  # the server is being stopped
        (DBAPIError("", None, _Orig("22021")), False),  # a character PostgreSQL does not keep
        (IntegrityError("", None, _Orig("23503")), False),
        (ValueError("ours"), False),
        # … of a bare connection, beside SQLAlchemy
        (asyncpg.InterfaceError("connection is closed"), True),
        (asyncpg.CannotConnectNowError("starting up"), True),
        (asyncpg.UniqueViolationError("twice"), False),
    ],
)
def test_a_database_that_is_away_is_waited_for_and_a_fault_is_not(error: Exception, ends: bool) -> None:
    assert passing(error) is ends


@pytest.mark.database
async def test_a_fault_of_ours_does_not_end_the_machine(
    cable: Cable, monkeypatch: pytest.MonkeyPatch
) -> None:
    stumbled = asyncio.Event()

    def stumble(*_: object) -> None:
        stumbled.set()
        monkeypatch.undo()
        monkeypatch.setattr(beidou_cable, "BACKOFF_S", (0.01,))
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(beidou_cable, "note_garbage", stumble)
    with capture_logs() as logged:
        cable.far.say(b"$BDTXR,1,0500301*00\r\n")
        await asyncio.wait_for(stumbled.wait(), 5)
        await until(lambda: not cable.machine.connected)
        await until(lambda: cable.machine.connected)
    failed = next(line for line in logged if line["event"] == "beidou_machine_failed")
    assert isinstance(failed["exc_info"], RuntimeError)
    cable.far.say(rdss21.bdtxr(int(LONE_CARD), "SOS"))
    assert [event["type"] for event in await heard(cable, 1)] == ["alarm.raised"]


@pytest.mark.parametrize(
    "place", ["socket://10.0.0.1:abc", "socket://10.0.0.1", "socket://:4001", "socket://10.0.0.1:70000"]
)
def test_a_serial_server_without_host_or_port_is_refused_at_the_start(place: str) -> None:
    with pytest.raises(ValueError, match=r"socket://10\.1\.2\.3:4001"):
        parse_links(f"rdss21={place}")


async def test_a_line_that_is_no_terminal_is_a_lost_line() -> None:
    with pytest.raises(LinkLost):
        async with open_line(SerialLink("rdss21", "/dev/null")):
            pass


@pytest.mark.database
@pytest.mark.parametrize("address", ["card-7", "", "100000000", "0", "5" * 5000, "５００２０１"])
async def test_a_message_to_an_impossible_card_fails_and_the_next_one_leaves(
    cable: Cable, address: str
) -> None:
    poison = await cable.queue("第一条")
    await cable.world.run("UPDATE delivery SET address = :a WHERE id = :id", a=address, id=poison)
    await cable.queue("第二条")
    await cable.sends_nothing()
    first = await cable.message()
    assert (first["state"], first["reason"], first["submitted_at"]) == ("failed", "not_sendable", None)
    await cable.sent(1)
    assert cable.far.texts() == [(CARD, "第二条")]


@pytest.mark.database
async def test_a_text_that_cannot_be_cut_fails_and_the_next_one_leaves(
    cable: Cable, monkeypatch: pytest.MonkeyPatch
) -> None:
    def narrow(text: str, bits: int) -> list[str]:
        return segment(text, 16 if "长" in text else bits)

    monkeypatch.setattr(outbox, "segment", narrow)
    await cable.queue("长" * 50)
    await cable.queue("第二条")
    await cable.sends_nothing()
    assert (await cable.message())["reason"] == "not_sendable"
    await cable.sent(1)


@pytest.mark.database
async def test_what_was_begun_is_finished_before_the_next_message_begins(cable: Cable) -> None:
    await cable.queue("第一条")
    await cable.queue("长" * 50)
    await cable.world.run(
        "UPDATE delivery SET parts_sent = 1, part_count = 2, wire_ref = :ref WHERE id = 2",
        ref=cable.machine.wire_ref,
    )
    await cable.sent(1)
    assert cable.far.texts()[0][1].startswith("(2/2)")


def test_a_card_number_has_24_bits() -> None:
    assert card_number("0500201") == 500_201
    assert card_number("16777215") == 16_777_215
    with pytest.raises(ValueError, match="16777216"):
        card_number("16777216")
    assert card_number("24000001", 99_999_999) == 24_000_001  # Beidou-3 counts on
