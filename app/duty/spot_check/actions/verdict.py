"""What follows from an answer or from silence: whoever noted it, the same facts give the same verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from app.db import Tx
from app.duty.spot_check.events import SpotFindingChanged
from app.duty.spot_check.facts import SpotFindingFact, SpotLeaderFact, SpotResultFact
from app.duty.spot_check.rules.judge import Leader, Limits, Method, Seen, Try, judge, relation, retry_due
from app.duty.spot_check.store import findings
from app.duty.spot_check.tables import SpotAttempt, SpotCheck, SpotFinding
from app.journal import store as journal
from app.journal.concern import Concern
from app.org.rules.access import Viewer
from app.org.rules.access import actor as account_of
from app.refusals import FieldFault, InvalidInput
from app.wire import Actor

Type = Literal["spot_check.called", "spot_check.unanswered", "spot_check.judged", "spot_check.method_changed"]


@dataclass(frozen=True, slots=True)
class Hand:
    """Who notes something of a check: an account, or a device (without an actor)."""

    stream: str
    name: str
    actor: Actor | None = None


def hand_of(by: Viewer) -> Hand:
    """Return the hand of an account."""
    return Hand(by.stream, by.name, account_of(by))


async def take_answer(tx: Tx, by: Hand, row: SpotFinding, result: SpotResultFact) -> None:
    """Name who answered and compare with the roster of the call."""
    people = {one.person_id: one.name for one in await findings.colleagues(tx, by.stream, row.post_id)}
    on_duty = {one["person_id"]: one["name"] for one in row.roster}
    known = people | on_duty
    name = known.get(result.person_id, result.name) if result.person_id is not None else result.name
    if result.person_id is not None and result.person_id not in known and not result.name:
        raise InvalidInput(
            FieldFault("person_id", "该单位没有这个人,请写出姓名", "nobody of this unit: write the name")
        )
    row.result = result.model_copy(update={"name": name}).model_dump(mode="json")
    row.answered_by = name
    row.relation = None
    if name or result.person_id is not None:
        row.relation = relation(
            result.person_id, name, on_duty, people.keys(), standing_in=result.standing_in
        )


async def silent(
    tx: Tx,
    by: Hand,
    check: SpotCheck,
    row: SpotFinding,
    calls: Sequence[SpotAttempt],
    now: datetime,
    limits: Limits,
) -> SpotFindingFact:
    """Note that nobody answered: the post is called again later, or judged for its silence."""
    row.result, row.answered_by, row.relation = None, "", None
    due = retry_due(len(calls), calls[-1].ended_at or now, limits)
    if due is None:
        return await judged(tx, by, check, row, calls, now, limits)
    row.state, row.retry_due_at, row.failures = "retry", due, []
    row.judged_at, row.judged_by = None, ""
    return await tell(tx, by, row, "spot_check.unanswered", now)


async def judged(
    tx: Tx,
    by: Hand,
    check: SpotCheck,
    row: SpotFinding,
    calls: Sequence[SpotAttempt],
    now: datetime,
    limits: Limits,
) -> SpotFindingFact:
    """Let the rules say what the facts prove and tell it; the log is judged by the hour of the call."""
    row.failures = list(judge(_seen(check, row, calls), limits, calls[-1].called_at))
    row.state = "failed" if row.failures else "passed"
    row.retry_due_at, row.judged_at, row.judged_by = None, now, by.name
    return await tell(tx, by, row, "spot_check.judged", now)


def _seen(check: SpotCheck, row: SpotFinding, calls: Sequence[SpotAttempt]) -> Seen:
    result = SpotResultFact.model_validate(row.result) if row.result else SpotResultFact()
    leader = SpotLeaderFact.model_validate(row.leader) if row.leader else None
    method: Method = row.method  # type: ignore[assignment]
    return Seen(
        method=method,
        tries=tuple(
            Try(answered=one.answered is True, rings=one.rings, seconds=one.seconds) for one in calls
        ),
        relation=row.relation,  # type: ignore[arg-type]
        at_desk=result.at_desk,
        weather=result.weather,
        warnings=result.warnings,
        leader_named=result.leader_named,
        log_last_entry_at=result.log_last_entry_at,
        log_complete=result.log_complete,
        leader=Leader(leader.reached, leader.on_site) if leader else None,
        response_in_force=check.response_level is not None,
    )


async def tell(tx: Tx, by: Hand, row: SpotFinding, type_: Type, now: datetime) -> SpotFindingFact:
    """Tell it where the post is; what is planned stays at the centre."""
    await tx.flush()
    (fact,) = await findings.listed(tx, by.stream, by.stream, finding_id=row.id)
    secret = type_ == "spot_check.method_changed"
    concern = Concern((by.stream.ljust(12, "0"),)) if secret else Concern((fact.region_code,))
    event = SpotFindingChanged(type=type_, finding=fact)
    await journal.append(tx, by.stream, now, [journal.Entry(event, concern)], by.actor)
    return fact
