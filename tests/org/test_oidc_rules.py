"""The rules of a login by a provider, as tables."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.org.oidc.rules import (
    Flow,
    algorithms_of,
    fault,
    login_url,
    may_sign,
    read_endpoints,
    read_issuer,
)

NOW = datetime(2025, 6, 17, 18, 13, 20, tzinfo=UTC)
AT = int(NOW.timestamp())
ISSUER, CLIENT = "https://id.example/realm", "zhishou"
HONEST = {"iss": ISSUER, "aud": CLIENT, "sub": "7", "nonce": "n", "iat": AT, "exp": AT + 300}
DOCUMENT = {
    "issuer": ISSUER,
    "authorization_endpoint": "https://id.example/auth?tenant=1",
    "token_endpoint": "https://id.example/token",
    "jwks_uri": "https://keys.example/keys",
}


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({}, None),
        ({"aud": [CLIENT]}, None),
        ({"aud": [CLIENT, "other"], "azp": CLIENT}, None),
        ({"exp": AT - 59}, None),
        ({"iat": AT + 60}, None),
        ({"iat": AT - 659}, None),
        ({"nbf": AT + 60}, None),
        ({"iss": ISSUER + "/"}, "another issuer"),
        ({"iss": None}, "another issuer"),
        ({"aud": "other"}, "another audience"),
        ({"aud": CLIENT + " other"}, "another audience"),
        ({"aud": None}, "another audience"),
        ({"aud": [CLIENT, "other"]}, "another party"),
        ({"azp": "other"}, "another party"),
        ({"exp": AT - 60}, "expired"),
        ({"exp": None}, "expired"),
        ({"exp": True}, "expired"),
        ({"exp": float("nan")}, "expired"),
        ({"iat": AT + 61}, "too old, or of the future"),
        ({"iat": AT - 660}, "too old, or of the future"),
        ({"nbf": AT + 61}, "not valid yet"),
        ({"nbf": "x"}, "not valid yet"),
        ({"nonce": "m"}, "another nonce"),
        ({"nonce": "ñ"}, "another nonce"),
        ({"nonce": 7}, "another nonce"),
        ({"sub": ""}, "no subject"),
    ],
)
def test_a_proof_holds_for_us_this_login_and_now(changes: dict[str, Any], why: str | None) -> None:
    assert fault(HONEST | changes, ISSUER, CLIENT, "n", NOW) == why
    assert fault([HONEST], ISSUER, CLIENT, "n", NOW) == "no claims"


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(), st.lists, max_leaves=3))
def test_whatever_a_claim_holds_it_is_judged_and_never_raises(value: Any) -> None:
    for name in HONEST:
        said = fault(HONEST | {name: value}, ISSUER, CLIENT, "n", NOW)
        assert (said is None) == (value == HONEST[name]) or name in ("iat", "exp", "sub", "aud")


@pytest.mark.parametrize(
    ("key", "may"),
    [
        ({"kty": "RSA", "n": "A" * 342}, True),
        ({"kty": "RSA", "n": "A" * 342, "use": "sig"}, True),
        ({"kty": "EC"}, True),
        ({"kty": "RSA", "n": "A" * 171}, False),
        ({"kty": "RSA"}, False),
        ({"kty": "RSA", "n": "A" * 342, "use": "enc"}, False),
        ({"kty": "oct", "k": "c2VjcmV0"}, False),
        ({}, False),
        ("RSA", False),
    ],
)
def test_only_asymmetric_keys_for_signatures_vouch(key: Any, may: bool) -> None:
    assert may_sign(key) is may


def test_a_key_is_used_as_it_says_and_never_with_a_shared_secret() -> None:
    assert algorithms_of({"kty": "RSA", "alg": "PS256"}) == ["PS256"]
    assert algorithms_of({"kty": "RSA", "alg": "HS256"}) == []
    assert "RS256" in algorithms_of({"kty": "RSA"}) and "ES256" in algorithms_of({"kty": "EC"})
    assert not any(one.startswith("HS") or one == "none" for one in algorithms_of({"kty": "RSA"}))


def test_the_document_of_a_provider_is_its_own_and_safe() -> None:
    found = read_endpoints(ISSUER, DOCUMENT)
    assert found.by_basic and not found.names_itself
    assert not read_endpoints(
        ISSUER, DOCUMENT | {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    ).by_basic
    for changes in (
        {"issuer": "https://evil.example"},
        {"token_endpoint": "http://id.example/token"},
        {"token_endpoint": "https://id.example/token?x=1"},
        {"token_endpoint": "https://169.254.169.254/latest"},
        {"jwks_uri": "file:///etc/passwd"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": None},
    ):
        with pytest.raises(ValueError, match=r"issuer|address"):
            read_endpoints(ISSUER, DOCUMENT | changes)
    strange: Any
    for strange in (None, [], "x", {}):
        with pytest.raises(ValueError, match="issuer"):
            read_endpoints(ISSUER, strange)


def test_an_issuer_is_reached_by_tls_or_on_this_machine() -> None:
    for good in (ISSUER, "http://127.0.0.1:8080", "http://localhost/x"):
        assert read_issuer(good) == good
    for bad in ("http://id.example", "id.example", "https://u:p@id.example", "https://id.example/?a=1", ""):
        with pytest.raises(ValueError, match="issuer"):
            read_issuer(bad)


def test_the_provider_learns_nothing_by_which_a_login_could_be_finished() -> None:
    flow = Flow("s" * 43)
    told = {flow.state, flow.nonce, flow.challenge}
    assert len(told | {flow.verifier, flow.secret, flow.hash}) == 6
    digest = hashlib.sha256(flow.verifier.encode()).digest()
    assert base64.urlsafe_b64encode(digest).decode().rstrip("=") == flow.challenge
    url = login_url("https://id.example/auth?tenant=1", CLIENT, "https://desk.example/", "openid", flow)
    assert url.startswith("https://id.example/auth?tenant=1&response_type=code&")
    assert flow.verifier not in url and flow.secret not in url
    assert flow.whole and not Flow("").whole and not Flow("é" * 43).whole
