"""Play a scenario, act by act; what is not as the script has it is written down, and play goes on."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from app.scenario import doors, expecting
from app.scenario.answers import told_by
from app.scenario.county import County
from app.scenario.paths import find
from app.scenario.terms import Act, CannotFind, Fault, Outcome, Script, Step
from app.scenario.values import fill, moment, span


@dataclass
class Player:
    """One scenario on one county. What acts keep is known to those after them, by name."""

    script: Script
    county: County
    zone: ZoneInfo
    names: dict[str, Any] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    spoilt: bool = False  # a fault before: a name that is not known may be its consequence

    async def steps(self) -> AsyncIterator[Outcome]:
        """Play every step and yield what came of it."""
        self.names = dict(self.script.names)
        for step in self.script.steps:
            yield await self._step(step)

    async def _step(self, step: Step) -> Outcome:
        begun, self.faults = time.perf_counter(), []
        state: Any = "missing" if step.missing_zh else "ok"
        try:
            for act in step.acts:
                await self._act(act)
        except _Spoilt:
            state = "skipped"
        if self.faults:
            state, self.spoilt = "failed", True
        took = time.perf_counter() - begun
        return Outcome(self.script.key, step, state, self.county.now, took, tuple(self.faults))

    async def _act(self, act: Act) -> None:
        try:
            await self._play(act)
        except CannotFind as error:
            if self.spoilt and not self.faults:
                raise _Spoilt from error
            self._fault(act.line, act.kind, error.zh, error.en)
            raise _Spoilt from error
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            self._fault(act.line, act.kind, "剧本写法 / as docs/scenarios.md has it", repr(error))
            raise _Spoilt from error

    async def _play(self, act: Act) -> None:
        if act.then:
            await (self._each(act) if act.kind == "each" else self._part(act))
            return
        told = {key: self._filled(one) for key, one in act.told.items() if key not in ("expect", "keep")}
        match act.kind:
            case "at":
                await self._go(act, told)
            case "let":
                self.names.update(told["let"])
                self._expect(act, self.names)
            case "expect":
                self._expect(act, self.names)
            case "restart":
                await self.county.restart(moment(str(told["restart"]), self.county.now, self.zone))
            case "call":
                await self._call(act, told)
            case _:
                answer = await doors.DOORS[act.kind](self.county, told)
                self._kept(act, answer)
                self._expect(act, answer)

    async def _part(self, act: Act) -> None:
        self.names.update(self._filled(act.told.get("with") or {}))
        for inner in act.then:
            await self._play(inner)

    async def _go(self, act: Act, told: Mapping[str, Any]) -> None:
        to = moment(str(told["at"]), self.county.now, self.zone)
        if to < self.county.now:
            known = expecting.local(self.county.now, self.zone)
            raise CannotFind(f"时钟不倒退:已是{known}", f"the clock does not go back: it is {known}")
        every = {"every": span(str(told["every"]))} if "every" in told else {}
        await self.county.go(to, **every)

    async def _each(self, act: Act) -> None:
        name = str(act.told["each"])
        rows = self._filled(act.told["in"])
        for one in self._clocks(rows) if isinstance(rows, Mapping) else rows:
            self.names[name] = one
            for inner in act.then:
                await self._play(inner)

    def _clocks(self, told: Mapping[str, Any]) -> Iterator[str]:
        """Yield the times from one to another, so far apart."""
        at, to = (moment(str(told[key]), self.county.now, self.zone) for key in ("from", "to"))
        while at <= to:
            yield f"{at.astimezone(self.zone):%Y-%m-%d %H:%M:%S}"
            at += span(str(told["every"]))

    async def _call(self, act: Act, told: Mapping[str, Any]) -> None:
        method = str(told["method"])
        path = str(told[method])
        begun = time.perf_counter()
        response = await doors.ask(self.county, told, method, path)
        took = time.perf_counter() - begun
        answer = told_by(response)
        what = f"{method.upper()} {path} ({told['as']})"
        self._status(act, told, response.status_code, answer, what)
        if "within" in told and took > span(str(told["within"])).total_seconds() * _crowded():
            self._fault(act.line, what, f"within {told['within']}", f"{took:.2f} s")
        self._kept(act, answer)
        self._expect(act, answer, what)

    def _status(self, act: Act, told: Mapping[str, Any], status: int, answer: Any, what: str) -> None:
        code = told.get("problem")
        wanted = told.get("status")
        good = status == wanted if wanted else (status >= 400) == bool(code)
        if good and code:
            good = isinstance(answer, Mapping) and answer.get("code") == code
        if not good:
            expected = " ".join(str(one) for one in (wanted or ("" if code else "2xx"), code or "") if one)
            self._fault(act.line, what, expected, f"{status} {expecting.shown(answer)}")
            if not code:
                raise _Spoilt

    def _kept(self, act: Act, answer: Any) -> None:
        keep = act.told.get("keep")
        if isinstance(keep, str):
            self.names[keep] = answer
        elif isinstance(keep, Mapping):
            for name, path in keep.items():
                self.names[str(self._filled(name))] = find(answer, str(self._filled(path)))

    def _expect(self, act: Act, answer: Any, what: str = "") -> None:
        if "show" in act.told:
            self._show(act, answer)
        for path, wanted in (act.told.get("expect") or {}).items():
            line = act.lines.get(path, act.line)
            where = str(self._filled(path))
            try:
                actual = find(answer, where)
                expecting.require(actual, self._filled(wanted), self.county.now, self.zone)
            except CannotFind as error:
                if self.spoilt and answer is self.names and not self.faults:
                    raise _Spoilt from error
                self._fault(
                    line, f"{what} {where}".strip(), expecting.shown(wanted), f"{error.zh} / {error.en}"
                )
            except expecting.Unlike as unlike:
                self._fault(line, f"{what} {where}".strip(), unlike.expected, unlike.got)

    def _show(self, act: Act, answer: Any) -> None:
        """Print what a path leads to, for whoever writes the script."""
        found = find(answer, str(self._filled(act.told["show"])))
        sys.stderr.write(f"{act.line}: {json.dumps(found, ensure_ascii=False, indent=1, default=str)}\n")

    def _filled(self, told: Any) -> Any:
        return fill(told, self.names, self.county.now, self.zone)

    def _fault(self, line: int, what: str, expected: str, got: str) -> None:
        self.faults.append(Fault(line, what, expected, got))


def _crowded() -> float:
    """Return by how many programs a core is shared now, 1 at least: so much longer anything takes here."""
    return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


class _Spoilt(Exception):
    """The rest of a step cannot be played."""


async def play(script: Script, url: str, folder: Path, zone: ZoneInfo) -> AsyncIterator[Outcome]:
    """Play a scenario on a database of its own, and yield what came of each step."""
    async with County(url, folder, script).at_work() as county:
        async for outcome in Player(script, county, zone).steps():
            yield outcome
