"""The life of a device test: wanted, taken up, ended; the outcome stands in the register at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from app.db import Tx
from app.devices.driver import Probed
from app.devices.ledger import store as ledger
from app.devices.testing import store
from app.devices.testing.commands import ByHand
from app.devices.testing.events import DeviceTested
from app.devices.testing.facts import DeviceTestFact
from app.devices.testing.rules import DEADLINE, WAIT_LIMIT, Night, wanted
from app.devices.testing.tables import DeviceTest
from app.devices.watch import repairs
from app.dispatch.actions.permission import actor
from app.journal import store as journal
from app.org import store as org
from app.org.rules.access import Concern, Viewer
from app.org.store import DeviceFact
from app.org.tables import Device
from app.refusals import NotFound, NotPermitted, Refusal
from app.wire import Actor

PLANNED_AT_ONCE = 4


class CannotBeAsked(Refusal):
    """No link can ask this device: a person has to test it."""

    code = "cannot_be_asked"

    def __init__(self) -> None:
        super().__init__(
            "没有能自动询问该设备的链路,请人工测试后登记结果",
            "no link can ask this device: test it by hand and note the result",
        )


async def note_by_hand(tx: Tx, by: Viewer, device_id: int, told: ByHand, now: datetime) -> DeviceTestFact:
    """Note a test that somebody made. Raises NotFound, NotPermitted."""
    device = await _device_for(tx, by, device_id)
    test = DeviceTest(
        stream=by.stream,
        device_id=device_id,
        method="by_hand",
        requested_by=by.name,
        asked_at=now,
        started_at=now,
        deadline=now,
    )
    tx.add(test)
    return await _end(tx, device, test, Probed(told.passed, "by_hand", told.detail), now, actor(by))


async def note_heard(
    tx: Tx, device: Device, who: str, detail: str, now: datetime, by: Actor | None
) -> DeviceTestFact:
    """Note that a device answered a roll call: as good as a test. The caller holds the device's lock."""
    test = DeviceTest(
        stream=device.stream,
        device_id=device.id or 0,
        requested_by=who,
        automatic=by is None,
        asked_at=now,
        started_at=now,
        deadline=now,
    )
    tx.add(test)
    return await _end(tx, device, test, Probed(passed=True, method="roll_call", detail=detail), now, by)


async def ask(
    tx: Tx, by: Viewer, device_id: int, might_ask: Callable[[int, str | None], bool], now: datetime
) -> DeviceTestFact:
    """Have a device asked as soon as possible; the test that waits or runs already is as good.

    Raises CannotBeAsked, NotFound, NotPermitted.
    """
    device = await _device_for(tx, by, device_id)
    if not device.active or not might_ask(device_id, device.heard_via):
        raise CannotBeAsked
    test = DeviceTest(
        stream=by.stream,
        device_id=device_id,
        requested_by=by.name,
        asked_at=now,
        deadline=now + WAIT_LIMIT,
    )
    test_id = await store.enqueue(tx, test) or await store.open_of(tx, device_id)
    assert test_id is not None
    return await store.fact(tx, test_id)


async def plan(
    tx: Tx,
    stream: str,
    drivers: list[str],
    night: Night,
    might_ask: Callable[[int, str | None], bool],
    now: datetime,
) -> int:
    """Let the devices whose minute of the night has come wait for their test; return how many."""
    planned = 0
    for candidate in await store.candidates(tx, stream, drivers, now):
        if planned == PLANNED_AT_ONCE:
            break
        device_id = candidate.device_id
        if not wanted(device_id, candidate.tested, night, now):
            continue
        if not might_ask(device_id, candidate.heard_via):
            continue
        test = DeviceTest(
            stream=stream, device_id=device_id, automatic=True, asked_at=now, deadline=now + WAIT_LIMIT
        )
        planned += await store.enqueue(tx, test) is not None
    return planned


@dataclass(frozen=True, slots=True)
class Taken:
    """A test this process carries out now."""

    test_id: int
    device: DeviceFact
    by_person: bool = False  # somebody wants it now, by day


