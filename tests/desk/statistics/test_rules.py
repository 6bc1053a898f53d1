"""Which days a period has and what it is compared with."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.desk.statistics.rules import DAY, PeriodKind, compared, days_of

ZONE = ZoneInfo("Asia/Shanghai")
LATER = datetime(2030, 1, 1, tzinfo=UTC)


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("kind", "on", "until", "now", "before", "last_year"),
    [
        ("week", "2025-06-18", None, "06-16 06-22", "2025-06-09 2025-06-15", "2024-06-17 2024-06-23"),
        ("month", "2025-03-31", None, "03-01 03-31", "2025-02-01 2025-02-28", "2024-03-01 2024-03-31"),
        ("month", "2025-01-05", None, "01-01 01-31", "2024-12-01 2024-12-31", "2024-01-01 2024-01-31"),
        ("year", "2025-06-18", None, "01-01 12-31", "2024-01-01 2024-12-31", "2024-01-01 2024-12-31"),
        ("free", "2025-06-10", "2025-06-12", "06-10 06-12", "2025-06-07 2025-06-09", "2024-06-10 2024-06-12"),
    ],
)
def test_periods_and_what_they_are_compared_with(
    kind: PeriodKind, on: str, until: str | None, now: str, before: str, last_year: str
) -> None:
    found = compared(kind, days_of(kind, day(on), day(until) if until else None), LATER, ZONE)
    now = " ".join(f"2025-{part}" for part in now.split())
    told = [f"{span.first} {span.last}" for span in found.spans]
    assert told == [now, before, last_year]
    assert not found.running
    assert found.now.first_at.astimezone(ZONE).strftime("%H:%M") == "00:00"


def test_the_29th_of_february_is_compared_with_the_28th() -> None:
    found = compared("free", (day("2024-02-29"), day("2024-02-29")), LATER, ZONE)
    assert found.last_year.first == day("2023-02-28")


def test_three_days_of_a_running_week_are_compared_with_three_days() -> None:
    now = datetime(2025, 6, 18, 12, tzinfo=ZONE)
    found = compared("week", days_of("week", now.date()), now, ZONE)
    assert found.running
    assert found.before.after_at == datetime(2025, 6, 11, 12, tzinfo=ZONE)
    assert found.last_year.after_at - found.last_year.first_at == timedelta(days=2, hours=12)
    assert found.now.after_at == datetime(2025, 6, 23, tzinfo=ZONE)


@given(
    st.sampled_from(["week", "month", "year"]),
    st.dates(date(2003, 1, 1), date(2090, 1, 1)),
    st.floats(0, 86 * 365),
)
def test_a_period_holds_its_day_and_the_one_before_ends_where_it_begins(
    kind: PeriodKind, on: date, days_later: float
) -> None:
    days, now = days_of(kind, on), datetime(2003, 1, 1, tzinfo=UTC) + timedelta(days=days_later)
    found = compared(kind, days, now, ZONE)
    assert days[0] <= on <= days[1]
    assert found.before.last + DAY == found.now.first
    assert found.before.after_at <= found.now.first_at
    assert all(span.first_at < span.after_at for span in found.spans)
    assert found.last_year.last < found.now.first
