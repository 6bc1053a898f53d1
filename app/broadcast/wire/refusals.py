"""What is refused of platforms."""

from __future__ import annotations

from app.refusals import Refusal


class WirePeerTwice(Refusal):
    """The EBRID belongs to another platform of the register."""

    code = "wire_peer_twice"

    def __init__(self) -> None:
        super().__init__(
            "该资源编码已登记为另一平台,请修改原登记",
            "this number belongs to another platform: amend that one",
        )


class BadWireCertificate(Refusal):
    """A certificate is none, or none of the authorities signed it."""

    code = "bad_wire_certificate"

    def __init__(self, why: str) -> None:
        super().__init__(f"证书不成立:{why}", f"the certificate does not hold: {why}")


class TrialWireCertificate(Refusal):
    """The trial authority, whose key everybody has."""

    code = "trial_wire_certificate"

    def __init__(self) -> None:
        super().__init__(
            "这是公开的测试证书,任何人都能冒用,运行中的中心不得信任",
            "this is the trial certificate, which everybody can sign with: a running centre may not trust it",
        )


class NoWireCertificate(Refusal):
    """Signatures are demanded and there is nothing to prove them by."""

    code = "no_wire_certificate"

    def __init__(self) -> None:
        super().__init__(
            "要求对方签名时,请给出对方的证书及其 CA 证书",
            "where signatures are demanded, give the peer's certificates and their authority's",
        )
