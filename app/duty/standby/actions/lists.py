"""The names a township keeps on standby: entered, added to, accepted, counted and struck."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Literal

from app.db import Tx
from app.duty.declared import store as declared
from app.duty.standby.actions.alert import settled
from app.duty.standby.actions.naming import must_be_here, must_be_new, put_on, who
from app.duty.standby.commands import AcceptIn, AddedIn, HeadCountIn, ListIn
from app.duty.standby.events import StandbyListChanged
from app.duty.standby.facts import ListFact
from app.duty.standby.rules.required import required
from app.duty.standby.rules.rulebook import Rulebook
from app.duty.standby.store import lists, places, returns
from app.duty.standby.store.places import Place
from app.duty.standby.tables import StandbyHeadCount, StandbyList, StandbyPerson
from app.journal import store as journal
from app.org.rules.access import Concern, Viewer, actor, require
from app.refusals import FieldFault, InvalidInput, NotFound, Refusal

AHEAD = timedelta(days=31)
What = Literal["standby.listed", "standby.added", "standby.accepted", "standby.counted", "standby.struck"]


class StaleList(Refusal):
    """The names are no longer those that were read."""

    code = "stale_list"

    def __init__(self) -> None:
        super().__init__("名单已被他人改动,请重新读取", "somebody changed the names: read them again")


class ListAccepted(Refusal):
    """What was accepted is not written anew."""

    code = "list_accepted"

    def __init__(self) -> None:
        super().__init__(
            "名单已验收,只能增补或点名除名",
            "the names were accepted: add to them, or strike after a roll-call",
        )


class NothingToAccept(Refusal):
    """No name waits."""

    code = "nothing_to_accept"

    def __init__(self) -> None:
        super().__init__("没有待验收的备勤人员", "no name waits for acceptance")


class _Change:
    """One change of a township's list of a day, from the lock to the journal."""

    def __init__(self, tx: Tx, by: Viewer, place: Place, day: date, now: datetime, book: Rulebook) -> None:
        self.tx, self.by, self.place, self.day, self.now, self.book = tx, by, place, day, now, book

    async def row(self) -> StandbyList:
        row = await lists.row_of(self.tx, self.place.code, self.day)
        if row is None:
            raise NotFound("该乡镇当日的备勤名单", "list of names of this township and day")
        return row

    async def told(
        self,
        row: StandbyList,
        type_: What,
        names: Sequence[str],
        reason: str = "",
        counted: int | None = None,
    ) -> ListFact:
        """Write the list's next version and put into the journal what happened."""
        row.version += 1
        await self.tx.flush()
        fact = await lists.fact(self.tx, self.place.code, self.day)
        assert fact is not None
        event = StandbyListChanged(
            type=type_,
            region_code=self.place.code,
            region_name=self.place.name_zh,
            day=self.day,
            version=row.version,
            names=list(names),
            on_list=sum(one.state != "struck" for one in fact.persons),
            counted=counted,
            reason=reason,
        )
        subject = f"township:{self.place.code}"
        entries = [journal.Entry(event, Concern((self.place.code,)))]
        entries += await settled(self.tx, self.by.stream, subject, self.day, self.book, self.now)
        await journal.append(self.tx, self.by.stream, self.now, entries, actor(self.by))
        return fact


async def _change(tx: Tx, by: Viewer, region_code: str, day: date, now: datetime, book: Rulebook) -> _Change:
    rule = book.township_rule
    kept = await places.townships(tx, by.stream, by.scope, rule.place_kinds) if rule else []
    place = next((one for one in kept if one.code == region_code), None)
    if place is None:
        raise NotFound("这个须备勤的乡镇", "township that keeps persons on standby")
    await returns.serialise(tx, by.stream)
    return _Change(tx, by, place, day, now, book)


def _must_not_be_past(day: date, now: datetime, book: Rulebook) -> None:
    today = book.today(now)
    if not today <= day <= today + AHEAD:
        raise InvalidInput(
            FieldFault("day", "备勤名单只能填报当日至31天内", "names are entered for today and 31 days ahead")
        )


def _must_have_begun(day: date, now: datetime, book: Rulebook) -> None:
    if day > book.today(now):
        raise InvalidInput(FieldFault("day", "尚未到这一天", "this day has not begun"))


async def enter(
    tx: Tx, by: Viewer, region_code: str, day: date, told: ListIn, now: datetime, book: Rulebook
) -> ListFact:
    """Put all names of a day; who stays keeps his place and the time since when he stands by.

    Raises NotFound, NotPermitted, InvalidInput, StaleList, ListAccepted, ListedElsewhere.
    """
    change = await _change(tx, by, region_code, day, now, book)
    require(by, "set_standby")
    _must_not_be_past(day, now, book)
    row = await _written(change, told)
    held = await lists.persons_of(tx, row.id or 0)
    if any(one.state != "named" for one in held):
        raise ListAccepted
    wanted = [await who(tx, by.stream, person, f"persons.{n}") for n, person in enumerate(told.persons)]
    must_be_new(wanted)
    await must_be_here(tx, wanted, day, book)
    stay = {(one.name, one.phone, one.person_id) for one in held} & set(wanted)
    for one in held:
        if (one.name, one.phone, one.person_id) not in stay:
            await tx.delete(one)
    await tx.flush()
    for person in wanted:
        if person not in stay:
            await put_on(tx, row, person, now, by.name, now)
    return await change.told(row, "standby.listed", [name for name, _, _ in wanted])


