"""Roles that must have a second factor: who has none sets it up before anything else."""

from __future__ import annotations

from typing import cast, get_args

from app.org.rules.access import READ_ONLY, Role, Viewer
from app.refusals import Refusal

_OWN = "/api/me/second-factor"


class SecondFactorDue(Refusal):
    """The role asks for a second factor, and the account has none yet."""

    code = "second_factor_due"

    def __init__(self) -> None:
        super().__init__(
            "本账号的角色须启用二次验证,请先在值班台设置二次验证,设置后即可使用",
            "your role needs a second factor: set it up at the desk first, then go on",
        )


def roles_of(setting: str) -> frozenset[Role]:
    """Return the roles of a setting, separated by commas. Raises ValueError for what is no person's role."""
    known = [role for role in get_args(Role) if role not in READ_ONLY]
    told = {name.strip() for name in setting.split(",") if name.strip()}
    if unknown := sorted(told - set(known)):
        raise ValueError(
            f"没有这样的角色:{', '.join(unknown)},可用:{', '.join(known)}\n"
            f"no such role: {', '.join(unknown)}; use some of {', '.join(known)}"
        )
    return frozenset(cast("set[Role]", told))


def is_due(viewer: Viewer, roles: frozenset[Role]) -> bool:
    """Whether this login can only set its second factor up."""
    return viewer.factorless and viewer.role in roles


def is_open_to_due(path: str) -> bool:
    """Whether an operation may be asked before: who am I, and the second factor itself."""
    return path in ("/api/me", _OWN) or path.startswith(f"{_OWN}/")
