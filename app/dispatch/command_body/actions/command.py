"""A headquarters takes command of an incident, hands over, stands down; its members are told."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.db import Tx
from app.delivery.notices import actions as notices
from app.delivery.notices.actions import Matter
from app.dispatch.actions.permission import incident_for_command
from app.dispatch.actions.tell import Learned, tell_learned
from app.dispatch.command_body import store
from app.dispatch.command_body.actions.register import named
from app.dispatch.command_body.commands import ActivateIn, CommandHolderIn, HandOverCommandIn, StandDownIn
from app.dispatch.command_body.facts import CommandActivationFact, CommandOfIncident
from app.dispatch.command_body.refusals import AlreadyInCommand, BodyRetired, CommandOver
from app.dispatch.command_body.rules import Body, fitting
from app.dispatch.command_body.tables import CommandActivation, CommandBody, CommandHolding
from app.dispatch.commands import earlier
from app.dispatch.rules.steps import IllegalStep
from app.dispatch.status_call.heads import contact_of
from app.dispatch.store import incidents
from app.dispatch.tables import Incident
from app.org.rules.access import Viewer, may_see
from app.refusals import FieldFault, InvalidInput, NotFound

POST_ZH = {"commander": "指挥长", "deputy": "副指挥长", "member": "成员", "office": "办公室"}
POST_EN = {"commander": "commander", "deputy": "deputy", "member": "member", "office": "office"}
Told = ActivateIn | HandOverCommandIn | StandDownIn


async def of_incident(tx: Tx, by: Viewer, incident_id: int) -> CommandOfIncident:
    """Return who commands an incident, who did, and which headquarters fit it. Raises NotFound."""
    seen = await incidents.seen(tx, by.stream, incident_id)
    if seen is None or not may_see(by, seen.concern):
        raise NotFound("该事件", "incident")
    rows = {row.id or 0: row for row in await store.listed(tx, by.stream)}
    bodies = [Body(id_, row.kind, tuple(row.hazards)) for id_, row in rows.items()]
    fit = fitting(bodies, seen.fact.event_code, seen.fact.initial_level)
    return CommandOfIncident(
        activations=await store.of_incident(tx, incident_id),
        proposed=[await store.body_fact(tx, rows[id_]) for id_ in fit],
    )


async def activate(
    tx: Tx, by: Viewer, incident_id: int, told: ActivateIn, now: datetime
) -> CommandActivationFact:
    """Let a headquarters command an incident; its holders and member units get a notice.

    Raises AlreadyInCommand, BodyRetired, IllegalStep unless open, InvalidInput, NotFound, NotPermitted.
    """
    incident = await _open(tx, by, incident_id)
    body = await store.body(tx, by.stream, told.body_id)
    if body is None:
        raise NotFound("该指挥部", "headquarters")
    if body.retired_at is not None:
        raise BodyRetired
    if await store.active(tx, incident_id, told.body_id):
        raise AlreadyInCommand(body.name_zh)
    happened, told_at = _times(told, now)
    row = CommandActivation(
        stream=by.stream,
        incident_id=incident_id,
        body_id=told.body_id,
        site=told.site,
        reason=told.reason,
        activated_at=happened,
        told_at=told_at,
        entered_at=now,
        entered_by=by.name,
        channel=told.channel,
        voucher=told.voucher,
    )
    tx.add(row)
    await tx.flush()
    holders = told.holders or [CommandHolderIn.model_validate(one) for one in body.posts]
    for one in await named(tx, holders):
        tx.add(_holding(by, row.id or 0, one, told, now))
    await tx.flush()
    fact = await store.activation_fact(tx, row)
    commander = next((one.name for one in fact.holders if one.post == "commander"), "")
    zh = f"{body.name_zh}启动" + (f",指挥长{commander}" if commander else "") + f":{told.reason}"
    en = f"{body.name_zh} in command" + (f" under {commander}" if commander else "") + f": {told.reason}"
    await _tell(tx, by, incident, Learned("incident.command_activated", zh, en), now)
    await _notify(tx, by, incident, body, fact, "activated", now)
    return fact


async def hand_over(
    tx: Tx, by: Viewer, activation_id: int, told: HandOverCommandIn, now: datetime
) -> CommandActivationFact:
    """Let somebody else hold a post from an instant on; there is one commander at a time.

    Raises CommandOver, InvalidInput when it lies before what it ends, NotFound, NotPermitted.
    """
    row, incident = await _active(tx, by, activation_id)
    happened, _ = _times(told, now)
    before = [
        one
        for one in await store.holdings(tx, activation_id)
        if one.to_at is None
        and one.post == told.holder.post
        and (told.holder.post == "commander" or one.id == told.replaces)
    ]
    if any(one.from_at > happened for one in before) or happened < row.activated_at:
        raise InvalidInput(
            FieldFault(
                "happened_at", "时间早于原任职时间,请核对", "earlier than what it ends: check the time"
            )
        )
    for one in before:
        one.to_at = happened
    (holder,) = await named(tx, [told.holder])
    tx.add(_holding(by, activation_id, holder, told, now))
    await tx.flush()
    fact = await store.activation_fact(tx, row)
    was = "、".join(one.name for one in before)
    post = told.holder.post
    zh = f"{fact.body_name}{POST_ZH[post]}{was}→{holder['name']}:{told.reason}"
    en = f"{fact.body_name} {POST_EN[post]} {was} → {holder['name']}: {told.reason}"
    await _tell(tx, by, incident, Learned("incident.command_handed_over", zh, en), now)
    return fact


async def stand_down(
    tx: Tx, by: Viewer, activation_id: int, told: StandDownIn, now: datetime
) -> CommandActivationFact:
    """Let a headquarters command no longer; every post ends then. Raises CommandOver, InvalidInput."""
    row, incident = await _active(tx, by, activation_id)
    happened, _ = _times(told, now)
    holdings = [one for one in await store.holdings(tx, activation_id) if one.to_at is None]
    if happened < max([row.activated_at, *(one.from_at for one in holdings)]):
        raise InvalidInput(
            FieldFault(
                "happened_at", "撤收时间早于启动或任职时间,请核对", "earlier than its beginning: check it"
            )
        )
    for one in holdings:
        one.to_at = happened
    row.stood_down_at, row.stood_down_by, row.stood_down_reason = happened, by.name, told.reason
    await tx.flush()
    fact = await store.activation_fact(tx, row)
    zh, en = f"{fact.body_name}撤收:{told.reason}", f"{fact.body_name} stood down: {told.reason}"
    await _tell(tx, by, incident, Learned("incident.command_stood_down", zh, en), now)
    body = await store.body(tx, by.stream, row.body_id)
    assert body is not None
    await _notify(tx, by, incident, body, fact, "stood_down", now)
    return fact


async def _open(tx: Tx, by: Viewer, incident_id: int) -> Incident:
    incident = await incident_for_command(tx, by, incident_id)
    if incident.state != "open":
        raise IllegalStep(incident.state, "command")
    return incident


async def _active(tx: Tx, by: Viewer, activation_id: int) -> tuple[CommandActivation, Incident]:
    row = await store.activation(tx, by.stream, activation_id)
    if row is None:
        raise NotFound("该指挥部", "headquarters")
    incident = await incident_for_command(tx, by, row.incident_id)
    if row.stood_down_at is not None:
        raise CommandOver
    return row, incident


def _times(told: Told, now: datetime) -> tuple[datetime, datetime]:
    """Return when it happened and when the desk was told; nothing is told before it happens."""
    told_at = earlier(told.told_at, now)
    return min(told.happened_at, told_at) if told.happened_at else told_at, told_at


def _holding(
    by: Viewer,
    activation_id: int,
    holder: dict[str, Any],
    told: ActivateIn | HandOverCommandIn,
    now: datetime,
) -> CommandHolding:
    happened, told_at = _times(told, now)
    return CommandHolding(
        activation_id=activation_id,
        **holder,
        from_at=happened,
        told_at=told_at,
        entered_at=now,
        entered_by=by.name,
        channel=told.channel,
        voucher=told.voucher,
        reason=told.reason,
    )


async def _tell(tx: Tx, by: Viewer, incident: Incident, learned: Learned, now: datetime) -> None:
    incident.version += 1
    await tell_learned(tx, by, incident, [learned], now)


async def _notify(
    tx: Tx,
    by: Viewer,
    incident: Incident,
    body: CommandBody,
    fact: CommandActivationFact,
    what: str,
    now: datetime,
) -> None:
    """Tell holders and member units, each person once. What is need-to-know is not named in a notice."""
    people = [one.person_id for one in fact.holders if one.person_id is not None]
    for unit in body.member_unit_ids:
        contact = await contact_of(tx, by.stream, unit, now)
        if contact and contact.person_id is not None:
            people.append(contact.person_id)
    secret = incident.restricted or incident.sensitive
    which = incident.number if secret else f"{incident.number} {incident.title}"
    act, act_en = (
        ("已启动,请成员单位到位并保持联络", "is set up: members take their places and keep in touch")
        if what == "activated"
        else ("已撤收", "is dissolved")
    )
    matter = Matter(
        "command_body",
        f"command:{fact.id}:{what}",
        f"{body.name_zh}{act}。事件:{which}",
        (incident.region_code,),
        subject_id=incident.id,
        text_en=f"{body.name_zh} {act_en}. Incident: {which}",
    )
    await notices.tell(tx, by.stream, people, matter, now, by=by)
