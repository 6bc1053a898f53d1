"""Whom a device can be given to: people and teams of the scope, for those who keep the register."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from app.api.house import By, InTx
from app.api.route import DeskRoute
from app.org import store as org
from app.org.rules.access import Viewer
from app.refusals import NotPermitted
from app.wire import Fact

router = APIRouter(prefix="/api/holders", tags=["devices"], route_class=DeskRoute)
MOST = 8


class HolderOut(Fact):
    """A person as the register names him."""

    id: int
    name: str
    post: str
    phone: str


class TeamNameOut(Fact):
    """A team as the register names it."""

    id: int
    name: str
    call_sign: str


class HoldersOut(Fact):
    """The first people and teams that a text finds."""

    people: list[HolderOut]
    teams: list[TeamNameOut]


@router.get("")
async def found(by: By, tx: InTx, text: Annotated[str, Query(max_length=40)] = "") -> HoldersOut:
    """Return people by name or telephone number and teams by name or call sign, at most 8 of each."""
    _may_keep(by)
    words = text.strip()
    if not words:
        return HoldersOut(people=[], teams=[])
    people, teams = await org.holders(tx, by.stream, by.scope, words, MOST)
    return HoldersOut(
        people=[HolderOut.model_validate(row) for row in people],
        teams=[TeamNameOut.model_validate(row) for row in teams],
    )


def _may_keep(by: Viewer) -> None:
    if not by.may("manage_devices"):
        raise NotPermitted
