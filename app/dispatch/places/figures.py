"""The coordinates of an incident within the words of an order, wherever the order asks for them."""

from __future__ import annotations

from app.dispatch.tables import Incident
from app.refusals import FieldFault, InvalidInput
from app.tracking.degrees import PLACEHOLDER, asks_for_place, filled


def with_place(text: str, incident: Incident | None, field: str = "text") -> str:
    """Return the words with the place both ways, decimal and 度分秒. Raises InvalidInput without a place."""
    if not asks_for_place(text):
        return text
    if incident is None or incident.lon is None or incident.lat is None:
        raise InvalidInput(
            FieldFault(
                field,
                f"事件没有坐标:请先定位,或去掉{PLACEHOLDER}",
                f"the incident has no coordinates: set its place first, or take {PLACEHOLDER} out",
            )
        )
    return filled(text, incident.lon, incident.lat)
