"""A warning as a CAP 1.2 message for partners: what stands, under the name it was issued with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from app.codecs.cap.alert import Alert, Area, Circle, Identity, Info
from app.codecs.cap.write import write
from app.codecs.colours import BY_COLOUR, UNKNOWN_CAP, Colour
from app.codecs.findings import CannotWrite
from app.response.warning.refusals import CannotExport
from app.response.warning.rules.bulletin import Bulletin, Where, marked
from app.response.warning.rules.chain import stand
from app.response.warning.rules.proposals import hazard_of
from app.response.warning.tables import WarningMessage
from app.response.warning.telling import links_of

_CATEGORY = {"geology": "Geo", "quake": "Geo", "fire": "Fire", "other": "Other"}
_STATUS = {"actual": "Actual", "exercise": "Exercise", "test": "Test"}
_KIND = {"alert": "Alert", "update": "Update", "cancel": "Cancel"}


def cap_file(rows: Sequence[WarningMessage], zone: ZoneInfo) -> tuple[str, bytes]:
    """Return name and bytes of the message that counts: the cancel of what was lifted, else what stands.

    Raises CannotExport when it does not make a valid message.
    """
    how = stand(links_of(rows))
    last = how.ended_by if not how.in_force and how.ended_by else how.current
    if last is None:
        raise CannotExport("没有可导出的内容")
    earlier = [
        link.bulletin
        for link in links_of(rows)
        if link.bulletin.sent < last.bulletin.sent and how.states.get(link.id) in ("replaced", "cancelled")
    ]
    content = how.current.bulletin if how.current else last.bulletin
    alert = _alert(last.bulletin, content, earlier, zone)
    try:
        return f"{last.bulletin.identifier}.xml", write(alert)
    except CannotWrite as error:
        raise CannotExport(";".join(one.zh for one in error.findings[:5])) from None


def _alert(one: Bulletin, content: Bulletin, earlier: Sequence[Bulletin], zone: ZoneInfo) -> Alert:
    known = [Identity(b.sender, b.identifier, _at(b.sent, zone)) for b in earlier]
    told = [Identity(r.sender, r.identifier, _at(r.sent, zone)) for r in one.references]
    references = tuple(dict.fromkeys((*told, *known))) if one.kind != "alert" else ()
    infos = () if one.kind == "cancel" and not one.title else (_info(one, content, zone),)
    return Alert(
        identifier=one.identifier,
        sender=one.sender,
        sent=_at(one.sent, zone),
        status=_STATUS[one.status],
        msg_type=_KIND[one.kind],
        scope="Public",
        references=references,
        infos=infos,
    )


def _info(one: Bulletin, content: Bulletin, zone: ZoneInfo) -> Info:
    family = hazard_of(content.event_code).family
    colour = one.colour or content.colour
    code = one.event_code or content.event_code
    title = marked(one.title or content.title, one.status)
    return Info(
        language="zh-CN",
        categories=(_CATEGORY.get(family, "Met"),),
        event=content.event_name or one.event_name or title,
        urgency="Past" if one.kind == "cancel" else "Unknown",
        severity=BY_COLOUR[Colour(colour)].cap if colour else UNKNOWN_CAP,
        certainty="Unknown",
        response_types=("AllClear",) if one.kind == "cancel" else (),
        event_codes=(("CN-EVENT-5", code),) if code else (),
        effective=_at(one.effective, zone),
        expires=_at(max(one.expires, one.effective), zone),
        sender_name=one.issuer,
        headline=title,
        description=one.text,
        instruction=one.instruction,
        areas=tuple(_area(area) for area in (one.areas or content.areas)),
    )


def _area(area: Where) -> Area:
    return Area(
        desc=area.desc or "预警区域",
        polygons=area.polygons,
        circles=tuple(Circle((one.lat, one.lon), one.radius_km) for one in area.circles),
        geocodes=tuple(("CN-REGION", code.ljust(12, "0")) for code in area.codes),
    )


def _at(at: datetime, zone: ZoneInfo) -> datetime:
    return at.astimezone(zone).replace(microsecond=0)
