"""Log in by a provider: a real one on the loopback, honest first, then with every lie we know of."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from pydantic import SecretStr

from app.api.oidc import FLOW
from app.api.route import COOKIE
from app.org.oidc.provider import Provider
from app.org.rules.throttle import FREE_WRONG_CODES
from app.preflight import CannotStart
from app.serving import serve
from tests.api.desk import Desk, at_desk, problem, settings_of
from tests.api.test_second_factor import code_now, set_up
from tests.identity import CLIENT, SECRET, Claims, Identity, by_hand, identity
from tests.node import free_port
from tests.world import World

pytestmark = pytest.mark.database
DOOR = "/api/login/oidc"
OWN = {"Origin": "http://desk.test"}
SOON_S = 0.5


@pytest.fixture
async def provider(world: World) -> AsyncIterator[Identity]:
    async with identity(world.clock) as found:
        yield found


@pytest.fixture
async def desk(world: World, tmp_path: Path, provider: Identity) -> AsyncIterator[Desk]:
    """A centre with a provider."""
    settings = settings_of(
        world.database,
        tmp_path,
        oidc_issuer=provider.issuer,
        oidc_client_id=CLIENT,
        oidc_client_secret=SecretStr(SECRET),
        oidc_redirect_url="http://desk.test/",
    )
    async with at_desk(world, settings) as found:
        found.house.oidc = Provider(replace(_of(found).terms, patience_s=SOON_S), world.clock)
        yield found


def _of(desk: Desk) -> Provider:
    assert desk.house.oidc is not None
    return desk.house.oidc


async def begun(desk: Desk) -> str:
    answer = await desk.client.post(DOOR, headers=OWN)
    assert answer.status_code == 200, answer.text
    cookie = answer.headers["set-cookie"]
    assert FLOW in cookie and "HttpOnly" in cookie and "SameSite=strict" in cookie and "Max-Age=600" in cookie
    return str(answer.json()["url"])


async def back(desk: Desk, **told: Any) -> httpx.Response:
    return await desk.client.post(f"{DOOR}/session", json=told, headers=OWN)


async def whole(desk: Desk, provider: Identity) -> httpx.Response:
    return await back(desk, **provider.consent(await begun(desk)))


async def facts(desk: Desk, kind: str) -> list[dict[str, Any]]:
    return [one for one in await desk.world.events() if one["type"] == kind]


async def test_whom_the_provider_vouches_for_gets_a_session_like_any_other(
    desk: Desk, provider: Identity
) -> None:
    assert (await desk.client.get(DOOR)).json() == {"name": "统一身份认证"}
    url = await begun(desk)
    asked = dict(parse_qsl(urlsplit(url).query))
    assert asked["redirect_uri"] == "http://desk.test/" and asked["scope"] == "openid profile"
    assert desk.client.cookies[FLOW] not in url
    answer = await back(desk, **provider.consent(url))
    assert answer.status_code == 200, answer.text
    assert answer.json()["username"] == "officer"
    assert FLOW not in desk.client.cookies
    assert (await desk.client.get("/api/me")).json()["username"] == "officer"
    (told,) = await facts(desk, "account.logged_in")
    assert (told["username"], told["through"], told["address"]) == ("officer", provider.issuer, "10.0.0.9")
    # The next login takes the place of this session, and what seldom changes was asked for once.
    first = desk.client.cookies[COOKIE]
    assert (await whole(desk, provider)).status_code == 200
    assert (await desk.client.get("/api/me", headers={"Cookie": f"{COOKIE}={first}"})).status_code == 401
    assert provider.asked.count("/keys") == provider.asked.count("/.well-known/openid-configuration") == 1
    assert (await desk.client.post("/api/logout")).status_code == 204


async def test_without_a_provider_there_is_no_such_login(world: World, tmp_path: Path) -> None:
    async with at_desk(world, settings_of(world.database, tmp_path)) as plain:
        assert (await plain.client.get(DOOR)).json() == {"name": None}
        problem(await plain.client.post(DOOR, headers=OWN), 404, "not_found")
        problem(await back(plain, code="x", state="y"), 404, "not_found")


def claim(name: str, value: Any) -> Callable[[Claims], Any]:
    return lambda claims: claims.update({name: value})


def without(name: str) -> Callable[[Claims], Any]:
    return lambda claims: claims.pop(name)


def later(**seconds: int) -> Callable[[Claims], Any]:
    return lambda claims: claims.update({name: claims[name] + by for name, by in seconds.items()})


LIES: dict[str, Callable[[Claims], Any]] = {
    "nonce": claim("nonce", "n" * 43),
    "no nonce": without("nonce"),
    "audience": claim("aud", "another"),
    "audiences without a party": lambda claims: claims.update(aud=[CLIENT, "another"]),
    "party": claim("azp", "another"),
    "issuer": claim("iss", "http://127.0.0.1:1"),
    "expired": later(exp=-361),
    "never expires": without("exp"),
    "expiry in words": claim("exp", "never"),
    "old": later(iat=-661),
    "of the future": later(iat=61),
    "not yet": lambda claims: claims.update(nbf=claims["iat"] + 61),
    "nobody": claim("sub", ""),
    "no name": without("preferred_username"),
    "a name that is none": claim("preferred_username", ["officer"]),
}


async def test_no_proof_for_another_login_place_or_time_is_taken(desk: Desk, provider: Identity) -> None:
    for name, lie in list(LIES.items()):
        provider.twist = lie
        problem(await whole(desk, provider), 401, "sso_refused")
        assert COOKIE not in desk.client.cookies, name
    problem(await whole(desk, provider), 401, "sso_refused")
    await desk.world.run("DELETE FROM login_throttle")
    provider.twist = lambda claims: claims.update(aud=[CLIENT, "another"], azp=CLIENT, nbf=claims["iat"])
    assert (await whole(desk, provider)).status_code == 200
    assert len(await facts(desk, "account.logged_in")) == 1


async def test_no_signature_but_of_a_published_key_is_taken(desk: Desk, provider: Identity) -> None:
    kid = next(iter(provider.keys))
    pem = provider.keys[kid].as_pem(private=False)
    jwk = json.dumps(provider.public()).encode()
    other = Identity(provider.clock)
    other.rotate()

    def mac(key: bytes) -> Callable[[bytes], bytes]:
        return lambda signed: hmac.new(key, signed, hashlib.sha256).digest()

    forged: dict[str, Callable[[Claims], str]] = {
        "none": lambda claims: by_hand({"alg": "none", "kid": kid}, claims, lambda _: b""),
        "None": lambda claims: by_hand({"alg": "None"}, claims, lambda _: b""),
        "HS256 with the public key": lambda claims: by_hand({"alg": "HS256", "kid": kid}, claims, mac(pem)),
        "HS256 with its JWK": lambda claims: by_hand({"alg": "HS256"}, claims, mac(jwk)),
        "HS256 with our secret": lambda claims: by_hand({"alg": "HS256"}, claims, mac(SECRET.encode())),
        "a key it brings itself": lambda claims: by_hand(
            {"alg": "RS256", "jwk": other.public()}, claims, lambda _: b"x" * 256
        ),
        "a foreign key": lambda claims: other._signed(claims),
        "altered": lambda claims: (
            provider._signed(claims | {"sub": "x"}).rsplit(".", 1)[0]
            + "."
            + provider._signed(claims).rsplit(".", 1)[1]
        ),
        "garbage": lambda claims: "a.b.c",
        "nothing": lambda claims: "",
    }

    provider_signs = provider.sign
    for name, forge in forged.items():

        def sign(claims: Claims, forge: Callable[[Claims], str] = forge) -> str:
            provider.sign = None
            return forge(claims)

        provider.sign = sign
        problem(await whole(desk, provider), 401, "sso_refused")
        assert COOKIE not in desk.client.cookies, name
    provider.sign = provider_signs
    assert (await whole(desk, provider)).status_code == 200


async def test_keys_that_the_provider_changes_are_read_anew_and_not_at_every_lie(
    desk: Desk, provider: Identity
) -> None:
    assert (await whole(desk, provider)).status_code == 200
    provider.rotate()
    desk.world.later(seconds=11)
    assert (await whole(desk, provider)).status_code == 200
    assert provider.asked.count("/keys") == 2
    other = Identity(provider.clock)
    other.rotate()
    provider.sign = other._signed
    for _ in range(3):
        problem(await whole(desk, provider), 401, "sso_refused")
    assert provider.asked.count("/keys") == 2
    # While the provider cannot tell its keys, those of before serve, for a day.
    provider.sign = None
    provider.broken = {"/keys", "/.well-known/openid-configuration"}
    desk.world.later(hours=20)
    assert (await whole(desk, provider)).status_code == 200
    desk.world.later(hours=5)
    problem(await desk.client.post(DOOR, headers=OWN), 503, "sso_away")


async def test_a_login_is_only_of_the_browser_that_began_it_and_only_once(
    desk: Desk, provider: Identity
) -> None:
    mine = provider.consent(await begun(desk))
    stolen = desk.client.cookies[FLOW]
    desk.client.cookies.clear()
    problem(await back(desk, **mine), 401, "sso_spent")  # a link that somebody sends to his victim
    await begun(desk)
    problem(await back(desk, **mine), 401, "sso_spent")  # another login's state
    other = provider.consent(await begun(desk))
    problem(await back(desk, **other | {"code": mine["code"]}), 401, "sso_refused")  # another login's code
    problem(await back(desk, **other | {"iss": "http://127.0.0.1:1"}), 401, "sso_refused")
    problem(await back(desk, code=other["code"], state=other["state"]), 401, "sso_refused")  # it names itself
    problem(await back(desk, state=other["state"], iss=other["iss"]), 401, "sso_refused")
    problem(await back(desk, factor="123456"), 401, "sso_spent")  # nobody vouched yet

    desk.client.cookies.clear()
    desk.client.cookies.set(FLOW, stolen)
    assert (await back(desk, **mine)).status_code == 200
    desk.client.cookies.set(FLOW, stolen)
    problem(await back(desk, **mine), 401, "sso_refused")  # the code again: the provider takes it once
    provider.codes[mine["code"]] = {
        **provider.codes.get(mine["code"], {}),
        **dict(parse_qsl(urlsplit(_url_of(desk, stolen)).query)),
    }
    problem(await back(desk, **mine), 401, "sso_spent")  # … and if it did not, so do we
    foreign = {"Origin": "http://evil.test"}
    problem(await desk.client.post(DOOR, headers=foreign), 403, "foreign_origin")
    problem(await desk.client.post(f"{DOOR}/session", json=mine, headers=foreign), 403, "foreign_origin")


def _url_of(desk: Desk, secret: str) -> str:
    from app.org.oidc.rules import Flow, login_url

    terms = _of(desk).terms
    return login_url("http://x/", terms.client_id, terms.redirect, terms.scope, Flow(secret))


async def test_the_provider_opens_no_account_and_none_that_is_not_a_persons(
    desk: Desk, provider: Identity
) -> None:
    provider.user = "stranger"
    told = problem(await whole(desk, provider), 403, "sso_unknown")
    assert "stranger" in told["zh"] and "账号管理员" in told["zh"]
    await desk.world.run("UPDATE account SET password_hash = '-' WHERE username = 'second'")  # as a wall has
    provider.user = "second"
    problem(await whole(desk, provider), 403, "sso_unknown")
    await desk.world.run("UPDATE account SET active = false WHERE username = 'officer'")
    provider.user = "officer"
    problem(await whole(desk, provider), 403, "sso_unknown")
    assert await facts(desk, "account.logged_in") == []
    assert await desk.world.rows("SELECT 1 FROM account WHERE username = 'stranger'") == []
    for _ in range(17):
        problem(await back(desk, code="x", state="y"), 401, "sso_spent")
    problem(await back(desk, code="x", state="y"), 429, "too_many_attempts")
    # A siege of this door slows nobody's password.
    password = {"username": "leader", "password": "zhishou-demo"}
    assert (await desk.client.post("/api/login", json=password, headers=OWN)).status_code != 429


async def test_a_second_factor_is_asked_for_after_the_provider_too(desk: Desk, provider: Identity) -> None:
    await set_up(desk)
    desk.client.cookies.clear()
    problem(await whole(desk, provider), 401, "second_factor_needed")
    assert COOKIE not in desk.client.cookies
    problem(await back(desk, factor="000000"), 401, "bad_code")
    assert (await back(desk, factor=await code_now(desk))).status_code == 200
    problem(await back(desk, factor=await code_now(desk)), 401, "sso_spent")
    refused = await facts(desk, "account.login_refused")
    assert [one["username"] for one in refused] == ["officer"]
    for _ in range(FREE_WRONG_CODES):
        desk.world.later(minutes=16)
        problem(await whole(desk, provider), 401, "second_factor_needed")
        problem(await back(desk, factor="000000"), 401, "bad_code")
    problem(await back(desk, factor=await code_now(desk)), 429, "too_many_attempts")


async def test_a_provider_that_hangs_or_breaks_is_told_within_seconds(desk: Desk, provider: Identity) -> None:
    provider.silent = {"/.well-known/openid-configuration"}
    told = problem(await desk.client.post(DOOR, headers=OWN), 503, "sso_away")
    assert "用户名和密码" in told["zh"]
    provider.silent, provider.broken = set(), {"/.well-known/openid-configuration"}
    problem(await desk.client.post(DOOR, headers=OWN), 503, "sso_away")
    provider.broken = set()
    for silent, broken in (({"/token"}, set()), (set(), {"/token"}), ({"/keys"}, set()), (set(), {"/keys"})):
        provider.silent, provider.broken = silent, broken
        problem(await whole(desk, provider), 503, "sso_away")
    provider.silent, provider.broken = set(), set()
    assert (await whole(desk, provider)).status_code == 200
    assert await desk.world.rows("SELECT 1 FROM login_throttle") == [], "nobody is blamed for it"


def test_settings_that_cannot_be_meant_stop_the_start(tmp_path: Path) -> None:
    from app.config import Settings

    given: list[dict[str, Any]] = [
        {"oidc_issuer": "http://id.example", "oidc_client_id": "x", "oidc_redirect_url": "https://desk/"},
        {"oidc_issuer": "https://id.example"},
        {"oidc_issuer": "https://id.example", "oidc_client_id": "x", "oidc_redirect_url": "desk"},
        {
            "oidc_issuer": "https://169.254.169.254",
            "oidc_client_id": "x",
            "oidc_redirect_url": "https://desk/",
        },
        {
            "oidc_issuer": "https://id.example",
            "oidc_client_id": "x",
            "oidc_redirect_url": "https://desk/",
            "oidc_ca": tmp_path / "none.pem",
        },
    ]
    for told in given:
        settings = Settings(_env_file=None, data=tmp_path, port=free_port(), jt808_port=free_port(), **told)
        with pytest.raises(CannotStart, match="ZHISHOU_OIDC"):
            serve(settings)
