"""Cross-border notices: which neighbour was told of an incident, and who received it."""

import sqlalchemy as sa

from alembic import op

revision = "0260_handoffs"
down_revision = "0200_force_register"
branch_labels = None
depends_on = None


def _moment(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "handoff_notice",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("incident_id", sa.BigInteger(), sa.ForeignKey("incident.id"), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("partner_id", sa.BigInteger(), sa.ForeignKey("mutual_aid_partner.id"), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("means", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        _moment("happened_at"),
        _moment("told_at"),
        _moment("entered_at"),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("voucher", sa.String(), nullable=False),
        sa.Column("sent_by", sa.String(), nullable=False),
        sa.Column("received_by", sa.String(), nullable=True),
        _moment("received_at", nullable=True),
        _moment("receipt_told_at", nullable=True),
        _moment("receipt_entered_at", nullable=True),
        sa.Column("receipt_channel", sa.String(), nullable=False),
        sa.Column("receipt_voucher", sa.String(), nullable=False),
        sa.Column("receipt_entered_by", sa.String(), nullable=True),
        sa.CheckConstraint("(received_at IS NULL) = (received_by IS NULL)", name="a_receipt_is_whole"),
        sa.CheckConstraint("received_at >= happened_at", name="a_notice_is_received_after_it_was_sent"),
    )
    op.create_index("ix_handoff_notice_incident_id", "handoff_notice", ["incident_id"])


def downgrade() -> None:
    op.drop_table("handoff_notice")
