"""Table of field phones."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint
from sqlmodel import Field, SQLModel

from app.db import instant


class FieldPhone(SQLModel, table=True):
    """A phone that may log in by a one-time link, or did.

    Of the link, of the key the phone made itself and of its session only hashes are stored. `session_hash` is
    that of its `login_session`: revoking the phone ends that one and no other login of the account.
    """

    __tablename__ = "field_phone"
    __table_args__ = (
        CheckConstraint("(used_at IS NULL) = (key_hash IS NULL)", name="a_used_link_knows_its_phone"),
        CheckConstraint("(revoked_at IS NULL) = (revoked_by IS NULL)", name="a_revocation_has_a_name"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    person_id: int = Field(foreign_key="person.id", sa_type=BigInteger, index=True)
    account_id: int = Field(foreign_key="account.id", sa_type=BigInteger)
    link_hash: str = Field(unique=True)
    made_by: str
    made_at: datetime = instant()
    expires_at: datetime = instant()
    used_at: datetime | None = instant(nullable=True)
    key_hash: str | None = None
    session_hash: str | None = Field(default=None, index=True)
    label: str = ""
    revoked_at: datetime | None = instant(nullable=True)
    revoked_by: str | None = None
    revoke_reason: str = ""
