"""Where the demo's vehicles are: pure functions of a route and a time, for the simulators.

A vehicle idles at its station, drives to a neighbouring seat and back, and idles again. Times are
seconds, distances metres, courses degrees clockwise from north, positions WGS-84 (lon, lat).
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np

from app.demo.geography import County, kilometres
from app.demo.muster import Team
from app.demo.planar import Line, Point
from app.demo.roads import Road


@dataclass(frozen=True, slots=True)
class Motion:
    """A vehicle at one moment."""

    lon: float
    lat: float
    speed_mps: float
    course_deg: float


@dataclass(frozen=True, slots=True)
class Route:
    """A line to drive, with the distance from its start at each point."""

    line: Line
    marks_m: tuple[float, ...]

    @property
    def length_m(self) -> float:
        """Length of the whole route."""
        return self.marks_m[-1]


@dataclass(frozen=True, slots=True)
class Patrol:
    """Out along a route and back, with a rest at the station; `phase_s` shifts it against the others."""

    route: Route
    speed_mps: float
    rest_s: float
    phase_s: float


def route_along(line: Line) -> Route:
    """Measure a line of at least one point."""
    plane = kilometres(np.array(line))
    steps = np.hypot(*np.diff(plane, axis=0).T) * 1000.0 if len(line) > 1 else np.zeros(0)
    return Route(line, (0.0, *(float(mark) for mark in np.cumsum(steps))))


def road_route(land: County, start: Point, goal: Point) -> Route:
    """Find the shortest way by road between two places: off the road only at its two ends."""
    nodes = {**land.seats, **land.villages}
    codes = list(nodes)
    plane = kilometres(np.array([nodes[code] for code in codes]))
    first, last = (
        codes[int(np.argmin(np.hypot(*(plane - kilometres(np.array([point]))).T)))] for point in (start, goal)
    )
    line = [start]
    for leg in _legs(land, first, last):
        line += leg
    line.append(goal)
    return route_along((start, *(b for a, b in pairwise(line) if a != b)))


def _legs(land: County, first: str, last: str) -> list[Line]:
    """Dijkstra over the roads; the lines of the legs in driving order."""
    graph = _graph(land.roads)
    came: dict[str, tuple[str, Line]] = {}
    best = {first: 0.0}
    queue = [(0.0, first)]
    while queue:
        cost, here = heapq.heappop(queue)
        if here == last:
            break
        for there, leg in graph.get(here, ()):
            total = cost + leg.length_m
            if total < best.get(there, np.inf):
                best[there], came[there] = total, (here, leg.line)
                heapq.heappush(queue, (total, there))
    legs: list[Line] = []
    while last != first:
        last, line = came[last]
        legs.append(line)
    return legs[::-1]


@lru_cache(maxsize=2)
def _graph(roads: tuple[Road, ...]) -> dict[str, tuple[tuple[str, Route], ...]]:
    """For each place the places next to it and the way there."""
    graph: dict[str, tuple[tuple[str, Route], ...]] = {}
    for road in roads:
        if road.ends:
            a, b = road.ends
            graph[a] = (*graph.get(a, ()), (b, route_along(road.line)))
            graph[b] = (*graph.get(b, ()), (a, route_along(road.line[::-1])))
    return graph


def patrol_of(land: County, team: Team, number: int) -> Patrol:
    """Give a team its patrol to one of the nearest seats; `number` tells vehicles of one seat apart."""
    station = (team.lon, team.lat)
    away = {
        code: (lon - station[0]) ** 2 + (lat - station[1]) ** 2 for code, (lon, lat) in land.seats.items()
    }
    goals = sorted(away, key=lambda code: away[code])[1:4]
    route = road_route(land, station, land.seats[goals[number % len(goals)]])
    return Patrol(route, team.speed_kmh / 3.6, rest_s=600.0 + 37.0 * (number % 11), phase_s=211.0 * number)


def drive(route: Route, speed_mps: float, t_s: float) -> Motion:
    """Place a vehicle that left the start of a route `t_s` seconds ago; it stops at the end."""
    done = min(max(t_s * speed_mps, 0.0), route.length_m)
    moving = 0.0 < done < route.length_m
    i = min(max(int(np.searchsorted(route.marks_m, done, side="right")) - 1, 0), max(len(route.line) - 2, 0))
    (lon, lat), (next_lon, next_lat) = route.line[i], route.line[min(i + 1, len(route.line) - 1)]
    span = route.marks_m[min(i + 1, len(route.line) - 1)] - route.marks_m[i]
    share = (done - route.marks_m[i]) / span if span else 0.0
    east, north = kilometres(np.array([(next_lon, next_lat)]))[0] - kilometres(np.array([(lon, lat)]))[0]
    course = float(np.degrees(np.arctan2(east, north))) % 360.0
    here = (lon + share * (next_lon - lon), lat + share * (next_lat - lat))
    return Motion(here[0], here[1], speed_mps if moving else 0.0, course)


def position_at(patrol: Patrol, t_s: float) -> Motion:
    """Place a patrolling vehicle at a time: resting at its station, on the way out, or on the way back."""
    there_s = patrol.route.length_m / patrol.speed_mps
    t = (t_s + patrol.phase_s) % (patrol.rest_s + 2 * there_s) - patrol.rest_s
    if t <= there_s:
        return drive(patrol.route, patrol.speed_mps, t)
    back = drive(patrol.route, patrol.speed_mps, 2 * there_s - t)
    return Motion(back.lon, back.lat, back.speed_mps, (back.course_deg + 180.0) % 360.0)
