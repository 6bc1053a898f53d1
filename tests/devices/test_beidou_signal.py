"""What a command machine tells of its own card, and who takes over when it dies."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from app.db import Database
from app.devices import inbox
from app.devices.adapters import rdss21, rsmc
from app.devices.adapters.sentence import sentence
from app.devices.beidou import cable as beidou_cable
from app.devices.beidou import probes
from app.devices.beidou.dialects import Signal
from app.devices.beidou.machine import BeidouMachine
from app.devices.links.serial import LinkLost, SerialLink, open_line
from app.devices.sender import Sender
from tests.devices.cable import FarEnd, until
from tests.devices.platform import Platform
from tests.devices.test_beidou_machine import Cable
from tests.world import CARD, STREAM, World

pytestmark = pytest.mark.database
OWN = "300001"


@asynccontextmanager
async def machine_on(
    platform: Platform, path: Path, family: str = "rdss21", level: int = 3
) -> AsyncIterator[Cable]:
    """Run a machine on a cable of its own until the block ends."""
    far = FarEnd(path, level=level)
    machine = BeidouMachine(SerialLink(family, str(path)), platform.rig)
    far.plug_in()
    task = asyncio.create_task(machine.run())
    try:
        await until(lambda: machine.connected and far.heard)
        yield Cable(
            platform.world, machine, far, Sender(platform.world.database, platform.world.clock, [machine])
        )
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        far.pull_out()


@pytest.fixture
async def cable(platform: Platform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Cable]:
    """A machine that knows its card, on a hasty link; the card stands in the register."""
    hasten(monkeypatch)
    await own_card(platform.world)
    async with machine_on(platform, tmp_path / "ttyBD0") as cable:
        await until(lambda: cable.machine.card.number)
        yield cable


def hasten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beidou_cable, "IDLE_S", 0.05)
    monkeypatch.setattr(beidou_cable, "BACKOFF_S", (0.01,))
    monkeypatch.setattr(inbox, "BACKOFF_S", (0.02,))


async def own_card(world: World) -> None:
    await world.run(
        "INSERT INTO device (stream, family, number, label, region_code, active, facts) "
        "VALUES (:s, 'rdss21', :n, '指挥机', :r, true, '{}')",
        s=STREAM,
        n=OWN,
        r=STREAM.ljust(12, "0"),
    )


def beams(best: int) -> bytes:
    return sentence("BDBSI", 1, 2, best, 1, *[0] * 8)


@pytest.mark.parametrize(
    ("facts", "ready", "percent"),
    [
        ({"signal_level": 0}, False, 0),
        ({"signal_level": 1}, False, 25),
        ({"signal_level": 2}, True, 50),
        ({"signal_level": 4}, True, 100),
        ({"signal_dbhz": 40}, False, 50),
        ({"signal_dbhz": 46}, True, 80),
        ({"signal_dbhz": 0}, False, 0),
        ({"signal_dbhz": 60}, True, 100),
    ],
)
def test_which_signal_is_enough(facts: dict[str, float | int | str], ready: bool, percent: float) -> None:
    signal = Signal.of(facts)
    assert signal is not None
    assert (signal.ready, signal.percent) == (ready, percent)
    assert " / " in signal.words()


def test_what_says_nothing_of_the_signal_is_none() -> None:
    assert Signal.of({"battery_pct": 3}) is None
    assert (Signal().ready, Signal().percent) == (False, None)


async def test_signal_and_card_reach_the_register(cable: Cable, platform: Platform) -> None:
    cable.far.say(beams(3))
    async with asyncio.timeout(30):
        while True:
            await platform.recorder.flush()
            (row,) = await cable.world.rows("SELECT * FROM device WHERE number = :n", n=OWN)
            if row["signal_pct"] is not None and "freq_s" in row["facts"]:
                break
            await asyncio.sleep(0.01)
    assert (row["signal_pct"], row["facts"]["freq_s"], row["facts"]["level"]) == (75, 60, 3)
    assert row["heard_via"] == cable.machine.name
    assert cable.machine.health()["signal_pct"] == 75


async def test_a_card_in_the_machine_that_stands_in_no_register_is_not_admitted(cable: Cable) -> None:
    cable.far.say(rdss21.bdici(300_009) + beams(3))
    await until(lambda: cable.machine.card.number == "300009")
    await asyncio.sleep(0.05)
    assert await cable.world.rows("SELECT 1 FROM device WHERE number = '300009'") == []


@pytest.mark.parametrize(("best", "passed"), [(1, False), (2, True)])
async def test_the_machines_own_card_is_tested_by_its_signal(cable: Cable, best: int, passed: bool) -> None:
    device = await cable.world.device(OWN)
    cable.far.say(beams(4))
    await until(lambda: cable.machine.signal.level == 4)
    asked = cable.far.asked("CCRMO")
    asking = asyncio.create_task(cable.machine.probe(device))
    await until(lambda: cable.far.asked("CCRMO") > asked)
    cable.far.say(beams(best))
    outcome = await asking
    assert outcome is not None
    assert (outcome.passed, outcome.method) == (passed, "signal_query")


async def test_a_machine_that_tells_no_signal_or_has_no_cable_has_failed(
    cable: Cable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probes, "PROBE_WITHIN_S", 0.05)
    device = await cable.world.device(OWN)
    outcome = await cable.machine.probe(device)
    assert outcome is not None and not outcome.passed
    cable.far.pull_out()
    await until(lambda: not cable.machine.connected)
    outcome = await cable.machine.probe(device)
    assert outcome is not None and not outcome.passed
    cable.far.plug_in()


async def test_a_card_out_there_is_not_asked(cable: Cable) -> None:
    assert await cable.machine.probe(await cable.world.device(CARD)) is None


async def test_a_machine_that_was_switched_off_and_on_is_told_again_to_report(cable: Cable) -> None:
    assert (cable.far.asked("CCRMO"), cable.far.asked("CCICA")) == (1, 1)
    cable.world.later(seconds=31)
    await until(lambda: cable.far.asked("CCRMO") == 2 and cable.far.asked("CCICA") == 2)


async def test_a_machine_that_reboots_in_mid_command_gets_the_message_again(cable: Cable) -> None:
    await cable.queue("桥断绕行")
    await cable.sent(1)
    cable.far.pull_out()
    await until(lambda: not cable.machine.connected)
    cable.far.plug_in()
    await until(lambda: cable.machine.connected)
    cable.world.later(seconds=15)
    await cable.sender.look()
    await cable.state_is("queued")
    cable.world.later(seconds=47)
    await cable.sent(2)
    cable.far.say(rdss21.bdfki("TXA", ok=True))
    await cable.state_is("accepted")


async def test_a_second_machine_takes_over_from_a_dead_one_and_begins_a_cut_message_anew(
    cable: Cable, platform: Platform, tmp_path: Path
) -> None:
    world = cable.world
    async with machine_on(platform, tmp_path / "ttyBD1", level=4) as second:
        await until(lambda: second.machine.card.number)
        assert second.machine.card.level == 4
        both = Sender(world.database, world.clock, [cable.machine, second.machine])
        await cable.queue("速" * 55)  # two parts for a card of level 3, two others for level 4
        await both.look()
        await until(lambda: len(cable.far.texts()) == 1)
        cable.far.say(rdss21.bdfki("TXA", ok=True))
        await cable.state_is("queued")
        assert second.far.texts() == []  # one message is in flight in the county
        cable.far.pull_out()
        await until(lambda: not cable.machine.connected)
        world.later(seconds=62)
        for part in (1, 2):
            await both.look()
            await until(lambda part=part: len(second.far.texts()) == part)  # type: ignore[misc]
            second.far.say(rdss21.bdfki("TXA", ok=True))
            await cable.state_is("accepted" if part == 2 else "queued")
            world.later(seconds=62)
        assert "".join(text[5:] for _, text in second.far.texts()) == "速" * 55
        cable.far.plug_in()


async def test_a_card_that_takes_longer_parts_in_mid_message_gets_the_whole_message_anew(
    cable: Cable,
) -> None:
    await cable.queue("速" * 55)
    await cable.sent(1)
    cable.far.say(rdss21.bdfki("TXA", ok=True))
    await cable.state_is("queued")
    cable.far.level = 4  # another card was put in: two parts as before, cut in another place
    cable.far.say(rdss21.bdici(int(OWN), level=4))
    await until(lambda: cable.machine.card.level == 4)
    for count, state in ((2, "queued"), (3, "accepted")):
        cable.world.later(seconds=62)
        await cable.sent(count)
        cable.far.say(rdss21.bdfki("TXA", ok=True))
        await cable.state_is(state)
    assert "".join(text[5:] for _, text in cable.far.texts()[1:]) == "速" * 55


async def test_positions_heard_while_the_database_is_away_are_stored_when_it_is_back(
    cable: Cable, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = Database("postgresql://nobody@127.0.0.1:1/nothing")
    cable.far.say(rdss21.bdtxr(int(CARD), "到了"))  # the card is known by now
    async with asyncio.timeout(30):
        while not await cable.world.types():  # noqa: ASYNC110 - rows tell nobody
            await asyncio.sleep(0.01)
    monkeypatch.setattr(platform.recorder, "_database", gone)
    with capture_logs() as logged:
        where = (1, f"{int(CARD):07}", "021320.00", "2830.00", "N", "11812.00", "E", 50, "M", 0, "M", 0)
        cable.far.say(sentence("BDDWR", *where, "V", "V", "L"))
        await until(lambda: any(line["event"] == "reading_waits" for line in logged))
    assert await cable.world.rows("SELECT 1 FROM track") == []
    monkeypatch.setattr(platform.recorder, "_database", cable.world.database)
    async with asyncio.timeout(30):
        while not await cable.world.rows("SELECT 1 FROM track"):  # noqa: ASYNC110 - rows tell nobody
            await asyncio.sleep(0.01)
    (row,) = await cable.world.rows("SELECT lon, lat FROM position")
    assert (row["lon"], row["lat"]) == (118.2, 28.5)
    await gone.close()


async def test_a_port_that_another_program_holds_is_named_in_words_and_tried_again(
    platform: Platform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hasten(monkeypatch)
    holder_path = tmp_path / "ttyBD0"
    async with AsyncExitStack() as stack:
        far = FarEnd(holder_path)
        far.plug_in()
        stack.callback(far.pull_out)
        link = SerialLink("rdss21", str(holder_path))
        async with open_line(link):
            with pytest.raises(LinkLost, match=r"占用.*in use by another program"):
                async with open_line(link):
                    pass
            with capture_logs() as logged:
                machine = BeidouMachine(link, platform.rig)
                await stack.enter_async_context(machine.running())
                await until(lambda: machine.trouble)
                await asyncio.sleep(0.05)
        assert [line["event"] for line in logged] == ["beidou_link_lost"]
        assert "占用" in str(logged[0]["error"])
        await until(lambda: machine.card.number)
        assert machine.health()["trouble"] == ""


async def test_a_port_that_is_not_there_is_named_in_words(tmp_path: Path) -> None:
    with pytest.raises(LinkLost, match="没有找到串口"):
        async with open_line(SerialLink("rdss21", str(tmp_path / "none"))):
            pass


async def test_a_beidou_3_machine_is_asked_and_sends_in_its_own_words(
    platform: Platform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hasten(monkeypatch)
    async with machine_on(platform, tmp_path / "ttyBD3", "rsmc") as cable:
        await until(lambda: cable.far.asked("CCICR"))
        assert cable.far.heard[0] == ["CCRMO", "PWI", "2", "10"]
        cable.far.say(rsmc.bdicp(24_000_001, freq_s=60, level=2))
        await until(lambda: cable.machine.card.number == "24000001")
        await cable.queue("桥断绕行")
        await cable.world.run("UPDATE delivery SET address = '24000777'")
        await cable.sender.look()
        await until(lambda: cable.far.asked("CCTCQ"))
        sent = next(fields for fields in cable.far.heard if fields[0] == "CCTCQ")
        assert sent[1:5] == ["24000777", "2", "1", "3"]
        assert bytes.fromhex(sent[5])[1:].decode("gbk") == "桥断绕行"
        cable.far.say(rsmc.bdfki("TCQ", ok=True, reason=5))  # "yes", with a reason: no
        await cable.state_is("queued")
        assert (await cable.message())["reason"] == "no_card"
        cable.world.later(seconds=62)
        await cable.sender.look()
        await until(lambda: cable.far.asked("CCTCQ") == 2)
        cable.far.say(rsmc.bdfki("TCQ", ok=True))
        await cable.state_is("accepted")
