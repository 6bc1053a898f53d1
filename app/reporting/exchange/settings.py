"""How a house sends reports to others and takes them in, as its settings say."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from pathlib import Path

from app.config import Settings
from app.reporting.exchange.courier import ExchangeTerms
from app.reporting.exchange.keyring import Keyring
from app.reporting.exchange.mailer import MailServer


def load_exchange(settings: Settings) -> ExchangeTerms:
    """Return how reports go out. Raises ValueError in both languages for what cannot be meant."""
    if settings.mail_host and not settings.mail_from:
        raise ValueError(
            "设置了 ZHISHOU_MAIL_HOST 就须设置 ZHISHOU_MAIL_FROM(发件地址)"
            " / ZHISHOU_MAIL_HOST needs ZHISHOU_MAIL_FROM, the sender's address"
        )
    if settings.exchange_ca is not None:
        _trusting(settings.exchange_ca)  # a file that vouches for nobody stops the start
    return ExchangeTerms(
        keys=Keyring(settings.exchange_keys_file, settings.exchange_keys.get_secret_value()),
        mail=MailServer(
            host=settings.mail_host,
            port=settings.mail_port,
            security=settings.mail_security,
            user=settings.mail_user,
            password=settings.mail_password.get_secret_value(),
            sender=settings.mail_from,
            tls=_trusting(settings.exchange_ca) if settings.exchange_ca is not None else None,
        ),
        tls=_trust(settings.exchange_ca),
        alarm_after=timedelta(seconds=settings.exchange_alarm_s),
        zone=settings.zone,
    )


def _trust(ca: Path | None) -> Callable[[], ssl.SSLContext]:
    return lambda: _trusting(ca)


@cache
def _trusting(ca: Path | None) -> ssl.SSLContext:
    """Return whom we trust: the system's authorities and the county's own."""
    context = ssl.create_default_context()
    if ca is not None:
        try:
            context.load_verify_locations(cafile=ca)
        except (OSError, ssl.SSLError) as error:
            raise ValueError(
                f"ZHISHOU_EXCHANGE_CA {ca} 无法读取 / cannot be read: {type(error).__name__}"
            ) from error
    return context
