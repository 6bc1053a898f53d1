"""Tables of documents: the number series, the archived documents and their files."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Column, Index, LargeBinary, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field, SQLModel

from app.db import instant, none_yet


class NumberSeries(SQLModel, table=True):
    """The last number of a series (kind and place) in a year; the row is held until commit.

    `series` begins with the noun: report, order, transfer, or the kind of a document; one of a drill ends
    with `:drill`.
    """

    __tablename__ = "number_series"

    stream: str = Field(primary_key=True)
    series: str = Field(primary_key=True)
    year: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    last: int


class Document(SQLModel, table=True):
    """A document as it was printed; nothing of it changes any more (a trigger refuses it).

    `subject` is what it is of (order:12). `region_code` is the desk that filed it: those above may read it,
    as far as they may know every one of `incident_ids`. `fingerprint` is the SHA-256 of `content`, the words
    on the paper: the same words are the same document, other words its next `edition`.
    """

    __tablename__ = "document"
    __table_args__ = (
        UniqueConstraint("stream", "region_code", "kind", "subject", "edition", name="an_edition_is_one"),
        UniqueConstraint(
            "stream", "region_code", "kind", "subject", "fingerprint", name="the_same_words_are_one_document"
        ),
        Index("document_listed", "stream", "kind", "id"),
        Index("document_of_incident", "incident_ids", postgresql_using="gin"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    region_code: str = Field(foreign_key="region.code")
    kind: str
    subject: str
    edition: int
    fingerprint: str
    number: str = ""
    title: str
    unit: str = ""  # who issued it, as it stands on the paper
    drill: bool = False
    incident_ids: list[int] = Field(
        default_factory=none_yet, sa_column=Column(ARRAY(BigInteger), nullable=False)
    )
    content: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    made_at: datetime = instant()
    made_by: str
    template: str = ""  # SHA-256 of the template it was laid out by


class DocumentFile(SQLModel, table=True):
    """The bytes of a document in one form (pdf, docx): a reprint is these bytes."""

    __tablename__ = "document_file"

    document_id: int = Field(primary_key=True, foreign_key="document.id", sa_type=BigInteger)
    form: str = Field(primary_key=True)
    sha256: str
    data: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class DocumentPrint(SQLModel, table=True):
    """Somebody took a document out of the archive, to print or to keep."""

    __tablename__ = "document_print"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    document_id: int = Field(foreign_key="document.id", sa_type=BigInteger, index=True)
    form: str
    printed_at: datetime = instant()
    printed_by: str
    account_id: int | None = Field(default=None, foreign_key="account.id", sa_type=BigInteger)
