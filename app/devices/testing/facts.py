"""Wire shapes of device tests."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from app.devices.testing.rules import TestWord
from app.wire import Fact

TestOutcome = Literal["waiting", "running", "passed", "failed", "not_asked"]


class TestStanding(Fact):
    """How the tests of a device stand: the last one that said something, and when the next falls due."""

    __test__ = False  # pytest: not a class of tests

    state: TestWord
    at: datetime | None
    due_at: datetime | None
    method: str | None
    detail: str | None


class DeviceTestFact(Fact):
    """One test in the history of a device. `not_asked`: nobody could ask it, which says nothing about it."""

    id: int
    device_id: int
    device_label: str
    kind: str
    region_code: str
    method: str
    automatic: bool
    requested_by: str
    state: TestOutcome
    asked_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    detail: str


class TestTableRow(Fact):
    """One cell of the table per township and kind (乡镇 × 类型): how many devices stand how."""

    __test__ = False

    region_code: str
    region_name: str
    kind: str
    total: int
    ok: int
    due: int
    overdue: int
    failed: int
    running: int
    untested: int
    exempt: int
