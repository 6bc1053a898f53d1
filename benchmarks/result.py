"""A measured figure beside its limit or peer of the same run; the table and the JSON lines."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterable
from dataclasses import asdict, dataclass
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

    def ratios(self) -> str:
        """Ours as a multiple of each other figure."""
        return ", ".join(f"{self.ours / other:.2f}x {name}" for name, other in self.others.items() if other)


@dataclass(frozen=True, slots=True)
class Skipped:
    """A benchmark that could not run here, and why."""

    id: str
    reason: str


def middle(samples: Iterable[float]) -> float:
    """The median: one disturbed repetition does not count."""
    return median(samples)


def table(results: Iterable[Result | Skipped]) -> str:
    """The results as aligned text."""
    lines = [("id", "workload", "ours", "others", "ratio", "note")]
    for result in results:
        if isinstance(result, Skipped):
            lines.append((result.id, f"skipped: {result.reason}", "", "", "", ""))
        else:
            others = ", ".join(f"{name} {_short(value)}" for name, value in result.others.items())
            ours = f"{_short(result.ours)} {result.unit}"
            lines.append((result.id, result.workload, ours, others, result.ratios(), result.note))
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
            file.write(json.dumps({**asdict(result), "by": made_by}, ensure_ascii=False) + "\n")


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}"
