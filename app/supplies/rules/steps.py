"""The states of a transfer order and the steps between them; what is not in the table is refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from app.refusals import Refusal

TransferState = Literal["reserved", "issued", "under_way", "delivered", "settled", "cancelled"]
TransferStep = Literal["issue", "carry", "receive", "return", "cancel"]
TransferKind = Literal["relief", "preposition", "restock"]

_NEXT: Mapping[tuple[TransferState, TransferStep], TransferState] = {
    ("reserved", "issue"): "issued",
    ("issued", "carry"): "under_way",
    ("under_way", "receive"): "delivered",
    ("delivered", "return"): "delivered",
    ("reserved", "cancel"): "cancelled",
    ("issued", "cancel"): "cancelled",
    ("under_way", "cancel"): "cancelled",
}
STATES: Mapping[TransferState, tuple[str, str]] = {
    "reserved": ("已预留,待出库", "reserved, not issued yet"),
    "issued": ("已出库,待承运", "issued, not taken by a carrier yet"),
    "under_way": ("运输途中,待签收", "under way, not received yet"),
    "delivered": ("已签收", "received"),
    "settled": ("已办结", "settled"),
    "cancelled": ("已撤销", "cancelled"),
}
_STEPS: Mapping[TransferStep, tuple[str, str]] = {
    "issue": ("出库", "issue"),
    "carry": ("交承运人", "hand to the carrier"),
    "receive": ("签收", "receive"),
    "return": ("退回或核销", "return"),
    "cancel": ("撤销", "cancel"),
}


class TransferOutOfTurn(Refusal):
    """The step does not follow the state."""

    code = "transfer_out_of_turn"

    def __init__(self, state: TransferState, step: TransferStep) -> None:
        at, do = STATES[state], _STEPS[step]
        super().__init__(
            f"调拨单{at[0]},不能{do[0]},请刷新后按顺序办理",
            f"the transfer is {at[1]}: it cannot be asked to {do[1]} now; look again and take the next step",
        )


def after(state: TransferState, step: TransferStep) -> TransferState:
    """Return the state that follows. Raises TransferOutOfTurn."""
    found = _NEXT.get((state, step))
    if found is None:
        raise TransferOutOfTurn(state, step)
    return found


def transfer_number(prefix: str, year: int, serial: int) -> str:
    """Return e.g. 樟应调〔2025〕第 3 号: numbers begin anew each year."""
    return f"{prefix}〔{year}〕第 {serial} 号"
