"""Whose phone may be let in, and how a phone stands: pure decisions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.api.qr import qr_code
from app.org.phones.rules import may_let_in, scope_of, standing
from app.org.rules.access import PERMISSIONS, Role, Viewer

NOW = datetime(2025, 6, 18, tzinfo=UTC)
ROLES = st.sampled_from(sorted(PERMISSIONS))


def viewer(role: Role, scope: str = "990181", person: int | None = None) -> Viewer:
    return Viewer(account_id=1, name="甲", role=role, stream="990181", scope=scope, person_id=person)


@pytest.mark.parametrize(
    ("role", "scope", "target", "target_scope", "may"),
    [
        ("duty_officer", "990181", "responder", "990181100", True),
        ("duty_officer", "990181", "centre_leader", "990181", False),
        ("duty_officer", "990181", "township_leader", "990181100", False),
        ("shift_lead", "990181", "duty_officer", "990181", True),
        ("township_officer", "990181100", "responder", "990181100", True),
        ("township_officer", "990181100", "responder", "990181", False),
        ("responder", "990181100", "responder", "990181100", False),
        ("auditor", "990181", "responder", "990181100", False),
        ("device_admin", "990181", "responder", "990181100", False),
    ],
)
def test_who_may_let_whose_phone_in(
    role: Role, scope: str, target: Role, target_scope: str, may: bool
) -> None:
    assert may_let_in(viewer(role, scope), 7, "990181100201", target, target_scope) is may


@given(ROLES, ROLES)
def test_a_link_never_gives_more_than_its_maker_has_but_to_himself(role: Role, target: Role) -> None:
    if may_let_in(viewer(role), 7, "990181100201", target, "990181100"):
        assert PERMISSIONS[target] - PERMISSIONS[role] <= {"answer"}
    assert may_let_in(viewer(role, person=7), 7, "990181100201", target, "990181")


@given(st.booleans(), st.booleans(), st.booleans(), st.integers(-100, 100))
def test_a_phone_stands_one_way_and_a_revoked_one_never_again_otherwise(
    used: bool, revoked: bool, logged_in: bool, seconds: int
) -> None:
    state = standing(
        now=NOW,
        expires_at=NOW + timedelta(seconds=seconds),
        used_at=NOW if used else None,
        revoked_at=NOW if revoked else None,
        logged_in=logged_in,
    )
    unused = "waiting" if seconds > 0 else "lapsed"
    expected = "revoked" if revoked else ("linked" if logged_in else "ended") if used else unused
    assert state == expected


@pytest.mark.parametrize(
    ("region", "scope"),
    [("990181000000", "990181"), ("990181100000", "990181100"), ("990181100201", "990181100201")],
)
def test_an_account_made_for_somebody_reaches_as_far_as_his_place(region: str, scope: str) -> None:
    assert scope_of(region, "990181") == scope


def test_the_qr_code_is_one_path_within_its_square() -> None:
    code = qr_code("http://10.1.2.3:8000/m/#login=" + "a" * 43)
    assert code.size % 4 == 1 and code.path.startswith("M4 4h7v1h-7z")  # the finder pattern's edge
    assert set(code.path) <= set("Mhvz0123456789- ")
