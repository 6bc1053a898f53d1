"""The late-report sheet on paper (迟报核查表): what was due, calls, corrections, reports, the proof."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from zoneinfo import ZoneInfo

from app.desk.log.rules.dark_words import means_words
from app.desk.prints.page import NoPrintFont, Page, clean
from app.desk.timeline_words import EVENT_WORDS
from app.journal.chain import NAMES
from app.reporting.report.rules.points import LEVELS
from app.reporting.report.rules.steps import WORDS as STATES
from app.reporting.rules.terms import ANCHORS, CHANNELS, EVENTS, KINDS, NODES
from app.reporting.sheet.actions import Press
from app.reporting.sheet.facts import LateSheet, SheetDueFact, SheetProofFact, SheetVersionFact

TITLE = "迟报核查表"
SIGNS = ("经办人(签字):", "审核人(签字):")
_ITEMS: Mapping[str, str] = {
    "learned": "获知",
    "received": "接报",
    "evidence": "获知依据",
    "figure": "数字",
    "flag": "情形",
    "happening": "情况变化",
    "milestone": "节点",
    "scope": "适用范围",
}
_NAMES: Mapping[str, str] = {
    **{key: zh for key, (zh, _) in NODES.items()},
    **{key: zh for key, (zh, _) in EVENTS.items()},
    "fire_out": "明火扑灭",
    "stable": "灾情稳定",
}
# The house writes these itself: the incident's log tells them.
_OWN = ("level", "sensitive", "key_facility", "ended", "reopened")


def press_of(folder: str, zone: ZoneInfo) -> Press:
    """Return who prints a sheet as PDF and DOCX beside the loop; without a font there is no PDF."""

    async def press(sheet: LateSheet, proof: SheetProofFact, edition: int, by: str) -> Mapping[str, bytes]:
        return await asyncio.to_thread(_printed, pages_of(sheet, proof, edition, by, zone), folder)

    return press


def pages_of(
    sheet: LateSheet, proof: SheetProofFact, edition: int, by: str, zone: ZoneInfo
) -> tuple[Page, ...]:
    """Put a sheet into words: a page for each thing a superior asks for."""
    number = f"{sheet.number} 第{edition}版"
    facts = tuple((label, clean(words)) for label, words in _facts(sheet, proof, by, zone) if words)
    tables = (
        (TITLE, facts, _dues(sheet.dues, zone), "没有应报送事项"),
        ("一、电话与报告记录", _callers(sheet), _tellings(sheet, zone), "没有报告记录"),
        ("二、获知依据与更正记录", (), _known(sheet, zone), "没有登记获知时间"),
        ("三、书面报告", (), _versions(sheet.versions, zone), "没有书面报告"),
        ("四、录音与附件", (), _recordings(sheet, zone), "没有录音和附件"),
        ("五、日志存证", _proof(proof, zone), _entries(sheet, zone), "没有日志条目"),
    )
    last = len(tables) - 1
    return tuple(
        Page(title, number, told, heads, widths, _cleaned(rows), SIGNS if n in (0, last) else ("",), empty)
        for n, (title, told, (heads, widths, rows), empty) in enumerate(tables)
    )


Table = tuple[tuple[str, ...], tuple[int, ...], Sequence[tuple[str, ...]]]


def proof_words(proof: SheetProofFact) -> str:
    """Say in words what the proof found."""
    if proof.broken_seq is not None:
        what = EVENT_WORDS.get(proof.broken_type, (proof.broken_type, ""))[0]
        return f"不通过:第{proof.broken_seq}条被改动({what or '条目缺失'}),此前{proof.whole}条完整"
    if proof.rewritten_upto is not None:
        return f"不通过:第{proof.rewritten_upto}条及以前的哈希与先前存证不符,日志链被整体重写"
    return f"通过:{proof.whole}条全部完整"


def _facts(sheet: LateSheet, proof: SheetProofFact, by: str, zone: ZoneInfo) -> Iterator[tuple[str, str]]:
    yield "事件", f"{sheet.title}({sheet.event_name_zh},{LEVELS.get(sheet.initial_level, '')})"
    yield "地点", sheet.place
    yield "报送对象", NODES[sheet.receiver][0] if sheet.receiver else "全部"
    yield "事发时间", _day(sheet.occurred_at, zone) or "不明"
    yield "中心接报时间", _day(sheet.received_at, zone)
    yield "立案", f"{_day(sheet.opened_at, zone)} {sheet.opened_by}"
    yield "结案", _day(sheet.closed_at, zone)
    late = [due for due in sheet.dues if due.flagged or due.late_minutes]
    disputed = sum(due.disputed for due in late)
    yield "迟报", f"{len(late)}项,其中存在争议{disputed}项" if late else "无"
    yield "日志核验", proof_words(proof)
    yield "导出", f"{by} {_day(proof.proved_at, zone)}"


def _dues(dues: Sequence[SheetDueFact], zone: ZoneInfo) -> Table:
    rows = [
        (
            f"{NODES[due.sender][0]}→{NODES[due.receiver][0]}\n{CHANNELS[due.channel][0]}{KINDS[due.kind][0]}"
            + (f"(第{due.round}次)" if due.round > 1 else ""),
            _cell(due.due_at, zone),
            f"{due.rule_id}\n{due.profile},{due.mark}\n"
            f"{ANCHORS[due.anchor][0]}\n{_at(due.anchor_at, zone)}起{due.limit_zh}",  # type: ignore[index]
            f"{_cell(due.done_at, zone)}\n第{due.done_version}版" if due.done_at else _unmade(due),
            _late(due),
            "\n".join(_reasons(due, zone)),
        )
        for due in dues
    ]
    return ("报送事项", "时限", "依据", "报出", "迟报", "原因与说明"), (28, 18, 38, 18, 16, 38), rows


def _unmade(due: SheetDueFact) -> str:
    return "不再要求" if due.state == "dropped" else "未报"


def _late(due: SheetDueFact) -> str:
    flags = [one.minutes for one in due.late if one.kind == "late"]
    minutes = due.late_minutes or (flags[-1] if flags else 0)
    if not minutes:
        return ""
    return f"迟报{minutes}分钟" + ("\n存在争议" if due.disputed else "")


def _reasons(due: SheetDueFact, zone: ZoneInfo) -> Iterator[str]:
    for one in due.late:
        if one.kind == "reason":
            yield f"{one.reason}({one.noted_by} {_at(one.noted_at, zone)})"
        elif due.disputed:
            yield f"原时限{_at(one.due_at, zone)},{one.rule_id}"
    if due.cap is not None:
        node = NODES[due.cap.node][0] if due.cap.node else "下级"
        yield f"法定时限{_at(due.cap.cap_at, zone)}因{node}迟报而超过"


def _callers(sheet: LateSheet) -> tuple[tuple[str, str], ...]:
    told = "、".join(" ".join(filter(None, (one.name, one.phone))) for one in sheet.callers)
    return (("来电", clean(told)),) if told else ()


def _tellings(sheet: LateSheet, zone: ZoneInfo) -> Table:
    rows = [
        (
            _cell(one.told_at, zone),
            f"{NODES[one.sender][0] if one.sender else ''}→{NODES[one.receiver][0]}" if one.receiver else "",
            one.whom,
            means_words(one.channel)[0] if one.channel != "written" else "书面",
            "\n".join(filter(None, (one.number, one.receipt and f"回执:{one.receipt}"))),
            f"第{one.version}版",
            f"{one.entered_by}\n{_cell(one.entered_at, zone)}",
        )
        for one in sheet.tellings
    ]
    heads = ("报告时间", "报送方向", "接收人", "方式", "号码或回执", "版本", "记录")
    return heads, (18, 30, 30, 14, 30, 14, 20), rows


def _known(sheet: LateSheet, zone: ZoneInfo) -> Table:
    rows = [
        (
            _ITEMS[one.kind] + ("(更正)" if one.corrects_id else ""),
            _NAMES.get(one.name, one.name),
            (_cell(one.at, zone) or "撤回") + (f"\n{one.value:g}" if one.value is not None else ""),
            _cell(one.corrected_at, zone) or ("" if one.corrects_id is None else "无"),
            "\n".join(filter(None, (one.evidence, one.reason and f"理由:{one.reason}"))),
            f"{one.entered_by}\n{_cell(one.entered_at, zone)}",
            "有效" if one.holds else "已被更正",
        )
        for one in sheet.known
        if one.kind not in _OWN
    ]
    heads = ("事项", "对象", "时间", "原值", "依据与理由", "登记", "状态")
    return heads, (20, 20, 18, 18, 46, 20, 14), rows


def _versions(versions: Sequence[SheetVersionFact], zone: ZoneInfo) -> Table:
    rows = []
    for one in versions:
        first = (
            "\n".join(filter(None, (one.number, one.title))),
            f"{STATES[one.state]}\n退回{one.returns}次" if one.returns else STATES[one.state],
            f"{one.drafted_by}\n{_cell(one.drafted_at, zone)}",
            _signed(one, zone),
        )
        for n, to in enumerate(one.to):
            sent = f"{to.name}{'(抄送)' if to.is_copy else ''}\n{_cell(to.sent_at, zone) or '未报出'}"
            got = {"receipt": "回执", "call": f"电话确认 {to.confirmed_by} {to.confirmed_number}"}
            received = f"{_cell(to.confirmed_at, zone)}\n{got[to.confirmed_as]}" if to.confirmed_as else ""
            rows.append((*(first if n == 0 else ("",) * 4), sent, received))
    heads = ("文号与标题", "状态", "起草", "签发", "报送", "收悉")
    return heads, (36, 18, 24, 24, 28, 26), rows


def _signed(one: SheetVersionFact, zone: ZoneInfo) -> str:
    if one.signed_as is None:
        return ""
    who = f"口头同意 {one.consent_of}" if one.signed_as == "oral_consent" else one.signed_by or ""
    return f"{who}\n{_cell(one.signed_at, zone)}"


def _recordings(sheet: LateSheet, zone: ZoneInfo) -> Table:
    kinds = {"audio": "录音", "photo": "照片", "document": "文件"}
    rows = [
        (
            kinds[one.kind],
            f"{one.name}{'(已撤回)' if one.withdrawn else ''}\n{one.caption}".strip(),
            _cell(one.happened_at, zone),
            f"{one.added_by}\n{_cell(one.added_at, zone)}",
            one.sha256,
        )
        for one in sheet.recordings
    ]
    return ("类别", "名称", "录制时间", "归档", "SHA-256"), (14, 46, 18, 20, 58), rows


def _proof(proof: SheetProofFact, zone: ZoneInfo) -> tuple[tuple[str, str], ...]:
    return (
        ("核验时间", _day(proof.proved_at, zone)),
        ("核验结果", proof_words(proof)),
        ("日志末条", f"第{proof.last_seq}条"),
        (f"末条哈希({NAMES[proof.last_algorithm]})", proof.last_hash),
    )


def _entries(sheet: LateSheet, zone: ZoneInfo) -> Table:
    rows = [
        (
            str(one.seq),
            _cell(one.at, zone),
            EVENT_WORDS.get(one.type, (one.type, ""))[0] + (f"\n{one.actor}" if one.actor else ""),
            one.hash,
        )
        for one in sheet.entries
    ]
    if sheet.entries_left_out:
        rows.insert(0, ("…", "", "更早的条目从略", ""))
    return ("序号", "时间", "条目", "哈希(SHA-256链)"), (14, 18, 44, 80), rows


def _cleaned(rows: Sequence[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(clean(cell) for cell in row) for row in rows)


def _at(at: datetime | None, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%m-%d %H:%M:%S}" if at is not None else ""


def _cell(at: datetime | None, zone: ZoneInfo) -> str:
    return _at(at, zone).replace(" ", "\n")


def _day(at: datetime | None, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M:%S}" if at is not None else ""


def _printed(pages: Sequence[Page], folder: str) -> Mapping[str, bytes]:
    # The printing libraries take a second to load: whoever only starts need not wait for them.
    from app.desk.prints.docx import docx_of
    from app.desk.prints.pdf import pdf_of

    found = {"docx": docx_of(pages, folder)}
    with suppress(NoPrintFont):
        found["pdf"] = pdf_of(pages, folder)
    return found
