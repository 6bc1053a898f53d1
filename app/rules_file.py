"""Files of rules are read by libyaml where it is there: eight times as fast, at every start."""

from __future__ import annotations

from typing import Any

import yaml

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(words: str) -> Any:
    """Return what a YAML text says. Raises yaml.YAMLError."""
    return yaml.load(words, Loader=_LOADER)  # noqa: S506  either is a safe one
