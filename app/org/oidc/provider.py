"""The county's identity provider as this process knows it: its addresses and keys, asked with patience."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote_plus, urlencode

import structlog

from app.clock import Clock
from app.org.oidc import rules
from app.org.oidc.proof import BadProof, UnknownKey, claims_of
from app.org.oidc.refusals import SsoAway, SsoRefused
from app.org.oidc.rules import Endpoints, Flow, read_endpoints
from app.org.oidc.settings import OidcTerms
from app.outward.address import read_address
from app.outward.call import Asked, Garbled, call

log = structlog.get_logger()
FRESH = timedelta(hours=1)  # what was read is not asked for again
STALE = timedelta(days=1)  # … and serves so long while the provider does not answer
NEW_KEYS_AFTER = timedelta(seconds=10)  # an unknown key has its list read anew, not more often
MOST_BYTES = 256_000
_DOCUMENT = "/.well-known/openid-configuration"


class _Strange(Exception):
    """An answer that is none."""


@dataclass(frozen=True, slots=True)
class _Kept:
    told: Any
    at: datetime


class Provider:
    """Asks the provider; what seldom changes is remembered. Whoever asks it waits `patience_s` at most."""

    def __init__(self, terms: OidcTerms, clock: Clock) -> None:
        self.terms = terms
        self._clock = clock
        self._kept: dict[str, _Kept] = {}
        self._asking = asyncio.Lock()

    async def login_url(self, flow: Flow) -> str:
        """Return where the browser goes. Raises SsoAway."""
        told = self.terms
        async with self._patient():
            endpoints = await self._endpoints()
        return rules.login_url(endpoints.authorization, told.client_id, told.redirect, told.scope, flow)

    async def vouched(self, code: str, named: str | None, flow: Flow) -> str:
        """Return for whom the provider vouches: the claim that names an account.

        `named` is the issuer that the answer itself named. Raises SsoAway, SsoRefused.
        """
        async with self._patient():
            endpoints = await self._endpoints()
            if named != self.terms.issuer and (named is not None or endpoints.names_itself):
                raise self._refused("the answer names another issuer")
            token = await self._token(endpoints, code, flow)
            claims = await self._claims(endpoints, token)
        now = self._clock.now()
        if wrong := rules.fault(claims, self.terms.issuer, self.terms.client_id, flow.nonce, now):
            raise self._refused(wrong)
        name = claims.get(self.terms.claim)
        if not isinstance(name, str) or not 0 < len(name) <= 80:
            raise self._refused(f"no claim {self.terms.claim}")
        return name

    async def _endpoints(self) -> Endpoints:
        issuer = self.terms.issuer

        async def read() -> Endpoints:
            return read_endpoints(issuer, await self._get(issuer.rstrip("/") + _DOCUMENT))

        found: Endpoints = await self._known("endpoints", read, FRESH)
        return found

    async def _claims(self, endpoints: Endpoints, token: str) -> dict[str, Any]:
        async def read() -> list[Any]:
            told = await self._get(endpoints.keys)
            if not isinstance(told, dict) or not isinstance(told.get("keys"), list):
                raise _Strange("no list of keys")
            return list(told["keys"])

        try:
            try:
                return claims_of(token, await self._known("keys", read, FRESH))
            except UnknownKey:  # perhaps they were changed
                return claims_of(token, await self._known("keys", read, NEW_KEYS_AFTER))
        except BadProof as error:
            raise self._refused(str(error)) from error

    async def _token(self, endpoints: Endpoints, code: str, flow: Flow) -> str:
        told = self.terms
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": told.redirect,
            "code_verifier": flow.verifier,
        }
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        if told.client_secret and endpoints.by_basic:
            who = f"{quote_plus(told.client_id)}:{quote_plus(told.client_secret)}"
            headers["Authorization"] = f"Basic {base64.b64encode(who.encode()).decode()}"
        else:
            form["client_id"] = told.client_id
            if told.client_secret:
                form["client_secret"] = told.client_secret
        status, answer = await self._ask(endpoints.token, "POST", urlencode(form).encode(), headers)
        if 400 <= status < 500:
            raise self._refused(f"the code was not taken ({status})")
        token = answer.get("id_token") if isinstance(answer, dict) else None
        if status != 200 or not isinstance(token, str):
            raise _Strange(f"no ID token ({status})")
        return token

    async def _known(self, what: str, read: Any, fresh: timedelta) -> Any:
        """Return what was read within `fresh`, else read it; what is older serves while it cannot be read."""
        async with self._asking:
            now, kept = self._clock.now(), self._kept.get(what)
            if kept is not None and now - kept.at < fresh:
                return kept.told
            try:
                self._kept[what] = _Kept(await read(), now)
            except (OSError, ValueError, _Strange) as error:
                if kept is None or now - kept.at >= STALE:
                    raise
                log.warning("sso_stale", what=what, error=repr(error))
            return self._kept[what].told

    async def _get(self, url: str) -> Any:
        status, told = await self._ask(url, "GET", b"", {})
        if status != 200:
            raise _Strange(f"{url} answered {status}")
        return told

    async def _ask(self, url: str, method: Any, body: bytes, headers: Mapping[str, str]) -> tuple[int, Any]:
        address = read_address(url)
        assert address is not None  # read_endpoints saw to it
        answer = await call(address, Asked(method, "", body, headers), MOST_BYTES, self.terms.tls)
        try:
            return answer.status, json.loads(answer.body)
        except ValueError:
            return answer.status, None

    @asynccontextmanager
    async def _patient(self) -> AsyncIterator[None]:
        """Wait no longer than anybody would, and name what went wrong in the log. Raises SsoAway."""
        try:
            async with asyncio.timeout(self.terms.patience_s):
                yield
        except (OSError, Garbled, ValueError, _Strange) as error:  # OSError: TimeoutError too
            log.warning("sso_away", issuer=self.terms.issuer, error=repr(error))
            raise SsoAway from error

    def _refused(self, why: str) -> SsoRefused:
        log.warning("sso_refused", issuer=self.terms.issuer, why=why)
        return SsoRefused()
