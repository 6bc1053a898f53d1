"""Connections that lay unused: a lost one is replaced before anybody uses it."""

from __future__ import annotations

import time
from typing import Any

from sqlalchemy import event
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.ext.asyncio import AsyncEngine

IDLE_S = 1.0  # a connection that lay unused so long is asked whether it is alive


def look_before_use(engine: AsyncEngine) -> None:
    """Replace a connection that is lost before anybody uses it.

    SQLAlchemy's own pre-ping asks before every transaction, in three statements. One that was in use a moment
    ago and whose socket is open needs no question; only one that lay idle is asked.
    """

    @event.listens_for(engine.sync_engine, "checkin")
    def note(_: Any, record: Any) -> None:
        record.info["idle_since_s"] = time.monotonic()

    @event.listens_for(engine.sync_engine, "checkout")
    def look(connection: Any, record: Any, _: Any) -> None:
        if connection.driver_connection.is_closed():
            raise InvalidatePoolError
        if time.monotonic() - record.info.get("idle_since_s", float("inf")) < IDLE_S:
            return
        if "idle_since_s" in record.info and not _answers(engine, connection):
            raise InvalidatePoolError


def _answers(engine: AsyncEngine, connection: Any) -> bool:
    dialect = engine.sync_engine.dialect
    try:
        return bool(dialect.do_ping(connection))
    except dialect.loaded_dbapi.Error as error:
        if dialect.is_disconnect(error, connection, None):
            return False
        raise
