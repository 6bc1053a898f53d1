"""The statistics of reporting as an Excel sheet (报送统计表): units, their months, the total last."""

from __future__ import annotations

from app.reporting.rules.terms import NODES
from app.reporting.statistics.facts import ReportingCountFact, ReportingStatistics
from app.sheets import Cell, write_book

HEADERS = (
    "单位",
    "类别",
    "月份",
    "应报",
    "按时",
    "迟报",
    "其中有争议",
    "其中未报",
    "平均迟报(分钟)",
    "最长迟报(分钟)",
    "首报次数",
    "首报用时中位(秒)",
    "首报用时九成(秒)",
    "签发书面报告",
    "退回",
    "口头同意",
    "更正",
)
_WIDTHS = (28, 20, 10, 8, 8, 8, 12, 10, 14, 14, 10, 16, 16, 14, 8, 10, 8)


def book_of(told: ReportingStatistics) -> bytes:
    """Return the statistics as xlsx: numbers as numbers, words as words."""
    lines = [
        *told.units,
        *sorted(told.cells, key=lambda one: (one.region_code, one.node or "", one.month or "")),
    ]
    rows = [_row(one, "合计" if one.month is None else one.month) for one in lines]
    rows += [_row(one, one.month or "", "全部单位") for one in told.months]
    rows.append(_row(told.total, "合计", "全部单位"))
    return write_book(f"报送统计{told.first_month}至{told.last_month}", HEADERS, _WIDTHS, rows)


def _row(one: ReportingCountFact, month: str, name: str = "") -> list[Cell]:
    return [
        name or one.name_zh,
        NODES[one.node][0] if one.node else "",
        month,
        one.due,
        one.in_time,
        one.late,
        one.disputed,
        one.unmade,
        _rounded(one.average_delay_min),
        one.longest_delay_min,
        one.first_reports,
        _rounded(one.first_p50_s),
        _rounded(one.first_p90_s),
        one.written,
        one.returns,
        one.oral_consents,
        one.corrections,
    ]


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)
