"""Numbers and texts of orders as they are printed and sent."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from app.delivery.rules import NARROW_BYTES, shortened, width
from app.filing.rules.numbers import DRILL

NARROW = frozenset({"beidou", "jt808", "radio", "satellite_phone", "sbd"})
RECEIPT = "回复6签收"
RECEIPTS = frozenset({"6", "\uff16", "签收"})  # 1 to 5 answer an assignment (app/delivery/rules.py)


def number_of(name: str, year: int, running: int, *, drill: bool = False) -> str:
    """Return e.g. 樟应指令〔2025〕3号 (domain/rules B8), of a drill 演练樟应指令〔2025〕1号."""
    return f"{DRILL if drill else ''}{name}〔{year}〕{running}号"


def due_word(at: datetime | None, now: datetime, zone: ZoneInfo) -> str:
    """Return a deadline in words: today the time alone."""
    if at is None:
        return ""
    local = at.astimezone(zone)
    same = local.date() == now.astimezone(zone).date()
    return f"{local:%H:%M}" if same else f"{local.month}月{local.day}日{local:%H:%M}"


def text_for(channel: str, number: str, title: str, tasks: str, due: str) -> str:
    """Return an order as a channel carries it.

    The app shows number, title, tasks and deadline; a narrow channel the same without the title, on Beidou
    shortened in the middle of the tasks: number, deadline and how to acknowledge stay.
    """
    limit = f" 限{due}反馈" if due else ""
    if channel not in NARROW:
        return f"【指令】{number} {title}。{tasks}{limit}"
    head, tail = f"【指令】{number} ", f"{limit} {RECEIPT}"
    room = NARROW_BYTES - width(head) - width(tail)
    return head + (shortened(tasks, room) if channel == "beidou" else tasks) + tail


def reminder_for(channel: str, number: str, about: str, step: int) -> str:
    """Return the words of a supervision."""
    owed = "未签收" if about == "acknowledgement" else "逾期未反馈"
    answer = f" {RECEIPT}" if channel in NARROW and about == "acknowledgement" else ""
    return f"【督办】第{step}次 {number} {owed},请立即办理{answer}"


def withdrawal_for(channel: str, number: str, at: str, reason: str) -> str:
    """Return the words of a withdrawal; on Beidou the reason is shortened, the number stays."""
    head = f"【撤回】{number} 于{at}撤回,不再执行。"
    room = NARROW_BYTES - width(head)
    return head + (shortened(reason, room) if channel == "beidou" else reason)
