"""Every reader of bytes that come from outside: what it is fed with, and the one refusal it may raise."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from itertools import pairwise
from pathlib import Path

from app.codecs import cap, cn12379
from app.codecs.ebm import archive, certificate, multipart, packet, signature
from app.codecs.ebm.receive import receive
from app.codecs.ebm.trust import trust_of
from app.codecs.findings import Refused
from app.codecs.pmtiles import read_header
from app.devices.adapter import Adapter
from app.devices.adapters.dji import read_message as read_dji
from app.devices.adapters.mqtt_gateway import read_message
from app.devices.catalogue import adapters
from app.devices.ledger import sheet as ledger
from app.dispatch.attachments.rules import FileRefused, type_of
from app.dispatch.forces import equipment_sheet, expert_sheet
from app.dispatch.rules.distress import answer_in, is_distress, place_in
from app.refusals import InvalidInput
from app.sheets import Cell, write_book

VECTORS = Path(__file__).parent.parent / "tests" / "vectors"


@dataclass(frozen=True, slots=True)
class Reader:
    """`read` takes any bytes; anything raised but `refuses` is a finding."""

    name: str
    seeds: tuple[bytes, ...]
    read: Callable[[bytes], object]
    refuses: tuple[type[Exception], ...] = ()
    within_s: float = 2.0


def readers() -> dict[str, Reader]:
    """Return all of them by name."""
    found = [*map(_family, adapters().values()), *_messages(), *_sheets(), *_words()]
    return {reader.name: reader for reader in found}


def _family(adapter: Adapter) -> Reader:
    module = import_module(f"tests.devices.test_{adapter.family.replace('-', '_')}")

    def read(data: bytes) -> None:
        codec = adapter.codec()
        half = len(data) // 2
        for part in (data[:half], data[half:]):
            list(codec.feed(part))
        list(codec.idle())

    return Reader(f"device {adapter.family}", tuple(module.SAMPLE), read)


def _messages() -> list[Reader]:
    trust = trust_of(None)
    cap_seeds = _files("cap", ".xml")
    ebm_xml = _files("ebm", ".xml")
    ebm_tar = tuple(
        archive.pack({"EBDB_1.xml": one, "EBDS_EBDB_1.xml": other, "a.mp3": b"ID3"})
        for one, other in pairwise(ebm_xml[:13])
    )
    body, kind = multipart.body_of("EBDT_1.tar", ebm_tar[0][:2_000])
    return [
        Reader("CAP", cap_seeds, cap.read),
        Reader("12379", (*cap_seeds, *_files("12379", ".xml")), cn12379.read),
        Reader("EBM packet", ebm_xml, packet.read),
        Reader("EBM signature", ebm_xml, signature.read),
        Reader("EBM archive", ebm_tar, archive.unpack, (Refused,)),
        Reader("EBM received", ebm_tar, lambda data: receive(data, trust)),
        Reader("EBM upload", (body,), lambda data: multipart.upload_of(data, kind), (Refused,)),
        Reader(
            "EBM certificate", (bytes(range(200)),), certificate.certificate_of, (certificate.BadCertificate,)
        ),
        Reader("map header", (b"PMTiles\x03" + bytes(119),), read_header),
        Reader(
            "MQTT message", _mqtt(), lambda data: read_message("ecd/v1/gateway/g/device/1/event/text", data)
        ),
        Reader("DJI message", _dji(), lambda data: read_dji("thing/product/SN1/osd", data)),
        Reader("attachment", (*ebm_tar, *_books(), b"\xff\xd8\xff\xe0JFIF"), _attachment, (FileRefused,)),
    ]


def _attachment(data: bytes) -> None:
    type_of(data, "bild.jpg" if data[:1] == b"\xff" else "")


def _sheets() -> list[Reader]:
    books = _books()
    reads = {
        "devices": ledger.read_sheet,
        "equipment": equipment_sheet.read_sheet,
        "experts": expert_sheet.read_sheet,
    }
    return [Reader(f"sheet of {what}", books, read, (InvalidInput,), 5.0) for what, read in reads.items()]


def _words() -> list[Reader]:
    seeds = tuple(
        text.encode()
        for text in ("SOS 阁峰镇 2人被困", "1", "收到", "28.52,115.21 SOS", "N28°31.2′ E115°12′")
    )

    def read(data: bytes) -> None:
        text = data.decode("utf-8", "replace")
        is_distress(text), place_in(text), answer_in(text)

    return [Reader("words of a device", seeds, read)]


def _files(folder: str, ending: str) -> tuple[bytes, ...]:
    found = sorted((VECTORS / folder).glob(f"*{ending}")) if (VECTORS / folder).is_dir() else []
    return tuple(file.read_bytes() for file in found)[:40]


def _dji() -> tuple[bytes, ...]:
    wrapped = import_module("tests.devices.test_dji").WRAPPED
    return tuple(json.dumps(payload).encode() for _, payload in wrapped)


def _mqtt() -> tuple[bytes, ...]:
    told = json.loads((VECTORS / "radio_mqtt_contract.json").read_text("utf-8"))
    texts = [
        json.dumps(one, ensure_ascii=False).encode()
        for one in _dicts(told)
        if "type" in one and "data" in one
    ]
    return tuple(texts[:40]) or (b"{}",)


def _dicts(value: object) -> list[dict[str, object]]:
    if isinstance(value, dict):
        return [value, *(one for part in value.values() for one in _dicts(part))]
    return [one for part in value for one in _dicts(part)] if isinstance(value, list) else []


def _books() -> tuple[bytes, ...]:
    heads = (ledger.HEADERS, equipment_sheet.HEADERS, expert_sheet.HEADERS)
    row: list[Cell] = ["jt808", "13900000001", "水罐车", 2, "2025-06-18", "=1+1", "张三"]
    return tuple(
        write_book("表", list(head.values()), (), [(row * 3)[: len(head)], [None] * len(head)])
        for head in heads
    )
