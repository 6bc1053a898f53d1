"""A new row by the short road: for what is written while somebody waits for it.

SQLAlchemy's unit of work takes several times as long for one row as the driver does. What a hot action writes
goes by a statement made once a table; the values are made as SQLAlchemy makes them, whatever is unusual takes
its road, and who must see every new row (`before`) sees these too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar, cast

from sqlalchemy import Table
from sqlalchemy.dialects.postgresql.asyncpg import dialect
from sqlalchemy.orm import Session, configure_mappers
from sqlalchemy.orm.attributes import instance_dict
from sqlmodel import SQLModel

from app.db import Tx, sql

Kind = TypeVar("Kind", bound=SQLModel)
Before = Callable[[Session, Any], None]
before: list[Before] = []
"""Called with the session and each new row before it is written, as before a flush."""


@dataclass(frozen=True, slots=True)
class _Way:
    """How a table takes a row: the statement, the values in its order, and how each is made."""

    statement: str
    names: tuple[str, ...]
    parameters: tuple[str, ...]
    makers: tuple[tuple[int, Callable[[Any], Any]], ...]  # of the values that are not given as they are
    defaulted: tuple[int, ...]  # where None would mean the default of the column


def made(kind: type[Kind], **values: Any) -> Kind:
    """Return a new row as `kind(**values)` does, of no session, without setting each of its attributes twice.

    Raises TypeError for a name that is none of the table's.
    """
    blank = _blank(kind)
    row = cast("Kind", blank.manager.new_instance())
    told = row.__dict__
    told.update(blank.fixed)
    for name, default in blank.made:
        if name not in values:
            told[name] = default()
    if not values.keys() <= blank.names:
        raise TypeError(f"{kind.__name__} has no {sorted(values.keys() - blank.names)}")
    told.update(values)
    row.__pydantic_fields_set__.update(values)
    return row


@dataclass(frozen=True, slots=True)
class _Blank:
    """What a row of a table begins with: the defaults that are always the same, and those made each time."""

    manager: Any
    names: frozenset[str]
    fixed: dict[str, Any]
    made: tuple[tuple[str, Callable[[], Any]], ...]


@cache
def _blank(kind: type[SQLModel]) -> _Blank:
    configure_mappers()  # as the first `kind(…)` would
    fields = kind.model_fields
    factories = {name: field.default_factory for name, field in fields.items() if field.default_factory}
    return _Blank(
        kind.__mapper__.class_manager,  # type: ignore[attr-defined]
        frozenset(fields),
        {
            name: field.default
            for name, field in fields.items()
            if name not in factories and not field.is_required()
        },
        tuple(cast("dict[str, Callable[[], Any]]", factories).items()),
    )


async def write_new(tx: Tx, row: SQLModel) -> None:
    """Write one new row and give it its id; it does not become a part of the session.

    What the session changed so far is written before it. Raises what SQLAlchemy raises.
    """
    statement, values = await writing(tx, row)
    row.id = await tx.scalar(sql(statement), values)


async def writing(tx: Tx, row: SQLModel) -> tuple[str, dict[str, Any]]:
    """Return the statement that writes a row and tells its `id`, and its values, named `new_` and the column.

    For whoever writes the row together with something else, in one statement, and gives it its id.
    """
    await tx.run_sync(_ready, row)
    way = _way(type(row))
    told = instance_dict(row)
    values = [told.get(name) for name in way.names]
    if any(values[at] is None for at in way.defaulted):
        tx.add(row)
        await tx.flush()
        return "SELECT CAST(:new_id AS bigint) AS id", {"new_id": told["id"]}
    for at, make in way.makers:
        values[at] = make(values[at])
    return way.statement, dict(zip(way.parameters, values, strict=True))


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
    parameters = tuple(f"new_{name}" for name in names)
    places = ", ".join(f":{name}" for name in parameters)
    return _Way(
        statement=f'INSERT INTO "{table.name}" ({listed}) VALUES ({places}) RETURNING id',  # noqa: S608
        names=names,
        parameters=parameters,
        makers=tuple((at, make) for at, make in enumerate(makers) if make is not None),
        defaulted=tuple(at for at, column in enumerate(columns) if column.default or column.server_default),
    )
