"""Write anchors down and read them with what the journal holds at their numbers."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date

from app.db import Tx, sql
from app.journal.anchor.rules import Anchor

_COLUMNS = "a.stream, a.day, a.seq, a.hash, a.made_at, a.public_key, a.signature, a.algorithm, a.signed_by"


async def exists(tx: Tx, stream: str, day: date) -> bool:
    """Whether a day is anchored."""
    asked = sql("SELECT 1 FROM journal_anchor WHERE stream = :stream AND day = :day")
    return (await tx.execute(asked, {"stream": stream, "day": day})).first() is not None


async def put(tx: Tx, anchor: Anchor) -> bool:
    """Write an anchor down unless its day has one; return whether it was written."""
    done = await tx.execute(
        sql(
            """
            INSERT INTO journal_anchor (stream, day, seq, hash, made_at, public_key, signature,
                                        algorithm, signed_by)
            VALUES (:stream, :day, :seq, :hash, :made_at, :public_key, :signature, :algorithm, :signed_by)
            ON CONFLICT DO NOTHING RETURNING day
            """
        ),
        asdict(anchor),
    )
    return done.first() is not None


async def newest(tx: Tx, stream: str) -> Anchor | None:
    """Return the last anchor of a stream."""
    asked = sql(
        f"SELECT {_COLUMNS} FROM journal_anchor a WHERE stream = :stream ORDER BY day DESC LIMIT 1"  # noqa: S608
    )
    row = (await tx.execute(asked, {"stream": stream})).first()
    return Anchor(*row) if row is not None else None


async def beside_journal(tx: Tx) -> list[tuple[Anchor, tuple[bytes, str] | None]]:
    """Return every anchor in order, each with hash and algorithm of the row it names, None without one."""
    asked = sql(
        f"""
        SELECT {_COLUMNS}, j.hash, j.algorithm FROM journal_anchor a
          LEFT JOIN journal j ON j.stream = a.stream AND j.seq = a.seq
         ORDER BY a.stream, a.day
        """  # noqa: S608
    )
    rows = [tuple(row) for row in await tx.execute(asked)]
    return [(Anchor(*row[:-2]), row[-2:] if row[-2] is not None else None) for row in rows]
