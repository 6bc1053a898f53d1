"""The board of readiness: every brigade and township of a scope on a day, today or long ago.

Today is judged by the rules in force; the past by what its records say was asked of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from app.db import Tx
from app.duty.declared import store as declared
from app.duty.roster.rules.calendar import KeyPeriod
from app.duty.standby.facts import ContactFact, ExemptionFact, LevelFact, ListHead, ReturnFact, WordsFact
from app.duty.standby.rules.level import COLOUR, Standing, Words, away, judge, percent, reasons
from app.duty.standby.rules.required import ReadinessRule, in_force, required
from app.duty.standby.rules.rulebook import Rulebook
from app.duty.standby.store import lists, places, returns
from app.duty.standby.store.places import Place, Unit


@dataclass(frozen=True, slots=True)
class Loaded:
    """All that is known of a scope over some days."""

    townships: list[Place]
    units: list[Unit]
    returns: Mapping[tuple[int, date], ReturnFact]
    lists: Mapping[tuple[str, date], tuple[ListHead, int, int]]
    exemptions: list[ExemptionFact]
    alerts: Mapping[tuple[str, date], Mapping[str, datetime]]
    contacts: Mapping[str, ContactFact]
    periods: tuple[KeyPeriod, ...]


async def load(tx: Tx, stream: str, scope: str, first: date, last: date, book: Rulebook) -> Loaded:
    """Read everything once, however many days are asked for."""
    rule = book.township_rule
    townships = await places.townships(tx, stream, scope, rule.place_kinds) if rule else []
    units = await places.units(tx, stream, scope, [one.team_kind for one in book.team_rules])
    return Loaded(
        townships,
        units,
        await returns.between(tx, [unit.id for unit in units], first, last),
        await lists.between(tx, stream, scope, first, last),
        await returns.exemptions(tx, stream, first, last),
        await returns.open_alerts(tx, stream, first, last),
        await places.contacts(tx, stream, [place.code for place in townships]),
        book.key_periods(first, last, await declared.in_force(tx, stream, first, last)),
    )


def levels(known: Loaded, day: date, book: Rulebook, now: datetime) -> list[LevelFact]:
    """Return how every subject stands on a day: the brigades first, then the townships."""
    found = []
    for root in (unit for unit in known.units if unit.id == unit.root_id):
        rule = book.rule_of(root.kind)
        if rule is not None:
            found.append(_brigade(known, root, rule, day, book, now))
    if (rule := book.township_rule) is not None:
        found += [_township(known, place, rule, day, book, now) for place in known.townships]
    return found


async def level(
    tx: Tx, stream: str, subject: str, day: date, book: Rulebook, now: datetime
) -> LevelFact | None:
    """Return how one subject stands."""
    known = await load(tx, stream, "", day, day, book)
    return next((one for one in levels(known, day, book, now) if one.subject == subject), None)


def _brigade(
    known: Loaded, root: Unit, rule: ReadinessRule, day: date, book: Rulebook, now: datetime
) -> LevelFact:
    units = [unit for unit in known.units if unit.root_id == root.id and unit.kind == root.kind]
    told = {unit.id: known.returns.get((unit.id, day)) for unit in units}
    said = [one for one in told.values() if one is not None]
    silent = [unit for unit in units if told[unit.id] is None and unit.strength > 0]
    key = said[0].key_day if said and day < book.today(now) else bool(in_force(rule, day, known.periods))
    strength = sum(one.strength if (one := told[unit.id]) else unit.strength for unit in units)
    present = sum(getattr(one, column) for one in said for column in rule.counted)
    exemption = _exemption(known.exemptions, day, team_id=root.id)
    standing = Standing(
        required=required(rule, strength, key=key),
        present=present,
        silent=tuple(Words(unit.name_zh, unit.name_en or unit.name_zh) for unit in silent),
        could_be=sum(unit.strength for unit in silent),
        floor=exemption.floor if exemption else None,
        due=now >= book.due_at(day),
    )
    sums = {column: sum(getattr(one, column) for one in said) for column in ("on_leave", "sick", "out")}
    notes = [Words(one.note, one.note) for one in said if one.note]
    return _fact(
        known,
        f"team:{root.id}",
        (root.id, root.region_code, root.name_zh, root.name_en),
        day,
        standing,
        strength,
        more=[*filter(None, [away(sums)]), *notes],
        key_day=key,
        late=any(one.late for one in said),
        exemption=exemption,
        due=f"{book.policy.return_due:%H:%M}",
    )


def _township(
    known: Loaded, place: Place, rule: ReadinessRule, day: date, book: Rulebook, now: datetime
) -> LevelFact:
    head, present, waiting = known.lists.get((place.code, day), (None, 0, 0))
    past = head is not None and day < book.today(now)
    key = head.key_day if head is not None and past else bool(in_force(rule, day, known.periods))
    needed = head.required if head is not None and past else required(rule, 0, key=key)
    exemption = _exemption(known.exemptions, day, region_code=place.code)
    silent = needed > 0 and (head is None or (present == 0 and head.version == 0))
    standing = Standing(
        required=needed,
        present=present,
        silent=(Words(place.name_zh, place.name_en or place.name_zh),) if silent else (),
        could_be=needed if silent else 0,
        floor=exemption.floor if exemption else None,
        accepted=waiting == 0,
        due=now >= book.due_at(day),
    )
    return _fact(
        known,
        f"township:{place.code}",
        (None, place.code, place.name_zh, place.name_en),
        day,
        standing,
        None,
        more=[],
        key_day=key,
        late=bool(head and head.late and needed),
        exemption=exemption,
        due=f"{book.policy.return_due:%H:%M}",
    )


def _exemption(
    known: Iterable[ExemptionFact], day: date, *, team_id: int | None = None, region_code: str | None = None
) -> ExemptionFact | None:
    for one in known:
        if one.team_id == team_id and one.region_code == region_code and one.first <= day <= one.until:
            return one
    return None


def _fact(
    known: Loaded,
    subject: str,
    who: tuple[int | None, str, str, str],
    day: date,
    standing: Standing,
    strength: int | None,
    *,
    more: list[Words],
    key_day: bool,
    late: bool,
    exemption: ExemptionFact | None,
    due: str,
) -> LevelFact:
    team_id, region_code, name_zh, name_en = who
    state = judge(standing)
    said = [*reasons(standing, state, due), *more]
    if late:
        said.append(Words("迟报", "reported late"))
    if exemption is not None and state == "exempted":
        said.append(
            Words(
                f"{exemption.granted_by}同意{exemption.floor}人即可,至{exemption.until:%m-%d}:{exemption.reason}",
                f"{exemption.granted_by} accepts {exemption.floor} until {exemption.until:%m-%d}: "
                f"{exemption.reason}",
            )
        )
    return LevelFact(
        subject=subject,
        team_id=team_id,
        region_code=region_code,
        name_zh=name_zh,
        name_en=name_en,
        day=day,
        key_day=key_day,
        strength=strength,
        required=standing.required,
        present=standing.present,
        percent=percent(standing.present, standing.required if strength is None else strength),
        state=state,
        colour=COLOUR[state],
        reasons=[WordsFact(zh=one.zh, en=one.en) for one in said],
        late=late,
        exemption=exemption,
        short_since=known.alerts.get((subject, day), {}).get("short"),
        contact=known.contacts.get(region_code) if team_id is None else None,
    )
