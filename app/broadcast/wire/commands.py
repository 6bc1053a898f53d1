"""What people say of platforms."""

from __future__ import annotations

import ipaddress
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from app.broadcast.wire.facts import WireDialect
from app.codecs.ebm.certificate import LENGTH
from app.commands import Command, RegionCode
from app.outward.address import goes_out, read_address

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
EbrId = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[1-6][0-9]{22}$")]
LegacyId = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^([0-9]{18})?$")]
Url = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
_STEP = r"[A-Za-z0-9_][A-Za-z0-9._-]{0,59}"
Door = Annotated[str, StringConstraints(strip_whitespace=True, pattern=rf"^{_STEP}(/{_STEP}){{0,3}}$")]
KeyId = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[A-Za-z0-9._-]{0,64}$")]
Network = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=50)]
CertificateHex = Annotated[
    str,
    StringConstraints(strip_whitespace=True, to_lower=True, pattern=rf"^[0-9a-fA-F]{{{2 * LENGTH}}}$"),
]


class WirePeerIn(Command):
    """A platform as it is registered. Certificates (143 bytes in hex) are written only: left out, they stay.

    `code` and `our_code` are both sides' numbers of 18 digits with a platform of the drafts of 2016, "" else.
    """

    name: Name
    resource_code: EbrId
    region_code: RegionCode
    for_drills: bool = False
    our_resource_code: EbrId
    legacy_code: LegacyId = ""
    our_legacy_code: LegacyId = ""
    url: Url = ""
    door: Door = "ebdsvc.html"
    dialect: WireDialect = "gdj-2018"
    extensions: bool = False
    signs: bool = True
    append_time: bool = True
    time_is_counter: bool = False
    window_s: Annotated[int, Field(ge=60, le=86_400)] = 600
    heartbeat_s: Annotated[int, Field(ge=5, le=3_600)] = 30
    poll_s: Annotated[int, Field(ge=10, le=3_600)] = 60
    allowed: Annotated[list[Network], Field(max_length=20)] = []
    authorities: Annotated[list[CertificateHex], Field(max_length=8)] | None = None
    certificates: Annotated[list[CertificateHex], Field(max_length=50)] | None = None
    key_id: KeyId = ""
    superior: bool = False

    @model_validator(mode="after")
    def _can_be_meant(self) -> Self:
        if self.url and not _has_a_path(self.url):
            raise PydanticCustomError(
                "wire_url", "the address must look like http://10.1.2.3:8080/EB/ebdsvc.html"
            )
        for one in self.allowed:
            if not _is_network(one):
                raise PydanticCustomError(
                    "wire_allowed", "an address or network such as 10.1.2.3 or 10.1.2.0/24"
                )
        if self.dialect == "draft-2016" and not (self.legacy_code and self.our_legacy_code):
            raise PydanticCustomError(
                "wire_legacy", "a platform of the drafts needs both numbers of 18 digits"
            )
        if self.signs and not self.key_id:
            raise PydanticCustomError("wire_key", "where signatures are demanded, name the key we sign with")
        return self


def _has_a_path(url: str) -> bool:
    address = read_address(url)
    return address is not None and goes_out(url)


def _is_network(told: str) -> bool:
    try:
        network = ipaddress.ip_network(told, strict=False)
    except ValueError:
        return False
    return network.prefixlen >= (8 if network.version == 4 else 32)  # the whole world is no list of addresses
