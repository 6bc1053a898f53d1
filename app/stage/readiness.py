"""The standby of the demo (scenario S15): a month so far, and this morning with two sick and one missing."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import insert

from app.db import Database, Tx
from app.demo.city import generate
from app.demo.names import person_names
from app.duty.roster.rules import wall_clock
from app.duty.standby.rules.required import ReadinessRule, required
from app.duty.standby.rules.rulebook import Rulebook
from app.duty.standby.store import places
from app.duty.standby.tables import ReadinessReturn, StandbyList, StandbyPerson
from app.stage.seed import STREAM

SHORT_TODAY = "990181201000"  # 洲尾乡 has eleven
SICK_TODAY = 2
SEED_OF_NAMES = 15
MOST = 22 * 12
Crews = list[tuple[str, str]]


async def muster(database: Database, book: Rulebook, now: datetime) -> None:
    """Write who was on standby since the first of the month, on those days that ask for it."""
    today = book.today(now)
    async with database.transaction() as tx:
        await _returns(tx, book, today, now)
        rule = book.township_rule
        if rule is None:
            return
        crews = _crews(taken=frozenset(person.name_zh for person in generate().people))
        days = [today - timedelta(days=n) for n in reversed(range(today.day))]
        for day in days:
            if book.key_day(rule, day):
                await _lists(tx, book, rule, day, now, crews)


async def _returns(tx: Tx, book: Rulebook, today: date, now: datetime) -> None:
    rules = {rule.team_kind: rule for rule in book.team_rules}
    sick = SICK_TODAY
    for unit in await places.units(tx, STREAM, "", list(rules)):
        tx.add(
            ReadinessReturn(
                stream=STREAM,
                team_id=unit.id,
                day=today,
                strength=unit.strength,
                on_post=unit.strength - sick,
                on_leave=0,
                out=0,
                sick=sick,
                note="流感" if sick else "",
                key_day=bool(book.key_day(rules[unit.kind], today)),
                late=False,
                returned_by="刘海",
                returned_at=_morning(book, today, now),
            )
        )
        sick = 0


async def _lists(tx: Tx, book: Rulebook, rule: ReadinessRule, day: date, now: datetime, crews: Crews) -> None:
    today, at = day == book.today(now), _morning(book, day, now)
    needed = required(rule, 0, key=True)
    rows: list[dict[str, Any]] = []
    for n, place in enumerate(await places.townships(tx, STREAM, "", rule.place_kinds)):
        crew = crews[n * needed : (n + 1) * needed]
        open_ = today and place.code == SHORT_TODAY
        head = StandbyList(
            stream=STREAM,
            region_code=place.code,
            day=day,
            version=1 if open_ else 2,
            required=needed,
            key_day=True,
            entered_by=f"{place.name_zh}值班员",
            entered_at=at,
            late=False,
            accepted_by=None if open_ else "周敏",
            accepted_at=None if open_ else at,
            yuan_per_day=None if open_ else book.policy.yuan_per_person_day,
        )
        tx.add(head)
        await tx.flush()
        for name, phone in crew[:-1] if open_ else crew:
            rows.append(_person(head, name, phone, at))
    await tx.execute(insert(StandbyPerson), rows)


def _person(head: StandbyList, name: str, phone: str, at: datetime) -> dict[str, Any]:
    return {
        "list_id": head.id,
        "stream": STREAM,
        "day": head.day,
        "name": name,
        "phone": phone,
        "state": "named" if head.accepted_by is None else "accepted",
        "since": at,
        "named_by": head.entered_by,
        "named_at": at,
        "accepted_by": head.accepted_by,
        "accepted_at": head.accepted_at,
        "struck_reason": "",
    }


def _crews(taken: frozenset[str]) -> Crews:
    """Return names nobody in the register bears, with telephones nobody has (fictional)."""
    names = islice(person_names(SEED_OF_NAMES, taken), MOST)
    return [(name, f"1970000{number:04d}") for number, name in enumerate(names, start=1)]


def _morning(book: Rulebook, day: date, now: datetime) -> datetime:
    return min(now, wall_clock.at(book.zone, day, time(8, 0)))
