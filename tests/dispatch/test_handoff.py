"""Cross-border notices: who is proposed, to whom they may go, what times and receipts they take."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from app.dispatch.facts import PlaceFact
from app.dispatch.handoff import actions
from app.dispatch.handoff.commands import HandoffIn, HandoffReceiptIn
from app.dispatch.handoff.facts import HandoffFact
from app.dispatch.handoff.refusals import HandoffReceived, TooManyHandoffs
from app.dispatch.handoff.rules import proposed
from app.dispatch.recommendation import actions as forces
from app.dispatch.recommendation.commands import PartnerIn
from app.dispatch.recommendation.facts import PartnerFact
from app.dispatch.rules.steps import IllegalStep
from app.refusals import InvalidInput, NotFound, NotPermitted
from tests.world import EAST_BANK, World

FREE = {"name": "邻水县应急局", "phone": "0799-5560119", "text": "火线距县界 2 公里"}


def partner(name: str = "邻水县应急指挥中心", **changed: Any) -> PartnerFact:
    told = {"id": 7, "kind": "neighbour", "name_zh": name, "name_en": "", "phone": "0799-1", "lon": None}
    return PartnerFact(**{**told, "lat": None, "capabilities": [], "note": "", "active": True, **changed})


def outside(neighbour: str = "邻水县") -> PlaceFact:
    return PlaceFact(kind="words", outside=True, neighbour=neighbour)


def test_an_incident_beyond_the_county_proposes_the_neighbour_it_lies_in() -> None:
    found = proposed(outside(), [partner("北岭县应急指挥中心", id=6), partner()], [])
    assert found is not None
    assert (found.kind, found.partner_id, found.phone) == ("hand_off", 7, "0799-1")


@pytest.mark.parametrize("changed", [{"active": False}, {"kind": "superior"}, {"name": "北岭县"}])
def test_a_neighbour_in_no_register_is_proposed_by_name(changed: dict[str, Any]) -> None:
    found = proposed(outside(), [partner(**changed)], [])
    assert found is not None
    assert (found.partner_id, found.name, found.phone) == (None, "邻水县", "")


@pytest.mark.database
async def test_nothing_is_proposed_within_the_county_and_once_it_was_handed_off(world: World) -> None:
    assert proposed(PlaceFact(kind="words"), [partner()], []) is None
    assert proposed(None, [partner()], []) is None
    told = await _sent(world, (await world.incident()).id)
    assert proposed(outside(), [partner()], [told]) is not None, "to be told is not to take over"
    given = told.model_copy(update={"kind": "hand_off"})
    assert proposed(outside(), [partner()], [told, given]) is None


@pytest.mark.parametrize(
    "told",
    [
        {"text": "x"},
        {"text": "x", "name": "邻县"},
        {"text": "x", "partner_id": 1, "name": "邻县", "phone": "0799-5560119"},
        {"text": " ", "partner_id": 1},
        {**FREE, "phone": "喂"},
        {**FREE, "means": "pigeon"},
    ],
)
def test_a_notice_has_one_addressee_and_words(told: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        HandoffIn.model_validate(told)


@pytest.mark.database
async def test_several_are_sent_and_each_is_received_once_with_its_three_times(world: World) -> None:
    incident = await world.incident()
    by, now = world.people["officer"], world.clock.now()
    first = await _sent(world, incident.id, happened_at=now - timedelta(minutes=9), channel="radio")
    second = await _sent(world, incident.id, kind="hand_off", means="fax")
    assert (first.happened_at, first.told_at, first.entered_at) == (now - timedelta(minutes=9), now, now)
    early = HandoffReceiptIn(received_by="陈值班", happened_at=now - timedelta(minutes=10))
    with pytest.raises(InvalidInput):
        await world.do(lambda tx: actions.receive(tx, by, first.id, early, now))
    world.later(minutes=5)
    told = HandoffReceiptIn(received_by="陈值班", happened_at=now, voucher="陈值班", channel="telephone")
    later = world.clock.now()
    got = await world.do(lambda tx: actions.receive(tx, by, first.id, told, later))
    assert got.receipt is not None
    assert (got.receipt.happened_at, got.receipt.told_at, got.receipt.entered_by) == (now, later, by.name)
    with pytest.raises(HandoffReceived):
        await world.do(lambda tx: actions.receive(tx, by, first.id, told, later))
    book = await world.do(lambda tx: actions.book(tx, by, incident.id))
    assert [(one.id, one.receipt is None) for one in book.handoffs] == [(first.id, False), (second.id, True)]


@pytest.mark.database
async def test_a_partner_keeps_the_name_it_had_and_a_retired_one_is_refused(world: World) -> None:
    incident, by, lead = await world.incident(), world.people["officer"], world.people["leader"]
    now = world.clock.now()
    entered = PartnerIn(kind="neighbour", name_zh="邻水县", phone="0799-5560119")
    made = await world.do(lambda tx: forces.register_partner(tx, lead, entered, now))
    told = HandoffIn(partner_id=made.id, text="x")
    sent = await world.do(lambda tx: actions.send(tx, by, incident.id, told, now))
    renamed = entered.model_copy(update={"name_zh": "邻水市"})
    await world.do(lambda tx: forces.amend_partner(tx, lead, made.id, renamed, now))
    await world.do(lambda tx: forces.retire_partner(tx, lead, made.id, now))
    with pytest.raises(InvalidInput):
        await world.do(lambda tx: actions.send(tx, by, incident.id, told, now))
    book = await world.do(lambda tx: actions.book(tx, by, incident.id))
    assert [(one.id, one.name) for one in book.handoffs] == [(sent.id, "邻水县")]


@pytest.mark.database
async def test_only_who_commands_the_incident_tells_of_it_while_it_is_open(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    incident = await world.incident(region_code=EAST_BANK)
    by, now = world.people["officer"], world.clock.now()
    for stranger, refusal in (("west", NotFound), ("crew", NotPermitted)):
        with pytest.raises(refusal):
            await world.do(lambda tx, who=stranger: actions.book(tx, world.people[who], incident.id))  # type: ignore[misc]
    sent = await _sent(world, incident.id)
    told = HandoffReceiptIn(received_by="x")
    with pytest.raises(NotFound):
        await world.do(lambda tx: actions.receive(tx, world.people["west"], sent.id, told, now))
    monkeypatch.setattr(actions, "MOST", 1)
    with pytest.raises(TooManyHandoffs):
        await _sent(world, incident.id)
    await world.run("UPDATE incident SET state = 'closed'")
    with pytest.raises(IllegalStep):
        await _sent(world, incident.id)
    got = await world.do(lambda tx: actions.receive(tx, by, sent.id, told, now))
    assert got.receipt is not None, "what was sent may be received after the incident is closed"


async def _sent(world: World, incident_id: int, **told: Any) -> HandoffFact:
    order = HandoffIn.model_validate({**FREE, **told})
    sent: HandoffFact = await world.do(
        lambda tx: actions.send(tx, world.people["officer"], incident_id, order, world.clock.now())
    )
    return sent
