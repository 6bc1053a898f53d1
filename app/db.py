"""The database: one engine, one way to open a transaction. Nobody but this module commits."""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import lru_cache
from typing import Any, NoReturn

from pydantic_core import from_json
from sqlalchemy import DateTime, IteratorResult, TextClause
from sqlalchemy.engine.result import SimpleResultMetaData
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import Session
from sqlmodel import Field, SQLModel

from app import tracing
from app.idle_connections import look_before_use

# A row is not validated: nobody wants the validators that pydantic would build for 150 tables at every start.
SQLModel.model_config["defer_build"] = True
SILENT_S = 60.0  # a transaction in which nothing is asked for so long is ended by PostgreSQL
# A node whose cable was cut amid a statement is not silent to PostgreSQL, it is gone: asked after five
# seconds and given up with its locks ten seconds later (by default two hours; a local socket needs none).
_GONE_IS_NOTICED = {
    "tcp_keepalives_idle": "5",
    "tcp_keepalives_interval": "3",
    "tcp_keepalives_count": "3",
    "tcp_user_timeout": "15000",
}
Tx = AsyncSession
"""An open transaction. Actions get it, use it and never commit it."""


APPENDED = "appended"
"""In a transaction's `info`: the rows of the journal it wrote; None when they are to be read instead."""
WRITTEN_BY = "written_by"
"""In a transaction's `info`: the name of the pool it came from, which the hint of its rows carries."""


_NAMED = re.compile(r"(?<![:\w\\]):(\w+)(?!:)")  # what SQLAlchemy's text() takes for a parameter
_shape = lru_cache(maxsize=1024)(SimpleResultMetaData)


class _Sentence(TextClause):
    """A statement as PostgreSQL takes it, and the names of its values in their order."""

    inherit_cache = True

    def __init__(self, statement: str) -> None:
        super().__init__(statement)
        self.names = tuple(dict.fromkeys(_NAMED.findall(statement)))
        number = {name: f"${at}" for at, name in enumerate(self.names, start=1)}
        self.numbered = _NAMED.sub(lambda found: number[found[1]], statement)


@lru_cache(maxsize=1024)
def sql(statement: str) -> TextClause:
    """Return a statement that is asked again and again: taken apart once, not each time.

    Its text is fixed in the source, or one of a few; values are always parameters. A transaction gives it to
    the driver as it is, in half the time that SQLAlchemy's own road takes.
    """
    return _Sentence(statement)


class _Transaction(AsyncSession):
    """A session that knows the short road for statements of `sql`: to the driver, in the same transaction."""

    _line: tuple[Any, Any] | None = None  # for which transaction, and the connection that serves it

    async def begin_as(self, isolation: str) -> None:
        """Begin with a connection of an isolation level."""
        connection = await self.run_sync(_connected, isolation)
        self._line = self._innermost(), connection

    async def execute(self, statement: Any, params: Any = None, **told: Any) -> Any:
        """Execute a statement, as AsyncSession does."""
        if type(statement) is _Sentence and not told:
            return await self._ask(statement, params or {})
        return await super().execute(statement, params, **told)

    async def scalar(self, statement: Any, params: Any = None, **told: Any) -> Any:
        """Return the first column of the first row, as AsyncSession does."""
        if type(statement) is _Sentence and not told:
            return (await self._ask(statement, params or {})).scalar()
        return await super().scalar(statement, params, **told)

    async def _ask(self, sentence: _Sentence, values: Mapping[str, Any]) -> IteratorResult[Any]:
        told = [values[name] for name in sentence.names]
        if self._line is None or self._line[0] is not self._innermost():
            # Lent at the first statement; of a nested transaction its savepoint is set now.
            served = await self.connection()
            self._line = self._innermost(), served.sync_connection
        connection: Any = self._line[1]
        adapted: Any = connection.connection.dbapi_connection
        if noted := connection.engine.dispatch.before_cursor_execute:
            noted(connection, None, sentence.numbered, told, None, False)  # noqa: FBT003
        try:
            async with adapted._execute_mutex:  # noqa: SLF001
                if adapted._transaction is None:  # noqa: SLF001
                    await adapted._start_transaction()  # noqa: SLF001
                rows = await adapted.driver_connection.fetch(sentence.numbered, *told)
        except BaseException as error:  # noqa: BLE001  raised there again, as SQLAlchemy's own
            await self.run_sync(_failed, connection, sentence.numbered, told, error)
        return IteratorResult(_shape(tuple(rows[0].keys()) if rows else _NOTHING), iter(rows))

    def _innermost(self) -> object:
        session = self.sync_session
        return session.get_nested_transaction() or session.get_transaction()


_NOTHING = ("nothing",)


def _connected(session: Session, isolation: str) -> Any:
    return session.connection(execution_options={"isolation_level": isolation})


def _end(session: Session) -> None:
    session.commit()
    session.close()


def _failed(
    _: Session, connection: Any, statement: str, told: Sequence[Any], error: BaseException
) -> NoReturn:
    """Raise what SQLAlchemy makes of it; a connection that was lost or interrupted amid it is given up."""
    try:
        connection.connection.dbapi_connection._handle_exception(error)  # noqa: SLF001
    except BaseException as told_as:  # noqa: BLE001
        connection._handle_dbapi_exception(told_as, statement, tuple(told), None, None)  # noqa: SLF001
    raise error


