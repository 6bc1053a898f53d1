"""Programs of others that tests talk with: skipped where they are not, except in CI."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.zygote import ROOT

_PLACES = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", str(ROOT / ".venv/bin")))
STREAM = Path("/usr/lib/nginx/modules/ngx_stream_module.so")


def program(name: str) -> str:
    """Return where a program lies; without it the test is skipped, and in CI fails."""
    found = shutil.which(name, path=_PLACES)
    if found is None:
        missing(name)
    return str(found)


def missing(name: str) -> None:
    """Skip a test that needs something, or fail in CI, which installs it (deploy/*.sh)."""
    if os.environ.get("CI"):
        pytest.fail(f"there is no {name}")
    pytest.skip(f"there is no {name}")
