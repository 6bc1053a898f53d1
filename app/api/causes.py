"""What something is done for, looked up rather than believed: an exercise's cause starts nothing real."""

from __future__ import annotations

from app.db import Tx
from app.dispatch.store import incidents
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
