"""Wire shapes of relay failures."""

from __future__ import annotations

from datetime import datetime

from app.devices.relays.rules import Grade, Trouble
from app.wire import Fact


class RelayPlaceOut(Fact):
    """A township in which places are not carried: its name, how many of them (its seat counts), of how many.

    `groups` are lost in at least one of `names`; empty when the relay's groups were never entered.
    """

    region_code: str
    name: str
    lost: int
    of: int
    names: list[str]
    groups: list[str]


class RelayFailureOut(Fact):
    """A relay that fails. `grade`: `lost` – it does not carry; `at_risk` – on battery, it still does.

    `since` is when it was last heard, tested or told of its fault; None when nobody knows. `groups_lost` and
    `places` are what nobody else carries; `covered` counts the places others still reach. Without a position
    or `coverage_km` in the register nothing is known of places (`coverage_known`).
    """

    device_id: int
    label: str
    number: str
    region_code: str
    region_path: str
    trouble: Trouble
    grade: Grade
    since: datetime | None
    text: str
    coverage_known: bool
    talk_groups: list[str]
    groups_lost: list[str]
    places: list[RelayPlaceOut]
    covered: int


class RelayReportOut(Fact):
    """The relays of the county: how many there are, were never heard, fail; failures by grade."""

    total: int
    never_heard: int
    failures: list[RelayFailureOut]
