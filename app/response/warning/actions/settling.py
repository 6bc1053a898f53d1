"""After each message a chain is judged anew: what stands, whom it concerns, what is told of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal

from app.db import Tx
from app.journal import store as journal
from app.org.rules.access import Concern, Viewer, actor
from app.response.warning.events import WarningChanged, WarningMessageNoted
from app.response.warning.facts import WarningDiff
from app.response.warning.rules.chain import Stand, stand, standing_at
from app.response.warning.store import chains, messages
from app.response.warning.tables import WarningChain, WarningMessage
from app.response.warning.telling import bulletin_of, diff_of, links_of, places_of

Turned = Literal["warning.issued", "warning.updated", "warning.lifted", "warning.expired"]
Noted = Literal[
    "warning.message_kept",
    "warning.message_waits",
    "warning.message_refused",
    "warning.message_vouched",
    "warning.message_rejected",
]


async def settle(tx: Tx, row: WarningChain, now: datetime) -> tuple[Turned | None, WarningDiff | None, Stand]:
    """Write how a chain stands now into its row. Returns what became of it, and what an update changed.

    The row is locked. What changes for those warned counts as a revision that desks acknowledge anew.
    """
    rows = await messages.of_chain(tx, row.id or 0)
    how = stand(links_of(rows))
    before_id, before = row.message_id, row.standing
    was = next((one for one in rows if one.id == before_id), None)
    current = next((one for one in rows if how.current and one.id == how.current.id), None)
    row.standing = standing_at(how, now)
    row.waiting = len(how.waiting)
    if current is not None:
        _copy(row, current)
    row.message_id = current.id if current else None
    diff = diff_of(was, current) if was and current and was.id != current.id else None
    turned = _turned(before_id, before, row)
    if turned is not None:
        row.revision += before_id is not None
        row.acks = []
        row.changed_at = now
    await tx.flush()
    return turned, diff, how


_FIRST: Mapping[str, Turned] = {
    "in_force": "warning.issued",
    "lifted": "warning.lifted",
    "expired": "warning.expired",
}


def _turned(before_id: int | None, before: str, row: WarningChain) -> Turned | None:
    """Say what became of a chain: `before_id` is the message that counted, None for a new one."""
    if row.message_id is None:
        return None  # a cancel before its alert: there is nothing to tell of yet
    if before_id is None:
        return _FIRST[row.standing]
    if row.standing != before and row.standing == "lifted":
        return "warning.lifted"
    if row.standing != before and row.standing == "expired":
        return "warning.expired"
    return "warning.updated" if before_id != row.message_id or row.standing != before else None


def _copy(row: WarningChain, current: WarningMessage) -> None:
    said, units = bulletin_of(current), places_of(current)
    for name in (
        "status",
        "event_code",
        "event_name",
        "colour",
        "issuer",
        "effective",
        "expires",
        "expires_assumed",
    ):
        setattr(row, name, getattr(said, name))
    row.title, row.issued_at = said.title or said.event_name, said.sent
    row.unit_names = [one.name for one in units.units]
    row.people = units.people
    row.concern = sorted({*row.concern, *(one.region_code for one in units.units)})


def concern_of(row: WarningChain) -> Concern:
    """Return whom a warning concerns: the townships ever warned in it, and the county."""
    return Concern(tuple(row.concern))


async def tell(
    tx: Tx,
    row: WarningChain,
    turned: Turned | Literal["warning.acknowledged"],
    diff: WarningDiff | None,
    now: datetime,
    by: Viewer | None = None,
) -> None:
    """Note in the journal what became of a warning."""
    event = WarningChanged(type=turned, warning=chains.brief(row), diff=diff)
    await journal.append(
        tx, row.stream, now, [journal.Entry(event, concern_of(row))], actor(by) if by else None
    )


async def note(
    tx: Tx,
    message: WarningMessage,
    row: WarningChain | None,
    what: Noted,
    now: datetime,
    by: Viewer | None = None,
) -> None:
    """Note in the journal what became of a message that changed nothing by itself."""
    finding = first_fault(message.findings)
    title = bulletin_of(message).title if message.bulletin is not None else ""
    event = WarningMessageNoted(
        type=what,
        message_id=message.id or 0,
        warning_id=message.warning_id,
        title=title,
        source_name=message.source_name,
        means=message.means,
        outcome=message.outcome,
        finding_zh=str(finding.get("zh", "")),
        finding_en=str(finding.get("en", "")),
        by=by.name if by else "",
        reason=message.vouch_reason,
    )
    concern = concern_of(row) if row else Concern((message.stream.ljust(12, "0"),))
    await journal.append(tx, message.stream, now, [journal.Entry(event, concern)], actor(by) if by else None)


def first_fault(findings: Sequence[dict[str, object]]) -> dict[str, object]:
    """Return what is wrong first; advice only when nothing is wrong."""
    ordered = sorted(findings, key=lambda one: one.get("layer") == "advice")
    return ordered[0] if ordered else {}
