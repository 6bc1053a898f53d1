"""What one login by a provider consists of, and when its proof holds. Pure."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from app.outward.address import goes_out, read_address

LIFETIME = timedelta(minutes=10)  # of a login that was begun
LEEWAY = timedelta(seconds=60)  # by which the provider's clock may be off
SECRET_CHARACTERS = 43  # of 32 random bytes
WEAKEST_RSA = 2048
# Only such whose signing half we never hold: no HMAC, which a thief of our secret could make, never "none".
ALGORITHMS: Mapping[str, tuple[str, ...]] = {
    "RSA": ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    "EC": ("ES256", "ES384", "ES512"),
    "OKP": ("EdDSA", "Ed25519"),
}


@dataclass(frozen=True, slots=True, repr=False)
class Flow:
    """One login that was begun. The browser keeps the secret in a cookie; all else follows from it.

    The provider is told `state`, `nonce` and `challenge`, none of which gives the secret away.
    """

    secret: str

    @property
    def whole(self) -> bool:
        """Whether this is a secret at all."""
        return len(self.secret) == SECRET_CHARACTERS and self.secret.isascii()

    @property
    def state(self) -> str:
        """By which the answer of the provider is known to belong to this browser (RFC 6749, 10.12)."""
        return self._of("state")

    @property
    def nonce(self) -> str:
        """By which the proof is known to be made for this login (OpenID Connect Core, 3.1.2.1)."""
        return self._of("nonce")

    @property
    def verifier(self) -> str:
        """What shows the provider that who brings the code began the login (RFC 7636, 4.1)."""
        return self._of("verifier")

    @property
    def challenge(self) -> str:
        """The verifier as it is told before (RFC 7636, 4.2, S256)."""
        return _base64(hashlib.sha256(self.verifier.encode()).digest())

    @property
    def hash(self) -> str:
        """What is stored of it."""
        return hashlib.sha256(self.secret.encode()).hexdigest()

    def _of(self, what: str) -> str:
        return _base64(hmac.new(self.secret.encode(), what.encode(), hashlib.sha256).digest())


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where a provider is asked what (OpenID Connect Discovery, 3)."""

    authorization: str
    token: str
    keys: str
    by_basic: bool  # how we say who we are at `token`: in a header, else in the body
    names_itself: bool  # every answer must name its issuer (RFC 9207)


def read_issuer(url: str) -> str:
    """Return the address of a provider as it names itself. Raises ValueError for what cannot be trusted."""
    if not _safe(url):
        raise ValueError(
            f"身份认证平台的地址应为 https://…(本机可用 http),现为 {url}\n"
            f"the issuer must be an https:// address (http:// on this machine only), not {url}"
        )
    return url


def read_endpoints(issuer: str, told: Any) -> Endpoints:
    """Read the document of a provider. Raises ValueError for one that is not of this issuer or not safe."""
    if not isinstance(told, dict) or told.get("issuer") != issuer:
        raise ValueError("the document names another issuer")
    found = {}
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        url = told.get(name)
        # What people are sent to may carry parameters; what we ask ourselves is a plain address.
        if not isinstance(url, str) or not _safe(url.partition("?")[0] if name[0] == "a" else url):
            raise ValueError(f"{name} is no address that may be used")
        found[name] = url
    methods = told.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    return Endpoints(
        found["authorization_endpoint"],
        found["token_endpoint"],
        found["jwks_uri"],
        by_basic="client_secret_basic" in methods,
        names_itself=told.get("authorization_response_iss_parameter_supported") is True,
    )


def login_url(endpoint: str, client_id: str, redirect: str, scope: str, flow: Flow) -> str:
    """Return where the browser is sent."""
    asked = urlencode(
        {
            "response_type": "code",
            "client_id": client_id,
            "redirect_uri": redirect,
            "scope": scope,
            "state": flow.state,
            "nonce": flow.nonce,
            "code_challenge": flow.challenge,
            "code_challenge_method": "S256",
        }
    )
    return f"{endpoint}{'&' if '?' in endpoint else '?'}{asked}"


def same(one: str, other: str) -> bool:
    """Whether two secrets are the same, in a time that tells nothing."""
    return hmac.compare_digest(one.encode(), other.encode())


def may_sign(key: Any) -> bool:
    """Whether a published key may vouch for a login: asymmetric, for signatures, long enough."""
    if not isinstance(key, dict) or key.get("kty") not in ALGORITHMS or key.get("use", "sig") != "sig":
        return False
    modulus = key.get("n", "")
    return key["kty"] != "RSA" or (isinstance(modulus, str) and len(modulus) * 6 >= WEAKEST_RSA)


def algorithms_of(key: Mapping[str, Any]) -> list[str]:
    """Return the algorithms a key may be used with: the one it names, else those of its kind."""
    of_kind = ALGORITHMS[key["kty"]]
    named = key.get("alg")
    return list(of_kind) if named is None else [one for one in of_kind if one == named]


def fault(claims: Any, issuer: str, client_id: str, nonce: str, now: datetime) -> str | None:
    """Return why a signed proof does not hold for this login now, None when it does.

    OpenID Connect Core, 3.1.3.7.
    """
    if not isinstance(claims, dict):
        return "no claims"
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    given = claims.get("nonce")
    subject = claims.get("sub")
    holds = {
        "another issuer": claims.get("iss") == issuer,
        "another audience": client_id in audiences,
        "another party": claims.get("azp", client_id if len(audiences) == 1 else None) == client_id,
        "expired": _is_within(claims.get("exp"), now - LEEWAY, None),
        "too old, or of the future": _is_within(claims.get("iat"), now - LIFETIME - LEEWAY, now + LEEWAY),
        "not valid yet": "nbf" not in claims or _is_within(claims["nbf"], None, now + LEEWAY),
        "another nonce": isinstance(given, str) and same(given, nonce),
        "no subject": isinstance(subject, str) and subject != "",
    }
    return next((name for name, kept in holds.items() if not kept), None)


def _is_within(at: Any, after: datetime | None, before: datetime | None) -> bool:
    if isinstance(at, bool) or not isinstance(at, int | float):
        return False
    return (after is None or at > after.timestamp()) and (before is None or at <= before.timestamp())


def _safe(url: str) -> bool:
    """Whether secrets may go to an address: by TLS, or on this very machine."""
    address = read_address(url)
    if address is None or not goes_out(url) or not urlsplit(url).hostname:
        return False
    return address.tls or address.host in ("127.0.0.1", "::1", "localhost")


def _base64(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()
