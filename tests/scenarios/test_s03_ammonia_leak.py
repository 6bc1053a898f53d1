"""Beside scenario S03 (app/scenario/scripts/s03.yaml): what a leak endangers, and to whom that is owed."""

from __future__ import annotations

from typing import Any

import pytest

from tests.scenarios.conftest import Begun
from tests.scenarios.night import Night

pytestmark = pytest.mark.database
PARK = "990181450000"


def _leak(night: Night) -> dict[str, Any]:
    """Tell what the control room confirmed."""
    return {
        "event_code": "12D02",
        "title": "工业园区液氨泄漏",
        "source": "device_alarm",
        "region_code": PARK,
        "description": "液氨 UN1005,东南风 3 m/s",
        "received_at": night.moment("07:52:10").isoformat(),
        "casualties": {"dead": 0},
    }


async def test_a_leak_that_endangers_the_waterworks_is_owed_to_the_province_by_telephone(
    begun: Begun,
) -> None:
    night = await begun("2025-06-18", "07:53:00")
    opened = await night.do("chenjie", "/api/incidents", _leak(night))
    path = f"/api/incidents/{opened['id']}"
    assert ("C", "PR", "phone") not in await night.dues("chenjie", path)
    await night.at("07:58:00")
    await night.do("chenjie", f"{path}/key-facility", {"name": "园区自来水厂"}, "PUT")
    (due,) = (await night.dues("chenjie", path))["C", "PR", "phone"]
    assert (due["rule_id"], night.is_at(due["due_at"], "08:52:10")) == ("N6", True)
