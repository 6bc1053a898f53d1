"""Keep the radio log: an over begins, an over ends, an over whose end was lost is closed as cut."""

from __future__ import annotations

from datetime import datetime

from app.db import Tx
from app.devices.radio_log import store
from app.signals import Talk


async def hear_talk(tx: Tx, stream: str, via: str, talk: Talk, now: datetime) -> None:
    """Take in one report of a talker. A repeated start of the same over changes nothing."""
    if talk.stage == "end":
        await store.finish(tx, stream, via, talk.ref, now, cut=False)
        return
    if await store.open_talker(tx, stream, via, talk.ref) == (talk.talker, talk.target):
        return
    await store.finish(tx, stream, via, talk.ref, now, cut=True)
    await store.start(tx, stream, via, talk, now)