async def _written(change: _Change, told: ListIn) -> StandbyList:
    """Return the row of the list, new when there is none, with what is required of it by now."""
    tx, by, day, now, book = change.tx, change.by, change.day, change.now, change.book
    row = await lists.row_of(tx, change.place.code, day)
    if told.version != (row.version if row else 0):
        raise StaleList
    team = await places.team_of(tx, by.stream, told.team_id) if told.team_id is not None else None
    if told.team_id is not None and (team is None or not team.region_code.startswith(change.place.code[:9])):
        raise InvalidInput(FieldFault("team_id", "不是该乡镇的队伍", "not a team of this township"))
    rule = book.township_rule
    assert rule is not None
    key = bool(book.key_day(rule, day, await declared.in_force(tx, by.stream, day, day)))
    if row is None:
        row = StandbyList(
            stream=by.stream,
            region_code=change.place.code,
            day=day,
            required=0,
            key_day=key,
            entered_by=by.name,
            entered_at=now,
            late=now > book.due_at(day),
        )
        tx.add(row)
    row.team_id, row.key_day, row.required = told.team_id, key, required(rule, 0, key=key)
    await tx.flush()
    return row


async def add(
    tx: Tx, by: Viewer, region_code: str, day: date, told: AddedIn, now: datetime, book: Rulebook
) -> ListFact:
    """Add one person, also after the acceptance (补员). Raises as `enter` does."""
    change = await _change(tx, by, region_code, day, now, book)
    require(by, "set_standby")
    _must_not_be_past(day, now, book)
    row = await change.row()
    since = told.since or now
    if since > now or book.today(since) != day:
        raise InvalidInput(
            FieldFault(
                "since", "到岗时间须在当日且不晚于现在", "in place since a time of that day, not later"
            )
        )
    person = await who(tx, by.stream, told, "name")
    await must_be_here(tx, [person], day, book)
    await put_on(tx, row, person, since, by.name, now)
    return await change.told(row, "standby.added", [person[0]], f"{since.astimezone(book.zone):%H:%M}")


async def accept(
    tx: Tx, by: Viewer, region_code: str, day: date, told: AcceptIn, now: datetime, book: Rulebook
) -> ListFact:
    """Accept every name that waits (验收), on the terms of this day.

    Raises NotFound, NotPermitted, InvalidInput, StaleList, NothingToAccept.
    """
    change = await _change(tx, by, region_code, day, now, book)
    require(by, "approve_duty")
    _must_have_begun(day, now, book)
    row = await change.row()
    if told.version != row.version:
        raise StaleList
    waiting = [one for one in await lists.persons_of(tx, row.id or 0) if one.state == "named"]
    if not waiting:
        raise NothingToAccept
    for one in waiting:
        one.state, one.accepted_by, one.accepted_at = "accepted", by.name, now
    if row.yuan_per_day is None:
        rule = book.township_rule
        assert rule is not None
        row.key_day = bool(book.key_day(rule, day, await declared.in_force(tx, by.stream, day, day)))
        row.yuan_per_day = book.policy.yuan_per_person_day
    row.accepted_by, row.accepted_at = by.name, now
    return await change.told(row, "standby.accepted", [one.name for one in waiting])


async def count(
    tx: Tx, by: Viewer, region_code: str, day: date, told: HeadCountIn, now: datetime, book: Rulebook
) -> ListFact:
    """Record a roll-call and strike who was not there. Raises NotFound, NotPermitted, InvalidInput."""
    change = await _change(tx, by, region_code, day, now, book)
    require(by, "set_standby")
    _must_have_begun(day, now, book)
    row = await change.row()
    present = [one for one in await lists.persons_of(tx, row.id or 0) if one.state != "struck"]
    absent = _absent(present, told)
    tx.add(
        StandbyHeadCount(
            list_id=row.id or 0,
            method=told.method,
            listed=len(present),
            counted=told.counted,
            remark=told.reason,
            counted_by=by.name,
            counted_at=now,
        )
    )
    for one in absent:
        one.state, one.struck_by, one.struck_at, one.struck_reason = "struck", by.name, now, told.reason
    type_: What = "standby.struck" if absent else "standby.counted"
    return await change.told(row, type_, [one.name for one in absent], told.reason, told.counted)


def _absent(present: list[StandbyPerson], told: HeadCountIn) -> list[StandbyPerson]:
    """Return whom the roll-call did not find; heads and names have to agree."""
    absent = [one for one in present if one.id in set(told.absent)]
    if len(absent) != len(set(told.absent)):
        raise InvalidInput(
            FieldFault("absent", "缺席者不在当前名单上", "somebody marked absent is not on the list now")
        )
    if len(present) - len(absent) != told.counted:
        missing = len(present) - told.counted
        raise InvalidInput(
            FieldFault(
                "absent",
                f"名单{len(present)}人,点到{told.counted}人,请勾选缺席的{missing}人"
                if missing >= 0
                else f"名单{len(present)}人,点到{told.counted}人,请先增补多出的人员",
                f"{len(present)} on the list, {told.counted} counted: mark the {missing} who are absent"
                if missing >= 0
                else f"{len(present)} on the list, {told.counted} counted: add the others first",
            )
        )
    if absent and not told.reason:
        raise InvalidInput(FieldFault("reason", "除名须写明原因", "say why they are struck"))
    return absent
