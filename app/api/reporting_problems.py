"""The status of every refusal of reporting."""

from __future__ import annotations

from collections.abc import Mapping

from app.refusals import Refusal
from app.reporting.actions.late import NotLate
from app.reporting.sheet.turns import ProofBusy

REPORTING_STATUS: Mapping[type[Refusal], int] = {NotLate: 409, ProofBusy: 503}
