"""The table of rights in docs/security.md says what the code does."""

from __future__ import annotations

from typing import get_args

from app.org.rules.access import PERMISSIONS, Permission, Role
from tests.zygote import ROOT


def test_the_documented_table_of_rights_is_that_of_the_code() -> None:
    lines = (ROOT / "docs/security.md").read_text(encoding="utf-8").splitlines()
    head = next(line for line in lines if line.startswith("| | `centre_leader`"))
    roles = [cell.split("`")[1] for cell in head.split("|")[2:-1]]
    assert roles == list(get_args(Role))
    told = {}
    for permission in get_args(Permission):
        line = next(line for line in lines if line.startswith(f"| `{permission}` |"))
        marks = [cell.strip() for cell in line.split("|")[2:-1]]
        told[permission] = {role for role, mark in zip(roles, marks, strict=True) if mark == "●"}
    code = {one: {role for role in roles if one in PERMISSIONS[role]} for one in get_args(Permission)}  # type: ignore[index]
    assert told == code
