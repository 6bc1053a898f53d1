"""Where a sheet's items come from. A later noun adds its source to SOURCES and stands on every sheet."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar
from zoneinfo import ZoneInfo

from app.db import Tx
from app.desk.handover.rules import found, owed, warned
from app.desk.handover.rules import orders as written
from app.desk.handover.rules.items import Item, compile_items
from app.desk.handover.store import situation
from app.devices.ledger import store as ledger
from app.dispatch.instruction import store as instructions
from app.dispatch.order.store import orders, parts
from app.dispatch.secrecy import store as secrecy
from app.dispatch.store import incidents
from app.duty.tables import DutyPost
from app.org.rules.access import Viewer
from app.reporting.rules.terms import CHANNELS, KINDS, NODES
from app.reporting.store import dues
from app.response.warning.store import chains

F = TypeVar("F")
MOST_ORDERS = 200
LEAVE_AHEAD, ROSTER_AHEAD = timedelta(days=7), timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Desk:
    """The desk that is handed over, at an instant. `viewer` sees what its officers see, and no more."""

    post: DutyPost
    viewer: Viewer
    change_at: datetime
    now: datetime
    zone: ZoneInfo

    @property
    def post_id(self) -> int:
        """The number of the post."""
        assert self.post.id is not None
        return self.post.id


@dataclass(frozen=True, slots=True)
class Source(Generic[F]):
    """One noun's part of a sheet: what it loads, and the pure function that puts it into items."""

    name: str
    load: Callable[[Tx, Desk], Awaitable[F]]
    items: Callable[[F, ZoneInfo], Iterable[Item]]


def scope_of(region_code: str) -> str:
    """Return the prefix of region codes that a place answers for."""
    for length in (6, 9):
        if not region_code[length:].strip("0"):
            return region_code[:length]
    return region_code


def desk_of(post: DutyPost, stream: str, change_at: datetime, now: datetime, zone: ZoneInfo) -> Desk:
    """Return the desk of a post; a township's does not read what is need-to-know."""
    role = "duty_officer" if post.kind == "centre" else "township_officer"
    viewer = Viewer(0, post.name_zh, role, stream, scope_of(post.region_code))  # type: ignore[arg-type]
    return Desk(post, viewer, change_at, now, zone)


async def compiled(tx: Tx, desk: Desk) -> tuple[Item, ...]:
    """Return what is to be handed over at this desk now, from all sources."""
    return compile_items([list(source.items(await source.load(tx, desk), desk.zone)) for source in SOURCES])


def _commands(desk: Desk) -> bool:
    """Whether incidents and devices of the place are this desk's business: a department has none."""
    return desk.post.kind != "department"


async def _directives(tx: Tx, desk: Desk) -> list[written.OpenOrder]:
    if not _commands(desk):
        return []
    found = await orders.listed(tx, desk.viewer, ["issued"], None, MOST_ORDERS)
    sealed = (await secrecy.sealed(tx, desk.viewer.stream)).incidents
    open_orders = []
    for order in found:
        parts_ = await parts.of_order(tx, desk.viewer, order.id)
        state = {part.name: part.state for part in parts_}
        dues = [part.ack_due_at if part.acknowledged_at is None else part.report_due_at for part in parts_]
        if all(one == "closed" for one in state.values()):
            continue
        of = sealed.get(order.incident_id or 0)
        known = of is None or not of.readers
        open_orders.append(
            written.OpenOrder(
                order.id,
                order.number or "" if known else "",
                order.title if known else "(限知)",
                order.region_code == desk.viewer.scope.ljust(12, "0"),
                order.incident_id if known else None,
                tuple(name for name, at in state.items() if at in ("sent", "delivered")),
                tuple(name for name, at in state.items() if at == "acknowledged"),
                tuple(name for name, at in state.items() if at == "reported"),
                min((due for due in dues if due is not None), default=None),
            )
        )
    return open_orders


async def _instructions(tx: Tx, desk: Desk) -> list[written.OpenInstruction]:
    if not _commands(desk):
        return []
    return [
        written.OpenInstruction(
            one.id,
            one.leader_name,
            one.text,
            one.tasks,
            one.accepted,
            one.next_due_at,
            one.incident_id,
        )
        for one in await instructions.listed(tx, desk.viewer, closed=False, limit=MOST_ORDERS)
    ]


