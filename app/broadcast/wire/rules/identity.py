"""What makes two packets, or two messages, the same. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from app.codecs.ebm.fields import Field, Fields


def digest(data: bytes) -> str:
    """Return the SHA-256 of a packet's bytes, in hex."""
    return hashlib.sha256(data).hexdigest()


def content_hash(payload: Fields) -> str:
    """Return what a message is known by beside its EBMID: its payload, whoever passes it on."""
    return digest(json.dumps(plain(payload), ensure_ascii=False, sort_keys=True).encode())


def plain(field: Field) -> Any:
    """Return fields as JSON has them."""
    if isinstance(field, str):
        return field
    if isinstance(field, tuple):
        return [plain(one) for one in field]
    return {name: plain(value) for name, value in field.items()}


def fields(told: Any) -> Fields:
    """Return fields from JSON: what `plain` made of them."""
    found = _field(told)
    return found if isinstance(found, Mapping) else {}


def _field(told: Any) -> Field:
    if isinstance(told, dict):
        return {name: _field(value) for name, value in told.items()}
    if isinstance(told, list):
        return tuple(one for one in (_field(value) for value in told) if not isinstance(one, tuple))
    return str(told)
