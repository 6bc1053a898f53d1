"""All that can hang on an incident beside teams: orders, instructions, goods, round-ups, promises."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import insert

from app.org.tables import OrgUnit
from tests.api.desk import Desk
from tests.duty.county import CENTRE
from tests.supplies.stores import BLANKET, SIGNED, lay_in
from tests.world import COUNTY, EAST_BANK, HILL, LAKE, STREAM

EAST_UNIT, BUREAU = 2, 80
CLERK = 100  # a person of the centre without an account


async def settle_matters(desk: Desk) -> None:
    """Fill the warehouses, enter a bureau, and lay a sheet of the centre open."""
    await desk.world.do(lambda tx: lay_in(tx, desk.world))
    bureau = {"id": BUREAU, "kind": "township", "name_zh": "民政局", "name_en": "", "region_code": COUNTY}
    await desk.world.do(lambda tx: tx.execute(insert(OrgUnit), [bureau]))
    await desk.world.run(
        "INSERT INTO handover (id, stream, post_id, change_at, state, opened_by, opened_at) "
        "VALUES (1, :stream, :post, :now, 'open', '值班长', :now)",
        stream=STREAM,
        post=CENTRE,
        now=desk.world.clock.now(),
    )


async def hang_on(desk: Desk, incident_id: int, title: str, who: str = "lead") -> list[str]:
    """Let one of everything belong to an incident; return the numbers that were given out."""
    later = (desk.world.clock.now() + timedelta(hours=2)).isoformat()
    done = _Doer(desk, who)
    order = await done.order(title, incident_id, {"team_id": HILL}, {"person_id": CLERK})
    told = {"leader_name": "沈立", "text": f"速办{title}", "incident_id": incident_id}
    instruction = await done("/api/instructions", told)
    split = {"title": title, "recipients": [{"person_id": CLERK}], "tasks": [{"text": title}]}
    await done(f"/api/instructions/{instruction['id']}/split", split)
    asked = {
        "region_code": EAST_BANK,
        "reason": title,
        "incident_id": incident_id,
        "needs": [{"item_id": BLANKET, "quantity": 20}],
    }
    goods = await done("/api/supplies/requests", asked)
    transfer = goods["transfers"][0]
    await done(f"/api/supplies/transfers/{transfer['id']}/issue", SIGNED)
    round_up = {
        "title": title,
        "questions": [{"kind": "number", "text": f"{title}人数"}],
        "recipients": {"unit_ids": [BUREAU]},
        "incident_id": incident_id,
        "due_at": later,
    }
    call = await done("/api/status-calls", round_up)
    await done(f"/api/status-calls/{call['id']}/summaries", {})
    await done(f"/api/status-calls/{call['id']}/remind", {})
    promised = {"team_id": LAKE, "starts_at": later, "text": title}
    if not await desk.world.rows("SELECT 1 FROM reservation"):
        await done(f"/api/incidents/{incident_id}/reservations", promised)
    else:
        await done("/api/reservations/1/move", {"starts_at": later, "reason": title})
    neighbour = {"name": "邻县", "phone": "0799-5560119", "text": title}
    handed = await done(f"/api/incidents/{incident_id}/handoffs", neighbour)
    await done(f"/api/handoffs/{handed['id']}/receipt", {"received_by": title})
    await desk.world.run(
        "INSERT INTO handover_item (handover_id, key, kind, zh, en, incident_id, added_at, remark) "
        "VALUES (1, :key, 'incident', :zh, '', :incident, :now, '') ON CONFLICT DO NOTHING",
        key=f"incident:{incident_id}",
        zh=title,
        incident=incident_id,
        now=desk.world.clock.now(),
    )
    return [order["number"], transfer["number"]]


class _Doer:
    """Commands of one person that must succeed."""

    def __init__(self, desk: Desk, who: str) -> None:
        self._desk, self._who = desk, who

    async def __call__(self, path: str, told: Any) -> Any:
        answer = await self._desk.post(self._who, path, told)
        assert answer.status_code in (200, 201), (path, answer.text)
        return answer.json()

    async def order(self, title: str, incident_id: int, *recipients: dict[str, int]) -> Any:
        """Draft an order for these recipients and issue it on somebody's consent."""
        told = {
            "title": title,
            "text": f"速办{title}",
            "basis": "incident",
            "incident_id": incident_id,
            "recipients": list(recipients),
            "tasks": [{"text": f"核实{title}"}],
        }
        draft = await self("/api/orders", told)
        consent = {
            "revision": draft["revision"],
            "issued_as": "oral_consent",
            "consent_of": "沈立",
            "consent_at": self._desk.world.clock.now().isoformat(),
        }
        return await self(f"/api/orders/{draft['id']}/issue", consent)


async def order_to_the_east(desk: Desk, incident_id: int, title: str) -> Any:
    """Let the reader at the centre order something of the township in the east."""
    return await _Doer(desk, "lead").order(title, incident_id, {"unit_id": EAST_UNIT})
