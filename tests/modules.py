"""Every module of the house, imported: what tests ask of all of them."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType

import app

# They run in an environment of their own, with libraries of their own.
_ELSEWHERE = {"app.simulators.livekit_server"}


def modules() -> Iterator[ModuleType]:
    """Import and return every module that runs in this environment."""
    for found in pkgutil.walk_packages(app.__path__, "app."):
        if found.name not in _ELSEWHERE:
            yield importlib.import_module(found.name)
