"""To whom the tasks of a card really go: units by their name, posts by the roster of that minute."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.db import Tx
from app.dispatch.status_call.heads import contact_of
from app.dispatch.status_call.store import units
from app.duty import store as duty
from app.duty.roster.on_duty import on_duty
from app.duty.spot_check.rules.draw import within
from app.org import store as org
from app.response.plan.facts import ReceiverFact
from app.response.plan.rules.card import LEADER, SHIFT_LEAD, TOWNSHIPS, CardTask
from app.response.plan.store import runs

MOST_RECEIVERS = 100
_ROLES = {LEADER: "leader_in_charge", SHIFT_LEAD: "shift_lead"}


@dataclass(frozen=True, slots=True)
class Receiver:
    """A unit or a person."""

    name: str
    region_code: str
    unit_id: int | None = None
    person_id: int | None = None


@dataclass(frozen=True, slots=True)
class Resolved:
    """To whom a task goes; `zh` and `en` say why to nobody, or whom it leaves out."""

    receivers: tuple[Receiver, ...]
    zh: str = ""
    en: str = ""


async def resolve(
    tx: Tx, stream: str, tasks: Sequence[CardTask], areas: Sequence[str], now: datetime
) -> dict[str, Resolved]:
    """Return to whom each task goes, by its key. `areas` empty: the whole county."""
    named = sorted({task.to for task in tasks if not task.to.startswith("@")})
    found = await runs.units_named(tx, stream, named)
    told = {to: _unit(to, found.get(to, [])) for to in named}
    asked = {task.to for task in tasks}
    if TOWNSHIPS in asked:
        told[TOWNSHIPS] = await _townships(tx, stream, areas)
    for to in asked & set(_ROLES):
        told[to] = await _post(tx, stream, to, now)
    return {task.key: told[task.to] for task in tasks}


async def reached(
    tx: Tx, stream: str, resolved: Sequence[Resolved], now: datetime
) -> dict[Receiver, ReceiverFact]:
    """Return of every receiver whom one reaches there now."""
    found: dict[Receiver, ReceiverFact] = {}
    for receiver in dict.fromkeys(one for each in resolved for one in each.receivers):
        who = None if receiver.unit_id is None else await contact_of(tx, stream, receiver.unit_id, now)
        found[receiver] = ReceiverFact(
            name=receiver.name,
            unit_id=receiver.unit_id,
            person_id=receiver.person_id,
            region_code=receiver.region_code,
            contact=who.name if who else "",
            phone=who.mobile if who else "",
            why_zh=who.why_zh if who else "" if receiver.person_id else "无当班人员,请打值班电话",
            why_en=who.why_en
            if who
            else ""
            if receiver.person_id
            else "nobody on duty: ring the duty telephone",
        )
    return found


def _unit(name: str, found: Sequence[tuple[int, str]]) -> Resolved:
    if len(found) == 1:
        (unit_id, region_code) = found[0]
        return Resolved((Receiver(name, region_code, unit_id=unit_id),))
    if found:
        return Resolved(
            (), f"有{len(found)}个单位叫“{name}”,请在行动卡中写全称", f"{len(found)} units are called {name}"
        )
    return Resolved((), f"单位登记中没有“{name}”", f"no unit {name} in the register")


async def _townships(tx: Tx, stream: str, areas: Sequence[str]) -> Resolved:
    known = [one for one in await units.active(tx, stream) if one.kind != "department"]
    towns = [one for one in known if one.region_code.endswith("000") and one.region_code[6:] != "000000"]
    # A village in danger is its township's business.
    asked = [code[:9] + "000" if code[6:9] != "000" else code for code in areas]
    here = [one for one in towns if not asked or within(one.region_code, asked)][:MOST_RECEIVERS]
    names = await runs.unit_names(tx, [one.id for one in here])
    if not here:
        return Resolved((), "该范围内没有乡镇", "no township in that area")
    return Resolved(tuple(Receiver(names[one.id], one.region_code, unit_id=one.id) for one in here))


async def _post(tx: Tx, stream: str, to: str, now: datetime) -> Resolved:
    centre = [post for post in await duty.posts(tx, stream, stream) if post.kind == "centre"]
    for post in centre:
        for held in await on_duty(tx, stream, stream, now, post.id):
            ids = [shift.person_id for seat in held.seats if seat.role == _ROLES[to] for shift in seat.on]
            if ids:
                names = await org.names(tx, ids[:1])
                return Resolved((Receiver(names[ids[0]], post.region_code, person_id=ids[0]),))
    return Resolved((), f"值班表上现在没有{to[1:]}", f"nobody on the roster now as {to}")
