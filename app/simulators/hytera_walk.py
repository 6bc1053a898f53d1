"""Radios of the demo on foot: each walks up and down a road, reports, and says a word now and then."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial

from app.demo.movement import Route, route_along
from app.simulators.hytera import Radio, RepeaterMachine

FIRST_RADIO = 370_021
"""The first handheld of the demo city (市手1)."""

GROUP = 101
PACE_MPS = 1.3
OVER_S = 4.0
_START = (115.441, 28.1123)
_APART = 0.004


def along(route: Route, metres: float) -> tuple[float, float]:
    """Return the place so many metres along a route and, from its end, back."""
    left = metres % (2 * route.length_m)
    left = min(left, 2 * route.length_m - left)
    for at in range(1, len(route.marks_m)):
        if left <= route.marks_m[at]:
            part = (left - route.marks_m[at - 1]) / (route.marks_m[at] - route.marks_m[at - 1])
            (lon, lat), (to_lon, to_lat) = route.line[at - 1], route.line[at]
            return lon + part * (to_lon - lon), lat + part * (to_lat - lat)
    return route.line[-1]


class Walkers:
    """Some radios that walk while `run` lasts; `now` are seconds of any clock."""

    def __init__(
        self, machine: RepeaterMachine, first: int, count: int, *, now: Callable[[], float] | None = None
    ) -> None:
        self._machine = machine
        clock = now or asyncio.get_running_loop().time

        def where(route: Route, phase_m: float) -> tuple[float, float]:
            return along(route, phase_m + PACE_MPS * clock())

        self.radios: list[Radio] = []
        for number in range(count):
            lon, lat = _START[0] + _APART * number, _START[1]
            route = route_along(((lon, lat), (lon + 0.003, lat + 0.006), (lon + 0.002, lat + 0.011)))
            place = partial(where, route, 137.0 * number)
            self.radios.append(machine.add(Radio(first + number, place, GROUP, slot=1 + number % 2)))

    async def run(self, period_s: float) -> None:
        """Register, then report once a period; each time another radio talks for a few seconds."""
        while not self._machine.met:  # noqa: ASYNC110 - the centre is not told that it is waited for
            await asyncio.sleep(0.1)
        for radio in self.radios:
            self._machine.register(radio)
        talker = 0
        while self.radios:
            radio = self.radios[talker % len(self.radios)]
            talker += 1
            self._machine.talk(radio)
            for one in self.radios:
                self._machine.report(one)
            await asyncio.sleep(min(OVER_S, period_s / 2))
            self._machine.talk(radio, talking=False)
            await asyncio.sleep(max(period_s - OVER_S, period_s / 2))
