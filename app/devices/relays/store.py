"""Every SQL statement about relays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import RowMapping, text

from app.db import Tx
from app.devices.ledger.rules import DeviceState, device_state, vouched_by
from app.devices.relays.rules import TOLD, Place, Relay, trouble_of

_RELAYS = """
SELECT d.id, d.label, d.number, d.kind, d.region_code, d.lon, d.lat, d.coverage_km, d.talk_groups, d.active,
       d.note, d.facts, d.last_heard_at, d.tested_at, d.test_passed,
       told.kind AS told, told.text AS told_text, told.first_heard_at AS told_at,
       tested.detail AS test_detail,
       concat(r1.name_zh, r2.name_zh, r3.name_zh) AS region_path
  FROM device d
  LEFT JOIN region r3 ON r3.code = d.region_code
  LEFT JOIN region r2 ON r2.code = left(d.region_code, 9) || '000' AND r2.code <> d.region_code
  LEFT JOIN region r1 ON r1.code = left(d.region_code, 6) || '000000' AND r1.code <> d.region_code
                     AND r1.code <> left(d.region_code, 9) || '000'
  LEFT JOIN LATERAL (
    SELECT a.kind, a.text, a.first_heard_at FROM alarm a
     WHERE a.device_id = d.id AND a.state IN ('open', 'acknowledged') AND a.kind = ANY(:told)
     ORDER BY array_position(CAST(:told AS text[]), a.kind) LIMIT 1) told ON true
  LEFT JOIN LATERAL (
    SELECT k.detail FROM device_test k WHERE k.device_id = d.id AND k.state = 'failed'
     ORDER BY k.id DESC LIMIT 1) tested ON true
 WHERE d.stream = :stream AND d.kind = 'repeater'
 ORDER BY d.label, d.id
"""


@dataclass(frozen=True, slots=True)
class Listed:
    """A relay with the words that are shown of it."""

    relay: Relay
    label: str
    number: str
    region_code: str
    region_path: str
    state: DeviceState
    since: datetime | None
    text: str


async def relays(tx: Tx, stream: str, now: datetime) -> list[Listed]:
    """Return all relays of the county: their coverage knows no borders of townships."""
    rows = await tx.execute(text(_RELAYS), {"stream": stream, "told": list(TOLD)})
    return [_listed(row, now) for row in rows.mappings()]


async def places(tx: Tx, stream: str, scope: str) -> list[Place]:
    """Return the township seats and villages of a scope, by code."""
    rows = await tx.execute(
        text(
            "SELECT code, name_zh, lon, lat FROM region WHERE code LIKE :stream || '%' "
            "AND code LIKE :scope || '%' AND parent_code IS NOT NULL ORDER BY code"
        ),
        {"stream": stream, "scope": scope},
    )
    return [Place(row.code, row.name_zh, row.lon, row.lat) for row in rows]


def _listed(row: RowMapping, now: datetime) -> Listed:
    # A test passed by hand is a word of the device too, as in the register.
    heard = max((at for at in (row["last_heard_at"], _passed_at(row)) if at), default=None)
    state = device_state(row["kind"], heard, now, active=row["active"], vouched=vouched_by(row["facts"]))
    trouble = trouble_of(
        active=row["active"], told=row["told"] or "", state=state, test_passed=row["test_passed"]
    )
    relay = Relay(row["id"], tuple(row["talk_groups"]), row["lon"], row["lat"], row["coverage_km"], trouble)
    words: dict[str, tuple[datetime | None, str]] = {
        "silent": (heard, ""),
        "failed": (row["tested_at"], row["test_detail"] or ""),
        "off": (None, str(row["facts"].get("off_reason") or row["note"])),
        row["told"] or "": (row["told_at"], row["told_text"] or ""),
    }
    since, said = words.get(trouble, (None, ""))
    return Listed(
        relay, row["label"], row["number"], row["region_code"], row["region_path"], state, since, said
    )


def _passed_at(row: RowMapping) -> datetime | None:
    return row["tested_at"] if row["test_passed"] else None
