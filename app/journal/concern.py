"""Whom a fact concerns: stored with every journal row, so that the row alone decides who may see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Concern:
    """The places and teams involved.

    `audience` is `desk` for the business of the duty desk, `audit` for what only auditors see, `register`
    for what the desk and those who keep the devices read, and `outside` for those of the desk who may not
    know: they are told that a matter has left their sight. `readers` are those who alone may know, when
    they were named: `person:7`, `account:3`, `unit:2` (its people), `post:1` (who is on duty there).
    """

    region_codes: tuple[str, ...]
    team_ids: tuple[int, ...] = ()
    restricted: bool = False
    audience: Literal["desk", "audit", "register", "outside"] = "desk"
    readers: tuple[str, ...] = ()
