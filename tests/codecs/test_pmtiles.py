"""What an archive of tiles says of itself, and what is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.codecs.pmtiles import HEADER_BYTES, Header, read_header
from tests.pmtiles import archive, png

WHOLE = archive(png(1, 2, 3), max_zoom=9)


def test_an_archive_says_what_it_holds() -> None:
    assert read_header(WHOLE) == Header("raster", 0, 9, (-180.0, -85.0, 180.0, 85.0))
    vector = read_header(archive(b"", tile_type=1))
    assert vector is not None
    assert vector.kind == "vector"


@pytest.mark.parametrize(
    "first",
    [b"", b"PMTiles", WHOLE[: HEADER_BYTES - 1], b"PMTiles\x02" + WHOLE[8:], archive(b"", tile_type=0)],
)
def test_what_cannot_be_drawn_is_no_archive(first: bytes) -> None:
    assert read_header(first) is None


@given(st.binary(max_size=200), st.integers(0, 7))
def test_any_bytes_are_an_archive_or_none(noise: bytes, magic: int) -> None:
    found = read_header(WHOLE[:magic] + noise if magic < 7 else WHOLE[:8] + noise)
    assert found is None or found.kind in ("raster", "vector")
