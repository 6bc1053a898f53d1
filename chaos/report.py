"""The report of a run: JSON with everything, and a page of Markdown."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def write(folder: Path, report: dict[str, Any]) -> None:
    """Write both beside the transcripts."""
    (folder / "report.json").write_text(json.dumps(report, ensure_ascii=False, indent=1), encoding="utf-8")
    (folder / "report.md").write_text(summary(report), encoding="utf-8")


def summary(report: dict[str, Any]) -> str:
    """Return the page."""
    findings = report["findings"]
    lines = [
        f"# `python -m chaos.run --minutes {report['minutes']:g} --seed {report['seed']}`",
        "",
        f"**{len(findings)} findings** after {report['took_s']} s.",
        "",
        *(f"- {one['what']}: {one['said']}" for one in findings[:50]),
        "",
        *_table("compared", "count", report["counts"]),
        *_table("fault injected", "times", report["faults"]),
        *_table("HTTP status answered", "times", report["statuses"]),
        f"No answer at all: {report['unreachable']} times. Not injected here: "
        f"{', '.join(report['not_injected_here']) or 'nothing'}.",
        "",
        *_table(
            "node",
            "started / ended by itself",
            {n["name"]: f"{n['started']} / {n['ended_by_itself']}" for n in report["nodes"]},
        ),
    ]
    return "\n".join(lines)


def _table(left: str, right: str, rows: dict[str, Any]) -> list[str]:
    return [
        f"| {left} | {right} |",
        "|---|---|",
        *(f"| {name} | {value} |" for name, value in rows.items()),
        "",
    ]
