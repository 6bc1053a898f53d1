"""A transfer order on paper (物资调拨单): from, to, items, and the three signatures of the hand-over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from app.desk.prints.page import Page, clean
from app.supplies.rules.steps import STATES
from app.supplies.transfer_facts import SupplySignatureFact, SupplyTransferFact, SupplyTransferLineFact

HEADS = ("编码", "物资名称", "批号/有效期", "单位", "应发", "实发", "实收", "备注")
WIDTHS = (19, 29, 32, 11, 15, 15, 15, 20)
_KINDS = {"relief": "救灾调拨", "preposition": "预置", "restock": "补库"}
_PARTS = (("issue", "保管员(发出)"), ("carry", "承运人"), ("receive", "接收人"))


def page_of(order: SupplyTransferFact, zone: ZoneInfo) -> Page:
    """Put a transfer order into words; what is not signed yet is signed on the paper."""
    return Page(
        title="物资调拨单",
        number=clean(order.number),
        facts=tuple((label, clean(text)) for label, text in _facts(order, zone)),
        heads=HEADS,
        widths=WIDTHS,
        rows=tuple(_row(line) for line in order.lines),
        signs=tuple(clean(_sign(order, part, word)) for part, word in _PARTS),
        empty="无物资",
    )


def _facts(order: SupplyTransferFact, zone: ZoneInfo) -> Iterator[tuple[str, str]]:
    yield "类别", f"{_KINDS[order.kind]} {STATES[order.state][0]}"
    yield "调出", f"{order.warehouse_name} {order.keeper} {order.keeper_phone}".strip()
    yield "调入", order.to_name
    if order.incident_number:
        yield "事件", order.incident_number
    yield "事由", f"{order.reason}({order.key_period})" if order.key_period else order.reason
    yield "开单", f"{order.made_by} {_time(order.made_at, zone)}"
    for one in order.signatures:
        yield dict(_PARTS)[one.part], _signed(one, zone)
    if order.cancel_reason:
        yield "撤销", order.cancel_reason


def _row(line: SupplyTransferLineFact) -> tuple[str, ...]:
    lot = f"{line.lot} {line.expires_on or ''}".strip() or "—"
    remarks = [line.issue_reason, line.difference_reason]
    if line.returned:
        remarks.append(f"退回{line.returned}")
    if line.used:
        remarks.append(f"消耗{line.used}")
    told = (line.code, line.name_zh, lot, line.unit, str(line.reserved), _number(line.issued))
    return tuple(
        clean(text) for text in (*told, _number(line.received), ";".join(word for word in remarks if word))
    )


def _number(quantity: int | None) -> str:
    return "" if quantity is None else str(quantity)


def _sign(order: SupplyTransferFact, part: str, word: str) -> str:
    signed = next((one for one in order.signatures if one.part == part), None)
    return f"{word}:{signed.name if signed else ''}"


def _signed(one: SupplySignatureFact, zone: ZoneInfo) -> str:
    return " ".join(filter(None, (one.name, one.phone, one.vehicle, _time(one.signed_at, zone))))


def _time(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"
