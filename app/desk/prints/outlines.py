"""PostScript outlines as TrueType ones, drawn once a process: all documents write with the same few hundred.

To cut a font of 65,000 characters down takes a third of a second each time, and a report wants four cuts.
What was drawn is kept as it will stand in a file, some 200 bytes a character; a font of them takes 10 ms.
"""

from __future__ import annotations

import struct
from collections.abc import Collection
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import Any

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, newTable
from fontTools.ttLib.tables._g_l_y_f import Glyph

_ERROR_UNITS = 1.0  # how far a curve may move, in a thousandth of the font's size
MOST = 4000  # characters kept of one font: all that a county writes; beyond, one begins anew
_NOTDEF = ".notdef"
# What says of the whole font how it is; the rest is about single characters or how lines are set.
_WHOLE = ("head", "hhea", "maxp", "OS/2", "name", "post")


@dataclass(frozen=True, slots=True)
class _Drawn:
    """An outline: its number and name in the font file, its width, and how it stands in a TrueType file."""

    number: int
    name: str
    advance: int
    bearing: int
    outline: bytes


@dataclass(slots=True)
class _Kept:
    """What was drawn of one font file: None for a character that it lacks."""

    notdef: _Drawn
    characters: dict[str, _Drawn | None] = field(default_factory=dict)


_KEPT: dict[tuple[Path, int], _Kept] = {}  # by font file as of its last change
_LOCK = Lock()


def small(path: Path, font: Any, characters: Collection[str]) -> TTFont:
    """Return a TrueType font with these characters of an opened PostScript one, as far as it has them."""
    kept = _drawn(path, font, characters)
    mapped = {ord(char): one for char in characters if (one := kept.characters[char]) is not None}
    wanted = {one.number: one for one in (kept.notdef, *mapped.values())}
    return _made(font, [wanted[number] for number in sorted(wanted)], mapped)


def _drawn(path: Path, font: Any, characters: Collection[str]) -> _Kept:
    """Draw what was not drawn yet."""
    with _LOCK:
        file = (path, path.stat().st_mtime_ns)
        kept = _KEPT.get(file)
        missing = [char for char in characters if kept is None or char not in kept.characters]
        if kept is not None and not missing:
            return kept
        artist = _Artist(font)
        if kept is None or len(kept.characters) + len(missing) > MOST:
            kept, missing = _Kept(artist.draw(_NOTDEF)), list(characters)
        names = font.getBestCmap()
        new = {char: artist.draw(names[ord(char)]) if ord(char) in names else None for char in missing}
        _KEPT[file] = kept = _Kept(kept.notdef, {**kept.characters, **new})
        return kept


class _Artist:
    """Draws outlines of a PostScript font; its widths are read where they stand, not all 65,000."""

    def __init__(self, font: Any) -> None:
        self._font = font
        self._outlines = font["CFF "].cff.topDictIndex[0].CharStrings
        self._error = _ERROR_UNITS * font["head"].unitsPerEm / 1000
        self._widths, self._wide = font.reader["hmtx"], font["hhea"].numberOfHMetrics

    def draw(self, name: str) -> _Drawn:
        pen = TTGlyphPen(None)
        self._outlines[name].draw(Cu2QuPen(pen, self._error, reverse_direction=True))
        glyph = pen.glyph()
        number = self._font.getGlyphID(name)
        advance, bearing = struct.unpack_from(">Hh", self._widths, 4 * min(number, self._wide - 1))
        if number >= self._wide:  # the last width holds for all that follow; their bearings stand alone
            (bearing,) = struct.unpack_from(">h", self._widths, 2 * (self._wide + number))
        return _Drawn(number, name, advance, bearing, glyph.compile(None))


def _made(source: Any, drawn: list[_Drawn], mapped: dict[int, _Drawn]) -> TTFont:
    font = TTFont(sfntVersion="\x00\x01\x00\x00", recalcTimestamp=False)
    for tag in _WHOLE:
        font[tag] = newTable(tag)
        font[tag].decompile(source.reader[tag], source)
    order = [one.name for one in drawn]
    font.setGlyphOrder(order)
    font["loca"], font["glyf"] = newTable("loca"), newTable("glyf")
    font["glyf"].glyphOrder, font["glyf"].glyphs = order, {one.name: Glyph(one.outline) for one in drawn}
    builder = FontBuilder(font=font)
    builder.setupHorizontalMetrics({one.name: (one.advance, one.bearing) for one in drawn})
    builder.setupCharacterMap({code: one.name for code, one in mapped.items()})
    _shorten(font, order)
    # Once through a file: what is told of all characters is counted anew from those that are there.
    whole = BytesIO()
    font.save(whole)
    return TTFont(BytesIO(whole.getvalue()), recalcTimestamp=False)


def _shorten(font: TTFont, order: list[str]) -> None:
    """Say of the whole what is true of the few; a TrueType font says more of itself than a PostScript one."""
    names = font["name"]
    names.names = [one for one in names.names if one.nameID in (1, 2, 4, 6) and one.langID == 0x409]
    post = font["post"]
    post.formatType, post.extraNames, post.mapping, post.glyphOrder = 2.0, [], {}, order
    maxp = font["maxp"]
    maxp.tableVersion, maxp.numGlyphs = 0x00010000, len(order)
    told = "Zones TwilightPoints Storage FunctionDefs InstructionDefs StackElements SizeOfInstructions"
    for name in (*told.split(), "ComponentElements"):
        setattr(maxp, f"max{name}", 1 if name == "Zones" else 0)
    font["OS/2"].recalcUnicodeRanges(font)
    font["OS/2"].recalcCodePageRanges(font)
