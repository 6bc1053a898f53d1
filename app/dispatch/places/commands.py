"""What people say about a place."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from app.commands import Command, Latitude, Line, Longitude, RegionCode

Metres = Annotated[float, Field(ge=0, le=200_000, allow_inf_nan=False)]


class PlaceIn(Command):
    """Where it is, over the version that was read.

    `words`: "G105 K1823+400" or "东岸村小学东北300米", or any other words. `lon`/`lat` (WGS-84) are the
    point itself; with a direction and distance `known_lon`/`known_lat` may name the known point instead.
    `outside`: beyond the county, in `neighbour` (a name), to whom it should be handed off.
    """

    version: Annotated[int, Field(ge=1, le=2**31)]
    words: Line = ""
    region_code: RegionCode | None = None
    lon: Longitude | None = None
    lat: Latitude | None = None
    known_lon: Longitude | None = None
    known_lat: Latitude | None = None
    uncertainty_m: Metres | None = None
    outside: bool = False
    neighbour: Annotated[str, StringConstraints(strip_whitespace=True, max_length=60)] = ""

    @model_validator(mode="after")
    def _whole_points(self) -> Self:
        for one, other in ((self.lon, self.lat), (self.known_lon, self.known_lat)):
            if (one is None) != (other is None):
                raise PydanticCustomError("half_a_place", "lon and lat belong together")
        return self
