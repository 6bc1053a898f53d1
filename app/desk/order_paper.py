"""An order on paper (指令单, domain/rules B8): the form with its receipt table."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from app.desk.prints.page import Page, clean
from app.dispatch.order.facts import OrderDetail, OrderRecipientDetail

HEADS = ("受令单位", "任务", "时限", "签收", "反馈", "销号")
WIDTHS = (26, 42, 20, 24, 26, 18)
SIGNS = ("拟稿:", "签发(签字):")
KINDS = {
    "personnel": "人员",
    "equipment": "装备",
    "facility": "设施",
    "supplies": "物资",
    "information": "信息",
    "action": "行动",
}
_BASES = {"incident": "事件", "instruction": "批示", "plan_card": "预案行动卡", "text": ""}
_ISSUED = {
    "leader_in_charge": "带班领导 {who} 签发",
    "commander": "指挥长 {who} 签发",
    "oral_consent": "经 {who} {at}口头同意,由 {by} 下达",
}


def page_of(order: OrderDetail, centre: str, zone: ZoneInfo) -> Page:
    """Put an order into words; a draft says that it is one."""
    return Page(
        title=clean(f"{centre}指令单"),
        number=clean(order.number or "(草稿,未编号)"),
        facts=tuple((label, clean(text)) for label, text in _facts(order, zone) if text),
        heads=HEADS,
        widths=WIDTHS,
        rows=tuple(_row(part, zone) for part in order.parts),
        signs=SIGNS,
        empty="本指令没有您辖区的受令单位",
    )


def _facts(order: OrderDetail, zone: ZoneInfo) -> Iterator[tuple[str, str]]:
    yield "事由", order.title
    yield "主送", "、".join(order.addressees)
    basis = (_BASES[order.basis], order.incident_number or "", order.basis_text)
    yield "依据", " ".join(word for word in basis if word)
    yield "指令内容", order.text
    yield "报告要求", order.report_requirement
    if order.issued_as and order.issued_at:
        yield (
            "签发",
            _ISSUED[order.issued_as].format(
                who=order.consent_of, at=_short(order.consent_at, zone), by=order.issued_by
            ),
        )
        yield "下达时间", _long(order.issued_at, zone)
    for version in order.versions[1:]:
        yield f"第{version.version}版", f"{_short(version.made_at, zone)} {version.reason}"
    if order.withdrawn_at is not None:
        yield "撤销", f"{_long(order.withdrawn_at, zone)} {order.withdrawn_by}:{order.withdrawn_reason}"


def _row(part: OrderRecipientDetail, zone: ZoneInfo) -> tuple[str, ...]:
    told = [answer for answer in part.answers if answer.kind in ("progress", "done")]
    receipt = (
        f"{part.acknowledged_by}\n{_short(part.acknowledged_at, zone)}" if part.acknowledged_at else "未签收"
    )
    closed = f"{part.closed_by}\n{_short(part.closed_at, zone)}" if part.closed_at else ""
    cells = (
        part.name,
        "\n".join(f"{n}.[{KINDS[task.kind]}]{task.text}" for n, task in enumerate(part.tasks, start=1)),
        "\n".join(f"{n}.{_short(task.due_at, zone) or '—'}" for n, task in enumerate(part.tasks, start=1)),
        receipt,
        "\n".join(f"{_short(answer.told_at, zone)} {answer.text}" for answer in told),
        closed,
    )
    return tuple(clean(cell) for cell in cells)


def _long(at: datetime, zone: ZoneInfo) -> str:
    local = at.astimezone(zone)
    return f"{local.year}年{local.month}月{local.day}日{local.hour}时{local.minute:02d}分"


def _short(at: datetime | None, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%m-%d %H:%M}" if at else ""
