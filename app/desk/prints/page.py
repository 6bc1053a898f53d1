"""What stands on paper as plain words, before anybody thinks of pages."""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.refusals import Refusal

# What XML cannot hold and printers stumble over; a device's text may bring it.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\ud800-\udfff\ufffe\uffff]"
)


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

    `widths` are those of the columns in millimetres, 156 in all: the type area of GB/T 9704.
    """

    title: str
    number: str
    facts: tuple[tuple[str, str], ...]
    heads: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]
    signs: tuple[str, ...]
    empty: str

    def characters(self) -> set[str]:
        """Return every character that is printed."""
        words = [self.title, self.number, self.empty, *self.heads, *self.signs]
        words += [part for fact in self.facts for part in fact] + [cell for row in self.rows for cell in row]
        return set("".join(words)) | set(" :0123456789第页")


def clean(text: str) -> str:
    """Leave out what cannot be printed."""
    return _UNPRINTABLE.sub("", text)
