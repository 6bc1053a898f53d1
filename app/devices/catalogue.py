"""Which device families there are: every module-level `ADAPTER` under `app.devices.adapters`."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterable
from functools import cache
from importlib import import_module

from app.devices import adapters as shelf
from app.devices.adapter import Adapter


class DuplicateFamily(RuntimeError):
    """Two adapters claim one family name: the application must not start."""


def collect(found: Iterable[Adapter]) -> dict[str, Adapter]:
    """Return adapters by family name. Raises DuplicateFamily when two share one."""
    known: dict[str, Adapter] = {}
    for adapter in found:
        if adapter.family in known:
            raise DuplicateFamily(adapter.family)
        known[adapter.family] = adapter
    return known


@cache
def adapters() -> dict[str, Adapter]:
    """Return every adapter of the installation by family name. Raises DuplicateFamily."""
    names = sorted(info.name for info in pkgutil.iter_modules(shelf.__path__))
    modules = [import_module(f"{shelf.__name__}.{name}") for name in names]
    return collect(module.ADAPTER for module in modules if hasattr(module, "ADAPTER"))
