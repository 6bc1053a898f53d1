"""A report as it stands on paper, in plain words, frozen when it is signed. Pure."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sheet:
    """The official form: its red head and everything below it."""

    head: str
    number: str
    secrecy: str
    urgency: str
    title: str
    to: tuple[str, ...]
    cc: tuple[str, ...]
    text: str
    author: str
    signed_on: str
    reporter: str
    reviewer: str
    signer: str
    contact: str
    note: str = ""


Press = Callable[[Sheet], Awaitable[Mapping[str, bytes]]]
"""Prints a sheet: bytes by form (pdf, docx); a form the machine cannot print is left out."""
