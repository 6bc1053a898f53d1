"""How the county's identity provider is spoken with, read of the settings."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.org.oidc.rules import read_issuer
from app.outward.address import read_address

if TYPE_CHECKING:
    from app.config import Settings

PATIENCE_S = 5.0  # for everything a login asks of the provider


@dataclass(frozen=True, slots=True)
class OidcTerms:
    """A provider and who we are to it. `claim` names, in its proof, the user name of an account of ours."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    redirect: str
    claim: str
    scope: str
    name: str
    tls: ssl.SSLContext | None = None
    patience_s: float = PATIENCE_S


def load_oidc(settings: Settings) -> OidcTerms | None:
    """Return how the provider is spoken with, None without one. Raises ValueError, OSError."""
    if not settings.oidc_issuer:
        return None
    if not settings.oidc_client_id or read_address(settings.oidc_redirect_url) is None:
        raise ValueError(
            "还需要 ZHISHOU_OIDC_CLIENT_ID 和 ZHISHOU_OIDC_REDIRECT_URL(登录页的完整地址,如 https://zhishou.example/)\n"
            "ZHISHOU_OIDC_CLIENT_ID and ZHISHOU_OIDC_REDIRECT_URL (the whole address of the login page, "
            "like https://zhishou.example/) are needed too"
        )
    ca = settings.oidc_ca
    return OidcTerms(
        read_issuer(settings.oidc_issuer),
        settings.oidc_client_id,
        settings.oidc_client_secret.get_secret_value(),
        settings.oidc_redirect_url,
        settings.oidc_claim,
        settings.oidc_scope,
        settings.oidc_name,
        ssl.create_default_context(cafile=str(ca)) if ca else None,
    )
