"""Answers as their reader may see them: personal data is taken out here, for every route alike."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from fastapi import Response

from app import personal
from app.org.rules.access import Viewer

_REVEALED: ContextVar[bool] = ContextVar("personal_data_revealed", default=False)
REVEALS = "/api/personal-data/reveals"  # the one answer that is whole for who sees the rest masked
_TEXTS = ("text/html", "text/csv", "text/plain")


@contextmanager
def revealed() -> Iterator[None]:
    """Let what is read in this block be whole: for the act of revealing, which is journalled."""
    token = _REVEALED.set(True)
    try:
        yield
    finally:
        _REVEALED.reset(token)


@contextmanager
def read_by(viewer: Viewer, path: str) -> Iterator[bool]:
    """Say for whom answers, sheets and prints are made in this block; yield whether they are veiled."""
    hides = not viewer.may("see_personal") and not _REVEALED.get() and path != REVEALS
    token = personal.HIDDEN.set(hides)
    try:
        yield hides
    finally:
        personal.HIDDEN.reset(token)


def veiled(response: Response) -> Response:
    """Take personal data out of an answer. Sheets and papers were made without it (`app.personal.shown`)."""
    kind = response.headers.get("content-type", "").partition(";")[0]
    body = getattr(response, "body", b"")
    if not body:
        return response
    if kind == "application/json":
        told = personal.veiled(json.loads(bytes(body)))
        response.body = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
    elif kind in _TEXTS:
        response.body = personal.text(bytes(body).decode()).encode()
    response.headers["content-length"] = str(len(response.body))
    return response
