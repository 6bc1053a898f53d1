"""Documents of command: orders, instructions, transfer orders, round-ups, evacuations."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from app.db import Tx
from app.desk.documents.makers.asked import number_asked
from app.desk.documents.office import Made, Office
from app.desk.evacuation_paper import pages_of
from app.desk.order_paper import KINDS as TASK_KINDS
from app.desk.order_paper import page_of as order_page
from app.desk.prints.page import Page, clean
from app.desk.status_call_paper import name_of
from app.desk.status_call_paper import page_of as summary_page
from app.desk.supply_paper import page_of as transfer_page
from app.dispatch.instruction import store as instructions
from app.dispatch.order.facts import OrderDetail, OrderRecipientDetail
from app.dispatch.order.store import orders, parts
from app.dispatch.status_call.actions import summary
from app.org import store as org
from app.org.rules.access import Viewer, require
from app.refusals import NotFound
from app.reporting.report.rules.points import long_time
from app.shelters.actions import evacuations as evacuation_actions
from app.shelters.store import evacuations
from app.supplies.store import transfers

_HOW = {"written_note": "书面批示", "telephone": "电话", "in_person": "当面", "message": "短信"}
_STATES = {"open": "未完成", "reported": "已反馈,待销号", "accepted": "已销号"}


async def order_detail(tx: Tx, by: Viewer, order_id: int) -> OrderDetail:
    """Return an order with its recipients as far as the reader's scope goes. Raises NotFound."""
    found = await orders.visible(tx, by, order_id)
    if found is None:
        raise NotFound("该指令", "order")
    return OrderDetail(
        **found.model_dump(),
        parts=await parts.of_order(tx, by, order_id),
        versions=await orders.versions(tx, order_id),
        issuing=by.may("command") and by.covers(found.region_code),
    )


async def order(tx: Tx, by: Viewer, order_id: int, _part: str, office: Office) -> Made:
    """Make the order (指令单) with its receipt table; a draft is not filed."""
    detail = await order_detail(tx, by, order_id)
    centre, _ = await org.centre_names(tx, by.stream)
    return Made(
        f"order:{order_id}",
        clean(detail.title) or "指令单",
        f"指令单 {detail.number or detail.id}",
        (order_page(detail, centre, office.zone),),
        number=detail.number or "",
        incident_ids=_some(detail.incident_id),
        unfinished=None if detail.number else ("指令尚未签发", "the order is not issued yet"),
    )


async def transfer(tx: Tx, by: Viewer, transfer_id: int, _part: str, office: Office) -> Made:
    """Make the transfer order (物资调拨单) with its three signatures as far as they are there."""
    require(by, "see_desk")
    found = await transfers.seen(tx, by, transfer_id)
    if found is None:
        raise NotFound("该调拨单", "transfer order")
    return Made(
        f"transfer:{transfer_id}",
        f"物资调拨单 {clean(found.to_name)}",
        f"调拨单 {found.number}",
        (transfer_page(found, office.zone),),
        number=found.number,
        incident_ids=_some(found.incident_id),
    )


async def status_summary(tx: Tx, by: Viewer, call_id: int, part: str, office: Office) -> Made:
    """Make a kept version of the summary of a status round-up (调度情况汇总表)."""
    version = number_asked(part, "汇总的版本", "version of the summary")
    kept = await summary.kept_version(tx, by, call_id, version)
    page = summary_page(kept, office.zone)
    return Made(
        f"status_summary:{call_id}:{version}",
        page.title,
        name_of(kept.detail, version),
        (page,),
        number=page.number,
        incident_ids=_some(kept.detail.incident_id),
    )


async def evacuation_list(tx: Tx, by: Viewer, evacuation_id: int, part: str, office: Office) -> Made:
    """Make the evacuation list (人员转移名单), of one village or of all of the scope."""
    return await _evacuation(tx, by, evacuation_id, part, "list", office)


