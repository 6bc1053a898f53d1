"""What a warning has started, and what of it does not know yet that the warning changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal, Protocol

from fastapi import APIRouter

from app.api.house import By, InHouse, InTx
from app.api.route import DeskRoute
from app.broadcast.store import messages
from app.commands import RowId
from app.org.rules.access import require
from app.refusals import NotFound
from app.response.call_and_respond.store import rounds
from app.response.level.store import responses
from app.response.warning.store import chains
from app.response.warning.tables import WarningChain
from app.wire import Fact

router = APIRouter(prefix="/api/warnings", tags=["warnings"], route_class=DeskRoute)
MOST_ROUNDS = 20
Kind = Literal["call_and_respond", "broadcast", "response"]
# Where nobody was reached, or all were told that it is over. A round that ended has reached its people.
_OVER: Mapping[Kind, frozenset[str]] = {
    "call_and_respond": frozenset(),
    "broadcast": frozenset({"draft", "submitted", "returned", "dropped", "stopped", "expired"}),
    "response": frozenset({"refused", "ended"}),
}


class WarningStartedFact(Fact):
    """One thing that was started for a warning; `at` is its last act.

    `behind`: it is the latest of its kind, the warning was changed or lifted after it, and it goes on: those
    it reached are to be told, for a cancel reaches exactly those who got the alert.
    """

    kind: Kind
    id: int
    title: str
    state: str
    level: int | None = None
    drill: bool
    at: datetime
    behind: bool


@router.get("/{warning_id}/started")
async def started(warning_id: RowId, by: By, tx: InTx, house: InHouse) -> list[WarningStartedFact]:
    """Return what was started for a warning, by kind, the latest first."""
    require(by, "see_desk")
    warning = await chains.visible(tx, by, warning_id)
    if warning is None:
        raise NotFound("该预警", "warning")
    number, now = warning.id or 0, house.clock.now()
    called = await rounds.latest(tx, by.stream, by.scope, now, MOST_ROUNDS, ("warning", number))
    found = [_fact("call_and_respond", one, one.title, one.started_at) for one in called]
    sheets = await messages.of_cause(tx, by, "warning", number)
    found += [_fact("broadcast", sheet, sheet.title, at) for sheet, at in sheets]
    acted = await responses.of_cause(tx, by, "warning", number)
    found += [_fact("response", one, one.hazard, at, one.level) for one, at in acted]
    return _with_behind(found, warning)


class _Started(Protocol):
    """What all three have."""

    @property
    def id(self) -> int: ...
    @property
    def state(self) -> str: ...
    @property
    def drill(self) -> bool: ...


def _fact(
    kind: Kind, one: _Started, title: str, at: datetime, level: int | None = None
) -> WarningStartedFact:
    return WarningStartedFact(
        kind=kind,
        id=one.id,
        title=title,
        state=one.state,
        level=level,
        drill=one.drill,
        at=at,
        behind=False,
    )


def _with_behind(found: list[WarningStartedFact], warning: WarningChain) -> list[WarningStartedFact]:
    """Mark the latest of each kind where the warning changed after its last act."""
    changed = warning.revision > 1 or warning.standing != "in_force"
    latest: dict[str, datetime] = {}
    for one in found:
        latest[one.kind] = max(one.at, latest.get(one.kind, one.at))
    return [
        one.model_copy(
            update={
                "behind": changed
                and one.at == latest[one.kind]
                and one.at < warning.changed_at
                and one.state not in _OVER[one.kind]
            }
        )
        for one in found
    ]
