"""Put an incident's record into points and words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from app.db import Tx
from app.dispatch.facts import IncidentFact
from app.reporting.report.rules.compose import followup_text, told_after, whole_text
from app.reporting.report.rules.points import Point, points_of, unknown
from app.reporting.report.rules.record import Narrative, Record
from app.reporting.report.rules.steps import OUT, ReportKind
from app.reporting.report.rules.words import title_of
from app.reporting.report.store import record as records
from app.reporting.report.tables import WrittenReport
from app.reporting.report.templates import Templates


@dataclass(frozen=True, slots=True)
class Office:
    """How a county writes its reports: templates, numbers, zone, and when what is unknown is asked again."""

    templates: Templates
    prefix: str
    zone: ZoneInfo
    recheck: timedelta


@dataclass(frozen=True, slots=True)
class Composed:
    """A text with the facts behind it. `told` is all that is told once it is sent."""

    title: str
    text: str
    points: tuple[Point, ...]
    told: dict[str, str]
    unknown: tuple[str, ...]

    @property
    def point_rows(self) -> list[dict[str, str]]:
        """Return the points as they are kept."""
        return [asdict(one) for one in self.points]


def told_before(chain: list[WrittenReport]) -> Mapping[str, str]:
    """Return what was told by all versions that were sent, the last word on each point."""
    out = [one for one in chain if one.state in OUT]
    return out[-1].told if out else {}


def narrative_after(chain: list[WrittenReport]) -> Narrative:
    """Return what people said, as it goes on into the next version: the course belongs to its own."""
    live = [one for one in chain if one.state != "dropped"]
    return Narrative(**{**live[-1].narrative, "course": ""}) if live else Narrative()


async def compose(
    tx: Tx,
    incident: IncidentFact,
    kind: ReportKind,
    seq: int,
    narrative: Narrative,
    told: Mapping[str, str],
    now: datetime,
    office: Office,
) -> Composed:
    """Return the text of a version as the record stands now."""
    points = await points_now(tx, incident, narrative, now, office.zone)
    title = title_of(incident.region_path, incident.event_name_zh, kind, seq)
    template = office.templates.by_kind[kind]
    if kind == "followup":
        text = followup_text(template, points, told, title, now, office.zone)
    else:
        text = whole_text(template, points, title, now, office.zone)
    return Composed(title, text, points, told_after(told, points), unknown(points))


async def points_now(
    tx: Tx, incident: IncidentFact, narrative: Narrative, now: datetime, zone: ZoneInfo
) -> tuple[Point, ...]:
    """Return everything known of an incident now, with what people said."""
    return points_of(await _record(tx, incident, narrative, now), zone)


async def _record(tx: Tx, incident: IncidentFact, narrative: Narrative, now: datetime) -> Record:
    return Record(
        received_at=incident.received_at,
        occurred_at=incident.occurred_at,
        source=records.source_of(incident),
        place=f"{incident.region_path}{incident.address}",
        lon=incident.lon,
        lat=incident.lat,
        nature=incident.event_name_zh,
        level=incident.initial_level,
        as_of=now,
        description=incident.description,
        figures=incident.casualties.model_dump(),
        forces=await records.forces(tx, incident.id),
        command=tuple((one.body_name, one.commander) for one in incident.command),
        ended=incident.close_reason or "" if incident.state == "closed" else "",
        told=narrative,
    )
