"""Warnings: sources, raw messages, chains."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from alembic import op

revision = "0310_warnings"
down_revision = "0321_responses"
branch_labels = None
depends_on = None


def _text(*names: str) -> list[sa.Column]:
    return [sa.Column(name, sa.String(), nullable=False) for name in names]


def _at(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "warning_source",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        *_text("stream", "key", "name", "means", "auth", "secret", "url"),
        sa.Column("every_s", sa.Integer(), nullable=False),
        sa.Column("senders", ARRAY(sa.Text()), nullable=False),
        *_text("etag"),
        sa.Column("seen", ARRAY(sa.Text()), nullable=False),
        _at("next_at", nullable=True),
        _at("heard_at", nullable=True),
        *_text("trouble_zh", "trouble_en", "made_by"),
        _at("made_at"),
        _at("revoked_at", nullable=True),
        sa.Column("revoked_by", sa.String(), nullable=True),
        sa.UniqueConstraint("key", name="warning_source_key_key"),
        sa.CheckConstraint("(means = 'poll') = (url <> '')", name="a_polled_source_has_an_address"),
    )
    op.create_index("warning_source_due", "warning_source", ["stream", "next_at"])
    op.create_table(
        "warning",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        *_text("stream"),
        sa.Column("keys", ARRAY(sa.Text()), nullable=False),
        *_text("standing", "status"),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        *_text("title", "event_code", "event_name"),
        sa.Column("colour", sa.String(), nullable=True),
        *_text("issuer"),
        *(_at(name) for name in ("issued_at", "effective", "expires")),
        sa.Column("expires_assumed", sa.Boolean(), nullable=False),
        sa.Column("concern", ARRAY(sa.Text()), nullable=False),
        sa.Column("unit_names", ARRAY(sa.Text()), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("people", "waiting", "revision")),
        sa.Column("acks", JSONB(), nullable=False),
        *(_at(name) for name in ("first_at", "changed_at")),
        sa.Column("merged_into", sa.BigInteger(), sa.ForeignKey("warning.id"), nullable=True),
    )
    op.create_index("warning_standing", "warning", ["stream", "standing", "id"])
    op.create_index("warning_keys", "warning", ["keys"], postgresql_using="gin")
    op.create_table(
        "warning_message",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        *_text("stream"),
        sa.Column("source_id", sa.BigInteger(), sa.ForeignKey("warning_source.id"), nullable=True),
        *_text("source_name", "means", "format", "sha256"),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("findings", JSONB(), nullable=False),
        *_text("outcome", "identifier", "sender"),
        sa.Column("bulletin", JSONB(), nullable=True),
        sa.Column("units", JSONB(), nullable=True),
        sa.Column("warning_id", sa.BigInteger(), sa.ForeignKey("warning.id"), nullable=True),
        sa.Column("vouched", sa.Boolean(), nullable=True),
        *_text("vouched_by"),
        _at("vouched_at", nullable=True),
        *_text("vouch_reason"),
        _at("received_at"),
        *_text("entered_by"),
    )
    op.create_index("warning_message_once", "warning_message", ["stream", "sha256"], unique=True)
    op.create_index("warning_message_of_chain", "warning_message", ["warning_id"])
    op.create_index("warning_message_latest", "warning_message", ["stream", "id"])
    op.create_index("warning_message_identity", "warning_message", ["stream", "identifier"])
    op.create_index("warning_message_of_source", "warning_message", ["source_id", "received_at"])


def downgrade() -> None:
    for name in ("warning_message", "warning", "warning_source"):
        op.drop_table(name)
