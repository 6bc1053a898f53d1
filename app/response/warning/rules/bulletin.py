"""One message of a warning, whichever way it came: CAP 1.2, 12379 or typed by a person. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Literal

from app.codecs.cap.alert import Alert, Info
from app.codecs.cap.alert import Circle as CapCircle
from app.codecs.cn12379.notice import Notice, WarningInfo
from app.codecs.cn12379.rules import is_identifier
from app.codecs.colours import BY_12379, BY_CAP, BY_COLOUR, Colour, colour_in
from app.filing.rules.numbers import DRILL_MARK
from app.wire import Fact

MessageFormat = Literal["cap", "cn12379", "form"]
WarningStatus = Literal["actual", "exercise", "test"]
MessageKind = Literal["alert", "update", "cancel", "other"]
ColourName = Literal["red", "orange", "yellow", "blue"]

LIFETIME = timedelta(hours=24)
"""How long a warning holds that does not say how long: CAP leaves it to the recipient (§3.2.2)."""
MARKS: dict[str, str] = {"exercise": DRILL_MARK, "test": "【测试】"}
_STATUS: dict[str, WarningStatus] = {"Actual": "actual", "Exercise": "exercise"}
_KIND: dict[str, MessageKind] = {"Alert": "alert", "Update": "update", "Cancel": "cancel"}
_EVENT = re.compile(r"1[1-4][A-HJ-NP-Z][0-9]{2}")
_CODE = re.compile(r"[0-9]{2,12}")
_UNIT = 14  # digits of the issuing unit in an identifier of 12379
_MOST = {"title": 200, "text": 8000, "instruction": 4000, "name": 100}


class Round(Fact):
    """A circle: centre in degrees WGS-84, radius in km."""

    lat: float
    lon: float
    radius_km: float


class Where(Fact):
    """A part of the area: the union of its polygons (closed rings of lat, lon), circles and region codes."""

    desc: str = ""
    polygons: tuple[tuple[tuple[float, float], ...], ...] = ()
    circles: tuple[Round, ...] = ()
    codes: tuple[str, ...] = ()


class Reference(Fact):
    """Another message, by what makes it one of a kind."""

    sender: str
    identifier: str
    sent: datetime


class Bulletin(Fact):
    """What one message says. `subject` is 12379's: the identifier of the first issue, "" elsewhere.

    `expires` is never None: what does not say it holds a day, and `expires_assumed` says so.
    """

    format: MessageFormat
    sender: str
    identifier: str
    sent: datetime
    status: WarningStatus
    kind: MessageKind
    references: tuple[Reference, ...] = ()
    subject: str = ""
    event_code: str = ""
    event_name: str = ""
    colour: ColourName | None = None
    title: str = ""
    text: str = ""
    instruction: str = ""
    speaker: str = ""
    issuer: str = ""
    effective: datetime
    expires: datetime
    expires_assumed: bool = False
    areas: tuple[Where, ...] = ()

    @property
    def author(self) -> str:
        """Who warns: the unit in a national identifier, so that CAP and 12379 of one unit are one author."""
        return self.identifier[:_UNIT] if is_identifier(self.identifier) else self.sender

    @property
    def identity(self) -> tuple[str, str, str]:
        """Return what makes it one of a kind, in words that compare."""
        return self.author, self.identifier, stamp(self.sent)


def stamp(at: datetime) -> str:
    """Return an instant in UTC, to the second."""
    return at.astimezone(UTC).isoformat(timespec="seconds")


def marked(title: str, status: str) -> str:
    """Return a title that says when it is not meant: 【演练】, 【测试】."""
    mark = MARKS.get(status, "")
    return title if title.startswith(mark) else mark + title


def event_named(words: str, known: Mapping[str, str]) -> str:
    """Return the code of the hazard that words name, "" for none; `known` are names by code.

    The longest name wins. Natural hazards only: a title that says 火灾 of an accident is left to a person.
    """
    named = [(name, code) for code, name in known.items() if code.startswith("11") and name in words]
    return max(named, key=lambda one: len(one[0]), default=("", ""))[1]


def of_cap(alert: Alert) -> Bulletin:
    """Read a CAP message: the Chinese infos, else those of the first language; areas are their union.

    Of several events in one message the gravest gives title and colour, none of the areas is dropped.
    """
    infos = _spoken(alert.infos)
    first = min(infos, key=lambda one: _rank(_cap_colour(one)), default=None)
    return Bulletin(
        format="cap",
        sender=alert.sender[:200],
        identifier=alert.identifier[:200],
        sent=alert.sent,
        status=_STATUS.get(alert.status, "test"),
        kind=_KIND.get(alert.msg_type, "other"),
        references=tuple(
            Reference(sender=one.sender, identifier=one.identifier, sent=one.sent) for one in alert.references
        ),
        areas=tuple(
            Where(
                desc=area.desc[:200],
                polygons=area.polygons,
                circles=tuple(_round(one, 1.0) for one in area.circles),
                codes=_codes(value for _, value in area.geocodes),
            )
            for info in infos
            for area in info.areas
        ),
        **_said(first, alert.sent, alert.note, [one.description for one in infos]),
    )


def _said(first: Info | None, sent: datetime, note: str, texts: Sequence[str]) -> dict[str, object]:
    if first is None:
        return {"text": note[: _MOST["text"]], **_times(None, None, None, sent)}
    codes = [value for _, value in first.event_codes if _EVENT.fullmatch(value)]
    return {
        "event_code": codes[0] if codes else "",
        "event_name": first.event[: _MOST["name"]],
        "colour": _cap_colour(first),
        "title": (first.headline or first.event)[: _MOST["title"]],
        "text": "\n".join(dict.fromkeys(filter(None, texts)))[: _MOST["text"]],
        "instruction": first.instruction[: _MOST["instruction"]],
        "issuer": first.sender_name[: _MOST["name"]],
        **_times(first.effective, first.onset, first.expires, sent),
    }


def of_12379(notice: Notice) -> Bulletin:
    """Read a message of 12379; the loudspeaker's words are kept for broadcasts."""
    first = min(notice.warnings, key=lambda one: _rank(_cn_colour(one)), default=None)
    speaker = next((one.message for one in notice.methods if one.name == "SPEAKER"), "")
    said: dict[str, object] = {"text": notice.note[: _MOST["text"]]}
    if first is not None:
        said = {
            "event_code": first.event_type if _EVENT.fullmatch(first.event_type) else "",
            "colour": _cn_colour(first),
            "title": first.headline[: _MOST["title"]],
            "text": first.description[: _MOST["text"]],
            "instruction": first.instruction[: _MOST["instruction"]],
            "issuer": (first.sender_name or notice.sender)[: _MOST["name"]],
        }
    times = (first.effective, first.onset, first.expires) if first else (None, None, None)
    return Bulletin(
        format="cn12379",
        sender=notice.sender_code or notice.sender,
        identifier=notice.identifier,
        sent=notice.send_time,
        status=_STATUS.get(notice.status, "test"),
        kind=_KIND.get(notice.msg_type, "other"),
        subject=notice.subject,
        speaker=speaker[: _MOST["text"]],
        areas=tuple(
            Where(
                desc=place.desc[:200],
                polygons=place.polygons,
                circles=tuple(_round(one, 1000.0) for one in place.circles_m),
                codes=_codes(place.geocodes),
            )
            for warning in notice.warnings
            for place in warning.places
        ),
        **said,
        **_times(*times, notice.send_time),
    )


