"""The series of numbers: one row a series and year, held until commit."""

from __future__ import annotations

from sqlalchemy import text

from app.db import Tx


async def next_running(tx: Tx, stream: str, series: str, year: int) -> int:
    """Return the next number of a series in a year, held until commit: what is refused gives it back.

    Whoever asks meanwhile waits for the row, so that there is neither a gap nor a double.
    """
    found = await tx.scalar(
        text(
            """
            INSERT INTO number_series (stream, series, year, last) VALUES (:s, :series, :year, 1)
            ON CONFLICT (stream, series, year) DO UPDATE SET last = number_series.last + 1 RETURNING last
            """
        ),
        {"s": stream, "series": series, "year": year},
    )
    assert found is not None
    return int(found)
