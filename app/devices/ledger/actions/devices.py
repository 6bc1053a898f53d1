"""One device: enter it, amend it, switch it off, let a new terminal take its number, file a stranger."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from app.db import Tx
from app.devices.ledger import store
from app.devices.ledger.commands import DeviceIn, DevicePatch, DismissIn
from app.devices.ledger.events import DeviceChanged, UnknownDismissed
from app.devices.ledger.facts import DeviceOut
from app.devices.ledger.rules import number_fault
from app.devices.register import families_of
from app.dispatch.actions.permission import actor, require
from app.journal import store as journal
from app.org import store as org
from app.org.rules.access import Concern, Viewer
from app.org.tables import Device
from app.refusals import FieldFault, InvalidInput, NotFound, NotPermitted, Refusal


class NumberTaken(Refusal):
    """Another device has this number: one number of one family is one device."""

    code = "number_taken"

    def __init__(self, number: str, label: str) -> None:
        by_zh, by_en = (f"(“{label}”)", f" ({label})") if label else ("", "")
        super().__init__(
            f"号码 {number} 已登记在另一台设备{by_zh}上", f"number {number} is another device's{by_en}"
        )


async def register(tx: Tx, by: Viewer, told: DeviceIn, now: datetime) -> DeviceOut:
    """Enter a device. Raises NumberTaken, InvalidInput, NotPermitted (also outside one's scope)."""
    require(by, "manage_devices")
    await require_possible(tx, by, told.region_code, told.holder_id, told.team_id)
    await _require_free(tx, by, told.family, told.number, None)
    row = await _insert(tx, by, told)
    await store.forget_unknown(tx, families_of(told.family), told.number)
    return await _tell(tx, by, row, "device.registered", now)


async def amend(tx: Tx, by: Viewer, device_id: int, told: DevicePatch, now: datetime) -> DeviceOut:
    """Change what was named. A new number is a new terminal: the old one's credential goes.

    Raises NumberTaken, InvalidInput, NotFound, NotPermitted.
    """
    row = await _device_for(tx, by, device_id)
    values = told.told()
    await require_possible(
        tx,
        by,
        told.region_code or row.region_code,
        told.holder_id if "holder_id" in values else None,
        told.team_id if "team_id" in values else None,
    )
    if told.number is not None and told.number != row.number:
        if fault := number_fault(row.family, told.number):
            raise InvalidInput(FieldFault("number", *fault))
        await _require_free(tx, by, row.family, told.number, device_id)
        _forget_credential(row)
    before = row.region_code
    changed = change(row, _with_reason(row, values))
    if not changed:
        return await _as_it_stands(tx, row, now)
    await _flush(tx, row.number)
    off = "active" in changed and not row.active
    return await _tell(
        tx, by, row, "device.switched_off" if off else "device.amended", now, changed, (before,)
    )


async def unpin(tx: Tx, by: Viewer, device_id: int, now: datetime) -> DeviceOut:
    """Let the next terminal that registers under this number be its own; the present one is cut off.

    Raises NotFound, NotPermitted.
    """
    row = await _device_for(tx, by, device_id)
    _forget_credential(row)
    await tx.flush()
    return await _tell(tx, by, row, "device.amended", now, ["credential"])


async def file_unknown(tx: Tx, by: Viewer, told: DeviceIn, now: datetime) -> DeviceOut:
    """File a number of the quarantine list, or one that was let in unregistered for its call's sake.

    Raises NotFound for a number that never spoke, NumberTaken for one that is filed already.
    """
    require(by, "manage_devices")
    if by.scope != by.stream:  # strangers' numbers are the whole county's
        raise NotPermitted
    await require_possible(tx, by, told.region_code, told.holder_id, told.team_id)
    families = families_of(told.family)
    stood = await store.forget_unknown(tx, families, told.number)
    row = await store.locked_number(tx, families, told.number)
    if row is None:
        if not stood:
            raise NotFound("该未登记号码", "unknown number")
        row = await _insert(tx, by, told)
    elif row.stream != by.stream or "unregistered" not in row.facts:
        raise NumberTaken(told.number, row.label if row.stream == by.stream else "")
    else:
        change(row, {**told.model_dump(exclude={"family", "number"}), "kind": told.kind_or_usual})
        row.facts = {key: value for key, value in row.facts.items() if key != "unregistered"}
        await tx.flush()
    return await _tell(tx, by, row, "device.registered", now)


async def dismiss_unknown(tx: Tx, by: Viewer, told: DismissIn, now: datetime) -> None:
    """Take a number off the quarantine list without filing it; if it speaks again, it stands there again.

    Raises NotFound for a number that does not stand there, NotPermitted also for less than the county.
    """
    require(by, "manage_devices")
    if by.scope != by.stream:  # as in file_unknown
        raise NotPermitted
    count = await store.dismiss_unknown(tx, told.family, told.number)
    if count is None:
        raise NotFound("该未登记号码", "unknown number")
    event = UnknownDismissed(
        type="device.unknown_dismissed",
        family=told.family,
        number=told.number,
        count=count,
        reason=told.reason,
    )
    concern = Concern((by.stream.ljust(12, "0"),), audience="register")
    await journal.append(tx, by.stream, now, [journal.Entry(event, concern)], actor(by))


def _with_reason(row: Device, values: dict[str, object]) -> dict[str, object]:
    """Return the values with the reason that fits: whatever is in service has none."""
    if not values.get("active", row.active):
        return values
    if values.get("off_reason"):
        raise InvalidInput(
            FieldFault("off_reason", "在用设备没有停用原因", "a device in service is not out of service")
        )
    return {**values, "off_reason": ""}


# Fields that stand among the facts of a row, by the name of their fact; what is false or "" is not kept.
_IN_FACTS = {"fenced": "fence", "off_reason": "off_reason", "unregistered": "unregistered"}


def differing(row: Device, values: dict[str, object]) -> list[str]:
    """Return the names of the fields in which a device differs from what is told, in order."""
    return sorted(
        name
        for name, value in values.items()
        if (_held_fact(row, name, value) if name in _IN_FACTS else getattr(row, name)) != value
    )


def change(row: Device, values: dict[str, object]) -> list[str]:
    """Set what differs and return the names of what did, in order."""
    changed = differing(row, values)
    for name in changed:
        if key := _IN_FACTS.get(name):
            rest = {fact: value for fact, value in row.facts.items() if fact != key}
            row.facts = {**rest, key: values[name]} if values[name] else rest
        else:
            setattr(row, name, values[name])
    return changed


def _held_fact(row: Device, name: str, like: object) -> object:
    """Return a field that stands among the facts; one that is not there is false, or "" as the value is."""
    held = row.facts.get(_IN_FACTS[name])
    return bool(held) if isinstance(like, bool) else str(held or "")


def new_row(stream: str, told: DeviceIn) -> Device:
    """Return a row for a device that is entered."""
    return Device(
        stream=stream,
        kind=told.kind_or_usual,
        facts={"fence": True} if told.fenced else {},
        **told.model_dump(exclude={"kind", "fenced"}),
    )


async def require_possible(
    tx: Tx, by: Viewer, region_code: str, holder_id: int | None, team_id: int | None
) -> None:
    """Raise InvalidInput for a place, person or team that is not the county's, NotPermitted outside."""
    faults = []
    if not region_code.startswith(by.stream) or await org.region(tx, region_code) is None:
        faults.append(FieldFault("region_code", "没有这个地区", "no such place"))
    elif not by.covers(region_code):
        raise NotPermitted
    if holder_id is not None:
        home = await store.person_region(tx, holder_id)
        if home is None or not by.covers(home):
            faults.append(FieldFault("holder_id", "没有这个人员", "no such person"))
    if team_id is not None:
        home = await store.team_region(tx, by.stream, team_id)
        if home is None or not by.covers(home):
            faults.append(FieldFault("team_id", "没有这支队伍", "no such team"))
    if faults:
        raise InvalidInput(*faults)


def _forget_credential(row: Device) -> None:
    row.terminal_id = row.auth_code_hash = row.credential_at = None
    row.credential_by = ""


async def _device_for(tx: Tx, by: Viewer, device_id: int) -> Device:
    require(by, "manage_devices")
    row = await store.locked(tx, by.stream, device_id)
    if row is None or not by.covers(row.region_code):
        raise NotFound("该设备", "device")
    return row


async def _require_free(tx: Tx, by: Viewer, family: str, number: str, but: int | None) -> None:
    held = await store.number_holder(tx, by.stream, families_of(family), number, but)
    if held is not None:
        raise NumberTaken(number, held)


async def _insert(tx: Tx, by: Viewer, told: DeviceIn) -> Device:
    row = new_row(by.stream, told)
    tx.add(row)
    await _flush(tx, told.number)
    return row


async def _flush(tx: Tx, number: str) -> None:
    """Write. Two who enter one number in the same instant both found it free: the second is told."""
    try:
        await tx.flush()
    except IntegrityError as error:
        raise NumberTaken(number, "") from error


async def _as_it_stands(tx: Tx, row: Device, now: datetime) -> DeviceOut:
    assert row.id is not None
    fact = await store.fact(tx, row.stream, row.id, now)
    assert fact is not None
    return fact


async def _tell(
    tx: Tx,
    by: Viewer,
    row: Device,
    event_type: str,
    now: datetime,
    changed: Iterable[str] = (),
    regions: tuple[str, ...] = (),
) -> DeviceOut:
    fact = await _as_it_stands(tx, row, now)
    concern = Concern(tuple(dict.fromkeys((*regions, row.region_code))), audience="register")
    event = DeviceChanged(type=event_type, device=fact, changed=list(changed))
    await journal.append(tx, by.stream, now, [journal.Entry(event, concern)], actor(by))
    return fact
