"""The simulated weather bureau writes valid 12379, and its push is taken by a real centre's door."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.codecs import cn12379
from app.codecs.colours import Colour
from app.demo.city import generate
from app.simulators.warnings import RAINSTORM, SHUANGHE, YONGNING, message
from app.stage.warnings import TOWNSHIPS

AT = datetime(2025, 6, 17, 18, 40, tzinfo=UTC)


def test_its_townships_are_those_of_the_demo_city() -> None:
    city = generate()
    assert [city.region_by_code[code].name_zh for code in (SHUANGHE, YONGNING)] == ["双河镇", "永宁镇"]


@pytest.mark.parametrize(
    ("first", "cancel", "kind"), [(None, False, "Alert"), (AT, False, "Update"), (AT, True, "Cancel")]
)
def test_alert_update_and_cancel_are_valid_and_one_subject(
    first: datetime | None, cancel: bool, kind: str
) -> None:
    at = AT + timedelta(minutes=3)
    found = cn12379.read(message(RAINSTORM, Colour.RED, at, TOWNSHIPS, first=first, cancel=cancel))
    assert found.valid, found.findings
    assert found.message is not None
    assert found.message.msg_type == kind
    assert found.message.subject.endswith("024000" if first else "024300")
