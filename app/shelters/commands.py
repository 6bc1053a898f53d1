"""What people ask of shelters and tell about evacuations."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from app.commands import Command, Line, Moment, Placed, Reason, RegionCode, RowId
from app.shelters.facts import (
    LegacyClass,
    ShelterDuration,
    ShelterFunction,
    ShelterGrade,
    ShelterLevel,
    ShelterSpace,
)

MOST_HEADS = 200_000
MOST_PEOPLE = 2000
Heads = Annotated[int, Field(ge=0, le=MOST_HEADS)]
Capacity = Annotated[int, Field(ge=1, le=MOST_HEADS)]
Elevation = Annotated[float, Field(ge=-200, le=9000)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
Word = Annotated[str, StringConstraints(strip_whitespace=True, max_length=60)]
Phone = Annotated[str, StringConstraints(pattern=r"^(\+?\d[\d-]{4,19})?$")]
Day = Annotated[date, Field(ge=date(2001, 1, 1), le=date(2099, 12, 31))]
Channel = Literal["", "telephone", "radio", "satellite_phone", "beidou", "in_person", "paper", "system"]
Facilities = Annotated[list[Name], Field(max_length=30)]
People = Annotated[list[RowId], Field(min_length=1, max_length=MOST_PEOPLE)]


class Told(Command):
    """When it happened, when the desk was told, how and by whom; times are now unless told."""

    happened_at: Moment | None = None
    told_at: Moment | None = None
    channel: Channel = ""
    voucher: Word = ""


class ShelterIn(Placed):
    """A shelter; without a position it lies where its region does."""

    level: ShelterLevel
    legacy_class: LegacyClass = ""
    grade: ShelterGrade
    duration: ShelterDuration = "emergency"
    space: ShelterSpace = "indoor"
    function: ShelterFunction = "comprehensive"
    specific: Line = ""
    name_zh: Name
    name_en: Word = ""
    region_code: RegionCode
    place: Line = ""
    capacity: Capacity
    facilities: Facilities = []
    opener: Word = ""
    opener_phone: Phone = ""
    maintainer: Word = ""
    inspected_on: Day | None = None
    elevation_m: Elevation | None = None


class ShelterPatch(Command):
    """What changes of a shelter; `version` is the one the editor saw."""

    version: Annotated[int, Field(ge=1, le=2**31)]
    capacity: Capacity | None = None
    facilities: Facilities | None = None
    opener: Word | None = None
    opener_phone: Phone | None = None
    maintainer: Word | None = None
    inspected_on: Day | None = None
    place: Line | None = None
    elevation_m: Elevation | None = None


class ShelterOpenIn(Told):
    """Open a shelter, for an incident or not; `heads` are those who are there already, as counted."""

    reason: Reason
    incident_id: RowId | None = None
    heads: Heads | None = None


class ShelterCountIn(Told):
    """How many persons were counted."""

    heads: Heads


class ShelterCloseIn(Told):
    """Close a shelter."""

    reason: Reason


class VillageShelterIn(Command):
    """Where a village goes."""

    shelter_id: RowId
    alternative_id: RowId | None = None


class EvacuationIn(Told):
    """Move the people of villages out; who is on the lists comes from the register of residents."""

    villages: list[RegionCode] = Field(min_length=1, max_length=300)
    incident_id: RowId | None = None
    reason: Reason
    deadline: Moment | None = None


class EvacueeIn(Command):
    """Somebody who stands on no list: a guest, a worker."""

    village_code: RegionCode
    household: Name
    name: Name
    phone: Phone = ""
    needs: Line = ""


class EvacueeTickIn(Told):
    """These persons were moved: to an open shelter, or None for relatives and elsewhere."""

    people: People
    shelter_id: RowId | None = None
    means: Literal["assembly", "transport", "door_knock", "own_way"] = "assembly"


class EvacuationRefusalIn(Told):
    """These persons refuse: why, who saw it, and where the signed paper or photograph is."""

    people: People
    reason: Reason
    witness: Name
    attachment: Line = ""


class EvacueeCorrectionIn(Command):
    """These persons were ticked in error: they wait again."""

    people: People
    reason: Reason


class EvacueeReturnIn(Told):
    """These persons are home again, or missing."""

    people: People
    back: Literal["home", "missing"] = "home"
    note: Line = ""


class EvacuationEndIn(Told):
    """End an evacuation: everybody who was moved is home or listed missing."""

    reason: Reason
