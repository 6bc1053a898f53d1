"""What a file is, told by its content and never by its name. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from app.dispatch.attachments.facts import AttachmentKind
from app.refusals import Refusal


@dataclass(frozen=True, slots=True)
class FileType:
    """A type we take: its kind, its media type, the endings its name may have, how people call it."""

    kind: AttachmentKind
    media_type: str
    endings: frozenset[str]
    zh: str


JPEG = FileType("photo", "image/jpeg", frozenset({"jpg", "jpeg"}), "JPEG 照片")
PNG = FileType("photo", "image/png", frozenset({"png"}), "PNG 图片")
WEBP = FileType("photo", "image/webp", frozenset({"webp"}), "WebP 图片")
MP3 = FileType("audio", "audio/mpeg", frozenset({"mp3"}), "MP3 录音")
WAV = FileType("audio", "audio/wav", frozenset({"wav"}), "WAV 录音")
OGG = FileType("audio", "audio/ogg", frozenset({"ogg", "oga", "opus"}), "OGG 录音")
M4A = FileType("audio", "audio/mp4", frozenset({"m4a"}), "M4A 录音")
WEBM = FileType("audio", "audio/webm", frozenset({"webm", "weba"}), "WebM 录音")
AMR = FileType("audio", "audio/amr", frozenset({"amr"}), "AMR 录音")
PDF = FileType("document", "application/pdf", frozenset({"pdf"}), "PDF 文件")
_OFFICE = "application/vnd.openxmlformats-officedocument."
DOCX = FileType("document", _OFFICE + "wordprocessingml.document", frozenset({"docx"}), "Word 文件")
XLSX = FileType("document", _OFFICE + "spreadsheetml.sheet", frozenset({"xlsx"}), "Excel 文件")
TEXT = FileType("document", "text/plain; charset=utf-8", frozenset({"txt", "csv"}), "文本文件")
_STARTS: tuple[tuple[bytes, FileType], ...] = (
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"ID3", MP3),
    (b"\xff\xfb", MP3),
    (b"\xff\xf3", MP3),
    (b"OggS", OGG),
    (b"#!AMR", AMR),
    (b"%PDF-", PDF),
)
_FOREIGN: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", "ZIP 压缩包"),
    (b"PK\x05\x06", "ZIP 压缩包"),
    (b"Rar!", "RAR 压缩包"),
    (b"7z\xbc\xaf\x27\x1c", "7z 压缩包"),
    (b"\x1f\x8b", "GZIP 压缩包"),
    (b"MZ", "Windows 程序"),
    (b"\x7fELF", "Linux 程序"),
    (b"GIF8", "GIF 图片"),
    (b"\xd0\xcf\x11\xe0", "旧版 Office 文件"),
)


class FileRefused(Refusal):
    """The content is of no type we take, or not what the name says."""

    code = "file_refused"


class FileTooLarge(Refusal):
    """The file is larger than the setting allows."""

    code = "file_too_large"

    def __init__(self, size: int, most_mb: int) -> None:
        mb = -(-size // 1_000_000)
        super().__init__(
            f"文件约{mb} MB,超过上限{most_mb} MB,请压缩或分段后再传",
            f"the file has some {mb} MB, the limit is {most_mb} MB: make it smaller or send it in parts",
        )


def type_of(content: bytes, name: str) -> FileType:
    """Return what the content is. Raises FileRefused: unknown content, or a name that says otherwise."""
    found = _by_content(content)
    ending = PurePosixPath(name.lower()).suffix.lstrip(".")
    if found is None:
        foreign = next((zh for start, zh in _FOREIGN if content.startswith(start)), "无法识别的内容")
        named = f"文件名是 .{ending},内容却是{foreign}" if ending else f"内容是{foreign}"
        raise FileRefused(
            f"{named};只能上传照片(JPG、PNG、WebP)、录音(MP3、WAV、M4A、OGG、WEBM、AMR)和文件(PDF、DOCX、XLSX、TXT)",
            f"named .{ending or '?'}, but the content is none of JPG, PNG, WebP, MP3, WAV, M4A, OGG, "
            "WEBM, AMR, PDF, DOCX, XLSX, TXT",
        )
    if ending and ending not in found.endings:
        endings = "、".join("." + one for one in sorted(found.endings))
        raise FileRefused(
            f"文件名是 .{ending},内容却是{found.zh};请把后缀改为 {endings} 再传",
            f"named .{ending}, but the content is {found.media_type}: rename it to {endings}",
        )
    return found


def _by_content(content: bytes) -> FileType | None:
    for start, found in _STARTS:
        if content.startswith(start):
            return found
    if content[:4] == b"RIFF":
        return {b"WEBP": WEBP, b"WAVE": WAV}.get(content[8:12])
    if content.startswith(b"\x1aE\xdf\xa3"):  # EBML (RFC 8794): sound that a phone's browser records, no film
        return (
            WEBM
            if b"webm" in content[:64] and b"A_OPUS" in content[:4096] and b"V_" not in content[:4096]
            else None
        )
    if content[4:8] == b"ftyp":
        return M4A if content[8:12] in (b"M4A ", b"M4B ", b"mp42", b"isom", b"3gp4", b"3gp5") else None
    if content.startswith(b"PK\x03\x04"):
        return _office(content)
    return TEXT if _is_text(content) else None


def _office(content: bytes) -> FileType | None:
    """Return the type of an Office document: a zip whose first names are those of its parts."""
    head = content[:4096] + content[-65536:]
    if b"[Content_Types].xml" not in head:
        return None
    return DOCX if b"word/document.xml" in head else XLSX if b"xl/workbook.xml" in head else None


def _is_text(content: bytes) -> bool:
    if not content or b"\x00" in content or content.lstrip()[:1] == b"<":
        return False  # nothing, something binary, or a page that a browser might run
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return True


_UNSAFE: Mapping[int, str | None] = {
    **dict.fromkeys(range(32)),
    127: None,
    **dict.fromkeys(map(ord, '/\\"'), "_"),
}


def plain_name(name: str, kind: FileType) -> str:
    """Return a name that is safe to show and to save under: no folders, no control characters."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1].translate(_UNSAFE).strip(" .")
    return last[-120:] or f"{kind.kind}.{min(kind.endings)}"