def none_yet() -> list[Any]:
    """Return an empty list: the default of a column.

    Of `list` itself pydantic looks for the signature at each new row, which takes it 0.17 ms; of a function,
    a tenth of that.
    """
    return []


def instant(*, nullable: bool = False, index: bool = False) -> Any:
    """Declare a column that holds an aware instant (timestamptz)."""
    return Field(
        default=None if nullable else ...,
        sa_type=DateTime(timezone=True),
        nullable=nullable,
        index=index,
    )


def async_url(url: str) -> str:
    """Return the URL with the asyncpg driver named, whatever way the owner wrote it."""
    for prefix in ("postgresql+asyncpg://", "postgresql://", "postgres://"):
        if url.startswith(prefix):
            # libpq writes sslmode=, asyncpg ssl=: owners paste what their provider gives them.
            return "postgresql+asyncpg://" + url.removeprefix(prefix).replace("sslmode=", "ssl=")
    raise ValueError("DATABASE_URL 须以 postgresql:// 开头 / must start with postgresql://")


async def plan_once(tx: Tx) -> None:
    """Let the statements of this transaction be planned once a connection, whatever their values.

    For large ones whose plan does not depend on the values: PostgreSQL would plan them anew each time, which
    takes several times as long as to execute them.
    """
    await tx.execute(sql("SET LOCAL plan_cache_mode = force_generic_plan"))


class Database:
    """A pool of a process. One `beside` another has its name and tells the same listeners of its commits."""

    def __init__(
        self, url: str, *, pool_size: int = 12, silent_s: float = SILENT_S, beside: Database | None = None
    ) -> None:
        self.url = url
        self.engine: AsyncEngine = create_async_engine(
            async_url(url),
            pool_size=pool_size,
            max_overflow=8,
            pool_timeout=10,
            hide_parameters=True,  # what a failed statement was given (logins, telephones) is for no log
            json_deserializer=from_json,  # a quarter of the time of Python's own
            # A database that hangs must show as an error: nothing here may wait for ever.
            connect_args={
                "timeout": 5,
                "command_timeout": 15,
                # A node that is paused or cut off amid a transaction holds its locks no longer than this,
                # once it has written to the journal far shorter (app/journal/store.py).
                "server_settings": {
                    "idle_in_transaction_session_timeout": str(round(silent_s * 1000)),
                    **_GONE_IS_NOTICED,
                },
            },
        )
        look_before_use(self.engine)
        self.name: str = beside.name if beside else secrets.token_hex(4)
        # What every transaction carries along: who follows changes (app/dispatch/actions/followers).
        self.info: dict[Any, Any] = {WRITTEN_BY: self.name}
        # Called after a commit with the journal's rows it wrote; with none when they are to be read.
        self.listeners: list[Callable[[Sequence[Any]], None]] = beside.listeners if beside else []
        self._sessions = async_sessionmaker(
            self.engine, class_=_Transaction, expire_on_commit=False, info=self.info
        )

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Tx]:
        """Open a transaction; commit at the end, roll back on any error."""
        async with self._lent() as session:
            yield session

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[Tx]:
        """Open a read-only transaction in which every statement sees the same instant."""
        async with self._lent("REPEATABLE READ") as session:
            yield session

    @asynccontextmanager
    async def glance(self) -> AsyncIterator[Tx]:
        """Lend a session whose statements stand alone, each committed by itself: for one cheap read."""
        async with self._lent("AUTOCOMMIT") as session:
            yield session

    @asynccontextmanager
    async def _lent(self, isolation: str | None = None) -> AsyncIterator[Tx]:
        """Lend a session that commits at the end: as SQLAlchemy does, in two steps for seven."""
        session = self._sessions()
        try:
            if isolation is not None:
                await session.begin_as(isolation)
            yield session
            with tracing.commit():
                await session.run_sync(_end)
            if APPENDED in session.info:
                for hear in self.listeners:
                    hear(session.info[APPENDED] or ())
        except BaseException:
            tracing.rolled_back(session.info)
            # Rolled back and given back, even when whoever asked no longer waits.
            await asyncio.shield(asyncio.ensure_future(session.close()))
            raise

    @asynccontextmanager
    async def raw(self) -> AsyncIterator[Any]:
        """Lend a bare asyncpg connection: for COPY, unnest batches and LISTEN."""
        async with self.engine.connect() as connection:
            fairy = await connection.get_raw_connection()
            yield fairy.driver_connection

    @asynccontextmanager
    async def apart(self) -> AsyncIterator[Any]:
        """Lend a bare connection that nobody gets afterwards: for locks and settings of a whole session."""
        async with self.engine.connect() as connection:
            bare: Any = (await connection.get_raw_connection()).driver_connection
            try:
                yield bare
            finally:
                bare.terminate()  # at once, whatever it was doing
                await connection.invalidate()

    async def close(self) -> None:
        """Close every connection."""
        await self.engine.dispose()
