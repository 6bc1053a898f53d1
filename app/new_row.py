"""A new row by the short road: for what is written while somebody waits for it.

SQLAlchemy's unit of work takes several times as long for one row as the driver does. What a hot action writes
goes by a statement made once a table; the values are made as SQLAlchemy makes them, whatever is unusual takes
its road, and who must see every new row (`before`) sees these too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from typing import Any

from sqlalchemy import Table, TextClause
from sqlalchemy.dialects.postgresql.asyncpg import dialect
from sqlalchemy.orm import Session
from sqlmodel import SQLModel

from app.db import Tx, sql

Before = Callable[[Session, Any], None]
before: list[Before] = []
"""Called with the session and each new row before it is written, as before a flush."""


@dataclass(frozen=True, slots=True)
class _Way:
    """How a table takes a row: the statement, the values in its order, and how each is made."""

    statement: TextClause
    names: tuple[str, ...]
    values: Callable[[Any], tuple[Any, ...]]
    makers: tuple[tuple[int, Callable[[Any], Any]], ...]  # of the values that are not given as they are
    defaulted: tuple[int, ...]  # where None would mean the default of the column


async def write_new(tx: Tx, row: SQLModel) -> None:
    """Write one new row and give it its id; it does not become a part of the session.

    What the session changed so far is written before it. Raises what SQLAlchemy raises.
    """
    await tx.run_sync(_ready, row)
    way = _way(type(row))
    values = list(way.values(row))
    if any(values[at] is None for at in way.defaulted):
        tx.add(row)
        await tx.flush()
        return
    for at, make in way.makers:
        values[at] = make(values[at])
    row.id = await tx.scalar(way.statement, dict(zip(way.names, values, strict=True)))


def _ready(session: Session, row: SQLModel) -> None:
    if not session._is_clean():  # noqa: SLF001
        session.flush()
    for prepare in before:
        prepare(session, row)


@cache
def _way(kind: type[SQLModel]) -> _Way:
    table: Table = kind.__table__  # type: ignore[attr-defined]
    columns = [column for column in table.columns if not column.primary_key]
    assert [column.name for column in table.primary_key] == ["id"]
    names = tuple(column.name for column in columns)
    spoken: Any = dialect()  # type: ignore[no-untyped-call]
    makers = [column.type.dialect_impl(spoken).bind_processor(spoken) for column in columns]
    listed = ", ".join(f'"{name}"' for name in names)
    places = ", ".join(f":{name}" for name in names)
    return _Way(
        statement=sql(f'INSERT INTO "{table.name}" ({listed}) VALUES ({places}) RETURNING id'),  # noqa: S608
        names=names,
        values=attrgetter(*names),
        makers=tuple((at, make) for at, make in enumerate(makers) if make is not None),
        defaulted=tuple(at for at, column in enumerate(columns) if column.default or column.server_default),
    )
