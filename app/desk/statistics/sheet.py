"""The statistics as a table (统计表): for Excel and as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from app.desk.statistics.facts import StatisticsFact, TallyFact
from app.desk.statistics.words import DRILLS, GROUPED
from app.sheets import Cell, write_book

_PERIODS = ("本期", "上期", "去年同期")
_WIDTHS = (30, 10, 24, *(12,) * 21)
_FIGURES = ("计数", "判定数", "达标数", "达标率", "合计数量", "中位(秒)", "九成(秒)")
HEADERS = ("指标", "分组", "类别", *(f"{period}{name}" for period in _PERIODS for name in _FIGURES), "口径")


def book_of(told: StatisticsFact) -> bytes:
    """Return the statistics as xlsx: numbers as numbers, words as words."""
    return write_book("统计", HEADERS, (*_WIDTHS, 80), _rows(told))


def csv_of(told: StatisticsFact) -> bytes:
    """Return the statistics as CSV with a mark by which Excel knows UTF-8. No cell is a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADERS)
    writer.writerows([_harmless(cell) for cell in row] for row in _rows(told))
    return ("\ufeff" + out.getvalue()).encode()


def _harmless(cell: Cell) -> Cell:
    """Return a cell that no program takes for a formula: a word that begins like one gets an apostrophe."""
    return f"'{cell}" if isinstance(cell, str) and cell.lstrip()[:1] in tuple("=+-@\t\r") else cell


def _rows(told: StatisticsFact) -> list[list[Cell]]:
    spans = [f"{period} {s.first} 至 {s.last}" for period, s in zip(_PERIODS, told.spans, strict=True)]
    state = ";".join([DRILLS[0], *(["本期未结束,各期按同样时长比较"] if told.running else [])])
    rows: list[list[Cell]] = [["时段", "", ";".join(spans), *[None] * 21, state]]
    for one in told.measures:
        rows.append(_row(one.name_zh, "合计", "", one.figures, one.stated_zh))
        rows += [_row(one.name_zh, GROUPED[row.by][0], row.name_zh, row.figures, "") for row in one.rows]
    return rows


def _row(what: str, group: str, name: str, figures: Sequence[TallyFact], stated: str) -> list[Cell]:
    cells = [cell for figure in figures for cell in _cells(figure)]
    return [what, group, name, *cells, *[None] * (len(_PERIODS) * len(_FIGURES) - len(cells)), stated]


def _cells(figure: TallyFact) -> list[Cell]:
    share = round(figure.good / figure.judged, 4) if figure.judged else None
    seconds = [None if value is None else round(value, 1) for value in (figure.p50_s, figure.p90_s)]
    return [figure.counted, figure.judged, figure.good, share, figure.amount or None, *seconds]
