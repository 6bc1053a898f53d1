"""Sources of warnings: registered and revoked by the county's administrators."""

from __future__ import annotations

import secrets
from datetime import datetime

from app.db import Tx
from app.journal import store as journal
from app.org.rules.access import Concern, Viewer, actor, require_for_county
from app.refusals import FieldFault, InvalidInput, NotFound
from app.response.warning.commands import WarningSourceIn
from app.response.warning.events import WarningSourceChanged
from app.response.warning.facts import NewWarningSource, WarningSourceFact
from app.response.warning.store import messages
from app.response.warning.tables import WarningSource

MOST = 50


async def make(tx: Tx, by: Viewer, told: WarningSourceIn, now: datetime) -> NewWarningSource:
    """Register a source; its secret is told this once. Raises NotPermitted, InvalidInput."""
    require_for_county(by, "manage_people")
    standing = [one for one in await messages.sources(tx, by.stream) if one.revoked_at is None]
    if len(standing) >= MOST:
        raise InvalidInput(FieldFault("name", f"最多 {MOST} 个来源", f"{MOST} sources at most"))
    row = WarningSource(
        stream=by.stream,
        key=secrets.token_hex(8),
        secret=secrets.token_urlsafe(32) if told.means == "push" else "",
        next_at=None if told.means == "push" else now,
        made_by=by.name,
        made_at=now,
        **told.model_dump(),
    )
    tx.add(row)
    await tx.flush()
    fact = messages.source_fact(row)
    await _tell(tx, by, "warning.source_made", fact, now)
    return NewWarningSource(**fact.model_dump(), secret=row.secret)


async def revoke(tx: Tx, by: Viewer, source_id: int, now: datetime) -> WarningSourceFact:
    """Take nothing more from a source. Raises NotFound, NotPermitted."""
    require_for_county(by, "manage_people")
    row = await messages.source(tx, by.stream, source_id)
    if row is None or row.revoked_at is not None:
        raise NotFound("该预警来源", "source of warnings")
    row.revoked_at, row.revoked_by, row.next_at = now, by.name, None
    await tx.flush()
    fact = messages.source_fact(row)
    await _tell(tx, by, "warning.source_revoked", fact, now)
    return fact


async def _tell(tx: Tx, by: Viewer, type_: str, fact: WarningSourceFact, now: datetime) -> None:
    event = WarningSourceChanged(type=type_, source=fact)
    concern = Concern((by.stream.ljust(12, "0"),), restricted=True)
    await journal.append(tx, by.stream, now, [journal.Entry(event, concern)], actor(by))
