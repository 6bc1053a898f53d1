"""What something is done for, looked up rather than believed: an exercise's cause starts nothing real."""

from __future__ import annotations

from app.db import Tx
from app.dispatch.store import incidents
from app.exercise.refusals import DrillNotRunning, NoVoice
from app.exercise.store import drills
from app.org.rules.access import Viewer, may_see
from app.refusals import FieldFault, InvalidInput, NotFound
from app.response.level.store import responses
from app.response.warning.store import chains

ACTUAL, EXERCISE = "actual", "exercise"


async def status_of(tx: Tx, by: Viewer, kind: str, cause_id: int | None) -> str | None:
    """Return whether a warning or response is actual, an exercise or a test; None where it is not seen.

    An incident of a drill is an exercise; what is neither (words) is actual.
    """
    if kind == "warning" and cause_id is not None:
        found = await chains.visible(tx, by, cause_id)
        return found.status.lower() if found is not None else None
    if kind == "response" and cause_id is not None:
        response = await responses.seen(tx, by, cause_id)
        return None if response is None else EXERCISE if response.drill else ACTUAL
    if kind == "incident" and cause_id is not None:
        seen = await incidents.seen(tx, by.stream, cause_id)
        known = seen is not None and may_see(by, seen.concern)
        return EXERCISE if seen and known and seen.fact.drill_id is not None else ACTUAL
    return ACTUAL


async def known_status(tx: Tx, by: Viewer, kind: str, cause_id: int | None) -> str:
    """Return the status of a cause that must be seen. Raises NotFound."""
    found = await status_of(tx, by, kind, cause_id)
    if found is None:
        raise NotFound("所依据的预警或响应", "warning or response it is done for")
    return found


async def must_be_drill(tx: Tx, by: Viewer, kind: str, cause_id: int | None, *, drill: bool) -> None:
    """Let an exercise or a test start drills only. Raises InvalidInput."""
    if not drill and await status_of(tx, by, kind, cause_id) not in (None, ACTUAL):
        raise InvalidInput(
            FieldFault("drill", "依据是演练或测试,只能作为演练发起", "its cause is an exercise: only a drill")
        )


async def must_run(tx: Tx, by: Viewer, drill_id: int | None) -> None:
    """Let something belong to a drill only while that drill runs. Raises DrillNotRunning."""
    if drill_id is not None and await drills.state_of(tx, by.stream, drill_id) != "running":
        raise DrillNotRunning


async def must_not_sound(tx: Tx, wish: str, kind: str, cause_id: int | None) -> None:
    """Let loudspeakers sound for a drill only where somebody let them in that drill. Raises NoVoice."""
    sounds = wish == "drill_terminal" and kind == "incident" and cause_id is not None
    if sounds and not await drills.may_sound(tx, cause_id or 0):
        raise NoVoice


async def must_be_in_earnest(tx: Tx, by: Viewer, incident_id: int | None, what: tuple[str, str]) -> None:
    """Let a drill touch no register of real things: goods, shelters, lists of people. Raises InvalidInput."""
    if incident_id is not None and await status_of(tx, by, "incident", incident_id) != ACTUAL:
        zh, en = what
        raise InvalidInput(FieldFault("incident_id", f"演练不动用真实{zh}", f"a drill touches no real {en}"))
