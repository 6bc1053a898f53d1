"""Table of logins by the provider."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from app.db import instant


class OidcLogin(SQLModel, table=True):
    """A login that the provider vouched for, once: until it is over its proof is not taken again.

    Nothing is stored before that, so that strangers cannot fill it. It opens one session, after the code of
    the second factor where the account asks for one.
    """

    __tablename__ = "oidc_login"

    flow_hash: str = Field(primary_key=True)
    account_id: int = Field(foreign_key="account.id", sa_type=BigInteger, index=True)
    expires_at: datetime = instant()
    spent: bool = False
