"""What people ask about a release."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from app.commands import Command, Latitude, Line, Longitude, Moment, RowId
from app.response.release.rules.lifting import Verdict

Metres = Annotated[int, Field(ge=10, le=50_000)]
Told = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
Value = Annotated[float, Field(ge=0, le=1e9, allow_inf_nan=False)]


class ReleaseSectorIn(Command):
    """What comes out, the wind, and the distances that apply, with whose they are (`basis`).

    Without a place the incident's stands.
    """

    substance: Told
    size: Literal["small", "large"]
    basis: Told
    lon: Longitude | None = None
    lat: Latitude | None = None
    wind_from_deg: Annotated[float, Field(ge=0, lt=360)]
    wind_mps: Annotated[float, Field(ge=0, le=60)]
    isolate_m: Metres
    evacuate_m: Metres
    protect_m: Metres

    @model_validator(mode="after")
    def _grow(self) -> Self:
        if not self.isolate_m <= self.evacuate_m <= self.protect_m:
            raise PydanticCustomError("distances_grow", "isolate within evacuate within protect")
        return self


class ReleaseReadingIn(Command):
    """A measured value. `normal_to` is the limit up to which it is normal."""

    point: Told
    substance: Told
    value: Value
    unit: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20)]
    normal_to: Value
    measured_at: Moment | None = None
    source: Told


class ReleaseLiftingIn(Command):
    """It is proposed to lift; these departments must sign."""

    units: Annotated[list[RowId], Field(min_length=1, max_length=12)]
    words: Line = ""


class ReleaseSignatureIn(Command):
    """What a department says: who signed, or why it objects."""

    unit_id: RowId
    verdict: Verdict
    name: Told
    words: Line = ""

    @model_validator(mode="after")
    def _why(self) -> Self:
        if self.verdict == "objected" and not self.words:
            raise PydanticCustomError("objection_without_reason", "say why it objects")
        return self


class ReleaseLiftIn(Command):
    """Lift. Without all signatures the commander is named, and his reason."""

    commander: Line = ""
    reason: Line = ""
