"""Every SQL statement of the radio log."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, text

from app.db import Tx
from app.signals import Talk

RADIO_FAMILY = "hdap"


async def finish(tx: Tx, stream: str, via: str, ref: str, now: datetime, *, cut: bool) -> bool:
    """End the over that is open under this reference; False if there is none."""
    rows = await tx.execute(
        text(
            "UPDATE radio_talk SET ended_at = :now, cut = :cut "
            "WHERE stream = :stream AND via = :via AND ref = :ref AND ended_at IS NULL RETURNING id"
        ),
        {"stream": stream, "via": via, "ref": ref, "now": now, "cut": cut},
    )
    return rows.first() is not None


async def start(tx: Tx, stream: str, via: str, talk: Talk, now: datetime) -> None:
    """Begin an over. Its talker is looked up among the radios of the register."""
    await tx.execute(
        text(
            """
            INSERT INTO radio_talk (stream, via, ref, talker, device_id, target, target_kind, emergency,
                                    started_at, cut)
            VALUES (:stream, :via, :ref, CAST(:talker AS text),
                    (SELECT id FROM device WHERE family = :family AND number = CAST(:talker AS text)),
                    :target, :kind, :emergency, :now, false)
            ON CONFLICT DO NOTHING
            """
        ),
        {
            "stream": stream,
            "via": via,
            "ref": talk.ref,
            "talker": talk.talker,
            "family": RADIO_FAMILY,
            "target": talk.target,
            "kind": talk.target_kind,
            "emergency": talk.emergency,
            "now": now,
        },
    )


async def open_talker(tx: Tx, stream: str, via: str, ref: str) -> tuple[str, str] | None:
    """Return (talker, target) of the over that is open under this reference, or None."""
    rows = await tx.execute(
        text(
            "SELECT talker, target FROM radio_talk "
            "WHERE stream = :stream AND via = :via AND ref = :ref AND ended_at IS NULL"
        ),
        {"stream": stream, "via": via, "ref": ref},
    )
    row = rows.first()
    return (row[0], row[1]) if row else None


async def latest(tx: Tx, stream: str, scope: str, before: datetime, limit: int) -> Sequence[Row[Any]]:
    """Return the last overs of a scope, the latest first; a strange number's are the whole county's."""
    rows = await tx.execute(
        text(
            """
            SELECT k.id, k.via, k.talker, k.device_id, d.label AS talker_label, k.target, k.target_kind,
                   k.emergency, k.started_at, k.ended_at, k.cut
              FROM radio_talk k LEFT JOIN device d ON d.id = k.device_id
             WHERE k.stream = :stream AND k.started_at < :before
               AND coalesce(d.region_code, rpad(:stream, 12, '0')) LIKE :scope || '%'
             ORDER BY k.started_at DESC, k.id DESC LIMIT :limit
            """
        ),
        {"stream": stream, "scope": scope, "before": before, "limit": limit},
    )
    return rows.all()
