"""How a desk's log stands at an instant, for whoever checks the desk."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from app.db import Tx
from app.desk.handover.sources import desk_of
from app.desk.log import store
from app.desk.log.book import Reader, day_book
from app.desk.log.rules.numbering import day_of
from app.duty import store as duty
from app.duty.spot_check.facts import LogSeen

KEPT_WITHIN = timedelta(days=30)
"""A desk that wrote something by hand within this time keeps its log in the system."""


async def standing(
    tx: Tx, stream: str, post_id: int, at: datetime, zone: ZoneInfo, prefix: str
) -> LogSeen | None:
    """Return whether the log of the shift at an instant is complete (R12), None where none is kept here.

    The rule is the duty log's own: so long as nothing lies more than four hours apart it is complete.
    """
    post = await duty.row(tx, stream, post_id)
    if post is None or not await store.wrote_by_hand(tx, post_id, at - KEPT_WITHIN, at):
        return None
    reader = Reader(post, desk_of(post, stream, at, at, zone).viewer, at, zone, prefix)
    book = await day_book(tx, reader, day_of(at, zone))
    running = [score for score in book.scores if score.starts_at <= at < score.ends_at]
    if not running:
        return None
    return LogSeen(
        complete=not any(score.gaps for score in running), percent=min(score.percent for score in running)
    )
