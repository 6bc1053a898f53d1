"""Fonts carried inside a DOCX (ECMA-376 part 1 §17.8): it looks the same where nobody has them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from docx.opc.oxml import serialize_part_xml
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn

from app.desk.prints.fonts import Carried

_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_KIND = "application/vnd.openxmlformats-officedocument.obfuscatedFont"
_HIDDEN_BYTES = 32
_BEFORE = ("writeProtection", "view", "zoom")  # what stands before the fonts in the settings, by the schema


def embed(document: Any, fonts: Mapping[str, Carried]) -> None:
    """Put fonts into a document: each under its own name, which stands in for the name the text uses.

    An office that has 仿宋_GB2312 sees 仿宋_GB2312; everybody else sees what the document carries
    (`w:altName`). Several names may share one font.
    """
    if not fonts:
        return
    table = next(
        one.target_part for one in document.part.rels.values() if one.reltype == f"{_RELATION}/fontTable"
    )
    listed = parse_xml(table.blob)
    inside: set[str] = set()
    for number, (name, font) in enumerate(fonts.items(), start=1):
        if font.family != name:
            _entry(listed, name).append(_element("altName", val=font.family))
        if font.family in inside:
            continue
        inside.add(font.family)
        key = uuid5(NAMESPACE_OID, f"{name} {font.family} {len(font.data)}")
        place = PackURI(f"/word/fonts/font{number}.odttf")
        part = Part(place, _KIND, obfuscated(font.data, key), document.part.package)
        relation = table.relate_to(part, f"{_RELATION}/font")
        carrier = _element("embedRegular", fontKey=f"{{{key}}}".upper())
        carrier.set(qn("r:id"), relation)
        _entry(listed, font.family).append(carrier)
    table._blob = serialize_part_xml(listed)  # noqa: SLF001  a part without a class is its bytes
    _say_so(document.settings.element)


def obfuscated(font: bytes, key: UUID) -> bytes:
    """Return a font as it lies in a DOCX, or back: its first 32 bytes XORed with the key read backwards."""
    backwards = bytes.fromhex(key.hex)[::-1]
    head = bytes(one ^ backwards[n % 16] for n, one in enumerate(font[:_HIDDEN_BYTES]))
    return head + font[_HIDDEN_BYTES:]


def _entry(listed: Any, name: str) -> Any:
    """Return the line of a font in the table, a new one if it has none."""
    for line in listed.findall(qn("w:font")):
        if line.get(qn("w:name")) == name:
            return line
    line = _element("font", name=name)
    listed.append(line)
    return line


def _element(tag: str, **attributes: str) -> Any:
    element = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), value)
    return element


def _say_so(settings: Any) -> None:
    """Let the settings tell that fonts are inside, and only the characters that are used."""
    at = sum(settings.find(qn(f"w:{name}")) is not None for name in _BEFORE)
    for tag in ("saveSubsetFonts", "embedTrueTypeFonts"):
        settings.insert(at, _element(tag))
