"""One series of numbers for all documents, one archive for their bytes; drafts of free texts."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from alembic import op

revision = "0300_documents"
down_revision = "0291_late_sheets"
branch_labels = None
depends_on = None

AT = sa.DateTime(timezone=True)


def _text(*names: str, null: bool = False) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String(), nullable=null) for name in names]


def upgrade() -> None:
    _series()
    _archive()
    _drafts()


def _series() -> None:
    op.create_table(
        "number_series",
        sa.Column("stream", sa.String(), primary_key=True),
        sa.Column("series", sa.String(), primary_key=True),
        sa.Column("year", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("last", sa.Integer(), nullable=False),
    )
    # Each noun counted for itself: what it counted goes on. A report's series was region:kind.
    op.execute(
        "INSERT INTO number_series SELECT stream, 'report_' || split_part(series, ':', 2) || ':' "
        "|| split_part(series, ':', 1), year, last FROM report_number"
    )
    op.execute("INSERT INTO number_series SELECT stream, 'order:' || series, year, last FROM order_number")
    op.execute("INSERT INTO number_series SELECT stream, 'transfer', year, last FROM supply_transfer_number")
    for table in ("report_number", "order_number", "supply_transfer_number"):
        op.drop_table(table)


def _archive() -> None:
    op.create_table(
        "document",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        *_text("stream"),
        sa.Column("region_code", sa.String(), sa.ForeignKey("region.code"), nullable=False),
        *_text("kind", "subject", "fingerprint", "number", "title", "unit", "made_by", "template"),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("drill", sa.Boolean(), nullable=False),
        sa.Column("incident_ids", ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("content", JSONB(), nullable=False),
        sa.Column("made_at", AT, nullable=False),
        sa.UniqueConstraint("stream", "region_code", "kind", "subject", "edition", name="an_edition_is_one"),
        sa.UniqueConstraint(
            "stream", "region_code", "kind", "subject", "fingerprint", name="the_same_words_are_one_document"
        ),
    )
    op.create_index("document_listed", "document", ["stream", "kind", "id"])
    op.create_index("document_of_incident", "document", ["incident_ids"], postgresql_using="gin")
    op.create_table(
        "document_file",
        sa.Column("document_id", sa.BigInteger(), sa.ForeignKey("document.id"), primary_key=True),
        sa.Column("form", sa.String(), primary_key=True),
        *_text("sha256"),
        sa.Column("data", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "document_print",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("document_id", sa.BigInteger(), sa.ForeignKey("document.id"), nullable=False),
        *_text("form", "printed_by"),
        sa.Column("printed_at", AT, nullable=False),
        sa.Column("account_id", sa.BigInteger(), sa.ForeignKey("account.id"), nullable=True),
    )
    op.create_index("ix_document_print_document_id", "document_print", ["document_id"])
    _move_papers()
    op.execute(
        "CREATE FUNCTION refuse_document_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'a document in the archive is not changed'; END $$"
    )
    for table in ("document", "document_file"):
        op.execute(
            f"CREATE TRIGGER {table}_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_document_change()"
        )


def _move_papers() -> None:
    """Put the papers of reports that were signed so far into the archive, byte by byte."""
    op.execute(
        """
        INSERT INTO document (stream, region_code, kind, subject, edition, fingerprint, number, title, unit,
                              drill, incident_ids, content, made_at, made_by, template)
        SELECT r.stream, r.region_code, 'report_' || r.kind, 'report:' || r.id, p.edition,
               encode(sha256(convert_to('report:' || r.id || ':' || p.edition, 'UTF8')), 'hex'),
               coalesce(r.number, ''), r.title, g.name_zh, false, ARRAY[r.incident_id],
               jsonb_build_object('text', r.text), min(p.made_at), coalesce(r.signed_by, r.consent_of), ''
          FROM report_paper p JOIN written_report r ON r.id = p.report_id
          JOIN region g ON g.code = r.region_code
         GROUP BY r.id, p.edition, g.name_zh
        """
    )
    op.execute(
        """
        INSERT INTO document_file (document_id, form, sha256, data)
        SELECT d.id, p.form, p.sha256, p.data FROM report_paper p
          JOIN document d ON d.subject = 'report:' || p.report_id AND d.edition = p.edition
        """
    )
    op.drop_table("report_paper")


def _drafts() -> None:
    op.create_table(
        "document_draft",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        *_text("stream"),
        sa.Column("region_code", sa.String(), sa.ForeignKey("region.code"), nullable=False),
        *_text("kind", "state", "title", "text", "secrecy", "urgency", "chaired_by", "place", "participants"),
        *_text("contact", "drafted_by", "dropped_reason"),
        *_text("signed_by", "dropped_by", "number", null=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("drill", sa.Boolean(), nullable=False),
        sa.Column("incident_id", sa.BigInteger(), sa.ForeignKey("incident.id"), nullable=True),
        sa.Column("about_ids", ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("held_at", AT, nullable=True),
        sa.Column("addressees", ARRAY(sa.String()), nullable=False),
        sa.Column("copies", ARRAY(sa.String()), nullable=False),
        sa.Column("drafted_at", AT, nullable=False),
        sa.Column("signed_at", AT, nullable=True),
        sa.Column("document_id", sa.BigInteger(), sa.ForeignKey("document.id"), nullable=True),
    )
    op.create_index("document_draft_state", "document_draft", ["stream", "state", "id"])
    op.create_index("ix_document_draft_incident_id", "document_draft", ["incident_id"])