def _times(
    effective: datetime | None, onset: datetime | None, expires: datetime | None, sent: datetime
) -> dict[str, object]:
    begins = effective or onset or sent
    return {
        "effective": begins,
        "expires": expires or sent + LIFETIME,
        "expires_assumed": expires is None,
    }


def _spoken(infos: Sequence[Info]) -> list[Info]:
    chinese = [one for one in infos if one.language.lower().startswith("zh")]
    return chinese or [one for one in infos if one.language == infos[0].language]


def _cap_colour(info: Info) -> Colour | None:
    named = colour_in(info.headline) or colour_in(info.event)
    return named or (BY_CAP[info.severity].colour if info.severity in BY_CAP else None)


def _cn_colour(info: WarningInfo) -> Colour | None:
    named = colour_in(info.headline)
    return named or (BY_12379[info.severity].colour if info.severity in BY_12379 else None)


def _rank(colour: Colour | None) -> int:
    return BY_COLOUR[colour].grade if colour else 9


def _round(circle: CapCircle, unit: float) -> Round:
    lat, lon = circle.centre
    return Round(lat=lat, lon=lon, radius_km=circle.radius_km / unit)


def _codes(values: object) -> tuple[str, ...]:
    """Return the region codes among geocodes; lists with commas are taken apart (12379)."""
    words = [word.strip() for value in values for word in re.split(r"[,,;\s]+", value)]  # type: ignore[attr-defined]
    return tuple(dict.fromkeys(word for word in words if _CODE.fullmatch(word)))
