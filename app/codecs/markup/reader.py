"""XML bytes → a small tree, with limits (expat; no DTD, hence no entity, no file, no network).

The limits hold while the bytes are parsed: a bomb is refused before it exists. Encodings are decoded by
ourselves from a short list; expat only ever sees UTF-8.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field
from xml.parsers import expat

from app.codecs.findings import Finding, Refused, schema, security, shown


@dataclass(slots=True)
class Node:
    """One element: local `name`, namespace ("" for none), own text, what it holds, its line in the file."""

    name: str
    namespace: str = ""
    text: str = ""
    children: list[Node] = field(default_factory=list)
    attributes: dict[str, str] = field(default_factory=dict)
    line: int = 0

    def child(self, name: str) -> Node | None:
        """Return the first child of a name, None when there is none."""
        return next((child for child in self.children if child.name == name), None)

    def all(self, name: str) -> list[Node]:
        """Return all children of a name."""
        return [child for child in self.children if child.name == name]

    def said(self, name: str) -> str:
        """Return the text of the first child of a name without white space around it, "" without it."""
        child = self.child(name)
        return "" if child is None else child.text.strip()


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that one document may have: bytes, levels of elements, elements, attributes of one element."""

    size: int = 2 * 1024 * 1024
    depth: int = 24
    nodes: int = 20_000
    attributes: int = 32


LIMITS = Limits()

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, ""),
    (codecs.BOM_UTF32_BE, ""),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(
    rb"\A\s{0,64}<\?xml[^>]{0,120}?encoding\s{0,8}=\s{0,8}[\"']([A-Za-z0-9._-]{1,32})[\"']"
)
_ENCODINGS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "ascii",
    "ascii": "ascii",
    "iso-8859-1": "latin-1",
    "windows-1252": "cp1252",
    "gbk": "gb18030",
    "gb2312": "gb18030",
    "gb18030": "gb18030",
}
_PACKED = (
    (b"\x1f\x8b", "gzip"),
    (b"PK\x03\x04", "zip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ", "xz"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
)
_NONE: dict[str, str] = {}
"""The attributes of an element without any, one dict for all of them."""

_SPACE = " "
"""Stands between namespace and name; expat refuses a namespace with a space in it since 2.4.5."""


def parse(data: bytes, limits: Limits = LIMITS) -> Node:
    """Read a document into its root element.

    Raises `Refused` alone: what may harm (layer security) or what is not well-formed (XML_SYNTAX).
    """
    if len(data) > limits.size:
        raise Refused(_too_large(len(data), limits.size))
    for magic, name in _PACKED:
        if data.startswith(magic):
            raise Refused(
                security(
                    "COMPRESSED",
                    f"文件是 {name} 压缩包,请解压后再送",
                    f"the file is packed with {name}: send it unpacked",
                )
            )
    return _Builder(limits).build(_as_utf8(data))  # UTF-8 is at most twice as long


def _as_utf8(data: bytes) -> bytes:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _decoded(data[len(bom) :], encoding, encoding or "utf-32")
    if b"\0" in data[:4]:
        return _decoded(data, "", "utf-16/utf-32")
    found = _DECLARED.match(data)
    declared = found[1].decode("ascii") if found else "utf-8"
    return _decoded(data, _ENCODINGS.get(declared.lower(), ""), declared)


def _decoded(data: bytes, encoding: str, declared: str) -> bytes:
    if not encoding:
        raise Refused(
            security(
                "ENCODING_UNSUPPORTED",
                f"不支持编码 {shown(declared)},请用 UTF-8",
                f"encoding {shown(declared)} is not accepted: use UTF-8",
            )
        )
    if encoding == "utf-8":
        return data  # expat checks it and names the line
    try:
        return data.decode(encoding).encode("utf-8")
    except UnicodeError:
        raise Refused(
            schema(
                "XML_SYNTAX",
                f"内容与声明的编码 {shown(declared)} 不符",
                f"the bytes are not in the declared encoding {shown(declared)}",
            )
        ) from None


def _too_large(size: int, most: int) -> Finding:
    return security(
        "TOO_LARGE",
        f"文件 {size} 字节,超过上限 {most} 字节",
        f"{size} bytes, the limit is {most}",
    )


class _Builder:
    """Turns expat's calls into nodes and stops at the first thing that is too much."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._count = 0
        self._root: Node | None = None
        self._open: list[Node] = []
        self._words: list[list[str]] = []
        parser = expat.ParserCreate("utf-8", _SPACE)
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.StartDoctypeDeclHandler = self._doctype
        self._parser = parser

    def build(self, text: bytes) -> Node:
        try:
            self._parser.Parse(text, True)  # noqa: FBT003 — expat's own signature
        except expat.ExpatError as error:
            zh = f"XML 格式错误({expat.ErrorString(error.code)})"
            raise Refused(
                schema("XML_SYNTAX", zh, f"not well-formed: {expat.ErrorString(error.code)}", error.lineno)
            ) from None
        finally:
            self._forget()
        assert self._root is not None, "expat refuses a document without an element"
        return self._root

    def _forget(self) -> None:
        """Let go of the handlers: they hold this builder, which holds the parser."""
        self._parser.StartElementHandler = None
        self._parser.EndElementHandler = None
        self._parser.CharacterDataHandler = None
        self._parser.StartDoctypeDeclHandler = None

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        line = self._parser.CurrentLineNumber
        self._count += 1
        if self._count > self._limits.nodes:
            raise Refused(self._beyond("TOO_MANY_ELEMENTS", "元素个数", "elements", self._limits.nodes))
        if len(self._open) >= self._limits.depth:
            raise Refused(self._beyond("TOO_DEEP", "元素层数", "levels of elements", self._limits.depth))
        if len(attributes) > self._limits.attributes:
            raise Refused(
                self._beyond("TOO_MANY_ATTRIBUTES", "属性个数", "attributes", self._limits.attributes)
            )
        namespace, _, local = name.rpartition(_SPACE)
        node = Node(local, namespace, attributes=attributes or _NONE, line=line)
        if self._open:
            self._open[-1].children.append(node)
        else:
            self._root = node
        self._open.append(node)
        self._words.append([])

    def _end(self, _: str) -> None:
        self._open.pop().text = "".join(self._words.pop())

    def _text(self, text: str) -> None:
        self._words[-1].append(text)

    def _doctype(self, *_: object) -> None:
        raise Refused(
            security(
                "DOCTYPE_FORBIDDEN",
                "不接受 DOCTYPE 和实体声明,请删除",
                "DOCTYPE and entity declarations are not accepted: remove them",
                self._parser.CurrentLineNumber,
            )
        )

    def _beyond(self, code: str, zh: str, en: str, most: int) -> Finding:
        return security(
            code, f"{zh}超过上限 {most}", f"more than {most} {en}", self._parser.CurrentLineNumber
        )
