"""What stands on paper as plain words, before anybody thinks of pages."""

from __future__ import annotations

from dataclasses import dataclass

from app.filing.rules.words import clean as clean  # what may stand on paper
from app.refusals import Refusal


class NoPrintFont(Refusal):
    """The machine has no Chinese font that may be embedded."""

    code = "no_print_font"

    def __init__(self) -> None:
        super().__init__(
            "服务器上没有可用的中文字体:请安装 fonts-noto-cjk,或在 ZHISHOU_PRINT_FONTS 写明字体目录;"
            "DOCX 不受影响",
            "this machine has no Chinese font: install fonts-noto-cjk or name a folder of fonts in "
            "ZHISHOU_PRINT_FONTS; DOCX works without",
        )


@dataclass(frozen=True, slots=True)
class Page:
    """One document: its head, the facts above the table, the table, the signatures below it.

    `widths` are those of the columns in millimetres, 156 in all: the type area of GB/T 9704. `size` is
    that of the table's letters in points; a fact without a label stands by itself.
    """

    title: str
    number: str
    facts: tuple[tuple[str, str], ...]
    heads: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]
    signs: tuple[str, ...]
    empty: str
    size: float = 10.5

    def characters(self) -> set[str]:
        """Return every character that is printed."""
        words = [self.title, self.number, self.empty, *self.heads, *self.signs]
        words += [part for fact in self.facts for part in fact] + [cell for row in self.rows for cell in row]
        return set("".join(words)) | set(" :\uff1a0123456789第页")
