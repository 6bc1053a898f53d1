"""What people say of peers."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from app.commands import Command
from app.outward.address import goes_out
from app.reporting.exchange.facts import PeerMeans, PeerNode
from app.reporting.report.commands import Named

Url = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Email = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True,
        max_length=120,
        pattern=r"^([A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*)?$",
    ),
]
KeyId = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[A-Za-z0-9._-]{0,64}$")]
Scope = Annotated[
    str, StringConstraints(strip_whitespace=True, pattern=r"^(\d{2}|\d{4}|\d{6}|\d{9}|\d{12})?$")
]
Phone = Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)]


class PeerIn(Command):
    """A peer as it is registered. A system has an address and a key, a mail box an address.

    A peer that only reports to us needs no address: then nothing is sent to it, no acknowledgement either.
    """

    node: PeerNode
    name: Named
    means: PeerMeans = "system"
    url: Url = ""
    email: Email = ""
    key_id: KeyId = ""
    scope: Scope = ""
    phone: Phone = ""

    @model_validator(mode="after")
    def _can_be_reached(self) -> Self:
        if self.url and not goes_out(self.url):
            raise PydanticCustomError("peer_url", "the address must look like https://host[:port]")
        if self.means == "system" and not self.key_id:
            raise PydanticCustomError("peer_key", "a system needs the name of a key")
        if self.means == "system" and not (self.url or self.scope):
            raise PydanticCustomError("peer_nothing", "give an address to send to, or a scope to receive of")
        if self.means == "email" and not self.email:
            raise PydanticCustomError("peer_email", "give the mail address")
        if self.scope and not self.key_id:
            raise PydanticCustomError("peer_key", "who may report to us needs the name of a key")
        return self
