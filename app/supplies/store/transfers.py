"""Requests and transfer orders: rows, wire shapes, numbers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlmodel import col, select

from app.db import Tx
from app.journal.concern import Concern
from app.org.rules.access import Viewer
from app.supplies.tables import SupplyRequest, SupplyTransfer, SupplyTransferLine
from app.supplies.transfer_facts import (
    SupplyNeedFact,
    SupplyRequestFact,
    SupplySignatureFact,
    SupplyTransferFact,
    SupplyTransferLineFact,
)

_PATH = """(SELECT string_agg(g.name_zh, '' ORDER BY g.code) FROM region g
   WHERE g.code IN (left(r.region_code, 6) || '000000', left(r.region_code, 9) || '000', r.region_code))"""
_TRANSFER = f"""
SELECT t.id, t.number, t.state, r.kind, t.request_id, t.warehouse_id, w.name_zh AS warehouse_name,
       w.region_code AS warehouse_region, w.keeper, w.phone AS keeper_phone, r.to_warehouse_id,
       coalesce(d.name_zh, {_PATH} || r.place) AS to_name, r.region_code, r.incident_id, r.incident_number,
       r.reason, r.key_period, t.replans_id, t.made_by, t.made_at, t.cancel_reason
  FROM supply_transfer t
  JOIN supply_request r ON r.id = t.request_id
  JOIN supply_warehouse w ON w.id = t.warehouse_id
  LEFT JOIN supply_warehouse d ON d.id = r.to_warehouse_id
"""  # noqa: S608
# The same decision as `may_see`, near the rows, so that a limit counts only what this person sees.
_VISIBLE = """
 WHERE t.stream = :stream AND (r.readers && CAST(:named AS text[]) OR (
       r.readers = '{}' AND (:secret OR NOT r.restricted)
       AND (w.region_code LIKE :scope || '%' OR r.region_code LIKE :scope || '%')))
"""
_LINE = """
SELECT n.transfer_id, n.lot_id, l.item_id, i.code, i.name_zh, i.name_en, i.unit, l.number AS lot,
       l.expires_on, n.reserved, n.issued, n.received, n.returned, n.used, n.issue_reason, n.difference_reason
  FROM supply_transfer_line n
  JOIN supply_lot l ON l.id = n.lot_id
  JOIN supply_item i ON i.id = l.item_id
 WHERE n.transfer_id = ANY(:ids) ORDER BY i.code, i.id, l.id
"""
_SIGNATURE = """
SELECT transfer_id, part, name, phone, vehicle, signed_at, told_at, entered_at, entered_by, channel, voucher
  FROM supply_signature WHERE transfer_id = ANY(:ids)
 ORDER BY array_position(ARRAY['issue', 'carry', 'receive'], CAST(part AS text))
"""
_REQUEST = f"""
SELECT r.id, r.kind, r.region_code, {_PATH} AS region_path, r.place, r.to_warehouse_id, r.incident_id,
       r.incident_number, r.reason, r.key_period, r.asked_at, r.told_at, r.entered_at, r.entered_by,
       r.channel, r.voucher
  FROM supply_request r WHERE r.id = :id
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Held:
    """A transfer order as its rows, locked: the request it serves, its lines by lot."""

    transfer: SupplyTransfer
    request: SupplyRequest
    lines: Mapping[int, SupplyTransferLine]


async def locked(tx: Tx, by: Viewer, transfer_id: int) -> Held | None:
    """Return an order this person may see as its rows, locked until commit; None if there is none."""
    seen = await _facts(tx, by, " AND t.id = :id", {"id": transfer_id})
    if not seen:
        return None
    transfer = await tx.get(SupplyTransfer, transfer_id, with_for_update=True)
    assert transfer is not None
    request = await tx.get(SupplyRequest, transfer.request_id)
    assert request is not None
    lines = await tx.execute(
        select(SupplyTransferLine)
        .where(col(SupplyTransferLine.transfer_id) == transfer_id)
        .order_by(col(SupplyTransferLine.lot_id))
    )
    return Held(transfer, request, {row.lot_id: row for row in lines.scalars()})


