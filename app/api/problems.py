"""Every refusal gets its status here and becomes an RFC 9457 problem in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from app.api.bearer import TooManyRequests
from app.api.broadcast_problems import BROADCAST_FAULTS, BROADCAST_STATUS
from app.api.broadcast_wire_problems import BROADCAST_WIRE_FAULTS, BROADCAST_WIRE_STATUS
from app.api.callout_problems import CALLOUT_FAULTS, CALLOUT_STATUS
from app.api.dark_problems import DARK_FAULTS, DARK_STATUS
from app.api.document_problems import DOCUMENT_FAULTS, DOCUMENT_STATUS
from app.api.drill_problems import DRILL_FAULTS, DRILL_STATUS
from app.api.drone_problems import DRONE_FAULTS, DRONE_STATUS
from app.api.duty_problems import DUTY_STATUS
from app.api.exchange_problems import EXCHANGE_FAULTS, EXCHANGE_STATUS
from app.api.force_problems import FORCE_FAULTS, FORCE_STATUS
from app.api.incident_problems import INCIDENT_STATUS
from app.api.meeting_problems import MEETING_FAULTS, MEETING_STATUS
from app.api.oidc import OIDC_STATUS
from app.api.order_problems import ORDER_FAULTS, ORDER_STATUS
from app.api.report_problems import REPORT_FAULTS, REPORT_STATUS
from app.api.reporting_problems import REPORTING_FAULTS, REPORTING_STATUS
from app.api.response_problems import RESPONSE_FAULTS, RESPONSE_STATUS
from app.api.route import ForeignOrigin, KeyReused, NotLoggedIn, TooSlow
from app.api.shelter_problems import SHELTER_STATUS
from app.api.status_call_problems import STATUS_CALL_FAULTS, STATUS_CALL_STATUS
from app.api.supply_problems import SUPPLY_FAULTS, SUPPLY_STATUS
from app.api.telephones import TelephoneBusy
from app.api.terminals import TerminalAway, TerminalBusy
from app.api.trouble import database_is_away, disk_is_full
from app.api.video_problems import VIDEO_FAULTS, VIDEO_STATUS
from app.api.warning_problems import WARNING_FAULTS, WARNING_STATUS
from app.delivery.rules import ChannelClosed
from app.devices.ledger.actions.devices import NumberTaken
from app.devices.roll_call.actions import RollCallOver, TooManyRollCalls
from app.devices.testing.actions import CannotBeAsked
from app.dispatch.actions.alarms import BelongsToItsCall
from app.dispatch.actions.assign import AlreadyCommitted
from app.dispatch.actions.dismissal import DismissalNotAsked, DismissalWaits, SamePerson
from app.dispatch.actions.incidents import StaleVersion, TeamsStillOut
from app.dispatch.actions.undo import NothingToUndo, UndoTooLate
from app.dispatch.maintenance.actions import InMaintenance
from app.dispatch.recommendation.actions import AlreadyStationed, NotStationed
from app.dispatch.reservation.actions import AlreadyReserved, ReservationOver
from app.dispatch.rules.steps import IllegalStep
from app.org.accounts import BadCredentials, TooManyAttempts
from app.org.areas.actions import AreaBeyondScope, AreaChangedMeanwhile, AreaNameTaken, TooManyAreas
from app.org.phones.actions import LinkSpent
from app.org.second_factor.actions import FactorStands
from app.org.second_factor.due import SecondFactorDue
from app.org.second_factor.proof import BadCode, SecondFactorNeeded
from app.org.walls.actions import NoSuchWall
from app.refusals import FieldFault, InvalidInput, NotFound, NotPermitted, Refusal

log = structlog.get_logger()

STATUS: Mapping[type[Refusal], int] = {
    **DUTY_STATUS,
    **DRILL_STATUS,
    **DRONE_STATUS,
    **DARK_STATUS,
    **BROADCAST_STATUS,
    **FORCE_STATUS,
    **INCIDENT_STATUS,
    **STATUS_CALL_STATUS,
    **MEETING_STATUS,
    **CALLOUT_STATUS,
    **DOCUMENT_STATUS,
    **ORDER_STATUS,
    **REPORT_STATUS,
    **EXCHANGE_STATUS,
    **BROADCAST_WIRE_STATUS,
    **REPORTING_STATUS,
    **RESPONSE_STATUS,
    **SHELTER_STATUS,
    **SUPPLY_STATUS,
    **VIDEO_STATUS,
    **WARNING_STATUS,
    **OIDC_STATUS,
    NotLoggedIn: 401,
    BadCredentials: 401,
    SecondFactorNeeded: 401,
    BadCode: 401,
    FactorStands: 409,
    AreaBeyondScope: 403,
    AreaChangedMeanwhile: 409,
    AreaNameTaken: 409,
    TooManyAreas: 409,
    SecondFactorDue: 403,
    LinkSpent: 410,
    NoSuchWall: 401,
    NotPermitted: 403,
    ForeignOrigin: 403,
    NotFound: 404,
    TooSlow: 408,
    AlreadyCommitted: 409,
    BelongsToItsCall: 409,
    DismissalNotAsked: 409,
    DismissalWaits: 409,
    SamePerson: 409,
    NothingToUndo: 409,
    AlreadyReserved: 409,
    ReservationOver: 409,
    UndoTooLate: 409,
    AlreadyStationed: 409,
    InMaintenance: 409,
    NotStationed: 409,
    CannotBeAsked: 409,
    ChannelClosed: 409,
    IllegalStep: 409,
    KeyReused: 409,
    NumberTaken: 409,
    RollCallOver: 409,
    StaleVersion: 409,
    TeamsStillOut: 409,
    TerminalAway: 409,
    TerminalBusy: 409,
    TelephoneBusy: 409,
    InvalidInput: 422,
    TooManyAttempts: 429,
    TooManyRequests: 429,
    TooManyRollCalls: 409,
}

# pydantic's error types that people meet, in words; the rest falls back to a general sentence.
_FAULTS: Mapping[str, tuple[str, str]] = {
    **FORCE_FAULTS,
    **VIDEO_FAULTS,
    **STATUS_CALL_FAULTS,
    **MEETING_FAULTS,
    **BROADCAST_FAULTS,
    **DRILL_FAULTS,
    **DRONE_FAULTS,
    **CALLOUT_FAULTS,
    **DARK_FAULTS,
    **DOCUMENT_FAULTS,
    **ORDER_FAULTS,
    **REPORT_FAULTS,
    **REPORTING_FAULTS,
    **RESPONSE_FAULTS,
    **EXCHANGE_FAULTS,
    **BROADCAST_WIRE_FAULTS,
    **SUPPLY_FAULTS,
    **WARNING_FAULTS,
    "missing": ("此项必填", "this field is required"),
    "string_too_long": ("超过长度上限 {max_length}", "longer than {max_length} characters"),
    "string_too_short": ("不能为空", "must not be empty"),
    "string_pattern_mismatch": ("格式不正确", "has the wrong format"),
    "greater_than_equal": ("不能小于 {ge}", "must not be less than {ge}"),
    "less_than_equal": ("不能大于 {le}", "must not be greater than {le}"),
    "literal_error": ("应为 {expected} 之一", "must be one of {expected}"),
    "extra_forbidden": ("没有这个字段", "no such field"),
    "int_parsing": ("应为整数", "must be a whole number"),
    "float_parsing": ("应为数字", "must be a number"),
    "bool_parsing": ("应为真或假", "must be true or false"),
    "timezone_aware": ("时间须带时区", "the time needs a zone"),
    "json_invalid": ("不是有效的 JSON", "not valid JSON"),
    "too_long": ("超过数量上限 {max_length}", "more than {max_length} items"),
    "control_character": ("文字不能包含控制字符", "a text must not hold a control character"),
    "device_number": ("{zh}", "{en}"),
    "number_form": ("{zh}", "{en}"),
    "phone_twice": ("同一号码写了两次", "the same number twice"),
    "more_full_time_than_posts": ("专职不能多于岗位总数", "more full-time posts than posts"),
    "one_of_them": ("请选且只选一项", "name exactly one of them"),
    "member_twice": ("同一人写了两次", "the same person twice"),
    "two_leaders": ("一支队伍只有一名队长", "a team has one leader"),
    "one_of_three": (
        "请在通话组、地区、设备中选且只选一项",
        "name a talk group, a place or devices: one of them",
    ),
    "ends_before_start": ("结束时间须晚于开始时间", "the end must lie after the start"),
    "override_changes_nobody": (
        "请写明增加谁、减少谁,或由谁替谁",
        "name a person to add, one to remove, or two different ones",
    ),
    "shift_outside_schedule": ("班次须在临时排班的时段之内", "every shift must lie within the schedule"),
    "seat_twice": ("同一席位只能列一次", "each kind of seat is named once"),
    "shift_too_long": ("一个班次最长35天", "a shift lasts 35 days at most"),
    "nobody_at_post": ("请写明由谁担任", "say who holds the post"),
    "nobody_named": ("请写明由谁应答", "say who answered"),
    "answered_before_it_rang": ("接起时刻不能早于响铃时刻", "it cannot be answered before it rang"),
    "rings_missing": ("请写明响铃几声后应答", "say after how many rings"),
    "half_a_place": ("经度和纬度须同时填写", "lon and lat belong together"),
    "nameless_standby": (
        "请填人员编号,或姓名和电话",
        "name a registered person, or give a name with a telephone",
    ),
    "one_subject": ("请在队伍与乡镇中选且只选一项", "name a brigade or a township, one of them"),
    "unknown_capability": ("没有这种能力", "no such capability"),
    "incident_twice": ("同一事件选了两次", "the same incident twice"),
    "finite_number": ("应为有限数值", "must be a finite number"),
}


def problem(
    status: int,
    code: str,
    zh: str,
    en: str,
    fields: Sequence[FieldFault] = (),
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """Return the problem document."""
    return JSONResponse(
        {
            "type": f"about:blank#{code}",
            "title": en,
            "status": status,
            "code": code,
            "detail": f"{zh} / {en}",
            "zh": zh,
            "en": en,
            "fields": [{"name": f.name, "zh": f.zh, "en": f.en} for f in fields],
        },
        status_code=status,
        media_type="application/problem+json",
        headers=dict(headers or {}),
    )


def install(app: FastAPI) -> None:
    """Register the handlers."""
    app.add_exception_handler(Refusal, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _broken)


async def _refused(_: Request, refusal: Exception) -> JSONResponse:
    assert isinstance(refusal, Refusal)
    headers = {}
    if isinstance(refusal, TooManyAttempts | TooManyRequests):
        headers["Retry-After"] = str(refusal.retry_after_s)
    return problem(STATUS[type(refusal)], refusal.code, refusal.zh, refusal.en, refusal.fields, headers)


async def _invalid(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    fields = [_fault(item) for item in error.errors()[:20]]
    zh = ";".join(f"{f.name}:{f.zh}" for f in fields)
    en = "; ".join(f"{f.name}: {f.en}" for f in fields)
    return problem(422, "invalid_input", zh, en, fields)


def _fault(item: Mapping[str, Any]) -> FieldFault:
    place = [str(part) for part in item["loc"] if part not in ("body", "query", "path")]
    zh, en = _FAULTS.get(item["type"], ("内容不正确", str(item["msg"])))
    context = {key: str(value) for key, value in (item.get("ctx") or {}).items()}
    return FieldFault(".".join(place) or "body", _filled(zh, context), _filled(en, context))


def _filled(sentence: str, context: Mapping[str, str]) -> str:
    for key, value in context.items():
        sentence = sentence.replace("{" + key + "}", value)
    return sentence


async def _http(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    words = {
        404: ("not_found", "没有这个地址", "no such address"),
        405: ("method_not_allowed", "不支持这种请求方式", "method not allowed"),
        413: ("too_large", "请求内容过大", "the request is too large"),
    }
    code, zh, en = words.get(error.status_code, ("http_error", "请求失败", str(error.detail)))
    return problem(error.status_code, code, zh, en, headers=error.headers)


async def _broken(request: Request, error: Exception) -> JSONResponse:
    if database_is_away(error):
        log.error("database_away", path=request.url.path, error=repr(error))
        return problem(
            503,
            "database_away",
            "数据库暂时连接不上,操作可能未生效,请稍候重试",
            "the database cannot be reached just now, perhaps nothing was changed: try again in a moment",
            headers={"Retry-After": "2"},
        )
    log.error("request_failed", path=request.url.path, exc_info=error)
    if disk_is_full(error):
        return problem(
            503,
            "disk_full",
            "数据库磁盘已满,操作未生效,请立即联系管理员",
            "the database's disk is full, nothing was changed: call the administrator at once",
        )
    return problem(
        500,
        "internal_error",
        "服务内部错误,操作未生效,请重试;若再次出现请联系管理员",
        "internal error, nothing was changed: try again; if it returns, call the administrator",
    )
