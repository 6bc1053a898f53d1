"""What people ask of units and people: the validated shapes of commands."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from app.commands import Command, Line, RegionCode, RowId
from app.org.rules.numbers import (
    BEIDOU,
    BEIDOU_FORM,
    MOST_PHONES,
    PHONE,
    PHONE_FORM,
    SATELLITE,
    SATELLITE_FORM,
    PhoneLabel,
    usual_label,
)

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
PersonName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
Sign = Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)]
KindCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Qualifications = Annotated[
    list[Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]],
    Field(max_length=20),
]
Count = Annotated[int, Field(ge=0, le=1000)]


def _written(pattern: re.Pattern[str], form: tuple[str, str], text: str) -> None:
    if pattern.fullmatch(text) is None:
        raise PydanticCustomError("number_form", "{zh} / {en}", {"zh": form[0], "en": form[1]})


class UnitKindIn(Command):
    """What a kind of unit is called and how many posts it needs."""

    name_zh: Name
    name_en: Name
    ordinal: Count = 0
    min_posts: Count = 0
    min_full_time: Count = 0

    @model_validator(mode="after")
    def _sane(self) -> Self:
        if self.min_full_time > self.min_posts:
            raise PydanticCustomError("more_full_time_than_posts", "more full-time than posts")
        return self


class UnitIn(Command):
    """A unit to enter."""

    kind: KindCode
    name_zh: Name
    name_en: Annotated[str, StringConstraints(strip_whitespace=True, max_length=120)] = ""
    region_code: RegionCode
    parent_id: RowId | None = None
    business_parent_id: RowId | None = None


class UnitPatch(Command):
    """Changed fields only; null takes a superior away."""

    kind: KindCode | None = None
    name_zh: Name | None = None
    name_en: Annotated[str, StringConstraints(strip_whitespace=True, max_length=120)] | None = None
    region_code: RegionCode | None = None
    parent_id: RowId | None = None
    business_parent_id: RowId | None = None
    active: Annotated[Literal[True], Field(description="takes a deactivated unit back")] | None = None

    def told(self) -> dict[str, object]:
        """Return the fields that were named; null counts only where it takes something away."""
        return _told(self, {"parent_id", "business_parent_id"})


class PhoneIn(Command):
    """A telephone number; without a label it is what such a number usually is."""

    number: Annotated[str, StringConstraints(strip_whitespace=True, max_length=24)]
    label: PhoneLabel | None = None

    @model_validator(mode="after")
    def _form(self) -> Self:
        _written(PHONE, PHONE_FORM, self.number)
        return self

    @property
    def label_or_usual(self) -> PhoneLabel:
        """The label, or what the number usually is."""
        return self.label or usual_label(self.number)


Phones = Annotated[list[PhoneIn], Field(max_length=MOST_PHONES)]


class _Numbers(Command):
    @model_validator(mode="after")
    def _numbers(self) -> Self:
        """Refuse numbers that cannot be, and the same telephone twice."""
        phones: list[PhoneIn] = getattr(self, "phones", None) or []
        if len({phone.number for phone in phones}) < len(phones):
            raise PydanticCustomError("phone_twice", "the same number twice")
        if satellite := getattr(self, "satellite_number", None):
            _written(SATELLITE, SATELLITE_FORM, satellite)
        if beidou := getattr(self, "beidou_number", None):
            _written(BEIDOU, BEIDOU_FORM, beidou)
        return self

    def _row(self, values: dict[str, Any]) -> dict[str, Any]:
        """Return fields as the table keeps them."""
        phones: list[PhoneIn] | None = getattr(self, "phones", None)
        if "phones" in values and phones is not None:
            values["phones"] = [phone.number for phone in phones]
            values["phone_labels"] = [phone.label_or_usual for phone in phones]
        for wire, column in (("name", "name_zh"), ("title", "post")):
            if wire in values:
                values[column] = values.pop(wire)
        return values


class PersonIn(_Numbers):
    """A person to enter."""

    name: PersonName
    title: Line = ""
    region_code: RegionCode
    unit_id: RowId | None = None
    phones: Phones = []
    call_sign: Sign = ""
    satellite_number: Sign = ""
    beidou_number: Sign = ""
    qualifications: Qualifications = []
    full_time: bool = False

    def row(self) -> dict[str, Any]:
        """Return the columns of the row."""
        return self._row({name: getattr(self, name) for name in type(self).model_fields})


class PersonPatch(_Numbers):
    """Changed fields only; null takes the unit away."""

    name: PersonName | None = None
    title: Line | None = None
    region_code: RegionCode | None = None
    unit_id: RowId | None = None
    phones: Phones | None = None
    call_sign: Sign | None = None
    satellite_number: Sign | None = None
    beidou_number: Sign | None = None
    qualifications: Qualifications | None = None
    full_time: bool | None = None
    active: Annotated[Literal[True], Field(description="takes a person who left back")] | None = None

    def row(self) -> dict[str, Any]:
        """Return the columns that were named."""
        return self._row(_told(self, {"unit_id"}))


class DepartureIn(Command):
    """Somebody leaves. `force` leaves his shifts in the roster, for the coverage alarm to find."""

    force: bool = False


class SuccessorIn(Command):
    """Who takes over everything that points to somebody."""

    person_id: RowId


def _told(command: Command, may_be_taken_away: set[str]) -> dict[str, Any]:
    return {
        name: value
        for name in command.model_fields_set
        if (value := getattr(command, name)) is not None or name in may_be_taken_away
    }
