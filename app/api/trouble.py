"""What is no fault of a command: the disk is full, the database is away for a while."""

from __future__ import annotations

import errno

from asyncpg import InterfaceError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

_FULL = ("53100", "58030")  # PostgreSQL: disk_full, io_error
# … connection_exception, operator_intervention (shutting down, starting up, recovering), ended amid a
# transaction, too_many_connections
_AWAY = ("08", "57P", "25P03", "53300")


def disk_is_full(error: Exception) -> bool:
    """Whether nothing could be written for want of room, in the database or in the data folder."""
    full = isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
    return full or _sqlstate(error) in _FULL


def database_is_away(error: Exception) -> bool:
    """Whether the database could not be reached, hung up amid the work, or kept us waiting too long."""
    if isinstance(error, ConnectionError | TimeoutError | InterfaceError | NoConnectionFree):
        return True
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    return _sqlstate(error).startswith(_AWAY)


def _sqlstate(error: Exception) -> str:
    return getattr(getattr(error, "orig", error), "sqlstate", None) or ""
