"""What a warning has started, and what of it does not know yet that the warning changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal, Protocol

from fastapi import APIRouter

from app.api.house import By, InHouse, InTx
from app.api.route import DeskRoute
from app.broadcast.store import messages as sheets_of
from app.codecs.ebm.identifiers import covers
from app.commands import RowId
from app.org.rules.access import require
from app.refusals import NotFound
from app.response.call_and_respond.facts import CalloutRoundFact
from app.response.call_and_respond.rules.widen import uncalled
from app.response.call_and_respond.store import rounds
from app.response.level.store import responses
from app.response.warning import telling
from app.response.warning.rules.announcement import Turned
from app.response.warning.rules.bulletin import ColourName
from app.response.warning.store import chains, messages
from app.response.warning.tables import WarningChain, WarningMessage
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
_NOT_SENT = frozenset({"draft", "submitted", "returned", "expired"})


class WarningTellFact(Fact):
    """How the warning changed since those were told, and words to begin with: a person sends them."""

    turned: Turned
    before: ColourName | None
    colour: ColourName | None
    title: str
    text: str


class WarningStartedFact(Fact):
    """One thing that was started for a warning; `at` is its last act.

    `behind`: the warning was changed or lifted after it, it has reached people and goes on for them, and
    nothing that follows it has told them: a cancel reaches exactly those who got the alert. `tell` is then
    what they are to be told, `followed_by` the announcement that is written and has not left. `adds` are the
    places of the warning that a running round of its colour does not call: it can be extended by them.
    """

    kind: Kind
    id: int
    title: str
    state: str
    level: int | None = None
    drill: bool
    at: datetime
    behind: bool
    followed_by: int | None = None
    adds: list[str] = []
    tell: WarningTellFact | None = None


@router.get("/{warning_id}/started")
async def started(warning_id: RowId, by: By, tx: InTx, house: InHouse) -> list[WarningStartedFact]:
    """Return what was started for a warning, by kind, the latest first."""
    require(by, "see_desk")
    warning = await chains.visible(tx, by, warning_id)
    if warning is None:
        raise NotFound("该预警", "warning")
    number, now = warning.id or 0, house.clock.now()
    called = await rounds.latest(tx, by.stream, by.scope, now, MOST_ROUNDS, ("warning", number))
    found = [
        _fact(
            "call_and_respond",
            one,
            one.title,
            one.widened_at or one.started_at,
            one.same_as_id,
            places=one.region_codes,
        )
        for one in called
    ]
    sheets = await sheets_of.of_cause(tx, by, "warning", number)
    found += [_fact("broadcast", sheet, sheet.title, at, sheet.replaces_id) for sheet, at in sheets]
    acted = await responses.of_cause(tx, by, "warning", number)
    found += [_fact("response", one, one.hazard, at, None, one.level) for one, at in acted]
    rows = await messages.of_chain(tx, number)
    behind = _behind(found, warning)
    widened = _widened(called, warning, rows)
    return [
        one.fact.model_copy(
            update={
                "behind": True,
                "adds": widened.get(one.fact.id, []) if one.fact.kind == "call_and_respond" else [],
                "followed_by": behind[one],
                "tell": WarningTellFact.model_validate(asdict(telling.announced(warning, rows, one.fact.at))),
            }
        )
        if one in behind
        else one.fact
        for one in found
    ]


@dataclass(frozen=True, slots=True, eq=False)
class _Thing:
    """One thing that was started, the earlier one whose people it tells, and the places it calls."""

    fact: WarningStartedFact
    follows: int | None
    places: Sequence[str]


class _Started(Protocol):
    """What all three have."""

    @property
    def id(self) -> int: ...
    @property
    def state(self) -> str: ...
    @property
    def drill(self) -> bool: ...


def _fact(
    kind: Kind,
    one: _Started,
    title: str,
    at: datetime,
    follows: int | None,
    level: int | None = None,
    places: Sequence[str] = (),
) -> _Thing:
    fact = WarningStartedFact(
        kind=kind,
        id=one.id,
        title=title,
        state=one.state,
        level=level,
        drill=one.drill,
        at=at,
        behind=False,
    )
    return _Thing(fact, follows, places)


def _behind(found: list[_Thing], warning: WarningChain) -> dict[_Thing, int | None]:
    """Return what does not know that the warning changed, and what is written for its people and waits."""
    if warning.revision == 1 and warning.standing == "in_force":
        return {}
    behind: dict[_Thing, int | None] = {}
    for one in found:
        fact = one.fact
        if fact.at >= warning.changed_at or fact.state in _OVER[fact.kind]:
            continue
        later = [other.fact for other in found if other.fact.kind == fact.kind and other.follows == fact.id]
        if any(_called_anew(one, other) for other in found if other.fact.at >= warning.changed_at):
            continue
        if all(other.state in _NOT_SENT for other in later):
            behind[one] = max((other.id for other in later), default=None)
    return behind


def _widened(
    called: Sequence[CalloutRoundFact], warning: WarningChain, rows: Sequence[WarningMessage]
) -> dict[int, list[str]]:
    """Return by running round of the warning's colour the places that it does not call."""
    current = next((row for row in rows if row.id == warning.message_id), None)
    if current is None or warning.standing != "in_force":
        return {}
    places = [unit.region_code for unit in telling.places_of(current).units]
    return {
        one.id: uncalled(one.region_codes, places)
        for one in called
        if (one.kind, one.state, one.colour) == ("alert", "running", warning.colour)
    }


def _called_anew(one: _Thing, other: _Thing) -> bool:
    """Whether a round called everywhere where another one had, as earnestly: its people know of it."""
    rounds_ = one.fact.kind == other.fact.kind == "call_and_respond"
    if not rounds_ or one.fact.drill != other.fact.drill or other.follows is not None:
        return False
    return all(any(covers(wide, place) for wide in other.places) for place in one.places)
