"""Wishes for days of duty: told, changed, taken back."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from app.db import Tx
from app.duty.generation import store
from app.duty.generation.commands import WishIn
from app.duty.leave.store import region_of
from app.org.rules.access import Viewer
from app.refusals import FieldFault, InvalidInput, NotFound, NotPermitted


async def wish(tx: Tx, by: Viewer, told: WishIn, now: datetime, zone: ZoneInfo) -> None:
    """Note a wish, or take it back. Raises NotFound, NotPermitted, InvalidInput for a day that is past."""
    person_id = told.person_id or by.person_id
    if person_id is None:
        raise InvalidInput(FieldFault("person_id", "请写明是谁", "name the person"))
    region = await region_of(tx, by.stream, person_id)
    if region is None:
        raise NotFound("这个人", "person")
    if person_id != by.person_id and not (by.may("plan_duty") and by.covers(region)):
        raise NotPermitted
    if told.day <= now.astimezone(zone).date() or told.day > date(2099, 12, 31):
        raise InvalidInput(FieldFault("day", "日期须晚于今天", "the day must lie ahead"))
    if told.kind is None:
        await store.drop_wish(tx, person_id, told.day)
    else:
        await store.keep_wish(tx, person_id, told.day, told.kind, told.weight, told.note, by.name, now)
