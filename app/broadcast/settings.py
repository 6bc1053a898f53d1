"""How a county broadcasts: its own resource code, its zone, where its texts lie."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

LEAD = timedelta(minutes=10)
"""A message leaves so long before its start; until then a stop means that it never left."""
_EBRID = re.compile(r"[1-6][0-9]{22}")


@dataclass(frozen=True, slots=True)
class BroadcastTerms:
    """What the actions need to know. `resource_code` is the EBRID that mints EBMIDs (GD/J 080)."""

    resource_code: str
    zone: ZoneInfo
    templates: Path | None = None


def load_terms(resource_code: str, stream: str, zone: ZoneInfo, templates: Path | None) -> BroadcastTerms:
    """Return the terms; without a code of its own the centre is message source 01 of its county.

    Raises ValueError for a code that is no EBRID.
    """
    code = resource_code or sender_code(stream)
    if not _EBRID.fullmatch(code):
        raise ValueError(
            "ZHISHOU_BROADCAST_RESOURCE_CODE 应为23位资源编码 / must be a resource code of 23 digits"
        )
    return BroadcastTerms(code, zone, templates)


def sender_code(scope: str) -> str:
    """Return the EBRID of a desk as a source of messages (0001): level, region, type, 01, unit 01, 01."""
    level = sender_level(scope)
    return f"{level}{scope.ljust(12, '0')}0001010101"


def sender_level(scope: str) -> int:
    """Return the level of a desk by the prefix it answers for: 4 county, 5 township, 6 village."""
    return 4 if len(scope) <= 6 else 5 if len(scope) <= 9 else 6
