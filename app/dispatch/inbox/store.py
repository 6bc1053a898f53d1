"""Every SQL statement about notices and partners."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import text
from sqlmodel import col, select

from app.db import Tx
from app.dispatch.inbox.facts import IntakeNoticeFact, LinkedPartnerFact
from app.dispatch.inbox.tables import IntakeNotice, Partner
from app.org.rules.access import Viewer

_FACT = """
SELECT n.id, n.state, n.source, n.from_name, n.from_phone, n.their_id, n.title, n.text, n.event_code,
       n.region_code, n.address, n.lon, n.lat, n.accuracy_m, n.channel, n.voucher,
       n.happened_at, n.told_at, n.received_at,
       n.entered_by, n.judged_by, n.judged_at, n.reason, n.incident_id, n.drill_id,
       coalesce((SELECT string_agg(r.name_zh, '' ORDER BY r.code) FROM region r
         WHERE r.code IN (left(n.region_code, 6) || '000000', left(n.region_code, 9) || '000', n.region_code)
       ), '') AS region_path
  FROM intake_notice n
"""
# What became an incident is seen by who may see the incident, of a drill by who takes part in it; the rest
# by whose place it is.
_VISIBLE = """
 WHERE n.stream = :stream
   AND (n.readers <> '{}' OR coalesce(n.region_code, n.stream || '000000') LIKE :scope || '%')
   AND (n.incident_id IS NULL AND (n.readers = '{}' OR n.readers && CAST(:named AS text[])) OR EXISTS (
     SELECT 1 FROM incident i WHERE i.id = n.incident_id
        AND (i.readers && CAST(:named AS text[])
             OR i.readers = '{}' AND (:need_to_know OR NOT i.restricted))))
"""


def _who(viewer: Viewer) -> dict[str, Any]:
    return {
        "stream": viewer.stream,
        "scope": viewer.scope,
        "named": viewer.names,
        "need_to_know": viewer.may("see_restricted"),
    }


async def listed(tx: Tx, viewer: Viewer, states: Sequence[str], limit: int) -> list[IntakeNoticeFact]:
    """Return the notices in these states that this person may see, the latest first."""
    rows = await tx.execute(
        text(_FACT + _VISIBLE + " AND n.state = ANY(:states) ORDER BY n.id DESC LIMIT :n"),
        {**_who(viewer), "states": list(states), "n": limit},
    )
    return [IntakeNoticeFact(**row) for row in rows.mappings()]


async def visible(tx: Tx, viewer: Viewer, notice_id: int) -> IntakeNoticeFact | None:
    """Return one notice this person may see, or None."""
    rows = await tx.execute(text(_FACT + _VISIBLE + " AND n.id = :id"), {**_who(viewer), "id": notice_id})
    row = rows.mappings().first()
    return IntakeNoticeFact(**row) if row else None


async def fact(tx: Tx, notice_id: int) -> IntakeNoticeFact:
    """Return the wire shape of one notice."""
    rows = await tx.execute(text(_FACT + " WHERE n.id = :id"), {"id": notice_id})
    return IntakeNoticeFact(**rows.mappings().one())


async def locked(tx: Tx, notice_id: int) -> IntakeNotice | None:
    """Return a notice's row, locked until commit, or None."""
    found = await tx.execute(
        select(IntakeNotice)
        .where(col(IntakeNotice.id) == notice_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found.scalar_one_or_none()


async def known(
    tx: Tx, stream: str, source: str, partner_id: int | None, their_id: str
) -> IntakeNotice | None:
    """Return the notice a sender sent under this number before. Senders of one number wait for each other."""
    await tx.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 130))"),
        {"key": f"{stream}/{source}/{partner_id}/{their_id}"},
    )
    found = await tx.execute(
        select(IntakeNotice).where(
            col(IntakeNotice.stream) == stream,
            col(IntakeNotice.source) == source,
            col(IntakeNotice.partner_id).is_not_distinct_from(partner_id),
            col(IntakeNotice.their_id) == their_id,
        )
    )
    return found.scalar_one_or_none()


async def partner_by_key(tx: Tx, key: str) -> Partner | None:
    """Return the partner of a key that was not revoked, or None."""
    found = await tx.execute(
        select(Partner).where(col(Partner.key) == key, col(Partner.revoked_at).is_(None))
    )
    return found.scalar_one_or_none()


async def partner(tx: Tx, stream: str, partner_id: int) -> Partner | None:
    """Return a partner of the county, locked until commit, or None."""
    found = await tx.execute(
        select(Partner).where(col(Partner.id) == partner_id, col(Partner.stream) == stream).with_for_update()
    )
    return found.scalar_one_or_none()


def partner_fact(row: Partner) -> LinkedPartnerFact:
    """Return the wire shape of a partner."""
    return LinkedPartnerFact(**row.model_dump(exclude={"stream", "secret"}))


async def partners(tx: Tx, stream: str) -> list[LinkedPartnerFact]:
    """Return the partners of the county, the oldest first, the revoked ones too."""
    found = await tx.execute(select(Partner).where(col(Partner.stream) == stream).order_by(col(Partner.id)))
    return [partner_fact(row) for row in found.scalars()]


async def names_of_places(tx: Tx, stream: str) -> dict[str, str]:
    """Return the names of a county's townships by their code: what a text over a thin channel begins with."""
    rows = await tx.execute(
        text(
            "SELECT code, name_zh FROM region WHERE code LIKE :stream || '%' "
            "AND right(code, 3) = '000' AND right(code, 6) <> '000000'"
        ),
        {"stream": stream},
    )
    return {str(code): str(name) for code, name in rows.all()}