async def _warnings(tx: Tx, desk: Desk) -> list[warned.InForce]:
    if not _commands(desk):
        return []
    here = chains.desk_of(desk.viewer)
    return [
        warned.InForce(
            one.id,
            one.title,
            tuple(one.unit_names),
            one.expires,
            any(ack.region_code == here for ack in one.acks),
            one.waiting,
        )
        for one in await chains.listed(tx, desk.viewer, ["in_force"], MOST_ORDERS, None)
    ]


async def _alarms(tx: Tx, desk: Desk) -> list[found.OpenAlarm]:
    viewer = desk.viewer
    return await situation.open_alarms(tx, viewer.stream, viewer.scope) if _commands(desk) else []


async def _incidents(tx: Tx, desk: Desk) -> list[found.OpenIncident]:
    if not _commands(desk):
        return []
    facts = [seen.fact for seen in await incidents.by_state(tx, desk.viewer, "open")]
    return [
        found.OpenIncident(i.id, i.number, i.title, i.initial_level, i.region_path + i.address) for i in facts
    ]


async def _sealed(tx: Tx, desk: Desk) -> int:
    if desk.post.kind != "centre":
        return 0
    return await situation.sealed_incidents(tx, desk.viewer.stream, desk.viewer.scope)


async def _out(tx: Tx, desk: Desk) -> list[found.TeamOut]:
    return await situation.teams_out(tx, [incident.id for incident in await _incidents(tx, desk)])


async def _matters(tx: Tx, desk: Desk) -> list[found.Matter]:
    return await situation.open_matters(tx, desk.post_id)


async def _devices(tx: Tx, desk: Desk) -> list[found.Device]:
    if not _commands(desk):
        return []
    devices = await ledger.in_scope(tx, desk.viewer.stream, desk.viewer.scope, desk.now)
    return [
        found.Device(device.label, device.kind, device.test.state)
        for device in devices
        if device.test.state in {"failed", "overdue", "untested"}
    ]


async def _leave(tx: Tx, desk: Desk) -> list[found.Absence]:
    return await situation.asked_leave(tx, desk.post_id, desk.now, desk.change_at + LEAVE_AHEAD)


async def _roster(tx: Tx, desk: Desk) -> list[found.RosterChange]:
    return await situation.roster_changes(tx, desk.post_id, desk.change_at, desk.change_at + ROSTER_AHEAD)


_NODES: dict[str, tuple[str, ...]] = {"centre": ("C", "L"), "township": ("T",), "park": ("T",)}


async def _owed(tx: Tx, desk: Desk) -> list[owed.Owed]:
    return [
        owed.Owed(**{name: row[name] for name in owed.Owed.__dataclass_fields__})
        for row in await dues.open_rows(tx, desk.viewer, MOST_ORDERS)
        if row["sender"] in _NODES.get(desk.post.kind, ())
    ]


async def _always(tx: Tx, desk: Desk) -> str:
    del tx
    return desk.post.phone


SOURCES: tuple[Source[Any], ...] = (
    Source("alarms", _alarms, lambda facts, _: found.alarms(facts)),
    Source("incidents", _incidents, lambda facts, _: found.incidents(facts)),
    Source("sealed", _sealed, lambda count, _: found.sealed(count)),
    Source("orders", _out, found.orders),
    Source("directives", _directives, lambda facts, _: written.orders(facts)),
    Source("instructions", _instructions, lambda facts, _: written.instructions(facts)),
    Source("forces", _out, lambda facts, _: found.forces(facts)),
    Source("warnings", _warnings, lambda facts, _: warned.warnings(facts)),
    Source("dues", _owed, lambda facts, _: owed.dues(facts, KINDS, NODES, CHANNELS)),
    Source("matters", _matters, lambda facts, _: found.matters(facts)),
    Source("devices", _devices, lambda facts, _: found.devices(facts)),
    Source("leave", _leave, found.absences),
    Source("roster", _roster, found.roster_changes),
    Source("always", _always, lambda phone, _: found.always(phone)),
)