async def evacuation_return(tx: Tx, by: Viewer, evacuation_id: int, part: str, office: Office) -> Made:
    """Make the return-home list (人员返家名单), of one village or of all of the scope."""
    return await _evacuation(tx, by, evacuation_id, part, "return", office)


async def _evacuation(
    tx: Tx, by: Viewer, evacuation_id: int, village: str, kind: Literal["list", "return"], office: Office
) -> Made:
    require(by, "keep_shelters")
    found = await evacuation_actions.shown(tx, by, evacuation_id)
    people = await evacuations.people(tx, evacuation_id, by.scope, village)
    pages = tuple(pages_of(found, people, kind, office.zone, village))
    if not pages and village:
        raise NotFound("该村的名单", "list of that village")
    name = "人员转移名单" if kind == "list" else "人员返家名单"
    return Made(
        f"evacuation_{kind}:{evacuation_id}:{village}",
        f"{name} {clean(found.evacuation.reason)}".strip(),
        f"{name} {evacuation_id}",
        pages,
        number=found.evacuation.incident_number or "",
        incident_ids=_some(found.evacuation.incident_id),
    )


async def instruction_form(tx: Tx, by: Viewer, instruction_id: int, _part: str, office: Office) -> Made:
    """Make the form of a leader's instruction (批示办理单): its tasks, feedback and how it ended."""
    require(by, "see_desk")
    told = await instructions.seen(tx, by, instruction_id)
    if told is None:
        raise NotFound("该批示", "instruction")
    zone = office.zone
    ids = [order_id for order_id in told.order_ids if await orders.visible(tx, by, order_id)]
    owners = [part for order_id in ids for part in await parts.of_order(tx, by, order_id)]
    incident = await orders.visible(tx, by, ids[0]) if ids else None
    facts = (
        ("批示领导", f"{told.leader_name} {told.leader_post}".strip()),
        ("批示内容", told.text),
        ("批示时间", long_time(told.said_at, zone)),
        ("接收", f"{long_time(told.told_at, zone)} {told.written_by}记录"),
        ("方式", _HOW[told.told_how]),
        ("事件编号", (incident.incident_number or "") if incident else ""),
        (
            "办理情况",
            f"承办{told.owners}个,已签收{told.acknowledged}个;任务{told.tasks}项,已销号{told.accepted}项",
        ),
        (
            "办结",
            f"{long_time(told.closed_at, zone)} {told.closed_by}:{told.outcome}"
            if told.closed_at
            else "办理中",
        ),
    )
    page = Page(
        title="领导批示办理单",
        number="",
        facts=tuple((label, clean(text)) for label, text in facts if text),
        heads=("承办单位", "办理任务", "时限", "反馈", "销号"),
        widths=(30, 46, 24, 34, 22),
        rows=tuple(_owner(part, zone) for part in owners),
        signs=("承办人(签字):", "带班领导(签字):"),
        empty="尚未分解任务",
    )
    return Made(
        f"instruction_form:{instruction_id}",
        f"{clean(told.leader_name)}批示办理单",
        f"批示办理单 {instruction_id}",
        (page,),
        incident_ids=_some(told.incident_id),
    )


def _owner(part: OrderRecipientDetail, zone: ZoneInfo) -> tuple[str, ...]:
    said = [one for one in part.answers if one.kind in ("progress", "done")]
    cells = (
        part.name,
        "\n".join(f"{n}.[{TASK_KINDS[task.kind]}]{task.text}" for n, task in enumerate(part.tasks, start=1)),
        "\n".join(f"{n}.{_short(task.due_at, zone) or '—'}" for n, task in enumerate(part.tasks, start=1)),
        "\n".join(f"{_short(one.told_at, zone)} {one.text}" for one in said),
        "\n".join(f"{n}.{_STATES.get(task.state, '已取消')}" for n, task in enumerate(part.tasks, start=1)),
    )
    return tuple(clean(cell) for cell in cells)


def _short(at: datetime | None, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%m-%d %H:%M}" if at else ""


def _some(incident_id: int | None) -> tuple[int, ...]:
    return () if incident_id is None else (incident_id,)
