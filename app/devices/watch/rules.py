"""When a device is in trouble by what it told or failed to tell (issue: device alarms).

Each rule knows whether the trouble is told already (`stands`), so that a value that wavers around a limit
is one alarm and not ten.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from app.devices.ledger.rules import NOBODY, Vouched, silent_after

Verdict = Literal["begins", "ends"] | None
LOW_PCT, CHARGED_PCT = 20.0, 30.0
# Whose battery is somebody's task tonight: what is carried, and boxes on a hill with a reserve of their own.
BATTERIES = frozenset(
    {
        "radio_370",
        "satellite_phone",
        "beidou_terminal",
        "sbd_terminal",
        "video_backhaul",
        "repeater",
        "gateway",
    }
)
FORGOTTEN = timedelta(hours=12)  # a battery told longer ago says nothing of tonight
# There are no borders in the register: a device has left when it is farther from the middle of its region
# than the region reaches, and a margin; it is back when it is clearly inside.
REACH_KM = {"county": 45.0, "township": 15.0, "farm": 12.0, "park": 8.0, "subdistrict": 8.0}
VILLAGE_KM, MARGIN_KM, CLEARLY_INSIDE = 6.0, 2.0, 0.9


def battery(
    kind: str, pct: float | None, told_at: datetime | None, now: datetime, *, stands: bool
) -> Verdict:
    """Judge a battery: low at 20 %, no longer low at 30 %."""
    if pct is None or told_at is None or kind not in BATTERIES:
        return None
    if stands:
        return "ends" if pct >= CHARGED_PCT else None
    return "begins" if pct <= LOW_PCT and now - told_at <= FORGOTTEN else None


@dataclass(frozen=True, slots=True)
class Expected:
    """Why a device should be heard: a gateway always, unless its broker holds it; a registered radio while
    its network renews it; one whose team is out since `engaged_at`.
    """

    kind: str
    vouched: Vouched = NOBODY
    engaged_at: datetime | None = None


def patience(expected: Expected) -> timedelta | None:
    """Return how long the device may say nothing; None when nobody expects it to speak."""
    if expected.kind == "gateway" or expected.engaged_at is not None or expected.vouched.renew_s is not None:
        return silent_after(expected.kind, expected.vouched)
    return None


def silence(expected: Expected, heard_at: datetime | None, now: datetime, *, stands: bool) -> Verdict:
    """Judge a silence. Never heard is not lost, and what lay in a drawer before its team left neither."""
    if heard_at is None:
        return None
    if expected.vouched.connection == "online":
        return "ends" if stands else None
    limit = patience(expected)
    if stands:
        return "ends" if now - heard_at <= silent_after(expected.kind, expected.vouched) else None
    if limit is None or now - heard_at <= limit:
        return None
    asked_for_only_now = (
        expected.kind != "gateway"
        and expected.vouched.renew_s is None
        and expected.engaged_at is not None
        and heard_at + limit < expected.engaged_at
    )
    return None if asked_for_only_now else "begins"


def reach_km(region_kind: str) -> float:
    """Return how far a region of this kind reaches from its middle, margin included."""
    return REACH_KM.get(region_kind, VILLAGE_KM) + MARGIN_KM


def area(away_km: float, region_kind: str, *, stands: bool) -> Verdict:
    """Judge a distance from the middle of a device's region."""
    limit = reach_km(region_kind)
    if stands:
        return "ends" if away_km < limit * CLEARLY_INSIDE else None
    return "begins" if away_km > limit else None