async def fact(tx: Tx, transfer_id: int) -> SupplyTransferFact:
    """Return the wire shape of an order that exists."""
    rows = await tx.execute(text(_TRANSFER + " WHERE t.id = :id"), {"id": transfer_id})
    (found,) = await _complete(tx, rows.mappings().all())
    return found


async def seen(tx: Tx, by: Viewer, transfer_id: int) -> SupplyTransferFact | None:
    """Return an order this person may see, or None."""
    found = await _facts(tx, by, " AND t.id = :id", {"id": transfer_id})
    return found[0] if found else None


async def listed(
    tx: Tx, by: Viewer, *, running: bool, incident_id: int | None, limit: int
) -> list[SupplyTransferFact]:
    """Return orders this person may see, the newest first: only those that wait for somebody, or all."""
    where, values = "", {"limit": limit}
    if running:
        where += " AND t.state IN ('reserved', 'issued', 'under_way', 'delivered')"
    if incident_id is not None:
        where += " AND r.incident_id = :incident"
        values["incident"] = incident_id
    return await _facts(tx, by, where + " ORDER BY t.id DESC LIMIT :limit", values)


async def seal(tx: Tx, incident_id: int, whom: Concern) -> None:
    """Let an incident's requests and their orders be known to whom the incident is known now."""
    await tx.execute(
        text(
            "UPDATE supply_request SET restricted = :restricted, readers = CAST(:readers AS text[]) "
            "WHERE incident_id = :incident"
        ),
        {"restricted": whom.restricted, "readers": list(whom.readers), "incident": incident_id},
    )


async def short_before(tx: Tx, request_id: int) -> set[int]:
    """Return the warehouses that gave this request less than they had promised."""
    rows = await tx.execute(
        text(
            "SELECT DISTINCT t.warehouse_id FROM supply_transfer t "
            "JOIN supply_transfer_line n ON n.transfer_id = t.id "
            "WHERE t.request_id = :id AND n.issued < n.reserved"
        ),
        {"id": request_id},
    )
    return {row.warehouse_id for row in rows}


async def note_missing(tx: Tx, request_id: int, missing: Mapping[int, int]) -> None:
    """Note of a request that so much more of its items is missing."""
    for item, quantity in missing.items():
        await tx.execute(
            text(
                "UPDATE supply_need SET missing = missing + :quantity "
                "WHERE request_id = :request AND item_id = :item"
            ),
            {"request": request_id, "item": item, "quantity": quantity},
        )


async def request(tx: Tx, request_id: int) -> SupplyRequestFact:
    """Return the wire shape of a request that exists."""
    row = (await tx.execute(text(_REQUEST), {"id": request_id})).mappings().one()
    needs = await tx.execute(
        text(
            "SELECT n.item_id, i.name_zh, i.name_en, i.unit, n.quantity, n.missing FROM supply_need n "
            "JOIN supply_item i ON i.id = n.item_id WHERE n.request_id = :id ORDER BY i.code, i.id"
        ),
        {"id": request_id},
    )
    return SupplyRequestFact(**row, needs=[SupplyNeedFact(**need) for need in needs.mappings()])


async def _facts(tx: Tx, by: Viewer, where: str, values: Mapping[str, object]) -> list[SupplyTransferFact]:
    told = {"stream": by.stream, "scope": by.scope, "secret": by.may("see_restricted"), "named": by.names}
    rows = await tx.execute(text(_TRANSFER + _VISIBLE + where), {**told, **values})
    return await _complete(tx, rows.mappings().all())


async def _complete(tx: Tx, rows: Sequence[Any]) -> list[SupplyTransferFact]:
    ids = {"ids": [row["id"] for row in rows]}
    lines: defaultdict[int, list[SupplyTransferLineFact]] = defaultdict(list)
    for row in (await tx.execute(text(_LINE), ids)).mappings():
        lines[row["transfer_id"]].append(SupplyTransferLineFact(**_without_id(row)))
    signatures: defaultdict[int, list[SupplySignatureFact]] = defaultdict(list)
    for row in (await tx.execute(text(_SIGNATURE), ids)).mappings():
        signatures[row["transfer_id"]].append(SupplySignatureFact(**_without_id(row)))
    return [
        SupplyTransferFact(**row, lines=lines[row["id"]], signatures=signatures[row["id"]]) for row in rows
    ]


def _without_id(row: Any) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "transfer_id"}
