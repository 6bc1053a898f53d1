"""The register of people as an Excel sheet: its columns, and how a person stands in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from app.org.facts import PersonFact
from app.org.rules.numbers import LABELS
from app.sheets import Cell, Sheet, read_book, write_book

# What may be changed by a sheet; the order is that of the columns.
HEADERS: Mapping[str, str] = {
    "id": "编号",
    "name": "姓名",
    "title": "职务",
    "region": "地区",
    "unit": "单位",
    "phones": "电话",
    "call_sign": "呼号",
    "satellite_number": "卫星电话",
    "beidou_number": "北斗卡号",
    "qualifications": "资质",
    "full_time": "专职",
}
_WIDTHS = (8, 12, 22, 28, 28, 40, 12, 18, 12, 26, 6)


def write_sheet(people: Iterable[PersonFact]) -> bytes:
    """Return people as xlsx; telephones in the order in which they are tried."""
    return write_book("人员", tuple(HEADERS.values()), _WIDTHS, (_written(person) for person in people))


def _written(person: PersonFact) -> list[Cell]:
    return [
        person.id,
        person.name,
        person.title,
        person.region_path,
        person.unit_name,
        "、".join(f"{LABELS[phone.label][0]}{phone.number}" for phone in person.phones),
        person.call_sign,
        person.satellite_number,
        person.beidou_number,
        "、".join(person.qualifications),
        "是" if person.full_time else "否",
    ]


def read_sheet(data: bytes) -> Sheet:
    """Return the rows of the first worksheet. Raises InvalidInput for what is no such sheet."""
    return read_book(data, HEADERS, ("name",))
