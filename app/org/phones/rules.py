"""Whose phone somebody may let in, and how a phone stands. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from app.org.rules.access import PERMISSIONS, Role, Viewer

PhoneState = Literal["waiting", "lapsed", "linked", "ended", "revoked"]


def may_let_in(by: Viewer, person_id: int, region_code: str, role: Role, scope: str) -> bool:
    """Whether this person may make a link with which somebody logs in as that account.

    A link is a login: nobody hands out more than he may do himself, apart from answering for a team. One's
    own phone one may always let in.
    """
    if by.person_id == person_id:
        return True
    if not by.may("command") or not by.covers(region_code) or not scope.startswith(by.scope):
        return False
    return PERMISSIONS[role] <= PERMISSIONS[by.role] | {"answer"}


def standing(
    *,
    now: datetime,
    expires_at: datetime,
    used_at: datetime | None,
    revoked_at: datetime | None,
    logged_in: bool,
) -> PhoneState:
    """Return how a phone stands: its link waits or lapsed, it is logged in, it ended, it was revoked."""
    if revoked_at is not None:
        return "revoked"
    if used_at is None:
        return "waiting" if now < expires_at else "lapsed"
    return "linked" if logged_in else "ended"


def scope_of(region_code: str, stream: str) -> str:
    """Return the scope of an account made for somebody of this place: county, township or village."""
    if region_code == stream.ljust(12, "0"):
        return stream
    return region_code[:9] if region_code.endswith("000") else region_code
