"""The TAR of a packet: what may harm is refused, what real peers send is read."""

from __future__ import annotations

import io
import tarfile
import time
import tracemalloc
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.codecs.ebm.archive import Room, pack, unpack
from app.codecs.findings import Layer, Refused

FILES = {"EBDB_1.xml": b"<EBD/>", "EBDS_EBDB_1.xml": b"", "EBDR_a.mp3": bytes(range(256)) * 9}
Change = Callable[[tarfile.TarInfo], None]


def archive(*members: tuple[str, bytes, Change | None], form: int = tarfile.USTAR_FORMAT) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:", format=form) as tar:
        for name, content, change in members:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            if change is not None:
                change(info)
            tar.addfile(info, io.BytesIO(content))
    return out.getvalue()


def kind(letter: bytes) -> Change:
    def change(info: tarfile.TarInfo) -> None:
        info.type, info.linkname, info.size = letter, "/etc/passwd", 0

    return change


def with_record(key: str, value: str) -> Change:
    def change(info: tarfile.TarInfo) -> None:
        info.pax_headers = {key: value}

    return change


def with_size(data: bytes, size: bytes) -> bytes:
    """The first header says another size, and its checksum fits."""
    header = bytearray(data[:512])
    header[124:136] = size.ljust(12, b"\0")
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    return bytes(header) + data[512:]


def renamed(data: bytes, name: bytes) -> bytes:
    header = bytearray(name.ljust(100, b"\0") + data[100:512])
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    return bytes(header) + data[512:]


def kind_with(letter: bytes) -> Change:
    def change(info: tarfile.TarInfo) -> None:
        info.type = letter

    return change


def plain(name: str) -> tuple[str, bytes, None]:
    return name, b"x", None


ONE = archive(plain("EBDB_1.xml"))
HOSTILE: dict[str, tuple[bytes, str]] = {
    "a path upwards": (archive(plain("../../tmp/EBDR_a.mp3")), "TAR_NAME"),
    "an absolute path": (archive(plain("/etc/cron.d/x")), "TAR_NAME"),
    "a path of Windows": (archive(plain("..\\x")), "TAR_NAME"),
    "a drive": (archive(plain("C:x")), "TAR_NAME"),
    "a folder in the name": (archive(plain("a/b")), "TAR_NAME"),
    "dots": (archive(plain("./..")), "TAR_NAME"),
    "twice ./": (archive(plain("././../x")), "TAR_NAME"),
    "a line feed in the name": (archive(plain("a\nb")), "TAR_NAME"),
    "a symbolic link": (archive(("EBDR_a.mp3", b"", kind(tarfile.SYMTYPE))), "TAR_MEMBER"),
    "a hard link": (archive(("EBDR_a.mp3", b"", kind(tarfile.LNKTYPE))), "TAR_MEMBER"),
    "a device": (archive(("EBDR_a.mp3", b"", kind(tarfile.CHRTYPE))), "TAR_MEMBER"),
    "a block device": (archive(("EBDR_a.mp3", b"", kind(tarfile.BLKTYPE))), "TAR_MEMBER"),
    "a pipe": (archive(("EBDR_a.mp3", b"", kind(tarfile.FIFOTYPE))), "TAR_MEMBER"),
    "a folder": (archive(("EBDR", b"", kind(tarfile.DIRTYPE))), "TAR_MEMBER"),
    "a sparse file": (archive(("EBDR_a.mp3", b"", kind(b"S"))), "TAR_MEMBER"),
    "a kind nobody knows": (archive(("EBDR_a.mp3", b"", kind(b"V"))), "TAR_MEMBER"),
    "two files of one name": (archive(plain("a"), plain("./a")), "TAR_DUPLICATE"),
    "a size beyond the archive": (with_size(ONE, b"00000077777\0"), "TAR_SHORT"),
    "a size of terabytes": (with_size(ONE, b"777777777777"), "TAR_SHORT"),
    "a binary size": (with_size(ONE, b"\x80" + b"\xff" * 11), "TAR_BROKEN"),
    "a negative size": (with_size(ONE, b"\xff" * 12), "TAR_BROKEN"),
    "a wrong checksum": (b"y" + ONE[1:], "TAR_BROKEN"),
    "half a header": (ONE[:300], "TAR_BROKEN"),
    "gzip": (b"\x1f\x8b\x08" + b"\0" * 2000, "TAR_BROKEN"),
    "nothing": (b"", "TAR_EMPTY"),
    "nothing in it": (b"\0" * 10240, "TAR_EMPTY"),
    "a folder in the prefix": (archive(plain("f" * 90 + "/" + "n" * 60)), "TAR_NAME"),
    "a name in no encoding": (renamed(ONE, b"\xff\xff"), "TAR_NAME"),
    "half a record of PAX": (archive(("././@PaxHeader", b"99 path=a\n", kind_with(b"x"))), "TAR_BROKEN"),
    "a record of PAX without end": (
        archive(("././@PaxHeader", b"0 path=a\n", kind_with(b"x"))),
        "TAR_BROKEN",
    ),
    "many files": (archive(*(plain(f"f{n}") for n in range(2000))), "TAR_TOO_MANY"),
    "many folders named .": (archive(*((".", b"", kind(tarfile.DIRTYPE)),) * 2000), "TAR_TOO_MANY"),
    "a name of a megabyte": (archive(plain("n" * 1_000_000), form=tarfile.GNU_FORMAT), "TAR_NAME"),
    "a long path of PAX": (archive(plain("n" * 150 + "/é"), form=tarfile.PAX_FORMAT), "TAR_NAME"),
    "a size in PAX": (
        archive(("a", b"x", with_record("size", "99")), form=tarfile.PAX_FORMAT),
        "TAR_MEMBER",
    ),
    "a sparse file of PAX": (
        archive(("a", b"x", with_record("GNU.sparse.realsize", "9" * 12)), form=tarfile.PAX_FORMAT),
        "TAR_MEMBER",
    ),
    "too many bytes": (b"\0" * (32 * 1024 * 1024 + 1), "TAR_TOO_LARGE"),
}


