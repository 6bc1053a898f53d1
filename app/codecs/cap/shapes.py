"""Polygons and circles of a message's elements: what is none is named and left out, too many are refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

from app.codecs.cap.alert import Circle, Ring
from app.codecs.cap.geometry import BadGeometry, circle_of, ring_of
from app.codecs.findings import Finding, rule
from app.codecs.markup.reader import Node

MOST_POINTS = 50_000
"""Points of all shapes of a message together; each shape costs its reader as much as ten points more."""

_SHAPE = 10

T = TypeVar("T")


class Shapes:
    """Reads the shapes of one message and adds to `found` what is wrong with them."""

    def __init__(self, found: list[Finding]) -> None:
        self._found = found
        self._points = 0

    def polygons(self, node: Node) -> tuple[Ring, ...]:
        """Return the polygons in an area."""
        return tuple(self._of(node.all("polygon"), "BAD_POLYGON", "多边形", "polygon", ring_of))

    def circles(self, node: Node) -> tuple[Circle, ...]:
        """Return the circles in an area."""
        return tuple(self._of(node.all("circle"), "BAD_CIRCLE", "圆", "circle", circle_of))

    def _of(self, nodes: list[Node], code: str, zh: str, en: str, shape: Callable[[str], T]) -> Iterator[T]:
        for node in nodes:
            if self._points > MOST_POINTS:
                return
            self._points += node.text.count(",") + _SHAPE
            if self._points > MOST_POINTS:
                self._found.append(
                    rule(
                        "TOO_MANY_POINTS",
                        f"形状过多,坐标点超过 {MOST_POINTS} 个",
                        f"too many shapes, more than {MOST_POINTS} points",
                        node.line,
                    )
                )
                return
            try:
                yield shape(node.text)
            except BadGeometry as bad:
                self._found.append(rule(code, f"{zh}{bad.zh}", f"{en}: {bad.en}", node.line))
