"""How PostgreSQL means to read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from app.db import Tx, sql


async def planned(tx: Tx, statement: str, told: Mapping[str, object]) -> Any:
    """Return the plan of a statement."""
    found = await tx.scalar(sql("EXPLAIN (FORMAT JSON) " + statement), told)
    return found[0]["Plan"]


def nodes_of(plan: Any) -> dict[str, str]:
    """Return how each table of a plan is read."""

    def walk(node: Any) -> Iterator[tuple[str, str]]:
        if "Relation Name" in node:
            yield node["Relation Name"], node["Node Type"]
        for below in node.get("Plans", ()):
            yield from walk(below)

    return dict(walk(plan))
