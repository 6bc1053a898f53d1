"""What people ask of the register: the validated shapes of commands."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from app.commands import Command, Latitude, Line, Longitude, Placed, Reason, RegionCode, RowId
from app.devices.ledger.rules import FAMILIES, KINDS, number_fault

Family = Literal[
    "hdap",
    "rdss21",
    "rdss40",
    "rsmc",
    "jt808",
    "satphone",
    "sbd",
    "gateway",
    "repeater",
    "uav",
    "dji",
    "mavlink",
    "video_backhaul",
    "tower_camera",
    "conference_room",
    "broadcast",
]
Number = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64)]
Label = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
Kind = Annotated[str, Field(json_schema_extra={"enum": sorted(KINDS)}, max_length=40)]
Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)]
Groups = Annotated[
    list[Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20)]],
    Field(max_length=64),
]
Kilometres = Annotated[float, Field(gt=0, le=200)]


def _known_kind(kind: str | None) -> None:
    if kind is not None and kind not in KINDS:
        raise PydanticCustomError("literal_error", "no such kind", {"expected": "、".join(sorted(KINDS))})


def fitting(family: str, number: str) -> None:
    """Raise PydanticCustomError when a number cannot be one of the family's."""
    if fault := number_fault(family, number):
        raise PydanticCustomError("device_number", "{zh} / {en}", {"zh": fault[0], "en": fault[1]})


class DeviceIn(Placed):
    """A device to enter. Without `kind` it is what its family usually is."""

    family: Family
    number: Number
    kind: Kind | None = None
    label: Label
    printed_number: Line = ""
    region_code: RegionCode
    holder_id: RowId | None = None
    team_id: RowId | None = None
    coverage_km: Kilometres | None = None
    talk_groups: Groups = []
    note: Note = ""
    fenced: bool = False

    @model_validator(mode="after")
    def _fits(self) -> Self:
        _known_kind(self.kind)
        fitting(self.family, self.number)
        return self

    @property
    def kind_or_usual(self) -> str:
        """The kind, or what the family usually is."""
        return self.kind or FAMILIES[self.family]


class DevicePatch(Command):
    """Changed fields only; null takes holder, team, place or coverage away."""

    number: Number | None = None
    kind: Kind | None = None
    label: Label | None = None
    printed_number: Line | None = None
    region_code: RegionCode | None = None
    holder_id: RowId | None = None
    team_id: RowId | None = None
    lon: Longitude | None = None
    lat: Latitude | None = None
    coverage_km: Kilometres | None = None
    talk_groups: Groups | None = None
    note: Note | None = None
    fenced: bool | None = None
    active: bool | None = None
    off_reason: Note | None = None
    unregistered: Literal[False] | None = None  # whoever spoke uninvited is accepted as it stands

    @model_validator(mode="after")
    def _whole(self) -> Self:
        _known_kind(self.kind)
        if ("lon" in self.model_fields_set) != ("lat" in self.model_fields_set) or (
            (self.lon is None) != (self.lat is None)
        ):
            raise PydanticCustomError("half_a_place", "lon and lat belong together")
        return self

    def told(self) -> dict[str, object]:
        """Return the fields that were named; null counts only where it takes something away."""
        return {
            name: value
            for name in self.model_fields_set
            if (value := getattr(self, name)) is not None or name in _MAY_BE_TAKEN_AWAY
        }


class DismissIn(Command):
    """A number of the quarantine list that is nobody's, and why."""

    family: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
    number: Number
    reason: Reason


_MAY_BE_TAKEN_AWAY = frozenset({"holder_id", "team_id", "lon", "lat", "coverage_km"})
