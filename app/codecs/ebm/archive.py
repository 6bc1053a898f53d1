"""TAR as platforms send it (GD/J 082 §7, 083 §5.3): flat, plain files only, in memory.

A reader of our own: what an archive may do beyond holding files (links, devices, sparse files, paths,
sizes that lie) is not there to be abused. Nothing is ever written to disk by a name from outside.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from app.codecs.findings import Finding, Refused, security, shown

_BLOCK = 512
_END = b"\0" * _BLOCK
_OCTAL = re.compile(rb"[ \0]*+([0-7]{0,12})[ \0]*+\Z")
_NAME = re.compile(r"[^/\\:*?\"<>|\x00-\x1f\x7f]{1,200}")
_OUR_NAME = re.compile(r"[A-Za-z0-9_.-]{1,100}")
_PLAIN = (b"0", b"\0")
_KINDS = {
    b"1": ("硬链接", "a hard link"),
    b"2": ("符号链接", "a symbolic link"),
    b"3": ("字符设备", "a character device"),
    b"4": ("块设备", "a block device"),
    b"5": ("目录", "a folder"),
    b"6": ("管道", "a pipe"),
    b"S": ("稀疏文件", "a sparse file"),
}


@dataclass(frozen=True, slots=True)
class Room:
    """The most that one archive may have: bytes in all, files, bytes of a long name."""

    size: int = 32 * 1024 * 1024
    files: int = 64
    name: int = 1024


ROOM = Room()


def unpack(data: bytes, room: Room = ROOM) -> dict[str, bytes]:
    """Return the files of an archive by name, in their order.

    Octal fields may be padded with zeroes or spaces, names may start with `./` and be UTF-8 or GBK, long
    names may be GNU's or PAX'. Raises `Refused` (layer security) for everything else.
    """
    if len(data) > room.size:
        zh, en = (
            f"压缩包 {len(data)} 字节,超过上限 {room.size}",
            f"{len(data)} bytes, the limit is {room.size}",
        )
        raise Refused(security("TAR_TOO_LARGE", zh, en))
    places: dict[str, slice] = {}
    at = headers = 0
    long_name: bytes | None = None
    while at < len(data):
        header = data[at : at + _BLOCK]
        if header == _END:
            break
        headers += 1
        if headers > 2 * room.files:
            raise Refused(_too_many(room))
        kind, size, name = _header(header)
        place = _place(data, at + _BLOCK, size)
        at += _BLOCK + -(-size // _BLOCK) * _BLOCK
        if kind in (b"L", b"x", b"g"):
            long_name = _long_name(kind, data[place] if size <= room.name else None) or long_name
            continue
        said, long_name = _decoded(name if long_name is None else long_name), None
        if kind == b"5" and said in (".", "./"):
            continue
        _add(places, kind, said, place, room)
    if not places:
        raise Refused(security("TAR_EMPTY", "压缩包里没有文件,或不是 TAR", "no file in it, or it is no TAR"))
    return {name: data[place] for name, place in places.items()}  # copied when nothing can be refused


def pack(files: Mapping[str, bytes], *, mtime: int = 0) -> bytes:
    """Write files as a POSIX ustar archive; the same files give the same bytes. `mtime` in UTC seconds.

    Raises ValueError for a name that is not plain ASCII of at most 100 characters.
    """
    parts: list[bytes] = []
    for name, content in files.items():
        if not _OUR_NAME.fullmatch(name):
            raise ValueError(f"not a plain file name: {name!r}")
        parts += [_header_of(name, len(content), mtime), content, b"\0" * (-len(content) % _BLOCK)]
    parts.append(_END * 2)
    data = b"".join(parts)
    return data + b"\0" * (-len(data) % (20 * _BLOCK))


def _header(block: bytes) -> tuple[bytes, int, bytes]:
    """Return kind, size and name of a header whose checksum fits."""
    if len(block) < _BLOCK:
        raise Refused(_no_tar())
    told = _octal(block[148:156])
    summed = sum(block[:148]) + 8 * 0x20 + sum(block[156:])
    size = _octal(block[124:136])
    if told != summed or size is None:
        raise Refused(_no_tar())
    name = block[:100].rstrip(b"\0")
    if block[257:263] == b"ustar\0" and block[345:500].rstrip(b"\0"):
        name = block[345:500].rstrip(b"\0") + b"/" + name
    return block[156:157], size, name


def _octal(raw: bytes) -> int | None:
    """Read an octal field; the binary form of huge sizes is not read: nothing that large is welcome."""
    found = _OCTAL.match(raw)
    return int(found[1] or b"0", 8) if found else None


def _place(data: bytes, at: int, size: int) -> slice:
    if at + size > len(data):
        zh, en = "文件内容不完整(声明的大小超出压缩包)", "a file is shorter than its header says"
        raise Refused(security("TAR_SHORT", zh, en))
    return slice(at, at + size)


def _long_name(kind: bytes, content: bytes | None) -> bytes | None:
    """Return the name that a GNU or PAX header gives to the file after it; no content is too much of it."""
    if content is None:
        raise Refused(security("TAR_NAME", "文件名过长", "a file name is too long"))
    if kind == b"L":
        return content.rstrip(b"\0")
    records = dict(_records(content))
    if b"size" in records or any(key.startswith(b"GNU.sparse") for key in records):
        raise Refused(_not_plain("", b"S"))
    return records.get(b"path") if kind == b"x" else None


def _records(content: bytes) -> list[tuple[bytes, bytes]]:
    """Read the records of a PAX header: length, space, key, =, value, line feed."""
    found: list[tuple[bytes, bytes]] = []
    while content:
        length, space, _ = content.partition(b" ")
        size = int(length) if length.isdigit() and len(length) < 6 else 0
        key, equals, value = content[len(length) + 1 : size].rstrip(b"\n").partition(b"=")
        if not space or not equals or size > len(content):
            raise Refused(_no_tar())
        found.append((key, value))
        content = content[size:]
    return found


def _decoded(name: bytes) -> str:
    for encoding in ("utf-8", "gbk"):
        try:
            return name.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused(
        security("TAR_NAME", "文件名既不是 UTF-8 也不是 GBK", "a file name is neither UTF-8 nor GBK")
    )


def _add(places: dict[str, slice], kind: bytes, said: str, place: slice, room: Room) -> None:
    if kind not in _PLAIN:
        raise Refused(_not_plain(said, kind))
    name = said.removeprefix("./")
    if not _NAME.fullmatch(name) or name.strip(".") == "":
        zh, en = (
            f"文件名 {shown(said)} 含路径或非法字符",
            f"the file name {shown(said)} holds a path or worse",
        )
        raise Refused(security("TAR_NAME", zh, en))
    if name in places:
        raise Refused(
            security("TAR_DUPLICATE", f"文件名 {shown(name)} 重复", f"two files named {shown(name)}")
        )
    if len(places) >= room.files:
        raise Refused(_too_many(room))
    places[name] = place


def _header_of(name: str, size: int, mtime: int) -> bytes:
    fields = b"".join(
        (
            name.encode("ascii").ljust(100, b"\0"),
            b"0000644\0" + b"0000000\0" * 2,
            b"%011o\0%011o\0" % (size, mtime),
            b" " * 8 + b"0" + b"\0" * 100,
            b"ustar\x0000",
        )
    ).ljust(_BLOCK, b"\0")
    return fields[:148] + b"%06o\0 " % sum(fields) + fields[156:]


def _not_plain(name: str, kind: bytes) -> Finding:
    zh, en = _KINDS.get(kind, ("未知类型的条目", "an entry of an unknown kind"))
    return security(
        "TAR_MEMBER",
        f"压缩包中有{zh} {shown(name)},只接受普通文件",
        f"{shown(name)} is {en}: plain files only",
    )


def _too_many(room: Room) -> Finding:
    return security("TAR_TOO_MANY", f"文件超过 {room.files} 个", f"more than {room.files} files")


def _no_tar() -> Finding:
    return security(
        "TAR_BROKEN", "不是 TAR,或已损坏(不接受 gzip)", "no TAR, or a broken one (gzip is not taken)"
    )
