"""An incident's record as a report needs it."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import text

from app.db import Tx
from app.dispatch.facts import IncidentFact
from app.reporting.report.rules.record import Force

_FORCES = """
SELECT DISTINCT ON (a.team_id) a.team_id, t.name_zh, t.strength, a.state
  FROM assignment a JOIN team t ON t.id = a.team_id
 WHERE a.incident_id = :incident AND a.state NOT IN ('declined', 'cancelled')
 ORDER BY a.team_id, a.id DESC
"""
_STANDS: Mapping[str, str] = {
    "dispatched": "已派出",
    "acknowledged": "已接令",
    "en_route": "正在赶赴现场",
    "on_scene": "已到场处置",
    "task_done": "已完成任务",
    "returned": "已归队",
}
_SOURCES: Mapping[str, str] = {
    "device_alarm": "设备报警",
    "telephone": "电话报告",
    "radio": "电台报告",
    "walk_in": "来人报告",
    "superior": "上级通知",
    "partner": "联动单位通报",
}


async def forces(tx: Tx, incident_id: int) -> tuple[Force, ...]:
    """Return the teams that were sent, each as its last assignment stands."""
    rows = await tx.execute(text(_FORCES), {"incident": incident_id})
    return tuple(
        Force(str(row.team_id), row.name_zh, row.strength, _STANDS.get(row.state, "")) for row in rows
    )


def source_of(incident: IncidentFact) -> str:
    """Return who told of it, with the number he gave."""
    callers = [" ".join(filter(None, (one.name, one.phone))) for one in incident.callers]
    named = "、".join(filter(None, callers[:3]))
    return f"{_SOURCES[incident.source]}{f'（{named}）' if named else ''}"
