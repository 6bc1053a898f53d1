"""Figures and lists, made of the rows that `sources` counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import TextClause

from app.db import Tx, sql
from app.desk.statistics.facts import Grouped, Measure
from app.desk.statistics.rules import Span
from app.desk.statistics.store.sources import BEFORE, SOURCES
from app.dispatch.secrecy.store import knowing
from app.org.rules.access import Viewer
from app.reporting.rules.terms import SCHEDULED

MOST_LISTED = 500
_SPANS = """span AS MATERIALIZED (SELECT * FROM unnest(CAST(:n AS int[]), CAST(:firsts AS timestamptz[]),
  CAST(:afters AS timestamptz[])) AS s(n, first, after))"""
_COUNTED = """
, item AS (SELECT *, left(region, 9) || '000' AS place FROM ({source}) q)
SELECT n, kind, kind_zh, kind_en, level, place, grouping(kind) AS any_kind, grouping(level) AS any_level,
       grouping(place) AS any_place, count(*) AS counted, count(good) AS judged,
       count(*) FILTER (WHERE good) AS good, coalesce(sum(amount), 0)::bigint AS amount,
       count(value) AS measured, percentile_cont(0.5) WITHIN GROUP (ORDER BY value) AS p50_s,
       percentile_cont(0.9) WITHIN GROUP (ORDER BY value) AS p90_s
  FROM item GROUP BY GROUPING SETS ((n), (n, kind, kind_zh, kind_en), (n, level), (n, place))
"""
_LISTED = """
, item AS (SELECT *, left(region, 9) || '000' AS place FROM ({source}) q)
SELECT i.at, coalesce(i.kind, '') AS key, coalesce(i.kind_zh, '') AS name_zh,
       coalesce(i.kind_en, '') AS name_en, i.title, coalesce(r.name_zh, '') AS place_zh,
       coalesce(r.name_en, '') AS place_en, i.good, CAST(i.value AS float8) AS value_s, i.amount, i.page
  FROM item i LEFT JOIN region r ON r.code = i.place
 WHERE (CAST(:kind AS text) IS NULL OR i.kind = :kind) AND (CAST(:level AS text) IS NULL OR i.level = :level)
   AND (CAST(:place AS text) IS NULL OR i.place = :place)
   AND (CAST(:good AS boolean) IS NULL OR i.good = :good)
 ORDER BY i.at DESC, i.ref DESC LIMIT :most
"""
_DEVICES = """
SELECT d.id, d.kind, d.label, d.last_heard_at, d.facts, left(d.region_code, 9) || '000' AS place,
       r.name_zh AS place_zh, r.name_en AS place_en
  FROM device d LEFT JOIN region r ON r.code = left(d.region_code, 9) || '000'
 WHERE d.stream = :stream AND d.active AND d.region_code LIKE :scope || '%' ORDER BY d.id
"""


@dataclass(frozen=True, slots=True)
class Limits:
    """The targets, in seconds (domain/rules B6): they say what was good."""

    answer_s: float
    ring_s: float = 10
    open_s: float = 180
    open_urgent_s: float = 60
    order_s: float = 600
    order_urgent_s: float = 300


def _asked(by: Viewer, spans: Sequence[Span], now: datetime, limits: Limits) -> dict[str, Any]:
    return {
        "stream": by.stream,
        "scope": by.scope,
        "county": by.scope == by.stream,
        "n": list(range(len(spans))),
        "firsts": [span.first_at for span in spans],
        "afters": [span.after_at for span in spans],
        "first": min(span.first_at for span in spans),
        "after": max(span.after_at for span in spans),
        "now": now,
        "scheduled": sorted(SCHEDULED),
        **{name: getattr(limits, name) for name in Limits.__dataclass_fields__},
        **knowing(by),
    }


def _statement(what: Measure, made: str) -> TextClause:
    before = BEFORE.get(what)
    return sql("WITH " + (f"{before}, " if before else "") + _SPANS + made.format(source=SOURCES[what]))


async def counted(
    tx: Tx, by: Viewer, what: Measure, spans: Sequence[Span], now: datetime, limits: Limits
) -> Sequence[Mapping[str, Any]]:
    """Return the figures of a measure in each period: whole, by kind, by level and by township."""
    rows = await tx.execute(_statement(what, _COUNTED), _asked(by, spans, now, limits))
    return [dict(row) for row in rows.mappings()]


async def listed(
    tx: Tx,
    by: Viewer,
    what: Measure,
    span: Span,
    now: datetime,
    limits: Limits,
    *,
    grouped: Grouped | None,
    key: str,
    good: bool | None,
) -> Sequence[Mapping[str, Any]]:
    """Return what a figure counted, latest first, one more than is told at most."""
    asked = {
        **_asked(by, [span], now, limits),
        **{name: key if grouped == name else None for name in ("kind", "level", "place")},
        "good": good,
        "most": MOST_LISTED + 1,
    }
    return [dict(row) for row in (await tx.execute(_statement(what, _LISTED), asked)).mappings()]


async def devices(tx: Tx, by: Viewer) -> Sequence[Mapping[str, Any]]:
    """Return the devices in use of one's scope with what says whether they are heard."""
    rows = await tx.execute(sql(_DEVICES), {"stream": by.stream, "scope": by.scope})
    return [dict(row) for row in rows.mappings()]
