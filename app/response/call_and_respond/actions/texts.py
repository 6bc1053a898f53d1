"""An answer by text: received, with the code of four digits or from a number of the list."""

from __future__ import annotations

from datetime import datetime

from app.db import Tx
from app.delivery.rules import CHANNEL_OF_FAMILY
from app.org.store import DeviceFact
from app.response.call_and_respond.actions.calling import answer
from app.response.call_and_respond.rules.climb import Means
from app.response.call_and_respond.rules.words import heard
from app.response.call_and_respond.store import rounds, targets
from app.response.call_and_respond.tables import CalloutCall
from app.signals import Text

_MEANS: dict[str, Means] = {"satellite_phone": "sms", "beidou": "beidou"}


async def hear_text(tx: Tx, device: DeviceFact, text: Text, now: datetime) -> bool:
    """Take a text as the answer of a person called; False if it is none, or nobody is called who sent it.

    Without a code it answers only from his own number or device, and not from a team's: there "1" answers
    an order.
    """
    said = heard(text.text)
    if said is None or (said.code is None and device.team_id is not None):
        return False
    number = device.number[-11:] if device.family == "satphone" else device.number
    waiting = await targets.answering(tx, device.stream, said.code, number, device.id)
    for one in waiting:
        target = await targets.locked(tx, device.stream, one.target_id)
        if target is None or target.answered_at is not None:
            continue
        row = await rounds.row(tx, device.stream, target.round_id)
        assert row is not None
        call = CalloutCall(
            target_id=one.target_id,
            person_row_id=one.person_row_id,
            name=one.name,
            number=device.number,
            means=_MEANS.get(CHANNEL_OF_FAMILY.get(device.family, ""), "radio_370"),
            result="answered",
            words=said.words,
            at=now,
            by="",
            entered_at=now,
        )
        tx.add(call)
        await answer(tx, None, row, target, call, now)
    return bool(waiting)
