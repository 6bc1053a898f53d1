"""A measured figure beside its limit or peer of the same run; the table and the JSON lines."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import median

PACKAGES = ("fastapi", "starlette", "uvicorn", "uvloop", "websockets", "asyncpg", "sqlalchemy", "pydantic")


@dataclass(frozen=True, slots=True)
class Result:
    """One line: `ours` and `others` are medians of the repetitions, in `unit`."""

    id: str
    workload: str
    unit: str
    ours: float
    others: dict[str, float]
    note: str = ""
    limit: str = ""  # which of the others is the limit; the rest are peers
    target: float | None = None  # the least ratio to the limit; the most where less is better
    less: bool = False  # less is better: seconds, bytes

    @property
    def ratio(self) -> float | None:
        """Ours as a multiple of the limit, None where there is none."""
        limit = self.others.get(self.limit)
        return self.ours / limit if limit else None

    @property
    def ok(self) -> bool | None:
        """Whether the target is met, None where there is none."""
        if self.ratio is None or self.target is None:
            return None
        return self.ratio <= self.target if self.less else self.ratio >= self.target

    def line(self) -> dict[str, object]:
        """What stands in the JSON line."""
        return {
            "id": self.id,
            "metric": f"{self.workload}, {self.unit}",
            "ours": self.ours,
            "limit": self.others.get(self.limit),
            "peers": {name: value for name, value in self.others.items() if name != self.limit},
            "ratio": self.ratio,
            "target": self.target,
            "ok": self.ok,
            "note": self.note,
        }

    def ratios(self) -> str:
        """Ours as a multiple of each other figure."""
        return ", ".join(f"{self.ours / other:.2f}x {name}" for name, other in self.others.items() if other)


@dataclass(frozen=True, slots=True)
class Skipped:
    """A benchmark that could not run here, and why."""

    id: str
    reason: str

    def line(self) -> dict[str, object]:
        """What stands in the JSON line."""
        return {"id": self.id, "skipped": self.reason}


def middle(samples: Iterable[float]) -> float:
    """The median: one disturbed repetition does not count."""
    return median(samples)


def table(results: Iterable[Result | Skipped]) -> str:
    """The results as aligned text."""
    lines = [("id", "workload", "ours", "others", "ratio", "target", "note")]
    for result in results:
        if isinstance(result, Skipped):
            lines.append((result.id, f"skipped: {result.reason}", "", "", "", "", ""))
        else:
            others = ", ".join(f"{name} {_short(value)}" for name, value in result.others.items())
            ours = f"{_short(result.ours)} {result.unit}"
            judged = "" if result.ok is None else f"{result.target:g}x: {'met' if result.ok else 'MISSED'}"
            lines.append((result.id, result.workload, ours, others, result.ratios(), judged, result.note))
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in lines
    )


def write_lines(path: Path, results: Iterable[Result | Skipped]) -> None:
    """Append the results as JSON lines, each with the machine and the versions that made it."""
    made_by = {
        "machine": f"{platform.machine()} {os.cpu_count()} cores, {platform.system()} {platform.release()}",
        "python": platform.python_version(),
        **{name: version(name) for name in PACKAGES},
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        for result in results:
            file.write(json.dumps({**result.line(), "by": made_by}, ensure_ascii=False) + "\n")


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}"
