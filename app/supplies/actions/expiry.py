"""What runs out of date is told once a stage, a warehouse at a time."""

from __future__ import annotations

from datetime import datetime
from itertools import groupby

from app.db import Tx
from app.journal import store as journal
from app.org.rules.access import Concern
from app.supplies.events import SupplyExpiring
from app.supplies.facts import SupplyExpiringFact
from app.supplies.rules.expiry import EXPIRED, stage
from app.supplies.settings import SupplyPolicy
from app.supplies.store import expiry, ledger


async def near(
    tx: Tx, stream: str, scope: str, policy: SupplyPolicy, now: datetime
) -> list[SupplyExpiringFact]:
    """Return the lots in warehouses of a scope that expire within the longest alarm, the earliest first."""
    today = policy.today(now)
    found = []
    for row in await expiry.near(tx, stream, scope, today, max(policy.expiry_days)):
        reached = stage(row["expires_on"], today, policy.expiry_days)
        if reached is not None:
            found.append(SupplyExpiringFact(**row, stage=reached))
    return found


async def watch(tx: Tx, stream: str, policy: SupplyPolicy, now: datetime) -> int:
    """Tell what has reached a new stage; return how many lots. A stage that was passed unseen is not told."""
    await ledger.serialise(tx, stream)
    known = await expiry.told(tx, stream)
    fresh = [
        one
        for one in await near(tx, stream, "", policy, now)
        if (one.warehouse_id, one.lot_id, one.stage) not in known
    ]
    if not fresh:
        return 0
    await expiry.note_told(tx, [(one.warehouse_id, one.lot_id, one.stage) for one in fresh], now)
    fresh.sort(key=lambda one: (one.warehouse_id, one.stage == EXPIRED, one.expires_on, one.lot_id))
    entries = []
    for (_, gone), group in groupby(fresh, key=lambda one: (one.warehouse_id, one.stage == EXPIRED)):
        lots = list(group)
        first = lots[0]
        event = SupplyExpiring(
            type="supply.expired" if gone else "supply.expiring",
            lots=lots,
            warehouse_name=first.warehouse_name,
            keeper=first.keeper,
            phone=first.phone,
        )
        entries.append(journal.Entry(event, Concern((first.region_code,))))
    await journal.append(tx, stream, now, entries)
    return len(fresh)
