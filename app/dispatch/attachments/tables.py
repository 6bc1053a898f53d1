"""Tables of attachments: the files lie under their hash, here is what they are and whose."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint
from sqlmodel import Field, SQLModel

from app.db import instant


class Attachment(SQLModel, table=True):
    """A file of an incident, of a notice, or of both once the notice was joined."""

    __tablename__ = "attachment"
    __table_args__ = (
        CheckConstraint("num_nonnulls(incident_id, notice_id) > 0", name="attachment_belongs_to_something"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    incident_id: int | None = Field(default=None, foreign_key="incident.id", sa_type=BigInteger, index=True)
    notice_id: int | None = Field(
        default=None, foreign_key="intake_notice.id", sa_type=BigInteger, index=True
    )
    sha256: str
    size: int = Field(sa_type=BigInteger)
    media_type: str
    kind: str
    name: str
    caption: str = ""
    channel: str = "desk"
    happened_at: datetime | None = instant(nullable=True)
    told_at: datetime = instant()
    added_at: datetime = instant()
    added_by: str
    account_id: int = Field(foreign_key="account.id", sa_type=BigInteger)
    camera_id: int | None = Field(default=None, foreign_key="camera.id", sa_type=BigInteger)
    camera_name: str = Field(default="", sa_column_kwargs={"server_default": ""})
    withdrawn_at: datetime | None = instant(nullable=True)
    withdrawn_by: str | None = None
    withdrawn_reason: str = Field(default="", sa_column_kwargs={"server_default": ""})