async def take(tx: Tx, stream: str, drivers: list[str], room: int, now: datetime) -> list[Taken]:
    """Take up waiting tests, the ones that people wait for first."""
    taken = []
    for test in await store.take_waiting(tx, stream, drivers, now, room):
        assert test.id is not None
        device = await org.device_by_id(tx, stream, test.device_id)
        if device is None:  # switched off meanwhile
            test.state, test.ended_at, test.detail = "not_asked", now, "switched_off"
            await _tell_if_asked(tx, test, now)
            continue
        test.state, test.started_at, test.deadline = "running", now, now + DEADLINE
        taken.append(Taken(test.id, device, by_person=not test.automatic))
    return taken


async def finish(tx: Tx, taken: Taken, probed: Probed | None, now: datetime, *, why: str = "") -> None:
    """End a test that was taken up; one that was given up meanwhile stays as it is.

    Without an outcome (`why` says the reason) nothing is said about the device.
    """
    row = await org.lock_device(tx, taken.device.id)
    test = await store.locked(tx, taken.test_id)
    if test is None or test.state != "running":
        return
    if probed is None:
        await _not_asked(tx, row, test, why or "no_driver", now)
        return
    await _end(tx, row, test, probed, now, None)


async def give_up_left_behind(tx: Tx, stream: str, now: datetime) -> int:
    """Close the tests whose time is over: one that ran is tried again, once. Returns how many."""
    tests = await store.left_behind(tx, stream, now)
    for test in tests:
        if test.state == "waiting":
            test.state, test.ended_at, test.detail = "not_asked", now, "nobody_asked"
            await _tell_if_asked(tx, test, now)
            continue
        again = not await store.was_interrupted(tx, test)
        test.state, test.ended_at, test.detail = "failed", now, store.INTERRUPTED
        await tx.flush()
        if again:
            await store.enqueue(
                tx,
                DeviceTest(
                    stream=stream,
                    device_id=test.device_id,
                    automatic=test.automatic,
                    requested_by=test.requested_by,
                    asked_at=now,
                    deadline=now + WAIT_LIMIT,
                ),
            )
        await _tell_if_asked(tx, test, now)
    await tx.flush()
    return len(tests)


async def _tell_if_asked(tx: Tx, test: DeviceTest, now: datetime) -> None:
    """Tell the person who asked for a test that it ended without an answer."""
    if not test.automatic and (row := await tx.get(Device, test.device_id)) is not None:
        await _tell(tx, row, test, now, None)


async def _device_for(tx: Tx, by: Viewer, device_id: int) -> Device:
    """Return the device, locked: those who keep it and those who command there may test it."""
    if not (by.may("manage_devices") or by.may("command")):
        raise NotPermitted
    row = await ledger.locked(tx, by.stream, device_id)
    if row is None or not by.covers(row.region_code):
        raise NotFound("该设备", "device")
    return row


async def _not_asked(tx: Tx, row: Device, test: DeviceTest, why: str, now: datetime) -> None:
    if test.automatic:  # nobody waits for it, and nothing was learnt
        await tx.delete(test)
        return
    test.state, test.ended_at, test.detail = "not_asked", now, why
    await _tell(tx, row, test, now, None)


async def _end(
    tx: Tx, row: Device, test: DeviceTest, probed: Probed, now: datetime, who: Actor | None
) -> DeviceTestFact:
    test.state = "passed" if probed.passed else "failed"
    test.method, test.detail, test.ended_at = probed.method[:40], probed.detail[:500], now
    row.tested_at, row.test_passed = now, probed.passed
    if not probed.passed:
        await repairs.of_failed_test(tx, row, test.detail, now)
    return await _tell(tx, row, test, now, who)


async def _tell(tx: Tx, row: Device, test: DeviceTest, now: datetime, who: Actor | None) -> DeviceTestFact:
    await tx.flush()
    assert row.id is not None and test.id is not None
    told = await store.fact(tx, test.id)
    device = await ledger.fact(tx, row.stream, row.id, now)
    assert device is not None
    event = DeviceTested(type="device.tested", test=told, standing=device.test)
    concern = Concern((row.region_code,), audience="register")
    await journal.append(tx, row.stream, now, [journal.Entry(event, concern)], who)
    return told
