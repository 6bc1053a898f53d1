"""The series of numbers of orders."""

from __future__ import annotations

from sqlalchemy import text

from app.db import Tx


async def next_running(tx: Tx, stream: str, series: str, year: int) -> int:
    """Return the next number of a series in a year, held until commit: a refusal gives it back."""
    found = await tx.scalar(
        text(
            """
            INSERT INTO order_number (stream, series, year, last) VALUES (:s, :series, :year, 1)
            ON CONFLICT (stream, series, year) DO UPDATE SET last = order_number.last + 1 RETURNING last
            """
        ),
        {"s": stream, "series": series, "year": year},
    )
    assert found is not None
    return int(found)