@pytest.mark.parametrize(("data", "code"), HOSTILE.values(), ids=HOSTILE)
def test_what_may_harm_is_refused_in_under_a_second_and_a_hundred_megabytes(data: bytes, code: str) -> None:
    tracemalloc.start()
    began = time.process_time()
    with pytest.raises(Refused) as refused:
        unpack(data)
    took = time.process_time() - began
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (refused.value.finding.code, refused.value.finding.layer) == (code, Layer.SECURITY)
    assert took < 1
    assert most < 100 * 1024 * 1024


@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_what_other_writers_write_is_read(form: int) -> None:
    names = ["EBDB_1.xml", "./EBDR_预警.mp3", "n" * 150]
    if form == tarfile.USTAR_FORMAT:
        names.pop()
    data = archive((".", b"", kind(tarfile.DIRTYPE)), *map(plain, names), form=form)
    assert list(unpack(data)) == [name.removeprefix("./") for name in names]


def test_names_in_gbk_and_fields_padded_with_spaces_are_read() -> None:
    header = bytearray(512)
    name = "EBDR_预警.mp3".encode("gbk")
    header[: len(name)] = name
    header[124:136] = b"          3 "
    header[148:156] = b" " * 8
    header[148:156] = b"%6o\0 " % sum(header)
    assert unpack(bytes(header) + b"abc".ljust(512, b"\0")) == {"EBDR_预警.mp3": b"abc"}


def test_what_is_packed_is_a_tar_that_others_read() -> None:
    data = pack(FILES, mtime=1_781_746_205)
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as tar:
        assert {info.name: tar.extractfile(info).read() for info in tar} == FILES  # type: ignore[union-attr]
        assert {(info.mode, info.mtime, info.isreg()) for info in tar} == {(0o644, 1_781_746_205, True)}
    assert data == pack(FILES, mtime=1_781_746_205)


@pytest.mark.parametrize("name", ["", "a/b", "预警.mp3", "n" * 101])
def test_a_name_that_is_not_plain_is_not_packed(name: str) -> None:
    with pytest.raises(ValueError, match="plain"):
        pack({name: b""})


def test_room_may_be_made() -> None:
    many = archive(*(plain(f"f{n}") for n in range(70)))
    assert len(unpack(many, Room(files=70))) == 70


@settings(deadline=None)
@given(
    st.dictionaries(
        st.from_regex(r"[A-Za-z0-9_]{1,40}\.xml", fullmatch=True),
        st.binary(max_size=1200),
        min_size=1,
        max_size=5,
    )
)
def test_what_is_packed_is_unpacked(files: dict[str, bytes]) -> None:
    assert unpack(pack(files)) == files


@settings(deadline=None)
@given(st.binary(max_size=1500), st.integers(0, 1600))
def test_no_bytes_raise_anything_but_a_refusal(data: bytes, at: int) -> None:
    for raw in (data, ONE[:at] + data + ONE[at:], ONE[:at] + data + ONE[at + len(data) :]):
        try:
            assert unpack(raw)
        except Refused:
            continue
