"""What every adapter owes, asked of all that the catalogue finds, with the SAMPLE of its own test."""

from __future__ import annotations

import gc
import json
import random
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.devices.adapter import Adapter, Codec, Garbage, Reading
from app.devices.catalogue import adapters
from app.signals import Signal
from tests.devices.evidence import read

FAMILIES = sorted(adapters())
STREAMS = [family for family in FAMILIES if not adapters()[family].datagrams]
DATAGRAMS = [family for family in FAMILIES if adapters()[family].datagrams]


def sample(family: str) -> tuple[bytes, ...]:
    """Return complete frames, as on the wire, from the family's own test."""
    found: tuple[bytes, ...] = own_test(family).SAMPLE
    return found


def own_test(family: str) -> Any:
    """Return the family's own test."""
    return import_module(f"tests.devices.test_{family.replace('-', '_')}")


@pytest.fixture(params=FAMILIES)
def adapter(request: pytest.FixtureRequest) -> Adapter:
    return adapters()[request.param]


@pytest.fixture(params=STREAMS)
def stream(request: pytest.FixtureRequest) -> Adapter:
    return adapters()[request.param]


@pytest.fixture(params=DATAGRAMS)
def datagrams(request: pytest.FixtureRequest) -> Adapter:
    return adapters()[request.param]


def split(codec: Codec, data: bytes, size: int) -> list[Reading | Garbage]:
    chunks = (data[at : at + size] for at in range(0, len(data), size))
    return [*(one for chunk in chunks for one in codec.feed(chunk)), *codec.idle()]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64])
def test_the_stream_may_be_split_anywhere(stream: Adapter, size: int) -> None:
    frames = sample(stream.family)
    data = b"".join(frames)
    whole = read(stream.codec(), data)
    assert [type(one) for one in whole] == [Reading] * len(frames)
    assert split(stream.codec(), data, size) == whole


def test_a_datagram_stands_for_itself_and_a_part_of_one_is_no_reading(datagrams: Adapter) -> None:
    codec = datagrams.codec()
    for frame in sample(datagrams.family):
        for end in range(1, len(frame)):
            assert [type(one) for one in codec.feed(frame[:end])] == [Garbage], (frame, end)
        (got,) = codec.feed(frame)
        assert [got] == read(datagrams.codec(), frame)
        assert isinstance(got, Reading)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64])
def test_noise_between_frames_reads_the_same_however_it_is_split(stream: Adapter, size: int) -> None:
    data = b"\x00$~#".join(sample(stream.family)) + b"$TXX"
    assert split(stream.codec(), data, size) == read(stream.codec(), data)


def test_readings_print_as_json_and_name_their_raw_bytes(adapter: Adapter) -> None:
    codec = adapter.codec()
    for frame in sample(adapter.family):
        (reading,) = read(codec, frame)
        assert isinstance(reading, Reading)
        assert reading.raw == frame.rstrip(b"\r\n")
        assert json.dumps(dict(reading.fields), allow_nan=False)


def test_a_flipped_bit_is_never_another_reading(stream: Adapter) -> None:
    """A flip may give the same content (the case of a hexadecimal checksum), never another.

    A family whose frames carry no checksum says so, with the reason, as UNCHECKED in its own test.
    """
    if getattr(own_test(stream.family), "UNCHECKED", ""):
        return
    for frame in sample(stream.family):
        (true,) = (one for one in read(stream.codec(), frame) if isinstance(one, Reading))
        for flipped in flips(frame):
            for one in read(stream.codec(), flipped):
                assert isinstance(one, Garbage) or one.fields == true.fields, (frame, flipped)


def test_a_flipped_bit_in_a_datagram_never_says_something_else_in_silence(datagrams: Adapter) -> None:
    """UDP's checksum stands before ours, and heads have none: a flip may take away meaning, or be told."""
    for frame in sample(datagrams.family):
        (true,) = (one for one in read(datagrams.codec(), frame) if isinstance(one, Reading))
        for flipped in flips(frame):
            for one in read(datagrams.codec(), flipped):
                told = isinstance(one, Garbage) or '"checksum_ok": false' in json.dumps(dict(one.fields))
                assert told or meaning(one) in ((), true.signals), (frame, flipped)


def meaning(one: Reading | Garbage) -> tuple[Signal, ...]:
    return one.signals if isinstance(one, Reading) else ()


def flips(frame: bytes) -> Iterator[bytes]:
    for bit in range(8 * len(frame)):
        flipped = bytearray(frame)
        flipped[bit // 8] ^= 1 << bit % 8
        yield bytes(flipped)


def test_the_link_recovers_from_noise_made_of_its_own_bytes(adapter: Adapter) -> None:
    frames = sample(adapter.family)
    pool = bytearray(b"".join(frames) * 3)
    codec = adapter.codec()
    for seed in range(40):
        random.Random(seed).shuffle(pool)
        read(codec, bytes(pool))
        assert [type(one) for one in read(codec, frames[0])] == [Reading]


def test_the_link_recovers_without_a_pause_too(stream: Adapter) -> None:
    frames = sample(stream.family)
    pool = bytearray(b"".join(frames) * 3)
    codec = stream.codec()
    for seed in range(10):
        random.Random(seed).shuffle(pool)
        got = [*codec.feed(bytes(pool)), *codec.feed(b"".join(frames) * 20)]
        (last,) = (one for one in read(stream.codec(), frames[-1]) if isinstance(one, Reading))
        assert isinstance(got[-1], Reading)
        assert got[-1].raw == last.raw


def test_memory_stays_flat_whatever_comes(adapter: Adapter) -> None:
    frames = sample(adapter.family)
    codec = adapter.codec()
    for pattern in (b"\x00", b"$", b"~", frames[0][:-3], b"$TXXX\x08\x00", bytes(range(256))):
        data = pattern * (300_000 // len(pattern))
        for at in range(0, len(data), 4096):
            list(codec.feed(data[at : at + 4096]))
            assert held(codec) < 70_000


def held(codec: Codec) -> int:
    """Count the bytes that a codec keeps between calls."""
    seen: set[int] = set()
    todo: list[object] = list(gc.get_referents(codec))
    total = 0
    while todo:
        one = todo.pop()
        if id(one) in seen or isinstance(one, type) or callable(one):
            continue
        seen.add(id(one))
        if isinstance(one, bytes | bytearray):
            total += len(one)
        elif type(one).__module__.startswith("app.") or isinstance(one, dict | list | tuple):
            todo.extend(gc.get_referents(one))
    return total


@given(data=st.binary(max_size=300), again=st.binary(max_size=100), size=st.integers(1, 50))
@pytest.mark.parametrize("family", FAMILIES)
def test_no_bytes_ever_raise(family: str, data: bytes, again: bytes, size: int) -> None:
    codec = adapters()[family].codec()
    split(codec, data, size)
    read(codec, again)


@given(data=st.data())
@pytest.mark.parametrize("family", FAMILIES)
def test_damaged_frames_never_raise(family: str, data: st.DataObject) -> None:
    frames = sample(family)
    pieces = st.one_of(st.sampled_from(frames), st.binary(max_size=8))
    stream = bytearray(b"".join(data.draw(st.lists(pieces, max_size=6))))
    for at in data.draw(st.lists(st.integers(0, max(0, len(stream) - 1)), max_size=4)) if stream else ():
        stream[at] ^= data.draw(st.integers(0, 255))
    whole = read(adapters()[family].codec(), bytes(stream))
    if family in DATAGRAMS:
        return
    assert split(adapters()[family].codec(), bytes(stream), data.draw(st.integers(1, 9))) == whole
