"""What supplies say in the duty log: requests, transfer orders, stock-takes, what runs out of date."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Body = Mapping[str, Any]
Words = tuple[str, str, str, str]
"""What happened (Chinese, English), who told it, what was done about it."""

TRANSFER = {
    "supply.reserved": ("物资调拨预留", "supplies reserved"),
    "supply.issued": ("物资出库", "supplies issued"),
    "supply.carried": ("物资承运", "supplies under way"),
    "supply.delivered": ("物资签收", "supplies received"),
    "supply.returned": ("物资退回或核销", "supplies returned or used up"),
    "supply.cancelled": ("调拨撤销", "transfer cancelled"),
}
OTHER = ("supply.requested", "supply.counted", "supply.scrapped", "supply.expiring", "supply.expired")
_SIGNED = {"supply.issued": "issue", "supply.carried": "carry", "supply.delivered": "receive"}


def transfer_words(type_: str, body: Body) -> Words:
    """Return what a step of a transfer order says; its source is who signed."""
    order = body["transfer"]
    zh, en = TRANSFER[type_]
    goods = goods_of(order)
    road = f"{order['number']} {order['warehouse_name']} → {order['to_name']}"
    part = _SIGNED.get(type_)
    signed = next((one["name"] for one in order["signatures"] if one["part"] == part), "")
    reasons = [one[key] for one in order["lines"] for key in ("issue_reason", "difference_reason")]
    why = order["cancel_reason"] or ";".join(filter(None, reasons))
    return f"{zh} {road}:{goods}", f"{en} {road}: {goods}", signed or order["made_by"], why


def goods_of(order: Body) -> str:
    """Return what is on an order, as much as was received, issued or reserved last."""
    return "、".join(f"{one['name_zh']}{_latest(one)}{one['unit']}" for one in order["lines"])


def other_words(type_: str, body: Body) -> Words:
    """Return what anything else of supplies says."""
    if type_ == "supply.requested":
        told = body["request"]
        goods = "、".join(f"{one['name_zh']}{one['quantity']}{one['unit']}" for one in told["needs"])
        where = f"{told['region_path']}{told['place']}"
        missing = ";".join(one["zh"] for one in body["shortfalls"])
        source = told["voucher"] or told["entered_by"]
        return f"{where}请求物资:{goods}", f"supplies requested for {where}: {goods}", source, missing
    if type_ == "supply.counted":
        take, count = body["take"], body["differences"]
        name, who = take["warehouse_name"], take["counted_by"]
        return f"{name}盘点,差异 {count} 项", f"{name}: stock-take, {count} differences", who, take["note"]
    if type_ == "supply.scrapped":
        what = f"{body['warehouse_name']} {body['item_zh']}{body['quantity']}{body['unit']}"
        return f"物资报废 {what}", f"supplies scrapped: {what}", body["warehouse_name"], body["reason"]
    zh, en = ("物资已过期", "expired") if type_ == "supply.expired" else ("物资临期", "expires soon")
    lots = "、".join(
        f"{one['item_zh']}{one['quantity']}{one['unit']}({one['expires_on']})" for one in body["lots"]
    )
    name = body["warehouse_name"]
    return f"{zh} {name}:{lots}", f"{en}: {name}: {lots}", "系统", ""


def _latest(line: Body) -> int:
    told = (line["received"], line["issued"], line["reserved"])
    return next(int(quantity) for quantity in told if quantity is not None)
