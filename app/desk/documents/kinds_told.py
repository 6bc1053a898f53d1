"""The kinds of documents in words: how each is numbered, and how its template stands."""

from __future__ import annotations

from app.desk.documents.facts import DocumentKindFact
from app.desk.documents.library import TemplateState
from app.desk.documents.office import Office
from app.desk.documents.rules.kinds import KINDS, Kind
from app.reporting.report.facts import TemplateFaultFact
from app.reporting.report.rules.words import SERIES
from app.reporting.report.templates import Templates

_OWN_NUMBERS = {
    "order": "{简称}应指令〔{年}〕{序号}号",
    "response_order": "{简称}应响〔{年}〕{序号}号",
    "transfer": "{简称}应调〔{年}〕第 {序号} 号",
    "broadcast_sheet": "播发编号 EBMID(35位)",
    "duty_log": "{简称}应值〔{年}〕第 {日} 号",
    "status_summary": "调度〔{年}〕#{轮次} 第{版}版",
}


def kinds_told(office: Office, reports: Templates, prefix: str, own: bool) -> list[DocumentKindFact]:  # noqa: FBT001
    """Return every kind; `own`: the county has a folder of templates of reports."""
    return [
        _report(kind, reports, prefix, own) if kind.way == "report" else _laid(kind, office)
        for kind in KINDS.values()
    ]


def _laid(kind: Kind, office: Office) -> DocumentKindFact:
    shelf = office.library.shelves[kind.key]
    file = f"{kind.key}.txt"
    return DocumentKindFact(
        **_names(kind),
        numbers=shelf.template.marks.get("文号") or _OWN_NUMBERS.get(kind.key, ""),
        template=shelf.state,
        file=file,
        faults=[TemplateFaultFact(file=file, line=f.line, zh=f.zh, en=f.en) for f in shelf.faults],
    )


def _report(kind: Kind, reports: Templates, prefix: str, own: bool) -> DocumentKindFact:  # noqa: FBT001
    name = kind.key.removeprefix("report_")
    file = f"{name}.txt"
    faults = [fault for fault in reports.faults if fault.file == file]
    state: TemplateState = "faulty" if faults else "own" if own else "shipped"
    return DocumentKindFact(
        **_names(kind),
        numbers=f"{prefix}{SERIES[name]}〔{{年}}〕{{序号}}号",  # type: ignore[index]
        template=state,
        file=file,
        faults=faults,
    )


def _names(kind: Kind) -> dict[str, str]:
    names = ("key", "zh", "en", "way", "signed_zh", "signed_en")
    return {name: getattr(kind, name) for name in names}
