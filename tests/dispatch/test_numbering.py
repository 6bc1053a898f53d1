"""Numbers and names as documents print them."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from app.dispatch.rules.numbering import day_of, default_title, incident_number
from tests.world import OPEN_KIND, World

ZONE = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (datetime(2025, 6, 17, 15, 59, 59, tzinfo=UTC), "20250617"),
        (datetime(2025, 6, 17, 16, 0, 0, tzinfo=UTC), "20250618"),  # midnight in the county
        (datetime(2024, 12, 31, 16, 0, 0, tzinfo=UTC), "20250101"),
    ],
)
def test_the_day_is_the_countys_day(at: datetime, day: str) -> None:
    assert day_of(at, ZONE) == day


def test_numbers_have_three_digits_and_more_on_a_very_bad_day() -> None:
    assert incident_number("20250618", 1) == "SJ-20250618-001"
    assert incident_number("20250618", 1234) == "SJ-20250618-1234"


def test_a_title_nobody_typed_names_place_and_kind() -> None:
    assert default_title("樟川市临溪镇", "洪水") == "樟川市临溪镇洪水"


@pytest.mark.database
async def test_numbers_have_neither_gaps_nor_repeats_when_many_open_at_once(world: World) -> None:
    opened = await asyncio.gather(*(world.incident(title="") for _ in range(8)))
    assert sorted(incident.number for incident in opened) == [
        f"SJ-20250618-{number:03d}" for number in range(1, 9)
    ]
    assert {incident.title for incident in opened} == {"樟川市东镇东岸村其他事故"}
    world.later(hours=24)
    assert (await world.incident(event_code=OPEN_KIND)).number == "SJ-20250619-001"
