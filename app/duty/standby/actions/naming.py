"""Putting a person on a list: who he is, and that he is nowhere else that day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from app.db import Tx
from app.duty.leave import store as leave
from app.duty.roster.rules import wall_clock
from app.duty.standby.commands import NamedIn
from app.duty.standby.rules.rulebook import Rulebook
from app.duty.standby.store import lists
from app.duty.standby.tables import StandbyList
from app.refusals import FieldFault, InvalidInput, Refusal

Who = tuple[str, str, int | None]
"""Name, telephone ("" if the register knows none), number in the register."""


class ListedElsewhere(Refusal):
    """Nobody stands by in two places on a day (重复列名)."""

    code = "listed_elsewhere"

    def __init__(self, name: str, known_as: str, place_zh: str, place_en: str) -> None:
        same_zh = "" if known_as == name else f"(与“{known_as}”同一人或同一电话)"
        same_en = "" if known_as == name else f" (the same person or telephone as {known_as})"
        zh = f"{name}{same_zh}当日已列入{place_zh}备勤名单"
        en = f"{name}{same_en} is on standby at {place_en} that day already"
        super().__init__(zh, en, FieldFault("persons", zh, en))


class AwayThatDay(Refusal):
    """Whom a leader let go is not on standby (请假)."""

    code = "away_that_day"

    def __init__(self, name: str) -> None:
        super().__init__(f"{name}当日已准假,不能备勤", f"{name} is on approved leave that day")


async def who(tx: Tx, stream: str, told: NamedIn, field: str) -> Who:
    """Return whom the command means; a free name that the register knows by its telephone is that person."""
    called, phone = told.name or "", _plain(told.phone)
    found = await lists.registered(tx, stream, told.person_id, called, phone)
    if found is None and told.person_id is not None:
        raise InvalidInput(FieldFault(field, "人员册中没有此人", "nobody of this number in the register"))
    if found is None:
        return called, phone, None
    person_id, name, first_phone = found
    return name, phone or _plain(first_phone), person_id


def _plain(phone: str) -> str:
    """Write a telephone the one way in which it is compared: no dashes, no country code of our own."""
    return phone.replace("-", "").removeprefix("+86")


def must_be_new(persons: Sequence[Who]) -> None:
    """Refuse a list that names somebody twice."""
    seen: set[object] = set()
    for name, phone, person_id in persons:
        marks = {mark for mark in (phone, person_id) if mark}
        if marks & seen:
            raise InvalidInput(
                FieldFault("persons", f"{name}在名单中出现两次", f"{name} is named twice on this list")
            )
        seen |= marks


async def must_be_here(tx: Tx, persons: Sequence[Who], day: date, book: Rulebook) -> None:
    """Refuse persons of the register who are on approved leave at any time of the day."""
    known = {person_id: name for name, _, person_id in persons if person_id is not None}
    start, end = (wall_clock.at(book.zone, day + timedelta(days=n), time(0)) for n in (0, 1))
    for person_id in await leave.approved(tx, list(known), start, end):
        raise AwayThatDay(known[person_id])


async def put_on(tx: Tx, row: StandbyList, person: Who, since: datetime, by: str, now: datetime) -> None:
    """Name a person. Raises ListedElsewhere with the place where he is already."""
    if await lists.name(tx, row, person, since, by, now):
        return
    name, phone, person_id = person
    raise ListedElsewhere(name, *await lists.elsewhere(tx, row.stream, row.day, phone, person_id))
