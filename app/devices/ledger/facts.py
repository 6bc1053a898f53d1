"""Wire shapes of the device register."""

from __future__ import annotations

from datetime import datetime

from app.devices.ledger.rules import DeviceState
from app.devices.testing.facts import DeviceTestFact, TestStanding
from app.sheets import CellFault
from app.wire import Fact


class DeviceOut(Fact):
    """A device as the register shows it: what, whose, where, is it heard, did it pass its last test.

    `state`: `never_heard` is not `silent` – one never worked here, the other did. `family` is how it speaks,
    `kind` what it is. `lon`/`lat` (WGS-84) stand only with fixed devices. `carries`: what a gateway says it
    reaches. `fenced`: its leaving its region is told. `unregistered`: it spoke and nobody has filed it yet.
    `off_reason`: why it is out of service, "" while it is in service. `credential_at`: since when it has its
    password or code, None where it has none or nobody wrote that down; `credential_by`: who gave it that.
    """

    id: int
    family: str
    kind: str
    number: str
    printed_number: str
    label: str
    region_code: str
    region_path: str
    holder_id: int | None
    holder_name: str | None
    holder_phone: str | None
    team_id: int | None
    team_name: str | None
    lon: float | None
    lat: float | None
    coverage_km: float | None
    talk_groups: list[str]
    battery_pct: float | None
    signal_pct: float | None
    firmware: str | None
    heard_via: str | None
    last_heard_at: datetime | None
    health_at: datetime | None
    note: str
    active: bool
    fenced: bool
    pinned: bool
    unregistered: bool
    off_reason: str = ""
    credential_at: datetime | None = None
    credential_by: str = ""
    carries: list[str]
    state: DeviceState
    test: TestStanding


class DeviceDetail(DeviceOut):
    """One device with its last tests, the latest first."""

    tests: list[DeviceTestFact]


class ImportRow(Fact):
    """What a row of a sheet does to the register."""

    row: int
    action: str  # create | amend | unchanged
    family: str
    number: str
    label: str
    changed: list[str]


class ImportOut(Fact):
    """What a sheet would do, or did when `applied`. With faults nothing is done."""

    applied: bool
    created: int
    amended: int
    unchanged: int
    faults: list[CellFault]
    rows: list[ImportRow]
