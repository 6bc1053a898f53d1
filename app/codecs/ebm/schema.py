"""The content models of EBD packets (GD/J 082 tables 1-5, GD/J 083 tables 4-35): order, number, values."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from functools import cache

from app.codecs.ebm.profile import Dialect
from app.codecs.findings import shown
from app.codecs.markup.model import MANY, Part, Problem, Test, group, may, one
from app.codecs.markup.values import between, decimal, integer, like, one_of

BEIJING = timezone(timedelta(hours=8))
"""Times of GD/J have no zone: they are Beijing's."""

OMD_TYPES = (
    *("EBRPSInfo", "EBRSTInfo", "EBRASInfo", "EBRBSInfo", "EBRDTInfo"),
    *("EBMBrdLog", "EBRPSState", "EBRASState", "EBRBSState", "EBRDTState"),
)
TYPES = (
    *("EBM", "EBMStateRequest", "EBMStateResponse", "OMDRequest"),
    *OMD_TYPES,
    *("ConnectionCheck", "EBDNotify", "EBDResponse"),
)

_TIME = re.compile(
    r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01]) ([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
)


def time_of(text: str) -> datetime | None:
    """Read `2026-06-18 09:30:00` as Beijing time; None when it is no time or does not exist."""
    if not _TIME.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=BEIJING)
    except ValueError:
        return None


def _time(text: str) -> Problem | None:
    if time_of(text) is not None:
        return None
    zh = f"的时间 {shown(text)} 应为真实时间,写作 2026-06-18 09:30:00(北京时间,不带时区)"
    return "BAD_TIME", zh, f"is {shown(text)}: write a real time as 2026-06-18 09:30:00 (Beijing, no zone)"


def _time_or_none(text: str) -> Problem | None:
    return _time(text) if text else None


_AREAS = like(
    r"[0-9]{12}(,[0-9]{12})*", "逗号分隔的 12 位区划代码", "region codes of 12 digits with commas between"
)
_STAT = like(r"[0-9]{1,9}(,[0-9]{1,9}){3}", "四个逗号分隔的数字", "four numbers with commas between")
_SCOPE = one_of("Full", "Incremental")
_STATE = between(0, 5)
_HOLDER = ("EBRPS", "EBRST", "EBRAS")


@cache
def packet(dialect: Dialect, kind: str) -> Part:
    """Return the model of an EBD whose payload is of a kind; a kind that is unknown has no payload."""
    ids = _Ids(dialect)
    payload = (_payload(kind, ids),) if kind in TYPES else ()
    return group(
        "EBD",
        one("EBDVersion"),
        one("EBDID", ids.data),
        one("EBDType", one_of(*TYPES)),
        group("SRC", one("EBRID", ids.resource), may("URL")),
        group("DEST", one("EBRID", ids.resource), least=0),
        one("EBDTime", _time),
        group("RelatedEBD", one("EBDID", ids.related), least=0),
        *payload,
    )


class _Ids:
    """The values that differ between the dialects."""

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        if dialect is Dialect.GDJ_2018:
            self.data: Test = like(
                r"(10|01)[1-6][0-9]{38}", "41 位编号", "a number of 41 digits", "BAD_EBDID"
            )
            self.related = self.data
            self.resource: Test = like(r"[1-6][0-9]{22}", "23 位编号", "a number of 23 digits", "BAD_EBRID")
            self.message: Test = like(r"[1-6][0-9]{34}", "35 位编号", "a number of 35 digits", "BAD_EBMID")
            self.msg_type, self.severity = between(1, 5), between(0, 4)
            self.auxiliary: Test = one_of("1", "2", "3", "4", "41", "42", "43", "61")
        else:
            self.data = like(r"[0-9]{36}", "36 位编号", "a number of 36 digits", "BAD_EBDID")
            self.related = like(r"[0-9]{0,40}", "数字编号", "a number", "BAD_EBDID")
            self.resource = like(r"[0-9]{18}", "18 位编号", "a number of 18 digits", "BAD_EBRID")
            self.message = like(r"[0-9]{30}", "30 位编号", "a number of 30 digits", "BAD_EBMID")
            self.msg_type, self.severity = between(1, 2), between(0, 99)
            self.auxiliary = between(1, 99)


def _payload(kind: str, ids: _Ids) -> Part:
    if kind in _PLAIN:
        return group(kind, *_PLAIN[kind])
    if kind == "EBM":
        return _message(ids)
    if kind == "EBMStateRequest":
        return group(kind, group("EBM", one("EBMID", ids.message)))
    if kind == "EBMStateResponse":
        return group(
            kind,
            one("RptTime", _time),
            group("EBM", one("EBMID", ids.message)),
            *_broadcast_state(),
            _sites(least=1),
        )
    if kind == "EBMBrdLog":
        return _log(ids)
    return _list(kind, ids)


_PLAIN = {
    "ConnectionCheck": (one("RptTime", _time),),
    "EBDNotify": (one("ResultCode", between(0, 5)), one("ResultDesc")),
    "EBDResponse": (one("ResultCode", between(0, 5)), one("ResultDesc")),
    "OMDRequest": (
        one("OMDType", one_of(*OMD_TYPES)),
        group(
            "Params", may("RptStartTime", _time), may("RptEndTime", _time), may("RptType", _SCOPE), least=0
        ),
    ),
}


def _basics(ids: _Ids) -> Part:
    return group(
        "MsgBasicInfo",
        one("MsgType", ids.msg_type),
        one("SenderName"),
        one("SenderCode"),
        one("SendTime", _time),
        one("EventType"),
        one("Severity", ids.severity),
        one("StartTime", _time),
        one("EndTime", _time),
        least=0,
    )


