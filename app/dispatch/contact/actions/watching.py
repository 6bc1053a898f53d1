"""Look at everybody's silence: what began, what still answers, what is over. A unit at a time is told."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from app.db import Tx
from app.delivery.network import actions as network
from app.delivery.network import store as networks
from app.delivery.network.rules import PROBE_TRUSTED
from app.dispatch.contact.events import UnitContactChanged
from app.dispatch.contact.facts import ContactTaskFact, FrozenSituation
from app.dispatch.contact.rules import ContactRules, Verdict, is_our_own, judge, next_rung
from app.dispatch.contact.store import situation, units
from app.dispatch.contact.store.units import Unit
from app.dispatch.contact.tables import ContactAttempt, ContactTask, UnitContact
from app.duty.ownership.store import centre_owner_at
from app.journal import store as journal
from app.journal.concern import Concern

OUT = frozenset({"lost", "limited"})


async def look(tx: Tx, stream: str, rules: ContactRules, now: datetime) -> int:
    """Judge every unit once; return how many stand differently now.

    While our own network is away, or is thought to be, nobody is declared out of contact and no time runs
    against anybody: what a unit that is out already sends by other means is still taken in.
    """
    watch = await units.watch(tx, stream, now)
    ours = await networks.locked(tx, stream, now)
    if now - watch.looked_at > rules.gap or ours.state == "offline":
        watch.listening_since = now
    watch.looked_at = now
    known = await units.contacts(tx, stream)
    found = await units.units(tx, stream, now)
    verdicts = {
        key: verdict
        for key, unit in found.items()
        if unit.kind in rules.watched
        and (verdict := _verdict(unit, known.get(key), rules, watch.listening_since, now))
    }
    states = [verdict.state for verdict in verdicts.values()]
    out_before = [key in known and known[key].state in OUT for key in verdicts]
    vouched = (ours.probed_at is not None and now - ours.probed_at <= PROBE_TRUSTED) or (
        ours.trusted_at is not None and now - ours.trusted_at <= rules.trusted
    )
    common = not vouched and is_our_own(states, out_before, rules)
    if ours.state == "online" and common:
        await network.suspect(tx, stream, now)
    elif ours.state == "suspected" and not common:
        await network.clear(tx, stream, now)
    doubtful = ours.state != "online"
    changed = 0
    for key, verdict in verdicts.items():
        before = known.get(key)
        if doubtful and (before is None or before.state not in OUT):
            continue
        changed += await _stand(tx, stream, found[key], before, verdict, rules, now)
    return changed


def _verdict(
    unit: Unit, row: UnitContact | None, rules: ContactRules, listening_since: datetime, now: datetime
) -> Verdict | None:
    out_since_beat = row.heartbeat_at if row is not None and row.state in OUT else None
    patience = rules.watched[unit.kind]
    return judge(unit.signs, patience, rules, listening_since, now, out_since_beat)


async def _stand(
    tx: Tx,
    stream: str,
    unit: Unit,
    row: UnitContact | None,
    verdict: Verdict,
    rules: ContactRules,
    now: datetime,
) -> int:
    before = row.state if row is not None else "ok"
    means = list(verdict.means)
    if verdict.state == before and (row is None or set(row.means) == set(means)):
        return 0
    if row is None:
        row = UnitContact(
            stream=stream,
            unit=unit.unit,
            kind=unit.kind,
            name_zh=unit.name_zh,
            region_code=unit.region_code,
            state="ok",
            since=now,
            heartbeat_at=verdict.heartbeat_at,
        )
        tx.add(row)
    newly_out = verdict.state in OUT and before not in OUT
    if verdict.state != before:
        row.since = now
    row.state, row.heartbeat_at, row.means = verdict.state, verdict.heartbeat_at, means
    if newly_out:
        last = max(unit.signs, key=lambda name: unit.signs[name])
        frozen = await situation.known_of(tx, stream, unit.kind, unit.unit, last, verdict.heartbeat_at)
        row.frozen = frozen.model_dump(mode="json")
    await tx.flush()
    if verdict.state == "amber" or (verdict.state == "ok" and before == "amber"):
        return 1  # a colour on the board; the journal tells of units that are out
    await _tell(tx, row, unit, verdict, rules, now, newly_out=newly_out)
    return 1


async def _tell(
    tx: Tx,
    row: UnitContact,
    unit: Unit,
    verdict: Verdict,
    rules: ContactRules,
    now: datetime,
    *,
    newly_out: bool,
) -> None:
    task = await units.open_task(tx, row.stream, row.unit)
    if verdict.state in OUT and task is None and newly_out:
        task = await _open_task(tx, row, unit, rules, now)
    elif verdict.state == "ok" and task is not None:
        task.closed_at, task.closed_by, task.closed_how = now, "系统", "恢复联络"
        await tx.flush()
    what: dict[str, Literal["contact.lost", "contact.limited", "contact.restored"]] = {
        "lost": "contact.lost",
        "limited": "contact.limited",
        "ok": "contact.restored",
    }
    event = UnitContactChanged(
        type=what[verdict.state],
        unit=row.unit,
        name_zh=row.name_zh,
        region_code=row.region_code,
        heartbeat_at=row.heartbeat_at,
        means=row.means,
        frozen=FrozenSituation.model_validate(row.frozen) if verdict.state in OUT else None,
        task=await fact_of(tx, task, rules) if task is not None else None,
    )
    await journal.append(tx, row.stream, now, [journal.Entry(event, Concern((row.region_code,)))])


async def _open_task(tx: Tx, row: UnitContact, unit: Unit, rules: ContactRules, now: datetime) -> ContactTask:
    """Open the task; whose desk it is now owns it. That the app is silent needs no try: we listen to it."""
    owner = await centre_owner_at(tx, row.stream, now)
    task = ContactTask(
        stream=row.stream,
        unit=row.unit,
        name_zh=row.name_zh,
        region_code=row.region_code,
        opened_at=now,
        owner=owner.lead_name if owner else "",
    )
    tx.add(task)
    await tx.flush()
    assert task.id is not None
    heard_lately = "app" in unit.signs and now - unit.signs["app"] < rules.watched[unit.kind].red
    if any(rung.id == "app" for rung in rules.ladder) and not heard_lately:
        tx.add(
            ContactAttempt(
                task_id=task.id,
                means="app",
                result="failed",
                words="应用无心跳",
                happened_at=now,
                told_at=now,
                entered_at=now,
                entered_by="系统",
            )
        )
        await tx.flush()
    return task


async def fact_of(tx: Tx, task: ContactTask, rules: ContactRules) -> ContactTaskFact:
    """Return the wire shape of a task with its attempts and the next rung."""
    assert task.id is not None
    tried = (await units.attempts(tx, [task.id])).get(task.id, [])
    rung = next_rung(rules.ladder, (one.means for one in tried))
    return units.task_fact(task, tried, rung.id if rung and task.closed_at is None else None)
