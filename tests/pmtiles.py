"""The smallest PMTiles archive (version 3, spec §3–4): one PNG for each tile of a few zooms."""

from __future__ import annotations

import struct
import zlib


def png(red: int, green: int, blue: int, side: int = 256) -> bytes:
    """Return a square of one colour."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rows = b"".join(b"\x00" + bytes((red, green, blue)) * side for _ in range(side))
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def _varint(n: int) -> bytes:
    out = bytearray()
    while n >= 0x80:
        out.append(n & 0x7F | 0x80)
        n >>= 7
    return bytes((*out, n))


def archive(tile: bytes, max_zoom: int = 12, tile_type: int = 2) -> bytes:
    """Return an archive whose every tile up to a zoom is this one: one entry that runs over all of them."""
    tiles = sum(4**z for z in range(max_zoom + 1))
    # One entry: its tile id, its run, its length, its offset (stored as offset + 1).
    directory = _varint(1) + _varint(0) + _varint(tiles) + _varint(len(tile)) + _varint(1)
    metadata = b"{}"
    root = 127
    data = root + len(directory) + len(metadata)
    sections = (
        root,
        len(directory),
        root + len(directory),
        len(metadata),
        data,
        0,
        data,
        len(tile),
        tiles,
        1,
        1,
    )
    kinds = (1, 1, 1, tile_type, 0, max_zoom)  # clustered, no compression within, none of the tiles
    bounds = (-1_800_000_000, -850_000_000, 1_800_000_000, 850_000_000)
    centre = (0, 1_155_000_000, 280_000_000)
    header = b"PMTiles\x03" + struct.pack("<11Q6B4iB2i", *sections, *kinds, *bounds, *centre)
    assert len(header) == root
    return header + directory + metadata + tile
