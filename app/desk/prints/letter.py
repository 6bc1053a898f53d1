"""A letter with a red head (GB/T 9704) as plain words, before anybody thinks of pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Letter:
    """The marks above, the red head with number, author and date, title, text, and what stands below."""

    marks: tuple[str, str]
    head: str
    number: str
    author: str
    date: str
    title: str
    paragraphs: tuple[str, ...]
    foot: tuple[tuple[str, str], ...]
    signs: tuple[tuple[str, str], ...]

    def characters(self) -> set[str]:
        """Return every character that is printed."""
        words = [*self.marks, self.head, self.number, self.author, self.date, self.title, *self.paragraphs]
        words += [part for pair in (*self.foot, *self.signs) for part in pair]
        return set("".join(words)) | set(" \uff1a\u3000:0123456789第页")


def letter_from(words: Mapping[str, Any]) -> Letter:
    """Return a letter of its parts by name, as they lie in the archive too."""
    return Letter(
        marks=(words["marks"][0], words["marks"][1]),
        **{part: words[part] for part in ("head", "number", "author", "date", "title")},
        paragraphs=tuple(words["paragraphs"]),
        foot=tuple((label, text) for label, text in words["foot"]),
        signs=tuple((label, text) for label, text in words["signs"]),
    )
