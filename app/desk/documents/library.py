"""The templates of documents, read from files each time: the county's own, else the shipped ones."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import Literal

from app.desk.documents.rules.kinds import KINDS, DocumentKind, Kind
from app.desk.documents.rules.layout import grammar_of
from app.filing.rules.template import Read, TemplateFault, TextTemplate, read_text
from app.filing.templates import read_file

SHIPPED = Path(__file__).with_name("templates")
TemplateState = Literal["shipped", "own", "faulty"]


@dataclass(frozen=True, slots=True)
class Shelf:
    """The template of a kind as it is used, where it is from, and what is wrong with the county's own."""

    template: TextTemplate
    state: TemplateState
    faults: tuple[TemplateFault, ...] = ()

    @property
    def digest(self) -> str:
        """The SHA-256 of what the template says."""
        told = "\n".join(
            (*self.template.lines, *(f"@{k}:{v}" for k, v in sorted(self.template.marks.items())))
        )
        return hashlib.sha256(told.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Library:
    """A template for every kind that is laid out here; reports have their own (app/reporting/report)."""

    shelves: Mapping[DocumentKind, Shelf] = field(default_factory=dict)


@cache
def shipped() -> Library:
    """Return the templates as they are shipped."""
    found: dict[DocumentKind, Shelf] = {}
    for key, kind in _laid_out().items():
        template, faults = _read(kind, SHIPPED / f"{key}.txt")
        assert template is not None, (key, faults)
        found[key] = Shelf(template, "shipped")
    return Library(found)


def load_library(folder: Path | None = None) -> Library:
    """Return the county's templates; in place of one that is missing or wrong the shipped one.

    A folder is meant whole: of a file that is not in it that is told, too.
    """
    if folder is None:
        return shipped()
    found: dict[DocumentKind, Shelf] = {}
    for key, kind in _laid_out().items():
        template, faults = _read(kind, folder / f"{key}.txt")
        before = shipped().shelves[key].template
        found[key] = Shelf(before, "faulty", faults) if template is None else Shelf(template, "own")
    return Library(found)


def _laid_out() -> dict[DocumentKind, Kind]:
    return {key: kind for key, kind in KINDS.items() if kind.way != "report"}


def _read(kind: Kind, path: Path) -> Read:
    return read_file(path, partial(_read_kind, kind))


def _read_kind(kind: Kind, text: str) -> Read:
    template, faults = read_text(text, grammar_of(kind))
    if template is not None and kind.numbered and "文号" not in template.marks:
        return None, (TemplateFault(0, "缺少“@文号”", "the mark @文号 is missing"),)
    return template, faults
