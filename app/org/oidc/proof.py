"""Whether a proof (ID token) was signed by one of the provider's keys."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from typing import Any

from app.org.oidc.rules import algorithms_of, may_sign

MOST_BYTES = 64_000


class BadProof(ValueError):
    """No proof, or signed by nobody we know."""


class UnknownKey(BadProof):
    """Signed by a key that is not among those we know: perhaps a new one."""


def claims_of(token: str, keys: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return what a proof says, once its signature holds. Raises BadProof, UnknownKey."""
    # Imported late: the library for ciphers is heavy, and few houses have a provider.
    from joserfc import jws, jwt
    from joserfc.errors import JoseError
    from joserfc.jwk import import_key

    if len(token) > MOST_BYTES:
        raise BadProof("too long")
    try:
        named = jws.extract_compact(token.encode()).headers().get("kid")
    except (JoseError, ValueError) as error:
        raise BadProof("no token") from error
    fitting = [key for key in keys if may_sign(key) and named in (None, key.get("kid"))]
    if not fitting:
        raise UnknownKey(f"no key {named}")
    for key in fitting:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return jwt.decode(token, import_key(dict(key)), algorithms=algorithms_of(key)).claims
        except (JoseError, ValueError) as error:
            said = f"{type(error).__name__}: {error}"
    raise BadProof(said)
