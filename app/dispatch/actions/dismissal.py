"""A call for help is judged to be none by two people (双人核实): one asks with a reason, another confirms."""

from __future__ import annotations

from datetime import datetime

from app.db import Tx
from app.dispatch.actions import alarms
from app.dispatch.actions.alarms import alarm_for, tell_of
from app.dispatch.actions.permission import actor
from app.dispatch.distress_facts import DismissalFact
from app.dispatch.facts import AlarmFact
from app.dispatch.rules.steps import next_alarm_state
from app.dispatch.tables import Alarm
from app.org.rules.access import Viewer
from app.refusals import Refusal


class SamePerson(Refusal):
    """Who asked for the dismissal may not confirm it himself."""

    code = "same_person"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"解除由{name}提出,须另一人确认,请换人登录后确认",
            f"{name} asked for the dismissal: another person has to log in and confirm it",
        )


class DismissalNotAsked(Refusal):
    """Nobody asked for this dismissal, or it was refused meanwhile."""

    code = "dismissal_not_asked"

    def __init__(self) -> None:
        super().__init__(
            "没有待确认的误报解除,请刷新后重新提出",
            "no dismissal waits for confirmation: reload, and ask for it again",
        )


class DismissalWaits(Refusal):
    """Another person asked for this dismissal already."""

    code = "dismissal_waits"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name}已提出解除,请确认或退回",
            f"{name} asked for the dismissal already: confirm or refuse it",
        )


async def dismiss(tx: Tx, by: Viewer, alarm_id: int, reason: str, now: datetime) -> AlarmFact:
    """Judge an alarm to be none, with a reason that stays; a call for help only asks for it.

    Raises IllegalStep, DismissalWaits (somebody else asked already), NotFound.
    """
    alarm = await alarm_for(tx, by, alarm_id)
    if alarm.kind != "sos":
        return await alarms.dismiss(tx, by, alarm_id, reason, now)
    next_alarm_state(alarm.state, "dismiss")
    if alarm.dismissal is not None and (waits := _asked(alarm)).account_id != by.account_id:
        raise DismissalWaits(waits.by)
    asked = DismissalFact(by=by.name, account_id=by.account_id, person_id=by.person_id, at=now, reason=reason)
    alarm.dismissal = asked.model_dump(mode="json")
    return await tell_of(tx, alarm, "alarm.dismissal_asked", now, actor(by))


async def confirm(tx: Tx, by: Viewer, alarm_id: int, now: datetime) -> AlarmFact:
    """Confirm as the second person that a call was none: it is dismissed, both stand in the journal.

    Raises DismissalNotAsked, SamePerson, IllegalStep, NotFound.
    """
    alarm = await alarm_for(tx, by, alarm_id)
    asked = _asked(alarm)
    if _is_same(asked, by):
        raise SamePerson(asked.by)
    alarm.state = next_alarm_state(alarm.state, "dismiss")
    alarm.settled_by, alarm.settled_at, alarm.dismiss_reason = f"{asked.by}、{by.name}", now, asked.reason
    return await tell_of(tx, alarm, "alarm.dismissed", now, actor(by))


async def refuse(tx: Tx, by: Viewer, alarm_id: int, now: datetime) -> AlarmFact:
    """Refuse a dismissal, or take back one's own: the call stands. Raises DismissalNotAsked, NotFound."""
    alarm = await alarm_for(tx, by, alarm_id)
    _asked(alarm)
    alarm.dismissal = None
    return await tell_of(tx, alarm, "alarm.dismissal_refused", now, actor(by))


def _asked(alarm: Alarm) -> DismissalFact:
    if alarm.dismissal is None:
        raise DismissalNotAsked
    return DismissalFact.model_validate(alarm.dismissal)


def _is_same(asked: DismissalFact, by: Viewer) -> bool:
    if asked.account_id == by.account_id:
        return True
    return asked.person_id is not None and asked.person_id == by.person_id
