"""A small identity provider (OpenID Connect) on the loopback: real sockets, real keys, and lies on demand."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, parse_qsl, quote, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

from app.clock import Clock

CLIENT, SECRET = "zhishou 990181", "geheim+/=%secret"
Claims = dict[str, Any]


@dataclass
class Identity:
    """What the provider knows and does. Tests change `user`, twist its claims, its signing, its manners."""

    clock: Clock
    user: str = "officer"
    issuer: str = ""
    keys: dict[str, RSAKey] = field(default_factory=dict)  # published, by kid
    codes: dict[str, dict[str, str]] = field(default_factory=dict)  # what each was asked with
    twist: Callable[[Claims], Any] = lambda claims: None
    sign: Callable[[Claims], str] | None = None
    silent: set[str] = field(default_factory=set)  # paths that never answer
    broken: set[str] = field(default_factory=set)  # paths that answer 500
    asked: list[str] = field(default_factory=list)  # paths, in order
    consumes: bool = True  # a code opens once

    def rotate(self) -> None:
        """Sign with a new key from now on, and publish it alone."""
        self.keys = {secrets.token_hex(4): RSAKey.generate_key(2048)}

    def public(self, kid: str | None = None) -> dict[str, Any]:
        """Return what is published of the newest key."""
        kid = kid or list(self.keys)[-1]
        return {**self.keys[kid].as_dict(private=False), "kid": kid, "use": "sig", "alg": "RS256"}

    def claims(self, asked: dict[str, str]) -> Claims:
        """Return an honest proof, before it is twisted."""
        now = int(self.clock.now().timestamp())
        return {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": f"id-of-{self.user}",
            "preferred_username": self.user,
            "nonce": asked["nonce"],
            "iat": now,
            "exp": now + 300,
        }

    def consent(self, url: str) -> dict[str, str]:
        """Let the user in who was sent to this address; return the parameters he comes back with."""
        asked = dict(parse_qsl(urlsplit(url).query))
        assert asked["client_id"] == CLIENT and asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return {"code": code, "state": asked["state"], "iss": self.issuer}

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request."""
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            method, target, _ = head.split("\r\n")[0].split(" ")
            headers = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:] if line)
            exact = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if line)
            body = (await reader.readexactly(int(headers.get("content-length", 0)))).decode()
            path = urlsplit(target).path
            self.asked.append(path)
            if path in self.silent:
                await reader.read()  # until who asked gives up
                return
            writer.write(self._answer(method, target, path, body, exact.get("Authorization", "")))
            await writer.drain()
        finally:
            writer.close()

    def _answer(self, method: str, target: str, path: str, body: str, who: str) -> bytes:
        if path in self.broken:
            return _http("500 Oops", {"error": "server_error"})
        if path == "/authorize":
            back = self.consent(target)
            there = dict(parse_qsl(urlsplit(target).query))["redirect_uri"]
            head = f"HTTP/1.1 302 Found\r\nLocation: {there}?{urlencode(back)}"
            return f"{head}\r\nContent-Length: 0\r\n\r\n".encode()
        if path == "/token" and method == "POST":
            return self._token({name: values[0] for name, values in parse_qs(body).items()}, who)
        told: dict[str, Any] = {
            "/.well-known/openid-configuration": {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
                "authorization_response_iss_parameter_supported": True,
            },
            "/keys": {"keys": [self.public(kid) for kid in self.keys]},
        }
        return _http("200 OK", told[path]) if path in told else _http("404 No", {})

    def _token(self, form: dict[str, str], who: str) -> bytes:
        asked = self.codes.get(form["code"])
        pair = base64.b64encode(f"{quote(CLIENT).replace('%20', '+')}:{quote(SECRET, safe='')}".encode())
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest())
        if (
            asked is None
            or who != f"Basic {pair.decode()}"
            or form["redirect_uri"] != asked["redirect_uri"]
            or challenge.decode().rstrip("=") != asked["code_challenge"]
        ):
            return _http("400 Bad", {"error": "invalid_grant"})
        if self.consumes:
            del self.codes[form["code"]]
        claims = self.claims(asked)
        self.twist(claims)
        return _http(
            "200 OK", {"access_token": "x", "token_type": "Bearer", "id_token": self._signed(claims)}
        )

    def _signed(self, claims: Claims) -> str:
        if self.sign is not None:
            return self.sign(claims)
        kid = list(self.keys)[-1]
        return jwt.encode({"alg": "RS256", "kid": kid}, claims, self.keys[kid])


def by_hand(header: dict[str, Any], claims: Claims, mac: Callable[[bytes], bytes]) -> str:
    """Return a token put together without a library, signed by whatever `mac` makes of its first parts."""
    parts = [base64.urlsafe_b64encode(json.dumps(one).encode()).rstrip(b"=") for one in (header, claims)]
    signed = b".".join(parts)
    return b".".join((signed, base64.urlsafe_b64encode(mac(signed)).rstrip(b"="))).decode()


def _http(status: str, told: Any) -> bytes:
    body = json.dumps(told).encode()
    return (
        f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        + body
    )


@asynccontextmanager
async def identity(clock: Clock) -> AsyncIterator[Identity]:
    """Lend a provider with one key."""
    provider = Identity(clock)
    provider.rotate()
    server = await asyncio.start_server(provider.serve, "127.0.0.1", 0)
    async with server:
        provider.issuer = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield provider
