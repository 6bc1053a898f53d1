"""What a comparison yields."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that must not be."""

    what: str
    said: str

    def told(self) -> dict[str, str]:
        """Return it as plain data."""
        return asdict(self)


Findings = Iterator[Finding]
