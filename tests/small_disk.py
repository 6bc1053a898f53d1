"""A disk that is soon full."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def mounted(owned_like: Path) -> Iterator[Path]:
    """A disk of 3 MB that whoever owns a folder may write; skips where none can be mounted."""
    if not owned_like.exists():
        pytest.skip("the server runs elsewhere")
    disk = Path(tempfile.mkdtemp(prefix="zhishou-disk-"))
    options = f"size=3m,mode=700,uid={owned_like.stat().st_uid}"
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(disk)]
    mounted = subprocess.run(command, capture_output=True, check=False).returncode == 0
    try:
        if not mounted:
            pytest.skip("no small disk can be mounted here")
        yield disk
    finally:
        if mounted:
            subprocess.run(["umount", "-l", disk], check=False)
        disk.rmdir()
