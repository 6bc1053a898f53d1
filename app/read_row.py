"""A row by the short road: for what is locked while somebody waits for it.

SQLAlchemy's own way from a statement to one object of the session takes several times as long as the driver.
What a hot action locks goes by a statement of `sql`; the object is a part of the session afterwards, as if
SQLAlchemy had read it: what is changed in it is written at the next flush.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar, cast

from sqlalchemy import Float, Row, TextClause
from sqlalchemy.dialects.postgresql.asyncpg import dialect
from sqlalchemy.orm import Mapper, configure_mappers
from sqlalchemy.orm.attributes import instance_dict, instance_state, set_committed_value
from sqlmodel import SQLModel

from app.db import Tx

Kind = TypeVar("Kind", bound=SQLModel)


@dataclass(frozen=True, slots=True)
class _Way:
    """How a table's row becomes an object: the names, and how the values are made that come otherwise."""

    mapper: Mapper[Any]
    names: frozenset[str]
    makers: tuple[tuple[str, Callable[[Any], Any]], ...]


async def read_row(tx: Tx, kind: type[Kind], statement: TextClause, values: Mapping[str, Any]) -> Kind | None:
    """Return the object of the one row that a statement finds, as the database has it now, or None.

    The statement names every column of the table as the table does, and may lock. What the session changed
    so far is written before it. Raises what SQLAlchemy raises.
    """
    if not tx.sync_session._is_clean():  # noqa: SLF001
        await tx.flush()
    row = (await tx.execute(statement, values)).one_or_none()
    return None if row is None else _taken_in(tx, kind, row)


def _taken_in(tx: Tx, kind: type[Kind], row: Row[Any]) -> Kind:
    way, session = _way(kind), tx.sync_session
    values = dict(zip(row._fields, row, strict=True))
    if values.keys() != way.names:  # a newer program's migration added a column that is none of ours
        values = {name: values[name] for name in way.names}
    for name, make in way.makers:
        values[name] = make(values[name])
    key = way.mapper.identity_key_from_primary_key((values["id"],))
    known = session.identity_map.get(key)
    if known is not None:
        for name, value in values.items():
            set_committed_value(known, name, value)
        return cast("Kind", known)
    found = cast("Kind", way.mapper.class_manager.new_instance())
    state = instance_state(found)
    state.key, state.session_id = key, session.hash_key
    session.identity_map._add_unpresent(state, key)  # noqa: SLF001
    told = instance_dict(found)
    told.update(values)
    state._commit_all(told, session.identity_map)  # noqa: SLF001
    return found


@cache
def _way(kind: type[SQLModel]) -> _Way:
    configure_mappers()  # as the first statement of SQLAlchemy's would
    mapper: Mapper[Any] = kind.__mapper__  # type: ignore[attr-defined]
    columns = mapper.local_table.columns
    assert [column.name for column in mapper.primary_key] == ["id"]
    spoken: Any = dialect()  # type: ignore[no-untyped-call]
    makers = {
        column.name: column.type.dialect_impl(spoken).result_processor(spoken, None)
        for column in columns
        if not isinstance(column.type, Float)  # as the driver gives them
    }
    return _Way(
        mapper,
        frozenset(column.name for column in columns),
        tuple((name, make) for name, make in makers.items() if make is not None),
    )
