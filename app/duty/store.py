"""Every SQL statement about posts and seats."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import text
from sqlmodel import col, select

from app.db import Tx
from app.duty.roster.facts import PostFact, SeatFact
from app.duty.tables import DutyPost, DutySeat

_POST = "SELECT id, kind, name_zh AS name, region_code, unit_id, phone, lines,"
_POST += " keeps_presence, lon, lat FROM duty_post"


async def posts(tx: Tx, stream: str, scope: str, post_id: int | None = None) -> list[PostFact]:
    """Return the posts of a scope, or one of them, the centre first."""
    rows = await tx.execute(
        text(
            _POST + " WHERE region_code LIKE :stream || '%' AND region_code LIKE :scope || '%'"
            " AND (CAST(:id AS bigint) IS NULL OR id = :id) ORDER BY id"
        ),
        {"stream": stream, "scope": scope, "id": post_id},
    )
    return [PostFact(**row) for row in rows.mappings()]


async def seats(tx: Tx, post_ids: Sequence[int]) -> dict[int, list[SeatFact]]:
    """Return the seats of posts, by post, in the order in which they are shown."""
    found = await tx.execute(
        select(DutySeat).where(col(DutySeat.post_id).in_(post_ids)).order_by("post_id", "ordinal", "id")
    )
    by_post: dict[int, list[SeatFact]] = {post_id: [] for post_id in post_ids}
    for row in found.scalars():
        by_post[row.post_id].append(SeatFact.model_validate(row.model_dump(exclude={"post_id"})))
    return by_post


async def row(tx: Tx, stream: str, post_id: int) -> DutyPost | None:
    """Return a post of the county as it is."""
    found = await tx.execute(
        select(DutyPost).where(col(DutyPost.id) == post_id, col(DutyPost.region_code).startswith(stream))
    )
    return found.scalar_one_or_none()


async def locked(tx: Tx, stream: str, post_id: int) -> DutyPost | None:
    """Return a post, locked until commit: whoever changes its roster takes turns here.

    Rows that only name the post (a gap told by the watch) may be written meanwhile: FOR NO KEY UPDATE.
    """
    found = await tx.execute(
        select(DutyPost)
        .where(col(DutyPost.id) == post_id, col(DutyPost.region_code).startswith(stream))
        .with_for_update(key_share=True)
    )
    return found.scalar_one_or_none()


async def seat_rows(tx: Tx, post_id: int) -> list[DutySeat]:
    """Return the seats of a post as rows."""
    found = await tx.execute(
        select(DutySeat).where(col(DutySeat.post_id) == post_id).order_by("ordinal", "id")
    )
    return list(found.scalars())


async def post_of_seat(tx: Tx, seat_id: int) -> int | None:
    """Return the post to which a seat belongs."""
    found = await tx.scalar(select(DutySeat.post_id).where(col(DutySeat.id) == seat_id))
    return None if found is None else int(found)
