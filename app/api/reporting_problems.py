"""The status of every refusal of reporting."""

from __future__ import annotations

from collections.abc import Mapping

from app.refusals import Refusal
from app.reporting.actions.late import NotLate

REPORTING_STATUS: Mapping[type[Refusal], int] = {NotLate: 409}
