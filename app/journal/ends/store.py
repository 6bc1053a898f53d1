"""Read the ends of the journal, and set how it is chained from there on."""

from __future__ import annotations

from app.db import Tx, sql
from app.journal import store as journal
from app.journal.chain import Algorithm, End


async def streams(tx: Tx) -> dict[str, End]:
    """Return the end of every stream. The head names how it will go on, the last row how it was chained."""
    rows = await tx.execute(
        sql(
            """
            SELECT h.stream, h.seq, h.hash, coalesce(j.algorithm, h.algorithm) FROM journal_head h
              LEFT JOIN journal j ON j.stream = h.stream AND j.seq = h.seq
             ORDER BY h.stream
            """
        )
    )
    return {stream: End(seq, digest, algorithm) for stream, seq, digest, algorithm in rows}


async def chain_by(tx: Tx, stream: str, algorithm: Algorithm) -> bool:
    """Let the stream go on with this algorithm, whoever writes; return whether it went on with another."""
    done = await tx.execute(
        sql(
            """
            UPDATE journal_head SET algorithm = :algorithm
             WHERE stream = :stream AND algorithm <> :algorithm RETURNING seq
            """
        ),
        {"stream": stream, "algorithm": algorithm},
    )
    return done.first() is not None


async def open_by(tx: Tx, stream: str, algorithm: Algorithm) -> None:
    """Open the stream unless it is, and let it go on with the algorithm that this node was told."""
    await journal.open_stream(tx, stream)
    await chain_by(tx, stream, algorithm)
