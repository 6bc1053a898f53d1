"""Outlines of PostScript fonts: a cut is the same whatever was drawn before it."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.ttLib import TTFont

from app.desk.prints import outlines
from app.desk.prints.fonts import carried, cut

HAS = "临溪镇桥断ab"


@pytest.fixture
def font(tmp_path: Path) -> Path:
    """A PostScript font: each character a box as wide as its place, most of one advance."""
    builder = FontBuilder(1000, isTTF=False)
    order = [".notdef", *(f"u{ord(char):04X}" for char in HAS)]
    builder.setupGlyphOrder(order)
    builder.setupCharacterMap({ord(char): f"u{ord(char):04X}" for char in HAS})
    drawn = {}
    for place, name in enumerate(order):
        pen = T2CharStringPen(600, {})
        pen.moveTo((0, 0))
        pen.curveTo((0, 300), (0, 500), (100 * place, 700))
        pen.lineTo((100 * place, 0))
        pen.closePath()
        drawn[name] = pen.getCharString()
    builder.setupCFF("Boxes", {}, drawn, {})
    builder.setupHorizontalMetrics({name: (500 + 10 * min(at, 3), at) for at, name in enumerate(order)})
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "Boxes", "styleName": "Bold"})
    builder.setupOS2(fsType=0)
    builder.setupPost()
    builder.save(tmp_path / "boxes.otf")
    return tmp_path / "boxes.otf"


def _kept(font: Path) -> set[str]:
    return {char for (path, _), kept in outlines._KEPT.items() if path == font for char in kept.characters}


def test_a_cut_holds_its_characters_with_their_widths_and_no_others(font: Path) -> None:
    small = TTFont(BytesIO(cut(font, "断a临")))
    assert {chr(code) for code in small.getBestCmap()} == set("断a临")
    whole = TTFont(font)
    for name in small.getGlyphOrder():
        assert small["hmtx"][name] == whole["hmtx"][name]
        assert small["glyf"][name].xMax == 100 * whole.getGlyphID(name)
    assert "CFF " not in small


def test_a_cut_is_the_same_to_the_byte_whatever_was_drawn_before(font: Path) -> None:
    first = cut(font, "断a")
    outlines._KEPT.clear()  # as a process that has printed nothing
    cut(font, "临溪")
    cut(font, "b断")
    assert cut(font, "a断") == first


def test_what_the_font_lacks_is_left_out_now_and_the_next_time(font: Path) -> None:
    for _ in range(2):
        assert {chr(code) for code in TTFont(BytesIO(cut(font, "断永\U0001f600"))).getBestCmap()} == {"断"}


def test_no_more_is_kept_than_a_county_writes(font: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outlines, "MOST", 4)
    whole = cut(font, HAS)
    cut(font, "a")
    assert _kept(font) == set(HAS)
    cut(font, "永")
    assert _kept(font) == {"永"}
    assert cut(font, HAS) == whole


def test_a_bold_face_is_carried_under_a_name_of_its_own(font: Path) -> None:
    found = carried(font, "断")
    assert found is not None and found.family == "Boxes Bold"
    small = TTFont(BytesIO(found.data))
    assert (small["name"].getDebugName(1), small["name"].getDebugName(2)) == ("Boxes Bold", "Regular")
