"""Every SQL statement about cameras."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import RowMapping, text
from sqlmodel import col, select

from app.db import Tx, sql
from app.dispatch.video.facts import CameraFact, CameraSourceFact, CameraViewFact
from app.dispatch.video.rules.source import Source
from app.dispatch.video.rules.view import is_unsure
from app.dispatch.video.tables import Camera

# A tied camera is where its tracker is, unless somebody said a later place.
_FACT = """
SELECT c.id, c.kind, c.name_zh, c.name_en, c.region_code, r.name_zh AS region_name, c.unit_id,
       u.name_zh AS unit_name, coalesce(p.lon, c.lon) AS lon, coalesce(p.lat, c.lat) AS lat,
       c.height_m, c.bearing_deg, c.angle_deg, c.range_m, c.stream_path,
       c.note, c.moved_at, c.tracker_id, d.label AS tracker_label, c.team_id, t.name_zh AS team_name,
       p.true_at AS tracked_at, c.active, c.revision, c.changed_by, c.changed_at
  FROM camera c
  JOIN region r ON r.code = c.region_code
  LEFT JOIN org_unit u ON u.id = c.unit_id
  LEFT JOIN device d ON d.id = c.tracker_id
  LEFT JOIN team t ON t.id = c.team_id
  LEFT JOIN LATERAL (
    SELECT x.lon, x.lat, x.true_at FROM position x
     WHERE (x.device_id = c.tracker_id OR x.team_id = c.team_id)
       AND x.true_at > coalesce(c.moved_at, '-infinity')
     ORDER BY x.true_at DESC LIMIT 1
  ) p ON true
 WHERE c.stream = :stream AND c.region_code LIKE :scope || '%'
"""
_DEGREE_M = 110_000.0  # no degree of latitude is shorter


@dataclass(frozen=True, slots=True)
class WantedCameras:
    """Which cameras are asked for; an empty word asks for all."""

    stream: str
    scope: str
    kind: str = ""
    region: str = ""
    words: str = ""
    retired: bool = False


def _fact(row: RowMapping) -> CameraFact:
    unsure = is_unsure(row["kind"], moved=row["moved_at"] is not None)
    return CameraFact(**row, view_unsure=unsure)


async def listed(tx: Tx, wanted: WantedCameras, most: int) -> list[CameraFact]:
    """Return the cameras of a scope, retired ones last, by place and name."""
    escaped = wanted.words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    rows = await tx.execute(
        sql(
            _FACT
            + """
   AND (:retired OR c.active) AND (:kind = '' OR c.kind = :kind) AND c.region_code LIKE :region || '%'
   AND (:words = '' OR concat_ws(' ', c.name_zh, c.name_en, c.stream_path, u.name_zh, r.name_zh) ILIKE :like)
 ORDER BY NOT c.active, c.region_code, c.name_zh, c.id LIMIT :most"""
        ),
        {
            "stream": wanted.stream,
            "scope": wanted.scope,
            "retired": wanted.retired,
            "kind": wanted.kind,
            "region": wanted.region,
            "words": wanted.words,
            "like": f"%{escaped}%",
            "most": most,
        },
    )
    return [_fact(row) for row in rows.mappings()]


async def around(tx: Tx, stream: str, scope: str, lat: float, within_m: float) -> list[CameraFact]:
    """Return the cameras in use in the strip of latitudes that a distance reaches; the rules measure it."""
    reach = within_m / _DEGREE_M
    rows = await tx.execute(
        sql(_FACT + " AND c.active AND coalesce(p.lat, c.lat) BETWEEN :south AND :north ORDER BY c.id"),
        {"stream": stream, "scope": scope, "south": lat - reach, "north": lat + reach},
    )
    return [_fact(row) for row in rows.mappings()]


async def seen(tx: Tx, stream: str, scope: str, camera_id: int) -> CameraFact | None:
    """Return one camera of a scope, None for one of elsewhere."""
    rows = await tx.execute(
        sql(_FACT + " AND c.id = :id"), {"stream": stream, "scope": scope, "id": camera_id}
    )
    row = rows.mappings().first()
    return None if row is None else _fact(row)


async def views(tx: Tx, camera_id: int) -> list[CameraViewFact]:
    """Return where a camera stood and what it saw there before, the latest first."""
    rows = await tx.execute(
        sql(
            "SELECT id, lon, lat, bearing_deg, angle_deg, range_m, until, ended_by FROM camera_view"
            " WHERE camera_id = :id ORDER BY id DESC LIMIT 100"
        ),
        {"id": camera_id},
    )
    return [CameraViewFact(**row) for row in rows.mappings()]


async def may_follow(tx: Tx, stream: str, scope: str, tracker_id: int | None, team_id: int | None) -> bool:
    """Whether there is such a device, or such a team, in a scope."""
    return bool(
        await tx.scalar(
            sql(
                "SELECT (CAST(:tracker AS bigint) IS NULL OR EXISTS (SELECT 1 FROM device WHERE id = :tracker"
                " AND stream = :stream AND active AND region_code LIKE :scope || '%'))"
                " AND (CAST(:team AS bigint) IS NULL OR EXISTS (SELECT 1 FROM team WHERE id = :team"
                " AND stream = :stream AND active AND region_code LIKE :scope || '%'))"
            ),
            {"tracker": tracker_id, "team": team_id, "stream": stream, "scope": scope},
        )
    )


async def source(
    tx: Tx, stream: str, scope: str, camera_id: int
) -> tuple[Source | None, CameraSourceFact] | None:
    """Return where a camera's picture comes from: as the media server needs it, and as it may be shown."""
    found = await tx.execute(
        text(
            "SELECT source_url, source_user, source_password, gb_id FROM camera"
            " WHERE stream = :stream AND region_code LIKE :scope || '%' AND id = :id"
        ),
        {"stream": stream, "scope": scope, "id": camera_id},
    )
    row = found.first()
    if row is None:
        return None
    whole = Source(row.source_url, row.source_user, row.source_password) if row.source_url else None
    has_login = bool(row.source_user or row.source_password)
    return whole, CameraSourceFact(url=row.source_url, gb_id=row.gb_id, has_login=has_login)


async def locked(tx: Tx, stream: str, camera_id: int) -> Camera | None:
    """Return the row, locked until commit; None if it is not in this county."""
    found = await tx.execute(
        select(Camera).where(col(Camera.id) == camera_id, col(Camera.stream) == stream).with_for_update()
    )
    return found.scalar_one_or_none()


async def of_path(tx: Tx, stream: str, path: str) -> Camera | None:
    """Return the camera in use that bears a stream path."""
    found = await tx.execute(
        select(Camera).where(
            col(Camera.stream) == stream, col(Camera.stream_path) == path, col(Camera.active)
        )
    )
    return found.scalar_one_or_none()


async def count(tx: Tx, stream: str) -> int:
    """Return how many cameras are in use."""
    query = text("SELECT count(*) FROM camera WHERE stream = :stream AND active")
    return int(await tx.scalar(query, {"stream": stream}) or 0)


async def serialise(tx: Tx, stream: str) -> None:
    """Let one change of the catalogue follow the other: two may want the same path."""
    await tx.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended('cameras:' || :stream, 0))"), {"stream": stream}
    )
