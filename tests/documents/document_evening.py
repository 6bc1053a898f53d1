"""An evening on which everything happens that can happen to a document."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from app.api.house import House
from app.api.papers import office_of
from app.config import Settings
from app.db import Tx
from app.desk.documents.actions import drafting, filing
from app.desk.documents.commands import DocumentFileIn, DocumentTextEditIn, DocumentTextIn
from app.desk.documents.press import Laid
from app.dispatch.actions import incidents
from app.dispatch.commands import IncidentIn
from tests.world import EAST_BANK, OPEN_KIND, SECRET_KIND, ZONE, World

Do = Callable[[Callable[[Tx], Awaitable[Any]]], Awaitable[Any]]


async def press(laid: Laid) -> Mapping[str, bytes]:
    """Print nothing but the title."""
    return {"docx": laid.title.encode()}


async def document_evening(world: World, do: Do) -> None:
    """Bring about every kind of event of documents, of an open and of a need-to-know incident."""
    settings = Settings(_env_file=None, database_url=world.database.url, stream="990181")
    office = await office_of(House(settings, world.database, world.clock))
    officer, leader, now = world.people["officer"], world.people["leader"], world.clock.now()
    edited = DocumentTextEditIn(revision=1, title="专报", text="二")
    for kind in (OPEN_KIND, SECRET_KIND):
        told = IncidentIn(event_code=kind, region_code=EAST_BANK, title="东岸村溺水")
        incident = await do(lambda tx, told=told: incidents.open_by_hand(tx, officer, told, now, ZONE))  # type: ignore[misc]
        record = DocumentFileIn(kind="call_record", id=incident.id)
        await do(lambda tx, record=record: filing.file(tx, officer, record, office, press))  # type: ignore[misc]
        special = DocumentTextIn(kind="special_report", title="专报", text="一", incident_id=incident.id)
        other = await do(lambda tx, special=special: drafting.draft(tx, officer, special, office))  # type: ignore[misc]
        await do(lambda tx, id_=other.id: drafting.drop(tx, officer, id_, "重写", office))  # type: ignore[misc]
        text = await do(lambda tx, special=special: drafting.draft(tx, officer, special, office))  # type: ignore[misc]
        await do(lambda tx, id_=text.id: drafting.edit(tx, officer, id_, edited, office))  # type: ignore[misc]
        await do(lambda tx, id_=text.id: drafting.sign(tx, leader, id_, 2, office, press))  # type: ignore[misc]
