"""Every SQL statement about the screens that take part now, and what is on its way to them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app.db import Tx, sql
from app.dispatch.meeting.facts import PeerFact

CHANNEL = "zhishou_meeting"  # the NOTIFY channel: an empty hint, the poll is the promise
_PEERS = sql(
    """
    SELECT p.id, p.member_id, p.name, s.name AS seat, s.kind = 'account' AS caller, p.camera, p.microphone
      FROM meeting_peer p JOIN meeting_member s ON s.id = p.member_id
     WHERE p.meeting_id = :meeting ORDER BY p.joined_at, p.id
    """
)
_POST = sql(
    """
    INSERT INTO meeting_signal (peer_id, body, at)
    SELECT id, :body, :at FROM meeting_peer
     WHERE meeting_id = :meeting AND (CAST(:to AS text) IS NULL AND id <> :but OR id = :to)
    RETURNING peer_id, pg_notify('zhishou_meeting', '')
    """
)
_LAST_WORD = sql(
    "INSERT INTO meeting_signal (peer_id, body, at) "
    "SELECT unnest(CAST(:peers AS text[])), :body, :at RETURNING pg_notify('zhishou_meeting', '')"
)
_TAKE = sql(
    """
    WITH taken AS (DELETE FROM meeting_signal WHERE peer_id = ANY(:peers) RETURNING id, peer_id, body)
    SELECT peer_id, body FROM taken ORDER BY id
    """
)
_COME = sql(
    """
    INSERT INTO meeting_peer (id, meeting_id, member_id, account_id, name, camera, microphone, joined_at,
                              seen_at)
    VALUES (:id, :meeting, :member, :account, :name, :camera, :microphone, :now, :now)
    """
)
_GO = sql("DELETE FROM meeting_peer WHERE id = ANY(:peers) RETURNING id, member_id")
_SEAT = sql("SELECT id, account_id, name FROM meeting_peer WHERE member_id = :member")
_WHERE = sql("SELECT meeting_id, member_id FROM meeting_peer WHERE id = :peer")
_COUNT = sql("SELECT count(*) FROM meeting_peer WHERE meeting_id = :meeting")
# Whoever locks several screens does so in the order of their names: nobody waits for each other.
_ALL = sql(
    "DELETE FROM meeting_peer WHERE id IN (SELECT id FROM meeting_peer WHERE meeting_id = :meeting "
    "ORDER BY id FOR UPDATE) RETURNING id"
)
_OF_MEMBER = sql("DELETE FROM meeting_peer WHERE member_id = :member RETURNING id")
_SHOW = sql("UPDATE meeting_peer SET camera = :camera, microphone = :microphone WHERE id = :peer")
_BEAT = sql(
    "UPDATE meeting_peer SET seen_at = :now WHERE id IN (SELECT id FROM meeting_peer "
    "WHERE id = ANY(:peers) ORDER BY id FOR UPDATE) RETURNING id"
)
_SILENT = sql("SELECT id FROM meeting_peer WHERE seen_at < :before ORDER BY id LIMIT 100")
_FORGET = sql("DELETE FROM meeting_signal WHERE at < :before")


async def present(tx: Tx, meeting_id: int) -> list[PeerFact]:
    """Return who takes part, the first to come first."""
    return [PeerFact(**row) for row in (await tx.execute(_PEERS, {"meeting": meeting_id})).mappings()]


async def count(tx: Tx, meeting_id: int) -> int:
    """Return how many take part."""
    return int(await tx.scalar(_COUNT, {"meeting": meeting_id}) or 0)


async def post(
    tx: Tx, meeting_id: int, body: str, now: datetime, *, to: str | None = None, but: str = ""
) -> int:
    """Leave a message for one screen of a meeting, or for all but one; return for how many."""
    told = {"meeting": meeting_id, "body": body, "at": now, "to": to, "but": but}
    return len((await tx.execute(_POST, told)).all())


async def last_word(tx: Tx, peer_ids: Sequence[str], body: str, now: datetime) -> None:
    """Leave a message for screens that take part no more."""
    if peer_ids:
        await tx.execute(_LAST_WORD, {"peers": list(peer_ids), "body": body, "at": now})


async def take(tx: Tx, peer_ids: Sequence[str]) -> list[tuple[str, str]]:
    """Return (screen, message) of what waits for these screens, in order, and take it away."""
    return [(row.peer_id, row.body) for row in await tx.execute(_TAKE, {"peers": list(peer_ids)})]


async def come(
    tx: Tx,
    peer_id: str,
    meeting_id: int,
    member_id: int,
    account_id: int,
    name: str,
    now: datetime,
    *,
    camera: bool,
    microphone: bool,
) -> None:
    """Note a screen that takes part."""
    told = {"id": peer_id, "meeting": meeting_id, "member": member_id, "account": account_id, "name": name}
    await tx.execute(_COME, {**told, "camera": camera, "microphone": microphone, "now": now})


async def go(tx: Tx, peer_id: str) -> bool:
    """Forget a screen; False when it was forgotten before."""
    return (await tx.execute(_GO, {"peers": [peer_id]})).first() is not None


async def at_seat(tx: Tx, member_id: int) -> tuple[str, int, str] | None:
    """Return (screen, account, name) of who sits in a seat."""
    row = (await tx.execute(_SEAT, {"member": member_id})).first()
    return (row.id, row.account_id, row.name) if row else None


async def place_of(tx: Tx, peer_id: str) -> tuple[int, int] | None:
    """Return (meeting, seat) of a screen that takes part."""
    row = (await tx.execute(_WHERE, {"peer": peer_id})).first()
    return (row.meeting_id, row.member_id) if row else None


async def clear(tx: Tx, meeting_id: int) -> list[str]:
    """Forget every screen of a meeting; return which they were."""
    return list((await tx.execute(_ALL, {"meeting": meeting_id})).scalars())


async def clear_seat(tx: Tx, member_id: int) -> list[str]:
    """Forget the screen of a seat; return which it was."""
    return list((await tx.execute(_OF_MEMBER, {"member": member_id})).scalars())


async def show(tx: Tx, peer_id: str, *, camera: bool, microphone: bool) -> None:
    """Note what a screen sends now."""
    await tx.execute(_SHOW, {"peer": peer_id, "camera": camera, "microphone": microphone})


async def beat(tx: Tx, peer_ids: Sequence[str], now: datetime) -> set[str]:
    """Note that screens are there; return those that take part still."""
    return set((await tx.execute(_BEAT, {"peers": list(peer_ids), "now": now})).scalars())


async def silent(tx: Tx, before: datetime) -> list[str]:
    """Return the screens of which no node said for long that they are there."""
    return list((await tx.execute(_SILENT, {"before": before})).scalars())


async def forget_signals(tx: Tx, before: datetime) -> None:
    """Throw away what nobody fetched."""
    await tx.execute(_FORGET, {"before": before})
