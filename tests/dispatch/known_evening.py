"""An evening on which everything becomes known of an incident that can become known."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from app.db import Tx
from app.dispatch.actions import answer, incidents
from app.dispatch.actions.telling import note_telling
from app.dispatch.attachments.actions import Shelf, attach, withdraw
from app.dispatch.attachments.commands import AttachmentIn
from app.dispatch.commands import IncidentIn, IncidentPatch, StepIn, TellingIn
from app.dispatch.facts import IncidentFact
from app.dispatch.figures import actions as figures
from app.dispatch.figures.commands import FigureChoiceIn, FigureIn
from app.dispatch.handoff import actions as handoffs
from app.dispatch.handoff.commands import HandoffIn, HandoffReceiptIn
from app.dispatch.inbox import actions as inbox
from app.dispatch.inbox.commands import IntakeNoticeIn, JoinIn, LinkedPartnerIn
from app.dispatch.level.actions import set_key_facility, set_level
from app.dispatch.level.commands import KeyFacilityIn, LevelIn
from app.dispatch.places.actions import locate
from app.dispatch.places.commands import PlaceIn
from app.dispatch.secrecy.actions import set_secrecy
from app.dispatch.secrecy.commands import SecrecyIn
from tests.world import EAST_BANK, OPEN_KIND, RIVER, SECRET_KIND, STREAM, ZONE, World

Do = Callable[[Callable[[Tx], Awaitable[Any]]], Awaitable[Any]]
LEAK = "12D02"


async def known_evening(world: World, do: Do) -> None:
    """Bring about every kind of event of what is known; `do` runs an action and checks what it checks."""
    await world.run(
        "INSERT INTO event_type (scheme, code, name_zh, name_en, category, restricted) "
        "VALUES ('CN-EVENT-5', :code, '危化品泄漏', 'hazmat leak', '', false) ON CONFLICT DO NOTHING",
        code=LEAK,
    )
    id_ = (await world.incident(event_code=LEAK)).id
    sent = await world.send(RIVER, id_)
    await _levels(world, do, id_)
    await _readers(world, do, id_)
    place = PlaceIn(
        version=await version(world, id_), words="东岸村小学东北300米", outside=True, neighbour="邻县"
    )
    await do(lambda tx: locate(tx, world.people["officer"], id_, place, world.clock.now()))
    over_there = HandoffIn(kind="hand_off", name="邻县", phone="0799-5560119", text="氨气向贵县飘移")
    handed = await do(
        lambda tx: handoffs.send(tx, world.people["officer"], id_, over_there, world.clock.now())
    )
    got = HandoffReceiptIn(received_by="陈值班")
    await do(lambda tx: handoffs.receive(tx, world.people["officer"], handed.id, got, world.clock.now()))
    told = TellingIn(whom="市委值班室")
    await do(lambda tx: note_telling(tx, world.people["officer"], id_, told, world.clock.now()))
    assert sent.incident_id == id_
    await _files(world, do, id_)
    await _notices(world, do, id_)
    over = StepIn(step="cancel", channel="radio", reason="收队")
    await do(lambda tx: answer.step(tx, world.people["officer"], sent.id, over, world.clock.now()))


async def _files(world: World, do: Do, id_: int) -> None:
    by, now = world.people["officer"], world.clock.now()
    with TemporaryDirectory() as folder:
        shelf, told = Shelf(Path(folder), 1), AttachmentIn(name="现场.txt")
        file = await do(lambda tx: attach(tx, by, id_, told, "水位1.6米".encode(), shelf, now))
    await do(lambda tx: withdraw(tx, by, id_, file.id, "传错", now))


async def _notices(world: World, do: Do, id_: int) -> None:
    by, now = world.people["officer"], world.clock.now()
    sender = inbox.Sender(STREAM, "superior", "市应急局", by=by)
    ids = []
    for title in ("山洪", "塌方", "误报"):
        told = IntakeNoticeIn(title=title)
        notice, _ = await do(lambda tx, told=told: inbox.receive(tx, sender, told, now))  # type: ignore[misc]
        ids.append(notice.id)
    opened = IncidentIn(event_code=OPEN_KIND, region_code=EAST_BANK)
    await do(lambda tx: inbox.open_from(tx, by, ids[0], opened, now, ZONE))
    await do(lambda tx: inbox.join(tx, by, ids[1], JoinIn(incident_id=id_), now))
    await do(lambda tx: inbox.dismiss(tx, by, ids[2], "重复", now))
    lead = world.people["lead"]
    partner = await do(lambda tx: inbox.let_in(tx, lead, LinkedPartnerIn(name_zh="市水利局"), now))
    await do(lambda tx: inbox.shut_out(tx, lead, partner.id, now))


async def version(world: World, id_: int) -> int:
    """Return the incident's version now."""
    return int((await world.rows("SELECT version FROM incident WHERE id = :id", id=id_))[0]["version"])


async def _levels(world: World, do: Do, id_: int) -> None:
    by, now = world.people["officer"], world.clock.now()
    for value in (2, 3):
        figure = FigureIn(kind="dead", value=value, source="园区", official=True)
        await do(lambda tx, told=figure: figures.tell_figure(tx, by, id_, told, now))  # type: ignore[misc]
    risk = FigureIn(kind="at_risk", value=14, source="园区")
    await do(lambda tx: figures.tell_figure(tx, by, id_, risk, now))
    first = (await world.do(lambda tx: figures.book(tx, by, id_))).figures[-1]
    choice = FigureChoiceIn(kind="dead", figure_id=first.id, reason="核实")
    await do(lambda tx: figures.choose_figure(tx, by, id_, choice, now))
    endangered = KeyFacilityIn(name="县医院")
    await do(lambda tx: set_key_facility(tx, by, id_, endangered, now))
    for level in (4, 4):
        judged = LevelIn(level=level, reason="核实后调整")
        await do(lambda tx, told=judged: set_level(tx, by, id_, told, now))  # type: ignore[misc]


async def _readers(world: World, do: Do, id_: int) -> None:
    """Readers are named, changed and let go; a township's officer comes and goes with them."""
    by, now = world.people["officer"], world.clock.now()
    west, east = (f"account:{world.people[name].account_id}" for name in ("west", "east"))
    for readers, restricted in (
        ([], True),
        ([west], True),
        ([east, west], True),
        ([east], True),
        ([], False),
    ):
        told = SecrecyIn(
            version=await version(world, id_),
            sensitive=True,
            restricted=restricted,
            readers=readers,
            reason="信访",
        )
        await do(lambda tx, told=told: set_secrecy(tx, by, id_, told, now))  # type: ignore[misc]
    named = SecrecyIn(
        version=await version(world, id_), sensitive=False, restricted=True, readers=[west], reason="涉稳"
    )
    await do(lambda tx: set_secrecy(tx, by, id_, named, now))
    for code in (SECRET_KIND, OPEN_KIND, LEAK):
        patch = IncidentPatch(version=await version(world, id_), event_code=code, reason="核实")
        await do(lambda tx, told=patch: incidents.amend(tx, by, id_, told, now))  # type: ignore[misc]
    opened = SecrecyIn(version=await version(world, id_), sensitive=False, restricted=False, reason="公开")
    fact: IncidentFact = await do(lambda tx: set_secrecy(tx, by, id_, opened, now))
    assert fact.named_readers == []
