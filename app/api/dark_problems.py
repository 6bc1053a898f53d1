"""The status of every refusal of working in the dark, and its faults in words."""

from __future__ import annotations

from collections.abc import Mapping

from app.delivery.network.refusals import LateDecided
from app.dispatch.contact.refusals import ContactTaskClosed
from app.dispatch.messenger.refusals import MessengerBack
from app.dispatch.reconciliation.refusals import NothingToMerge, PairSettled
from app.refusals import Refusal

DARK_STATUS: Mapping[type[Refusal], int] = {
    ContactTaskClosed: 409,
    LateDecided: 409,
    MessengerBack: 409,
    NothingToMerge: 409,
    PairSettled: 409,
}
DARK_FAULTS: Mapping[str, tuple[str, str]] = {
    "village_elsewhere": ("村不在所去的乡镇内,请重新选择", "a village lies outside the place he goes to"),
}
