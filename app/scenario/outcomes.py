"""What a run tells: a line per step for people, an object per step for programs."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from zoneinfo import ZoneInfo

import typer

from app.scenario.terms import Outcome, Script

_MARK = {
    "ok": ("ok     ", "green"),
    "failed": ("FAILED ", "red"),
    "missing": ("MISSING", "yellow"),
    "skipped": ("skipped", "bright_black"),
}


class Told:
    """Writes down what came of each step as it comes."""

    def __init__(self, zone: ZoneInfo, *, as_json: bool, echo: Callable[[str], None] = typer.echo) -> None:
        self._zone, self._as_json, self._echo = zone, as_json, echo
        self.counts = {"ok": 0, "failed": 0, "missing": 0, "skipped": 0}

    def begin(self, script: Script) -> None:
        """Name a scenario."""
        if not self._as_json:
            self._echo(typer.style(f"{script.key}  {script.zh} / {script.en}", bold=True))

    def step(self, script: Script, one: Outcome) -> None:
        """Tell of a step."""
        self.counts[one.state] += 1
        if self._as_json:
            self._echo(json.dumps(self._object(script, one), ensure_ascii=False))
            return
        word, colour = _MARK[one.state]
        clock = f"{one.at.astimezone(self._zone):%m-%d %H:%M:%S}"
        self._echo(f"  {typer.style(word, fg=colour)} {one.step.number:>3}  {clock}  {one.step.zh}")
        self._echo(typer.style(f"{'':30}{one.step.en}", dim=True))
        for fault in one.faults:
            where = f"{script.file.name}:{fault.line}"
            said = f"FAILED: {where} {fault.what}: expected {fault.expected} got {fault.got}"
            self._echo(typer.style(f"{'':13}{said}", fg="red"))
        if one.state == "missing":
            self._echo(typer.style(f"{'':13}{one.step.missing_zh} / {one.step.missing_en}", fg="yellow"))

    def end(self, script: Script, outcomes: Sequence[Outcome], seconds: float) -> None:
        """Sum a scenario up."""
        if self._as_json:
            return
        count = {state: sum(one.state == state for one in outcomes) for state in self.counts}
        told = ", ".join(f"{number} {state}" for state, number in count.items() if number)
        self._echo(f"  {script.key}: {told} ({seconds:.1f} s)")

    def _object(self, script: Script, one: Outcome) -> dict[str, object]:
        return {
            "scenario": script.key,
            "step": one.step.number,
            "state": one.state,
            "zh": one.step.zh,
            "en": one.step.en,
            "at": one.at.astimezone(self._zone).isoformat(),
            "seconds": round(one.seconds, 3),
            "faults": [
                {
                    "file": script.file.name,
                    "line": each.line,
                    "what": each.what,
                    "expected": each.expected,
                    "got": each.got,
                }
                for each in one.faults
            ],
            "missing": {"zh": one.step.missing_zh, "en": one.step.missing_en}
            if one.state == "missing"
            else None,
        }
