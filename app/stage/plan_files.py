"""The files of the demo's carded plans: each a paper of its own, printed from what the register says."""

from __future__ import annotations

from contextlib import suppress

from sqlmodel import col, select

from app.api.house import House
from app.api.papers import office_of
from app.desk.prints.page import NoPrintFont, Page, clean
from app.dispatch.attachments import vault
from app.dispatch.attachments.rules import PDF
from app.response.plan.rules.card import Card, read_card
from app.response.plan.rules.fit import KINDS
from app.response.plan.tables import ActionCard, Plan, PlanVersion

_LEVELS = ("", "一级", "二级", "三级", "四级")
_PAIRS = (
    select(Plan, PlanVersion, ActionCard)
    .join(PlanVersion, col(PlanVersion.plan_id) == col(Plan.id))
    .join(ActionCard, col(ActionCard.plan_id) == col(Plan.id))
    .where(col(ActionCard.version) == 1, col(PlanVersion.sha256) == "")
    .order_by(col(Plan.id))
)


async def file_texts(house: House) -> int:
    """Print the carded plans and lay them with their versions; nothing without fonts to print with."""
    fonts = (await office_of(house)).fonts
    async with house.database.transaction() as tx:
        rows = (await tx.execute(_PAIRS)).all()
    papers: list[tuple[int, int, str, bytes]] = []
    with suppress(NoPrintFont):  # printed while no transaction waits
        for plan, version, written in rows:
            card, _ = read_card(written.text)
            if card is not None:
                content = printed(page_of(plan, version, card), fonts)
                papers.append((version.plan_id, version.version, plan.name_zh, content))
    async with house.database.transaction() as tx:
        for plan_id, number, name, content in papers:
            held = await tx.get(PlanVersion, (plan_id, number))
            assert held is not None  # versions are only added
            held.sha256 = vault.put(house.settings.data, content)
            held.file_name, held.media_type = f"{name}.pdf", PDF.media_type
            held.size = len(content)
    return len(papers)


def printed(page: Page, fonts: str) -> bytes:
    """Return a page as PDF. Raises NoPrintFont."""
    from app.desk.prints.pdf import pdf_of  # the printing libraries take a second to load

    return pdf_of([page], fonts)


def page_of(plan: Plan, version: PlanVersion, card: Card) -> Page:
    """Put a plan into words: what the register says of it, and its tasks, those of all levels first."""
    facts = (
        ("类别", KINDS[plan.kind][0]),  # type: ignore[index]
        ("编制单位", plan.owner_name),
        ("印发日期", f"{version.issued_on:%Y年%m月%d日}"),
        ("有效期至", f"{version.valid_to:%Y年%m月%d日}" if version.valid_to else "长期"),
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
        title=clean(plan.name_zh),
        number=clean(version.number),
        facts=tuple((label, clean(told)) for label, told in facts),
        heads=("响应级别", "责任单位", "任务", "时限", "依据"),
        widths=(22, 28, 64, 16, 26),
        rows=tuple(tuple(clean(cell) for cell in one) for one in rows),
        signs=(f"编制单位:{clean(plan.owner_name)}",),
        empty="没有任务",
        size=9,
    )
