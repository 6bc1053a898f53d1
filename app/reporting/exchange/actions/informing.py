"""Those on duty at a desk are told in plain words."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from app.db import Tx
from app.delivery.notices import actions as notices
from app.delivery.notices.actions import Matter
from app.reporting.actions.seats import seated
from app.reporting.rules.terms import Words


async def inform(
    tx: Tx, stream: str, desk: str, key: str, words: Words, zone: ZoneInfo, now: datetime
) -> None:
    """Tell the officers and the shift lead of a desk; where nobody is on duty the screens alone tell."""
    people = await seated(tx, stream, desk, now, zone)
    if people is not None:
        whom = [*people["desk"], *people["shift_lead"]]
        zh, en = words
        await notices.tell(tx, stream, whom, Matter("reporting", key, zh, (desk,), text_en=en), now)
