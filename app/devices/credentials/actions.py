"""Note that a gateway got another password: once, however many nodes read of it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from app.db import Tx
from app.devices.credentials import store
from app.devices.credentials.events import CredentialRenewed
from app.devices.credentials.rules import Renewal, is_news
from app.devices.ledger import store as ledger
from app.journal import store as journal
from app.org.rules.access import Concern
from app.refusals import NotFound


async def note(tx: Tx, stream: str, told: Renewal, now: datetime, seen: Literal["list", "command"]) -> bool:
    """Write down since when a password holds, with its event; False if that was known.

    Raises NotFound for a gateway that is not in the register.
    """
    row = await store.locked(tx, stream, told.gateway)
    if row is None or row.id is None:
        raise NotFound(f"接入网关 {told.gateway}", f"gateway {told.gateway}")
    before = row.credential_at
    if not is_news(told, before, now):
        return False
    row.credential_at, row.credential_by = told.at, told.by
    await tx.flush()
    fact = await ledger.fact(tx, stream, row.id, now)
    assert fact is not None
    event = CredentialRenewed(type="device.credential_renewed", device=fact, before=before, seen=seen)
    concern = Concern((row.region_code,), audience="register")
    await journal.append(tx, stream, now, [journal.Entry(event, concern)], None)
    return True
