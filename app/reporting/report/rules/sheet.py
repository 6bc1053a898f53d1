"""A report as it stands on paper, in plain words, frozen when it is signed. Pure."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from app.filing.rules.words import clean


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

    def words(self) -> dict[str, object]:
        """Return what stands on the paper by the parts of a letter; what cannot be printed is left out."""
        foot = (("主送", "、".join(self.to)), ("抄送", "、".join(self.cc)), ("说明", self.note))
        signs = (
            ("报告人", self.reporter),
            ("审核", self.reviewer),
            ("签发", self.signer),
            ("联系电话", self.contact),
        )
        return {
            "marks": (f"密级\uff1a{self.secrecy}", f"紧急程度\uff1a{self.urgency}"),
            "head": clean(self.head),
            "number": clean(self.number),
            "author": clean(self.author),
            "date": self.signed_on,
            "title": clean(self.title),
            "paragraphs": tuple(filter(None, (clean(line).strip() for line in self.text.splitlines()))),
            "foot": tuple((label, clean(text)) for label, text in foot if text),
            "signs": tuple((label, clean(text)) for label, text in signs if text),
        }


Press = Callable[[Sheet], Awaitable[Mapping[str, bytes]]]
"""Prints a sheet: bytes by form (pdf, docx); a form the machine cannot print is left out."""
