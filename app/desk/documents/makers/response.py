"""The order that activates, adjusts or ends a response (启动、调整、终止应急响应令)."""

from __future__ import annotations

from app.db import Tx
from app.desk.documents.makers.asked import number_asked
from app.desk.documents.office import Made, Office
from app.desk.prints.letter import Letter
from app.desk.prints.page import clean
from app.org.rules.access import Viewer, require
from app.refusals import NotFound
from app.reporting.report.rules.points import long_time
from app.response.level.facts import ResponseStepFact
from app.response.level.store import responses


async def response_order(tx: Tx, by: Viewer, response_id: int, part: str, office: Office) -> Made:
    """Make the order of one decision on a response; `part` is which decision, "" the last there is."""
    require(by, "see_desk")
    found = await responses.seen(tx, by, response_id)
    decided = [one for one in await responses.steps(tx, response_id) if one.number] if found else []
    wanted = number_asked(part, "第几项决定", "decision") if part else decided[0].step if decided else 0
    held = next((one for one in decided if one.step == wanted), None)
    if found is None or held is None:
        raise NotFound("该应急响应令", "response order")
    letter = Letter(
        marks=("", ""),
        head="",
        number="",
        author="",
        date=long_time(held.decided_at or office.now, office.zone),
        title=clean(held.title),
        paragraphs=tuple(clean(one) for one in held.paragraphs),
        foot=(("发", f"{held.recipients}个单位"),) if held.recipients else (),
        signs=(("签发", clean(_signed(held, office))),),
    )
    return Made(
        f"response_order:{response_id}:{held.step}",
        held.title,
        clean(f"应急响应令 {held.number}"),
        letter=letter,
        number=held.number,
        incident_ids=(found.incident_id,) if found.incident_id is not None else (),
    )


def _signed(held: ResponseStepFact, office: Office) -> str:
    """Return who answers for it: his signature, or his word by mouth as long as he has not signed."""
    if held.signed_by and held.signed_at:
        return f"{held.signed_by} {long_time(held.signed_at, office.zone)}"
    at = long_time(held.consent_at, office.zone) if held.consent_at else ""
    return f"{held.consent_of}(口头同意 {at},待补签)"
