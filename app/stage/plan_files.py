"""The files of the demo's carded plans: each a paper of its own, printed from what the register says."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from sqlalchemy import text

from app.api.house import House
from app.api.papers import office_of
from app.desk.prints.page import NoPrintFont, Page, clean
from app.dispatch.attachments import vault
from app.dispatch.attachments.rules import PDF
from app.response.plan.rules.card import Card, read_card
from app.response.plan.rules.fit import KINDS

_CARDED = text(
    "SELECT p.id, p.kind, p.name_zh, p.owner_name, v.version, v.number, v.issued_on, v.valid_to,"
    "       c.text AS card"
    "  FROM plan p JOIN plan_version v ON v.plan_id = p.id"
    "  JOIN action_card c ON c.plan_id = p.id AND c.version = 1"
    " WHERE v.sha256 = '' ORDER BY p.id, v.version"
)
_KEPT = text(
    "UPDATE plan_version SET sha256 = :sha256, file_name = :name, media_type = :media_type, size = :size"
    " WHERE plan_id = :plan AND version = :version"
)
_LEVELS = ("", "一级", "二级", "三级", "四级")


async def file_texts(house: House) -> int:
    """Print the carded plans and lay them with their versions; nothing without fonts to print with."""
    fonts = (await office_of(house)).fonts
    async with house.database.transaction() as tx:
        rows = (await tx.execute(_CARDED)).all()
    held: list[dict[str, Any]] = []
    with suppress(NoPrintFont):
        for row in rows:
            card, _ = read_card(row.card)
            if card is not None:  # printed while no transaction waits
                held.append(_kept(house, row, printed(page_of(row, card), fonts)))
    async with house.database.transaction() as tx:
        for one in held:
            await tx.execute(_KEPT, one)
    return len(held)


def _kept(house: House, row: Any, content: bytes) -> dict[str, Any]:
    return {
        "plan": row.id,
        "version": row.version,
        "sha256": vault.put(house.settings.data, content),
        "size": len(content),
        "name": f"{row.name_zh}.pdf",
        "media_type": PDF.media_type,
    }


def printed(page: Page, fonts: str) -> bytes:
    """Return a page as PDF. Raises NoPrintFont."""
    from app.desk.prints.pdf import pdf_of  # the printing libraries take a second to load

    return pdf_of([page], fonts)


def page_of(row: Any, card: Card) -> Page:
    """Put a plan into words: what the register says of it, and its tasks, those of all levels first."""
    facts = (
        ("类别", KINDS[row.kind][0]),
        ("编制单位", row.owner_name),
        ("印发日期", f"{row.issued_on:%Y年%m月%d日}"),
        ("有效期至", f"{row.valid_to:%Y年%m月%d日}" if row.valid_to else "长期"),
        ("说明", "虚构城市的示例预案,仅供演示;各级响应的任务如下,下达后按时限完成。"),
    )
    rows = [
        (
            "、".join(_LEVELS[level] for level in sorted(task.levels, reverse=True)),
            task.to.removeprefix("@"),
            task.text,
            f"{task.due_min}分钟",
            task.document,
        )
        for task in sorted(card.tasks, key=lambda one: -len(one.levels))
    ]
    return Page(
        title=clean(row.name_zh),
        number=clean(row.number),
        facts=tuple((label, clean(told)) for label, told in facts),
        heads=("响应级别", "责任单位", "任务", "时限", "依据"),
        widths=(22, 28, 64, 16, 26),
        rows=tuple(tuple(clean(cell) for cell in one) for one in rows),
        signs=(f"编制单位:{clean(row.owner_name)}",),
        empty="没有任务",
        size=9,
    )
