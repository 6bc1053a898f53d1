"""The archive of the demo: what the last hours left on paper, by the hand of the shift lead."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Mapped
from sqlmodel import col, select

from app.api.house import House
from app.api.papers import office_of
from app.broadcast.tables import BroadcastMessage
from app.db import Tx
from app.desk.documents.actions import filing
from app.desk.documents.commands import DocumentFileIn
from app.desk.documents.press import press_of
from app.desk.documents.rules.kinds import MadeKind
from app.desk.prints.page import NoPrintFont
from app.dispatch.order.tables import DispatchOrder
from app.dispatch.tables import Incident
from app.duty.tables import DutyPost
from app.response.call_and_respond.tables import CalloutRound
from app.response.level.tables import Response
from app.stage.hands import hand_of

LEAD = "shift"
MOST = 3  # of a kind


async def fill_archive(house: House) -> None:
    """File the papers of what is over: nothing without fonts to print with."""
    office = await office_of(house)
    # A day of duty ends in the morning after it: before that only the one before is over.
    yesterday = (office.now.astimezone(office.zone) - timedelta(days=1, hours=12)).date().isoformat()
    async with house.database.transaction() as tx:
        by = await hand_of(tx, LEAD)
        over = await _over(tx, yesterday)
    # One transaction each: a busy machine prints longer than one that has written the journal may be silent.
    for told in over:
        try:
            async with house.database.transaction() as tx:
                await filing.file(tx, by, told, office, press_of(office.fonts))
        except NoPrintFont:
            return


async def _over(tx: Tx, yesterday: str) -> list[DocumentFileIn]:
    """Return what can be filed by now, in the order of the work: calls, orders, responses, broadcasts."""
    kinds: list[tuple[MadeKind, Mapped[int | None], ColumnElement[bool], str]] = [
        ("call_record", col(Incident.id), col(Incident.state) != "scheduled", ""),
        ("order", col(DispatchOrder.id), col(DispatchOrder.state) == "closed", ""),
        ("response_order", col(Response.id), col(Response.state) == "active", ""),
        ("broadcast_sheet", col(BroadcastMessage.id), col(BroadcastMessage.state) == "finished", ""),
        ("call_and_respond_record", col(CalloutRound.id), col(CalloutRound.state) == "ended", ""),
        ("duty_log", col(DutyPost.id), col(DutyPost.kind) == "centre", yesterday),
    ]
    return [
        DocumentFileIn(kind=kind, id=id_, part=part)
        for kind, ids, which, part in kinds
        for id_ in (await tx.execute(select(ids).where(which).limit(MOST))).scalars()
        if id_ is not None
    ]
