"""Show masked personal data of one record, and write down who read whose and what for."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app import personal
from app.db import Tx
from app.journal import store as journal
from app.org.personal import store
from app.org.personal.commands import RevealIn
from app.org.personal.events import PersonalRead, PersonalRevealed
from app.org.personal.facts import Revealed, RevealedValue
from app.org.personal.rules import quarter_of
from app.org.rules.access import Concern, Viewer, actor, require
from app.refusals import FieldFault, InvalidInput

MOST = 200


async def reveal(tx: Tx, by: Viewer, told: RevealIn, record: Any, now: datetime) -> Revealed:
    """Return what is masked in a record as it stands. Raises NotPermitted, InvalidInput when nothing is."""
    require(by, "reveal_personal")
    hidden = list(personal.hidden_in(record))[:MOST]
    if not hidden:
        raise InvalidInput(
            FieldFault("source", "该记录没有隐去的个人信息", "nothing is masked in this record")
        )
    event = PersonalRevealed(
        username=by.username,
        source=told.source,
        fields=[pointer for pointer, _, _ in hidden],
        whose=list(dict.fromkeys(whose for _, _, whose in hidden if whose)),
        reason=told.reason,
    )
    concern = Concern((by.scope.ljust(12, "0"),), audience="audit")
    await journal.append(tx, by.stream, now, [journal.Entry(event, concern)], actor(by))
    return Revealed(
        source=told.source,
        values=[RevealedValue(pointer=pointer, value=value) for pointer, value, _ in hidden],
    )


async def note_reading(tx: Tx, by: Viewer, source: str, place: str, count: int, now: datetime) -> bool:
    """Write down that somebody opened a list of personal data, once a quarter of an hour."""
    since = quarter_of(now)
    if not await store.claim(tx, by.account_id, source, since):
        return False
    event = PersonalRead(username=by.username, source=source, place=place, count=count, since=since)
    concern = Concern((by.scope.ljust(12, "0"),), audience="audit")
    await journal.append(tx, by.stream, now, [journal.Entry(event, concern)], actor(by))
    return True
