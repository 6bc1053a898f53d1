"""Chinese fonts for print: found on the machine, cut down to the characters of one document.

The house ships none (a font is some 25 MB). Noto CJK holds its outlines as PostScript curves, which the
PDF writer cannot embed: those of the few hundred characters needed are turned into TrueType here.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTCollection, TTFont

from app.desk.prints import outlines
from app.desk.prints.page import NoPrintFont

# 方正小标宋 for the title and 仿宋 for the text (GB/T 9704) where the office has them, free ones else.
TITLE = (
    "FZXBSJW.ttf",
    "FZXiaoBiaoSong-B05S.ttf",
    "NotoSerifCJK-Bold.ttc",
    "SourceHanSerifSC-Bold.otf",
    "NotoSansCJK-Bold.ttc",
)
TEXT = (
    "simfang.ttf",
    "FangSong_GB2312.ttf",
    "NotoSerifCJK-Regular.ttc",
    "SourceHanSerifSC-Regular.otf",
    "NotoSansCJK-Regular.ttc",
    "wqy-zenhei.ttc",
)
_FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "~/.fonts",
    "~/.local/share/fonts",
    "C:/Windows/Fonts",
    "/System/Library/Fonts",
    "/Library/Fonts",
)
_MAY_BE_CARRIED = frozenset({0, 8})
"""OS/2 fsType: installable or editable embedding, without a ban on cutting a font down (0x100)."""


def find(names: tuple[str, ...], folder: str = "") -> Path:
    """Return the first of these font files that the machine has. Raises NoPrintFont."""
    have = _files(folder)
    for name in names:
        if name.lower() in have:
            return have[name.lower()]
    raise NoPrintFont


@cache
def _files(folder: str) -> dict[str, Path]:
    """Return the font files of the machine by lower-case name, those of the owner's own folder first."""
    found: dict[str, Path] = {}
    for place in ((folder,) if folder else ()) + (() if folder else _FOLDERS):
        for path in _fonts_below(Path(place).expanduser()):
            found.setdefault(path.name.lower(), path)
    return found


def _fonts_below(place: Path) -> Iterator[Path]:
    for root, _, names in os.walk(place):
        yield from (Path(root) / name for name in names if name.lower().endswith((".ttf", ".ttc", ".otf")))


def cut(path: Path, characters: Collection[str]) -> bytes:
    """Return a TrueType font that holds these characters of a font file and no others."""
    with path.open("rb") as file:
        return _saved(_cut(path, _face(file, path), characters))


@dataclass(frozen=True, slots=True)
class Carried:
    """A font cut down for a document that carries it, and the name by which it answers."""

    family: str
    data: bytes


def carried(path: Path, characters: Collection[str]) -> Carried | None:
    """Return a font to be put into a document that may be changed, None if its maker does not allow that.

    A bold face answers by a name of its own: a document names it without asking for bold letters.
    """
    with path.open("rb") as file:
        font = _face(file, path)
        if font["OS/2"].fsType not in _MAY_BE_CARRIED:
            return None
        names = font["name"]
        family, style = str(names.getBestFamilyName()), str(names.getBestSubFamilyName())
        if style != "Regular":
            family = f"{family} {style}"
        plain = family.replace(" ", "-")
        small = _cut(path, font, characters)
        for number, name in ((1, family), (2, "Regular"), (4, family), (6, plain)):
            small["name"].removeNames(nameID=number)
            small["name"].setName(name, number, 3, 1, 0x409)
        return Carried(family, _saved(small))


def _cut(path: Path, font: Any, characters: Collection[str]) -> Any:
    if "CFF " in font:
        return outlines.small(path, font, characters)
    options = Options(
        layout_features=[], notdef_outline=True, name_IDs=[1, 2, 4, 6], drop_tables=["vhea", "vmtx"]
    )
    logging.getLogger("fontTools").setLevel(logging.ERROR)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=[ord(char) for char in characters])
    subsetter.subset(font)
    return font


def _saved(font: Any) -> bytes:
    whole = BytesIO()
    font.save(whole)
    return whole.getvalue()


def _face(file: BinaryIO, path: Path) -> Any:
    """Read a font; of a collection the face for simplified Chinese."""
    if path.suffix.lower() != ".ttc":
        return TTFont(file, lazy=True)
    faces = list(TTCollection(file, lazy=True))
    return next((face for face in faces if " SC" in str(face["name"].getDebugName(1))), faces[0])
