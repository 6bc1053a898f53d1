"""Every SQL statement about command bodies."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import text
from sqlmodel import col, select

from app.db import Tx
from app.dispatch.command_body.facts import (
    CommandActivationFact,
    CommandBodyFact,
    CommandHoldingFact,
    CommandPostFact,
    MemberUnitFact,
)
from app.dispatch.command_body.tables import CommandActivation, CommandBody, CommandHolding


async def body(tx: Tx, stream: str, body_id: int) -> CommandBody | None:
    """Return one headquarters, locked until commit; None if it is not of this county."""
    found = await tx.execute(
        select(CommandBody)
        .where(col(CommandBody.id) == body_id, col(CommandBody.stream) == stream)
        .with_for_update()
    )
    return found.scalar_one_or_none()


async def listed(tx: Tx, stream: str, *, retired: bool = False) -> list[CommandBody]:
    """Return the headquarters of the county: the general one, the special ones, those on site."""
    query = select(CommandBody).where(col(CommandBody.stream) == stream)
    if not retired:
        query = query.where(col(CommandBody.retired_at).is_(None))
    rows = list((await tx.execute(query.order_by(col(CommandBody.id)).limit(500))).scalars())
    return sorted(rows, key=lambda row: (("general", "special", "on_site").index(row.kind), row.id or 0))


async def body_fact(tx: Tx, row: CommandBody) -> CommandBodyFact:
    """Return the wire shape of a headquarters."""
    return CommandBodyFact(
        id=row.id or 0,
        kind=row.kind,
        name_zh=row.name_zh,
        name_en=row.name_en,
        hazards=row.hazards,
        posts=[CommandPostFact.model_validate(one) for one in row.posts],
        member_units=await units(tx, row.stream, row.member_unit_ids),
        retired_at=row.retired_at,
        version=row.version,
    )


async def units(tx: Tx, stream: str, ids: Sequence[int]) -> list[MemberUnitFact]:
    """Return the known ones of these units of the county, in their order."""
    rows = await tx.execute(
        text("SELECT id, name_zh FROM org_unit WHERE id = ANY(:ids) AND region_code LIKE :s || '%'"),
        {"ids": list(ids), "s": stream},
    )
    found = {row.id: MemberUnitFact(id=row.id, name_zh=row.name_zh) for row in rows}
    return [found[id_] for id_ in dict.fromkeys(ids) if id_ in found]


async def activation(tx: Tx, stream: str, activation_id: int) -> CommandActivation | None:
    """Return one activation, locked until commit; None if it is not of this county."""
    found = await tx.execute(
        select(CommandActivation)
        .where(col(CommandActivation.id) == activation_id, col(CommandActivation.stream) == stream)
        .with_for_update()
    )
    return found.scalar_one_or_none()


async def active(tx: Tx, incident_id: int, body_id: int) -> CommandActivation | None:
    """Return the activation of a headquarters that commands an incident now, or None."""
    found = await tx.execute(
        select(CommandActivation).where(
            col(CommandActivation.incident_id) == incident_id,
            col(CommandActivation.body_id) == body_id,
            col(CommandActivation.stood_down_at).is_(None),
        )
    )
    return found.scalar_one_or_none()


async def of_incident(tx: Tx, incident_id: int) -> list[CommandActivationFact]:
    """Return who commanded an incident, who does now in front."""
    found = await tx.execute(
        select(CommandActivation)
        .where(col(CommandActivation.incident_id) == incident_id)
        .order_by(col(CommandActivation.stood_down_at).desc().nulls_first(), col(CommandActivation.id).desc())
        .limit(50)
    )
    return [await activation_fact(tx, row) for row in found.scalars()]


async def activation_fact(tx: Tx, row: CommandActivation) -> CommandActivationFact:
    """Return the wire shape of an activation."""
    held = await tx.get(CommandBody, row.body_id)
    assert held is not None
    return CommandActivationFact(
        **row.model_dump(exclude={"stream"}),
        body_name=held.name_zh,
        kind=held.kind,
        holders=[
            CommandHoldingFact(**one.model_dump(exclude={"activation_id"}))
            for one in await holdings(tx, row.id or 0)
        ],
        member_units=await units(tx, row.stream, held.member_unit_ids),
    )


async def holdings(tx: Tx, activation_id: int) -> list[CommandHolding]:
    """Return who held which post of an activation, in the order of their beginning."""
    found = await tx.execute(
        select(CommandHolding)
        .where(col(CommandHolding.activation_id) == activation_id)
        .order_by(col(CommandHolding.from_at), col(CommandHolding.id))
    )
    return list(found.scalars())