def _content(*more: Part, least: int, most: int) -> Part:
    return group(
        "MsgContent",
        one("LanguageCode"),
        one("MsgTitle"),
        one("MsgDesc"),
        one("AreaCode", _AREAS),
        may("ProgramNum"),
        *more,
        least=least,
        most=most,
    )


def _message(ids: _Ids) -> Part:
    auxiliary = group(
        "Auxiliary",
        one("AuxiliaryType", ids.auxiliary),
        one("AuxiliaryDesc"),
        may("Size", between(0, 2**40)),
        may("Digest"),
        least=0,
        most=MANY,
    )
    device = group("EBRBS", may("BrdSysType"), may("BrdSysInfo"), least=0, most=MANY)
    through = [group(name, one("EBRID"), least=0) for name in ("EBRPS", "EBRRTS", "EBRAS")]
    return group(
        "EBM",
        one("EBMVersion"),
        one("EBMID", ids.message),
        group("RelatedInfo", may("EBIID"), may("EBMID", ids.message), least=0),
        _basics(ids),
        _content(auxiliary, least=0, most=MANY),
        group("Dispatch", one("LanguageCode"), *through, device, least=0, most=MANY),
    )


def _broadcast_state() -> tuple[Part, ...]:
    coverage = group(
        "Coverage", one("CoverageRate", decimal), one("AreaCode", _AREAS), one("ResBrdStat", _STAT), least=0
    )
    return one("BrdStateCode", _STATE), one("BrdStateDesc"), coverage


def _sites(*, least: int) -> Part:
    device = group(
        "EBRBS",
        one("RptTime", _time),
        one("BrdSysInfo"),
        one("StartTime", _time),
        one("EndTime", _time_or_none),
        one("FileURL"),
        one("BrdStateCode", _STATE),
        one("BrdStateDesc"),
        least=least,
        most=MANY,
    )
    holders = [group(name, one("EBRID"), least=0) for name in _HOLDER]
    return group("ResBrdInfo", group("ResBrdItem", *holders, device, least=0, most=MANY), least=least)


def _log(ids: _Ids) -> Part:
    unit = group(
        "Unit",
        group("EBRPS", one("EBRID")),
        one("UnitID"),
        one("UnitName"),
        one("PersonID"),
        one("PersonName"),
        least=0,
        most=MANY,
    )
    item = group(
        "EBMBrdItem",
        group("EBM", one("EBMID", ids.message), _basics(ids), _content(least=1, most=1)),
        group("UnitInfo", unit, least=0),
        *_broadcast_state(),
        _sites(least=0),
        least=0,
        most=MANY,
    )
    span = group("Params", one("RptStartTime", _time), one("RptEndTime", _time), least=0)
    return group("EBMBrdLog", span, item)


def _list(kind: str, ids: _Ids) -> Part:
    """Return the model of EBR??Info or EBR??State, whose rows are named by the first five letters."""
    name = kind[:5]
    if kind.endswith("State"):
        desc = may("StateDesc") if name == "EBRDT" else one("StateDesc")
        state = (one("RptTime", _time), one("EBRID", ids.resource), one("StateCode", between(1, 5)), desc)
        return group(kind, group(name, *state, least=0, most=MANY))
    related = [group(f"Related{of}", one("EBRID"), least=0) for of in _RELATED[name]]
    row = (
        one("RptTime", _time),
        one("RptType", one_of("Sync", "Delete")),
        *related,
        one("EBRID", ids.resource),
        one("EBRName"),
        *_ROWS[name],
    )
    span = group(
        "Params", may("RptStartTime", _time), may("RptEndTime", _time), may("RptType", _SCOPE), least=0
    )
    return group(kind, span, group(name, *row, least=0, most=MANY))


_RELATED = {
    "EBRPS": ("EBRPS",),
    "EBRST": ("EBRPS",),
    "EBRAS": ("EBRPS", "EBRST"),
    "EBRBS": ("EBRPS", "EBRST", "EBRAS"),
    "EBRDT": ("EBRPS",),
}
_POSITION = (one("Longitude"), one("Latitude"))
_ADDRESS = (one("Address"), one("Contact"), one("PhoneNumber"), *_POSITION)
_MAKERS = Part("Params", least=0, inside=(), skip=True)
_RADIO = group(
    "RadioParams",
    one("ChannelName"),
    one("Freq", integer),
    one("Power", integer),
    one("Backup", between(1, 2)),
    one("AutoSwitch", between(1, 2)),
    one("RemoteControl", between(1, 2)),
    least=0,
)
_TV = group(
    "TVParams", one("ChannelName"), one("Freq", integer), one("ProgramNum"), one("ChannelNum"), least=0
)
_SWITCH = group("Switch", one("Weekday", between(1, 7)), one("StartTime"), one("EndTime"), least=0, most=MANY)
_ROWS: dict[str, tuple[Part, ...]] = {
    "EBRPS": (*_ADDRESS, one("URL")),
    "EBRST": _ADDRESS,
    "EBRAS": (*_POSITION, one("URL"), _MAKERS),
    "EBRBS": (
        may("URL"),
        *_POSITION,
        one("Square"),
        one("AreaCode", _AREAS),
        one("Population", decimal),
        one("LanguageCode"),
        one("EquipRoom"),
        _RADIO,
        _TV,
        group("Schedule", _SWITCH, least=0),
    ),
    "EBRDT": (*_POSITION, _MAKERS),
}
