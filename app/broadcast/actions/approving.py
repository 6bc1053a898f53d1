"""Four eyes: a second named person lets a sheet go, or a leader consents by telephone and signs later."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.broadcast.actions.drafting import require_ready
from app.broadcast.actions.issuing import issue
from app.broadcast.actions.telling import held, tell
from app.broadcast.commands import BroadcastApprovalIn, BroadcastConsentIn, BroadcastReturnIn
from app.broadcast.refusals import AudibleNotConfirmed, BroadcastStale, NothingToSign, OwnBroadcast
from app.broadcast.rules import coverage, law
from app.broadcast.rules.results import SIGNATURE_AGAIN
from app.broadcast.settings import LEAD, BroadcastTerms
from app.broadcast.store import messages, places
from app.broadcast.tables import BroadcastMessage
from app.db import Tx
from app.org.rules.access import Viewer, require
from app.refusals import FieldFault, InvalidInput
from app.times import CLOCK_SLACK

OLDEST_CONSENT = timedelta(hours=24)


async def approve(
    tx: Tx, by: Viewer, message_id: int, told: BroadcastApprovalIn, now: datetime, terms: BroadcastTerms
) -> None:
    """Let another person's sheet go; it leaves at once, or ten minutes before its start.

    Raises NotPermitted, NotFound, BroadcastMoved, OwnBroadcast, BroadcastStale, AudibleNotConfirmed,
    WindowIsOver, NobodyCarries.
    """
    require(by, "approve_broadcast")
    row = await held(tx, by, message_id, "submitted")
    if row.author_id == by.account_id:
        raise OwnBroadcast
    _require_read(row, told.revision)
    await _require_confirmed(tx, row, told.audible)
    await require_ready(tx, row, now)
    row.approved_as, row.approver_id, row.approver = "approval", by.account_id, by.name
    await _let_go(tx, by, row, "broadcast.approved", "", now, terms)


async def send_back(tx: Tx, by: Viewer, message_id: int, told: BroadcastReturnIn, now: datetime) -> None:
    """Give a sheet back to its author with remarks. Raises as `approve`."""
    require(by, "approve_broadcast")
    row = await held(tx, by, message_id, "submitted")
    if row.author_id == by.account_id:
        raise OwnBroadcast
    _require_read(row, told.revision)
    row.state, row.returned_by, row.returned_at, row.remarks = "returned", by.name, now, told.remarks
    row.revision += 1
    await tell(tx, row, "broadcast.returned", now, by, told.remarks)


async def consent(
    tx: Tx, by: Viewer, message_id: int, told: BroadcastConsentIn, now: datetime, terms: BroadcastTerms
) -> None:
    """Let a sheet go because a named leader said so by telephone; the signature is owed until it is given.

    Raises NotPermitted, NotFound, BroadcastMoved, BroadcastStale, OwnBroadcast (the author names himself),
    AudibleNotConfirmed, WindowIsOver, NobodyCarries, InvalidInput (the time of the call).
    """
    require(by, "command")
    row = await held(tx, by, message_id, "draft", "submitted", "returned")
    _require_read(row, told.revision)
    if told.consent_of in (row.author, by.name):
        raise OwnBroadcast
    if not now - OLDEST_CONSENT <= told.at <= now + CLOCK_SLACK:
        raise InvalidInput(
            FieldFault(
                "at",
                "同意时间应在过去24小时内,请核对日期和时刻",
                "the call was within the last 24 hours: check day and time",
            )
        )
    await _require_confirmed(tx, row, told.audible)
    await require_ready(tx, row, now)
    row.approved_as, row.consent_of, row.consent_phone = "oral_consent", told.consent_of, told.phone
    row.consent_at, row.consent_words = min(told.at, now), told.words
    row.reask_at = now + SIGNATURE_AGAIN
    await _let_go(tx, by, row, "broadcast.consented", f"{told.consent_of}:{told.words}", now, terms)


async def countersign(tx: Tx, by: Viewer, message_id: int, now: datetime) -> None:
    """Sign for a consent that was given by telephone. Raises NotPermitted, OwnBroadcast, NothingToSign."""
    require(by, "approve_broadcast")
    row = await held(tx, by, message_id)
    if row.approved_as != "oral_consent" or row.countersigned_at is not None:
        raise NothingToSign
    if row.author_id == by.account_id:
        raise OwnBroadcast
    row.countersigner_id, row.countersigner, row.countersigned_at = by.account_id, by.name, now
    row.reask_at = None
    await tell(tx, row, "broadcast.countersigned", now, by)


async def ask_for_signature(tx: Tx, row: BroadcastMessage, now: datetime) -> None:
    """Say once more that a signature is owed; the caller holds the row."""
    row.asked += 1
    row.reask_at = now + SIGNATURE_AGAIN
    await tell(tx, row, "broadcast.signature_due", now, None, row.consent_of)


async def audible(tx: Tx, row: BroadcastMessage) -> int:
    """Return how many loudspeakers sound when the sheet is let go now: those that live in its villages."""
    if not law.audible(row.msg_type):
        return 0
    villages = await messages.targets(tx, row.id or 0)
    found = await places.loudspeakers(tx, row.stream, villages)
    if row.drill:
        villages = coverage.for_drill(villages, found)
    return coverage.covered(villages, found).live


async def _require_confirmed(tx: Tx, row: BroadcastMessage, told: int | None) -> None:
    """Have a drill confirmed a second time, by the number of loudspeakers that will sound."""
    if row.drill and told != (count := await audible(tx, row)):
        raise AudibleNotConfirmed(count)


async def _let_go(
    tx: Tx, by: Viewer, row: BroadcastMessage, kind: str, words: str, now: datetime, terms: BroadcastTerms
) -> None:
    row.state, row.approved_at = "approved", now
    row.revision += 1
    await tell(tx, row, kind, now, by, words)
    if row.start_at <= now + LEAD:
        await issue(tx, row, now, terms, by)


def _require_read(row: BroadcastMessage, revision: int) -> None:
    if row.revision != revision:
        raise BroadcastStale
