"""Rows of warnings → their shapes: history with what each message changed, units, proposals."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app.response.warning.facts import (
    RegionName,
    WarningAction,
    WarningArea,
    WarningCall,
    WarningDiff,
    WarningFact,
    WarningFinding,
    WarningMessageFact,
    WarningPlace,
    WarningProposals,
    WarningSpan,
    WarningUnit,
    WarningUnits,
)
from app.response.warning.rules.affected import Affected
from app.response.warning.rules.announcement import Announcement, Told, announcement
from app.response.warning.rules.bulletin import Bulletin, marked
from app.response.warning.rules.chain import Link, Stand, stand
from app.response.warning.rules.diff import Change, change, names
from app.response.warning.rules.proposals import proposals
from app.response.warning.store.chains import brief
from app.response.warning.tables import WarningChain, WarningMessage

NOBODY = WarningUnits(units=[], unknown=[], outside=[], people=0)
COUNTED = frozenset(("current", "replaced", "cancelled", "answer"))


def units_of(found: Affected) -> WarningUnits:
    """Return whom a warning concerns, as it is kept and shown."""
    return WarningUnits(
        units=[
            WarningUnit(
                region_code=unit.place.code,
                name=unit.place.name,
                whole=unit.whole,
                people=unit.people,
                lon=unit.place.lon,
                lat=unit.place.lat,
                villages=[
                    WarningPlace(
                        region_code=one.code,
                        name=one.name,
                        population=one.population,
                        lon=one.lon,
                        lat=one.lat,
                    )
                    for one in unit.villages
                ],
            )
            for unit in found.units
        ],
        unknown=list(found.unknown),
        outside=list(found.outside),
        people=found.people,
    )


def bulletin_of(row: WarningMessage) -> Bulletin:
    """Return what a message says. Only for messages that were understood."""
    return Bulletin.model_validate(row.bulletin)


def places_of(row: WarningMessage) -> WarningUnits:
    """Return whom a message concerns."""
    return WarningUnits.model_validate(row.units) if row.units else NOBODY


def links_of(rows: Sequence[WarningMessage]) -> list[Link]:
    """Return the messages of a chain as the rules read them; copies add nothing."""
    return [
        Link(row.id or 0, bulletin_of(row), row.vouched, doubtful=row.outcome == "doubtful")
        for row in rows
        if row.bulletin is not None and row.outcome in ("taken", "doubtful")
    ]


def named(units: WarningUnits) -> dict[str, str]:
    """Return the places a message concerns as they are compared: townships, or villages of a part."""
    return names(
        (one.region_code, one.name, one.whole, [(v.region_code, v.name) for v in one.villages])
        for one in units.units
    )


def diff_of(before: WarningMessage, after: WarningMessage) -> WarningDiff:
    """Return what a message changes against the one before it."""
    found = change(bulletin_of(before), bulletin_of(after), named(places_of(before)), named(places_of(after)))
    return WarningDiff(
        added=_names(found.added),
        removed=_names(found.removed),
        colour_from=found.colour_from,
        colour_to=found.colour_to,
        turn=found.turn,
        effective=_span(found, "effective"),
        expires=_span(found, "expires"),
        words=found.words,
    )


def _names(pairs: Sequence[tuple[str, str]]) -> list[RegionName]:
    return [RegionName(region_code=code, name=name) for code, name in pairs]


def _span(found: Change, name: str) -> WarningSpan | None:
    pair = getattr(found, name)
    return WarningSpan(before=pair[0], after=pair[1]) if pair else None


def history_of(rows: Sequence[WarningMessage], how: Stand) -> list[WarningMessageFact]:
    """Return the messages of a chain in the order they were sent, each with what it changed."""
    ordered = sorted(
        (row for row in rows if row.bulletin is not None),
        key=lambda row: (bulletin_of(row).sent, row.id or 0),
    )
    found = []
    before: WarningMessage | None = None
    for row in ordered:
        state = how.states.get(row.id or 0)
        counts = state in COUNTED and bulletin_of(row).kind in ("alert", "update")
        diff = diff_of(before, row) if counts and before is not None else None
        found.append(message_fact(row, how, diff))
        before = row if counts else before
    return found


def message_fact(
    row: WarningMessage, how: Stand | None = None, diff: WarningDiff | None = None
) -> WarningMessageFact:
    """Return the shape of a raw message."""
    said = bulletin_of(row) if row.bulletin is not None else None
    return WarningMessageFact.model_validate(
        {
            **row.model_dump(include=set(WarningMessageFact.model_fields)),
            "state": how.states.get(row.id or 0) if how else None,
            "kind": said.kind if said else None,
            "status": said.status if said else None,
            "title": marked(said.title, said.status) if said else "",
            "colour": said.colour if said else None,
            "sent": said.sent if said else None,
            "findings": [WarningFinding.model_validate(one) for one in row.findings],
            "diff": diff,
        }
    )


def proposals_of(row: WarningChain) -> WarningProposals:
    """Return what a warning proposes."""
    found = proposals(row.event_code, row.colour, row.status)  # type: ignore[arg-type]
    return WarningProposals(
        real=found.real,
        key_period=found.key_period,
        response_level=found.response_level,
        family=found.hazard.family,
        plan_zh=found.hazard.plan_zh,
        plan_en=found.hazard.plan_en,
        readiness_zh=found.readiness_zh,
        readiness_en=found.readiness_en,
        calls=[WarningCall(tier=c.tier, zh=c.zh, en=c.en, minutes=c.minutes) for c in found.calls],
        broadcast=found.broadcast,
        actions=[WarningAction(zh=zh, en=en) for zh, en in found.actions],
    )


def whole(row: WarningChain, rows: Sequence[WarningMessage]) -> WarningFact:
    """Return a warning with everything that is known of it."""
    how = stand(links_of(rows))
    current = next((one for one in rows if one.id == row.message_id), None)
    said = bulletin_of(current) if current else None
    units = places_of(current) if current else NOBODY
    return WarningFact.model_validate(
        {
            **brief(row).model_dump(),
            "text": said.text if said else "",
            "instruction": said.instruction if said else "",
            "speaker": said.speaker if said else "",
            "units": units.units,
            "unknown": units.unknown,
            "outside": units.outside,
            "areas": [WarningArea.model_validate(one.model_dump()) for one in (said.areas if said else ())],
            "history": history_of(rows, how),
            "proposals": proposals_of(row),
        }
    )


def announced(row: WarningChain, rows: Sequence[WarningMessage], at: datetime) -> Announcement:
    """Return what those are told who were told of a warning at a time: what it was then is not what it is."""
    how = stand(links_of(rows))
    counted = sorted(
        (bulletin_of(one) for one in rows if how.states.get(one.id or 0) in COUNTED),
        key=lambda said: said.sent,
    )
    said = [one for one in counted if one.kind in ("alert", "update")]
    before = next((one.colour for one in reversed(said) if one.sent <= at), said[0].colour if said else None)
    now = Told(
        hazard=row.event_name,
        issuer=row.issuer,
        instruction=said[-1].instruction if said else "",
        colour=said[-1].colour if said else None,
        standing=row.standing,  # type: ignore[arg-type]
    )
    return announcement(now, before)
