"""Fonts that a DOCX carries: taken out again they are fonts, with every character of the document."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from uuid import UUID
from zipfile import ZipFile

import pytest
from docx import Document
from docx.oxml import parse_xml
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

from app.desk.prints.docx import docx_of
from app.desk.prints.embed import obfuscated
from app.desk.prints.page import Page

PAGE = Page(
    "值班日志",
    "樟应值〔2025〕第 182 号",
    (("天气", "多云"),),
    ("一",),
    (156,),
    (("桥断了 ab",),),
    ("签字:",),
    "空",
)
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


def font_file(path: Path, family: str, *, allowed: int = 0, style: str = "Regular") -> None:
    """Write a font with a box for every character of the page, and for one that is not on it."""
    names = {f"u{ord(char):04X}": char for char in PAGE.characters() | {"远"}}
    pen = TTGlyphPen(None)
    for at in ((0, 0), (500, 0), (500, 700), (0, 700)):
        (pen.lineTo if pen.points else pen.moveTo)(at)
    pen.closePath()
    box = pen.glyph()
    builder = FontBuilder(1000)
    builder.setupGlyphOrder([".notdef", *names])
    builder.setupCharacterMap({ord(char): name for name, char in names.items()})
    builder.setupGlyf(dict.fromkeys([".notdef", *names], box))
    builder.setupHorizontalMetrics(dict.fromkeys([".notdef", *names], (600, 0)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": family, "styleName": style})
    builder.setupOS2(fsType=allowed)
    builder.setupPost()
    builder.save(path)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    font_file(tmp_path / "simfang.ttf", "FangSong")
    font_file(tmp_path / "NotoSerifCJK-Bold.ttc", "Noto Serif CJK SC", style="Bold")
    (tmp_path / "NotoSerifCJK-Bold.ttc").rename(tmp_path / "SourceHanSerifSC-Bold.otf")
    return tmp_path


def inside(whole: bytes) -> tuple[dict[str, TTFont], dict[str, str]]:
    """Take the fonts out of a document by the name they go by, and which name stands in for which."""
    with ZipFile(BytesIO(whole)) as parts:
        targets = {
            one.get("Id"): f"word/{one.get('Target')}"
            for one in parse_xml(parts.read("word/_rels/fontTable.xml.rels"))
        }
        fonts, other = {}, {}
        for line in parse_xml(parts.read("word/fontTable.xml")):
            if (alt := line.find(f"{W}altName")) is not None:
                other[line.get(f"{W}name")] = alt.get(f"{W}val")
            if (told := line.find(f"{W}embedRegular")) is not None:
                key = UUID(told.get(f"{W}fontKey"))
                hidden = parts.read(targets[told.get(f"{R}id")])
                with pytest.raises(Exception, match="Not a TrueType"):
                    TTFont(BytesIO(hidden))
                fonts[line.get(f"{W}name")] = TTFont(BytesIO(obfuscated(hidden, key)))
        return fonts, other


def test_every_character_of_a_docx_is_in_the_fonts_it_carries(folder: Path) -> None:
    whole = docx_of([PAGE], str(folder))
    fonts, other = inside(whole)
    assert set(fonts) == {"FangSong", "Noto Serif CJK SC Bold"}
    for name in ("仿宋_GB2312", "Noto Serif CJK SC"):
        assert other[name] == "FangSong"
    assert other["方正小标宋简体"] == "Noto Serif CJK SC Bold"
    document = Document(BytesIO(whole))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    words = "".join([*(one.text for one in document.paragraphs), *cells])
    for name, font in fonts.items():
        assert (font["name"].getDebugName(1), font["name"].getDebugName(2)) == (name, "Regular")
        have = {chr(code) for code in font.getBestCmap()}
        assert set(words) - {"\n"} <= have
        assert "远" not in have, "only what is printed is carried"


def test_the_settings_of_a_docx_tell_that_its_fonts_are_inside(folder: Path) -> None:
    settings = Document(BytesIO(docx_of([PAGE], str(folder)))).settings.element
    order = [one.tag.removeprefix(W) for one in settings]
    at = order.index("embedTrueTypeFonts")
    assert (order[at - 1], order[at + 1]) == ("zoom", "saveSubsetFonts")


@pytest.mark.parametrize("banned", [2, 4, 0x100, 0x200])
def test_a_font_whose_maker_forbids_it_is_named_and_not_carried(tmp_path: Path, banned: int) -> None:
    font_file(tmp_path / "simfang.ttf", "FangSong", allowed=banned)
    with ZipFile(BytesIO(docx_of([PAGE], str(tmp_path)))) as parts:
        assert not [name for name in parts.namelist() if name.endswith(".odttf")]
        assert b"embedTrueTypeFonts" not in parts.read("word/settings.xml")


def test_a_font_is_hidden_by_its_key_read_backwards() -> None:
    key = UUID("{00112233-4455-6677-8899-AABBCCDDEEFF}")
    hidden = obfuscated(bytes(34), key)
    backwards = bytes.fromhex("FFEEDDCCBBAA99887766554433221100")
    assert hidden == backwards * 2 + bytes(2)
    assert obfuscated(hidden, key) == bytes(34)
