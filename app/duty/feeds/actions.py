"""Make and revoke calendar addresses."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Literal

from app.db import Tx
from app.duty import store as duty
from app.duty.feeds import store
from app.duty.feeds.events import FeedChanged
from app.duty.feeds.facts import FeedFact, FeedIn, NewFeed
from app.duty.feeds.tables import CalendarFeed
from app.journal import store as journal
from app.org.accounts import token_hash, viewer_of
from app.org.rules.access import Concern, Viewer, actor, require
from app.refusals import FieldFault, InvalidInput, NotFound, Refusal

MOST = 20


class NoSuchFeed(Refusal):
    """The address of a calendar is wrong or was revoked."""

    code = "no_such_feed"

    def __init__(self) -> None:
        super().__init__("日历订阅地址无效或已停用", "this calendar address is wrong or was revoked")


async def make(tx: Tx, by: Viewer, told: FeedIn, now: datetime) -> NewFeed:
    """Make an address. Raises NotFound for a post out of reach, InvalidInput when there are too many."""
    if told.post_id is not None:
        require(by, "see_desk")
        if not await duty.posts(tx, by.stream, by.scope, told.post_id):
            raise NotFound("该值班岗位", "duty post")
    elif by.person_id is None:
        raise NotFound("本账号对应的人员", "person of this account")
    if len(await store.listed(tx, by.account_id)) >= MOST:
        raise InvalidInput(
            FieldFault(
                "post_id", f"最多{MOST}个订阅地址,请先停用旧的", f"{MOST} addresses at most: revoke one"
            )
        )
    token = secrets.token_urlsafe(32)
    row = CalendarFeed(
        account_id=by.account_id, post_id=told.post_id, token_hash=token_hash(token), made_at=now
    )
    tx.add(row)
    await tx.flush()
    assert row.id is not None
    where = "mine.ics" if told.post_id is None else f"posts/{told.post_id}/roster.ics"
    fact = await store.fact(tx, row.id)
    await _tell(tx, by, "feed.made", fact, now)
    return NewFeed(**fact.model_dump(), path=f"/api/duty/{where}?token={token}")


async def revoke(tx: Tx, by: Viewer, feed_id: int, now: datetime) -> FeedFact:
    """Let an address of mine work no longer. Raises NotFound."""
    row = await store.locked(tx, by.account_id, feed_id)
    if row is None:
        raise NotFound("该订阅地址", "calendar address")
    row.revoked_at = now
    await tx.flush()
    fact = await store.fact(tx, feed_id)
    await _tell(tx, by, "feed.revoked", fact, now)
    return fact


async def _tell(
    tx: Tx, by: Viewer, type_: Literal["feed.made", "feed.revoked"], fact: FeedFact, now: datetime
) -> None:
    concern = Concern((by.scope.ljust(12, "0"),), audience="audit")
    event = FeedChanged(type=type_, feed=fact)
    await journal.append(tx, by.stream, now, [journal.Entry(event, concern)], actor(by))


async def reader(tx: Tx, token: str, post_id: int | None) -> Viewer:
    """Return whose address this is, with what that account may see today. Raises NoSuchFeed."""
    account = await store.reader(tx, token_hash(token), post_id)
    if account is None:
        raise NoSuchFeed
    return viewer_of(account)
