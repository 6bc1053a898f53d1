"""What a token may be given, where it is never let in, and how often it may ask."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

from app.org.rules.access import PERMISSIONS, Permission, Viewer

PREFIX = "zhs_"
SHOWN = 12  # characters that name a token to people: the prefix and eight more
LONGEST = timedelta(days=366)
# A program keeps no accounts, reads no audit and reveals nothing: these are acts of a person.
NEVER: frozenset[Permission] = frozenset({"manage_accounts", "make_tokens", "audit", "reveal_personal"})
# Logins, passwords, second factors, tokens and whatever lets somebody else in.
_CLOSED = re.compile(r"^/api/(me/|tokens|accounts|walls|personal-data)|/phones(/|$)|^/api/duty/feeds")


def grantable(maker: Viewer) -> frozenset[Permission]:
    """Return what somebody may give a token: at most one's own rights."""
    return frozenset(one for one in PERMISSIONS[maker.role] if maker.may(one)) - NEVER


def is_closed(path: str) -> bool:
    """Whether a token is never let in here, whatever its scopes."""
    return _CLOSED.search(path) is not None


@dataclass(slots=True)
class Allowance:
    """A bucket of requests: full it holds a minute's worth, and it fills evenly."""

    per_minute: int
    left: float
    at_s: float

    @staticmethod
    def full(per_minute: int, at_s: float) -> Allowance:
        """Return a bucket nobody has drawn from."""
        return Allowance(per_minute, float(per_minute), at_s)

    def wait_s(self, now_s: float) -> float:
        """Take one request; return 0.0, or after how many seconds there is one to take."""
        a_second = self.per_minute / 60
        self.left = min(float(self.per_minute), self.left + max(0.0, now_s - self.at_s) * a_second)
        self.at_s = now_s
        if self.left < 1:
            return (1 - self.left) / a_second
        self.left -= 1
        return 0.0
