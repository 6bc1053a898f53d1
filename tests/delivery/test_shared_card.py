"""One card sends one message a minute: what goes first."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from app.delivery.store import next_for_card
from app.delivery.tables import Delivery
from tests.world import RIVER, STREAM, World

pytestmark = pytest.mark.database


async def test_an_order_leaves_before_older_receipts_but_not_in_the_middle_of_a_message(world: World) -> None:
    incident = await world.incident()
    order = (await world.send(RIVER, incident.id)).id
    await world.run("UPDATE delivery SET state = 'cancelled'")
    now = world.clock.now()

    def waiting(body: str, **more: Any) -> Delivery:
        expires = now + timedelta(minutes=30)
        told: dict[str, Any] = {"stream": STREAM, "channel": "beidou", "address": "370101", "queued_at": now}
        return Delivery(**told, body=body, expires_at=expires, **more)

    async def add(tx: Any) -> None:
        tx.add_all([waiting("收悉"), waiting("通知后半", part_count=2, parts_sent=1)])
        await tx.flush()
        tx.add(waiting("速去", assignment_id=order))

    await world.do(add)

    async def leave(tx: Any) -> str:
        row = await next_for_card(tx, "beidou", STREAM, now)
        assert row is not None
        row.state = "delivered"
        return row.body

    assert [await world.do(leave) for _ in range(3)] == ["通知后半", "速去", "收悉"]
