"""Those on duty at a desk are told in plain words."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from app.db import Tx
from app.delivery.notices import actions as notices
from app.delivery.notices.actions import Matter
from app.reporting.actions.seats import seated


async def inform(tx: Tx, stream: str, desk: str, key: str, text: str, zone: ZoneInfo, now: datetime) -> None:
    """Tell the officers and the shift lead of a desk; where nobody is on duty the screens alone tell."""
    people = await seated(tx, stream, desk, now, zone)
    if people is not None:
        whom = [*people["desk"], *people["shift_lead"]]
        await notices.tell(tx, stream, whom, Matter("reporting", key, text, (desk,)), now)
