"""Requests for supplies and transfer orders (调拨单): proposed, reserved, handed over, printed."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query
from fastapi.responses import Response

from app.api.causes import must_be_in_earnest
from app.api.house import By, InHouse, InTx
from app.api.papers import paper_of
from app.api.prints import PRINTS, Form
from app.api.supplies import router as router  # one noun, two modules
from app.commands import RowId
from app.db import Tx
from app.dispatch.store import incidents
from app.org.rules.access import Viewer, may_see, require
from app.refusals import NotFound
from app.supplies.actions import requests, transfers
from app.supplies.actions.requests import Matter
from app.supplies.store import transfers as store
from app.supplies.transfer_commands import (
    ReceiptIn,
    SignatureIn,
    SupplyCancelIn,
    SupplyProposalIn,
    SupplyRequestIn,
    SupplyReturnIn,
    TransferIssueIn,
)
from app.supplies.transfer_facts import (
    SupplyIssuedFact,
    SupplyProposalFact,
    SupplyRequestedFact,
    SupplyTransferFact,
)


@router.post("/proposals")
async def propose(told: SupplyProposalIn, by: By, tx: InTx, house: InHouse) -> SupplyProposalFact:
    """Say which warehouse would give what, nearest first, the city's as reserve; nothing is reserved."""
    return await requests.advise(tx, by, told, house.clock.now(), house.supplies)


@router.post("/requests", status_code=201)
async def ask(told: SupplyRequestIn, by: By, tx: InTx, house: InHouse) -> SupplyRequestedFact:
    """Enter a request and reserve the goods at once: one transfer order a warehouse."""
    matter = await _matter(tx, by, told.incident_id)
    return await requests.ask(tx, by, told, house.clock.now(), house.supplies, matter)


async def _matter(tx: Tx, by: Viewer, incident_id: int | None) -> Matter | None:
    if incident_id is None:
        return None
    seen = await incidents.seen(tx, by.stream, incident_id)
    if seen is None or not may_see(by, seen.concern):
        raise NotFound("该事件", "incident")
    await must_be_in_earnest(tx, by, incident_id, ("物资", "goods"))
    return Matter(incident_id, seen.fact.number, seen.concern.restricted, seen.concern.readers)


@router.get("/transfers")
async def listed(
    by: By,
    tx: InTx,
    running: Annotated[bool, Query(description="only those that wait for somebody")] = False,  # noqa: FBT002
    incident_id: RowId | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> list[SupplyTransferFact]:
    """Return transfer orders from or to the scope, the newest first."""
    require(by, "see_desk")
    return await store.listed(tx, by, running=running, incident_id=incident_id, limit=limit)


@router.get("/transfers/{transfer_id}")
async def one(transfer_id: RowId, by: By, tx: InTx) -> SupplyTransferFact:
    """Return a transfer order."""
    return await _seen(tx, by, transfer_id)


@router.get("/transfers/{transfer_id}/slip.{form}", response_class=Response, responses=PRINTS)
async def slip(transfer_id: RowId, form: Form, by: By, tx: InTx, house: InHouse) -> Response:
    """Return the transfer slip to print, with its three signatures."""
    return await paper_of(tx, by, house, "transfer", transfer_id, form)


async def _seen(tx: Tx, by: Viewer, transfer_id: int) -> SupplyTransferFact:
    require(by, "see_desk")
    found = await store.seen(tx, by, transfer_id)
    if found is None:
        raise NotFound("该调拨单", "transfer order")
    return found


@router.post("/transfers/{transfer_id}/issue")
async def issue(
    transfer_id: RowId, told: TransferIssueIn, by: By, tx: InTx, house: InHouse
) -> SupplyIssuedFact:
    """Issue as the keeper; what is not there is reserved in the next warehouse at once."""
    return await transfers.issue(tx, by, transfer_id, told, house.clock.now(), house.supplies)


@router.post("/transfers/{transfer_id}/carriage")
async def carry(
    transfer_id: RowId, told: SignatureIn, by: By, tx: InTx, house: InHouse
) -> SupplyTransferFact:
    """Sign as the carrier."""
    return await transfers.carry(tx, by, transfer_id, told, house.clock.now())


@router.post("/transfers/{transfer_id}/receipt")
async def receive(
    transfer_id: RowId, told: ReceiptIn, by: By, tx: InTx, house: InHouse
) -> SupplyTransferFact:
    """Sign for what came; a difference needs a reason."""
    return await transfers.receive(tx, by, transfer_id, told, house.clock.now())


@router.post("/transfers/{transfer_id}/return")
async def give_back(
    transfer_id: RowId, told: SupplyReturnIn, by: By, tx: InTx, house: InHouse
) -> SupplyTransferFact:
    """Bring goods back, or book what was used up."""
    return await transfers.give_back(tx, by, transfer_id, told, house.clock.now())


@router.post("/transfers/{transfer_id}/cancellation")
async def cancel(
    transfer_id: RowId, told: SupplyCancelIn, by: By, tx: InTx, house: InHouse
) -> SupplyTransferFact:
    """Take an order back before it is received."""
    return await transfers.cancel(tx, by, transfer_id, told, house.clock.now())
