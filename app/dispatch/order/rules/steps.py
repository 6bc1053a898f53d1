"""How far a recipient is with an order, and what may be done there. Everything else is an IllegalStep."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from app.dispatch.rules.steps import IllegalStep

RecipientState = Literal["draft", "sent", "acknowledged", "reported", "closed", "released"]
TaskState = Literal["open", "reported", "accepted", "dropped"]
OrderState = Literal["draft", "issued", "closed", "withdrawn"]

ORDER_STEPS: Mapping[str, frozenset[str]] = {
    "edit": frozenset({"draft"}),
    "issue": frozenset({"draft"}),
    "amend": frozenset({"issued"}),
    "withdraw": frozenset({"draft", "issued"}),
}
RECIPIENT_STEPS: Mapping[str, frozenset[str]] = {
    "acknowledge": frozenset({"sent"}),
    "feedback": frozenset({"sent", "acknowledged", "reported"}),  # who reports has received it
    "accept": frozenset({"acknowledged", "reported"}),
    "return": frozenset({"acknowledged", "reported"}),
}


def check_order(state: str, step: str) -> None:
    """Raise IllegalStep unless an order in this state allows the step."""
    if state not in ORDER_STEPS[step]:
        raise IllegalStep(state, step)


def check_recipient(order_state: str, state: str, step: str) -> None:
    """Raise IllegalStep unless a recipient in this state, of an issued order, allows the step."""
    if order_state != "issued":
        raise IllegalStep(order_state, step)
    if state not in RECIPIENT_STEPS[step]:
        raise IllegalStep(state, step)


def state_after(tasks: Sequence[str]) -> RecipientState:
    """Return how far who has acknowledged is, by the states of the tasks that still count."""
    live = [state for state in tasks if state != "dropped"]
    if all(state == "accepted" for state in live):
        return "closed"
    return "acknowledged" if "open" in live else "reported"


def order_closed(recipients: Sequence[str]) -> bool:
    """Whether every recipient is closed out; one that was released (amended away) does not count."""
    return all(state in ("closed", "released") for state in recipients)
