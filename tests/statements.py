"""Statements are compiled once a process, not once a pool: every test opens a pool of its own.

What SQLAlchemy keeps of a statement belongs to the engine and its dialect. Here the dialects of one process
count as one, because they speak to one server, and their engines keep what they compile in one place.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.util import LRUCache

_COMPILED: LRUCache[Any, Any] = LRUCache(2000)


class OneDialect(PGDialect_asyncpg):
    """The dialect of asyncpg, equal to every other of its kind."""

    supports_statement_cache = True

    def __eq__(self, other: object) -> bool:
        return type(other) is OneDialect

    def __hash__(self) -> int:
        return hash(OneDialect)

    @classmethod
    def engine_created(cls, engine: Engine) -> None:
        """Let a new engine look where the others have looked."""
        engine.update_execution_options(compiled_cache=_COMPILED)


def compile_once() -> None:
    """Let every pool of this process that is opened from now on share what is compiled."""
    registry.register("postgresql.asyncpg", __name__, OneDialect.__name__)
