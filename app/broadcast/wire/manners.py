"""How one platform is spoken with, from its row: dialect, trust, window, numbers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from ipaddress import ip_address, ip_network

from app.broadcast.wire.rules.freshness import Window
from app.broadcast.wire.tables import BroadcastWire
from app.codecs.ebm.certificate import Trust, trusted
from app.codecs.ebm.profile import Dialect, Profile


@dataclass(frozen=True, slots=True)
class Manners:
    """What must be known of a peer to judge its packets and to write ours."""

    peer_id: int
    code: str
    our_code: str
    url: str
    key_id: str
    profile: Profile
    window: Window
    trust: Trust

    @property
    def legacy(self) -> bool:
        """Whether it follows the drafts from before 2018."""
        return self.profile.dialect is Dialect.DRAFT_2016

    def their_ebm_id(self, ebm_id: str) -> str:
        """Return one of our EBMIDs as the peer writes it: in the drafts our number there, day, running."""
        return self.our_code + ebm_id[-12:] if self.legacy else ebm_id


def manners_of(row: BroadcastWire) -> Manners:
    """Return how a peer is spoken with. Raises BadCertificate for a row nobody checked."""
    profile = Profile(
        dialect=Dialect(row.dialect),
        signature=row.signs,
        extensions=row.extensions,
        append_time=row.append_time,
        rows_apart=True,
    )
    return Manners(
        peer_id=row.peer_id,
        code=row.code,
        our_code=row.our_code,
        url=row.url,
        key_id=row.key_id,
        profile=profile,
        window=Window(row.window_s, row.time_is_counter),
        trust=_trust(tuple(row.authorities), tuple(row.certificates)),
    )


def comes_from(address: str, allowed: list[str]) -> bool:
    """Whether an address is one of those, or in one of those networks; nothing allowed lets nobody in."""
    try:
        told = ip_address(address)
    except ValueError:
        return False
    mapped = getattr(told, "ipv4_mapped", None)
    told = mapped or told
    return any(told in ip_network(one, strict=False) for one in allowed)


@lru_cache(maxsize=256)
def _trust(authorities: tuple[str, ...], certificates: tuple[str, ...]) -> Trust:
    """Trust the authorities and what they signed: proved once, a proof costs some 20 ms."""
    return trusted([bytes.fromhex(one) for one in authorities], [bytes.fromhex(one) for one in certificates])
