"""Notices to persons; checks sent and answered by device; who was told of a check or a rectification."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "0093_notices"
down_revision = "0092_declared_periods"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "notice",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=True),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("concern_regions", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("sent_by", sa.String(), nullable=False),
        sa.Column("sent_at", INSTANT, nullable=False),
        sa.Column("next_step_at", INSTANT, nullable=True),
        sa.Column("read_at", INSTANT, nullable=True),
        sa.Column("read_means", sa.String(), nullable=True),
        sa.UniqueConstraint("stream", "person_id", "key", name="a_person_is_told_a_matter_once"),
    )
    op.create_index(
        "notice_waits", "notice", ["next_step_at"], postgresql_where=sa.text("next_step_at IS NOT NULL")
    )
    op.create_index("notice_of_person", "notice", ["person_id", "id"])
    op.add_column("delivery", sa.Column("notice_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key("delivery_notice_id_fkey", "delivery", "notice", ["notice_id"], ["id"])
    op.add_column("spot_check", sa.Column("owner_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key("spot_check_owner_id_fkey", "spot_check", "person", ["owner_id"], ["id"])
    op.add_column("spot_check", sa.Column("told", sa.String(), nullable=False, server_default=""))
    op.add_column("rectification", sa.Column("told", sa.String(), nullable=False, server_default=""))
    # What stands open already is nobody's news.
    op.execute("UPDATE spot_check SET told = 'lead' WHERE starts_at < now()")
    op.execute("UPDATE rectification SET told = 'overdue' WHERE due_at < now()")
    op.add_column("spot_attempt", sa.Column("source", sa.String(), nullable=False, server_default="typed"))
    for name, other in (("device_id", "device"), ("delivery_id", "delivery")):
        op.add_column("spot_attempt", sa.Column(name, sa.BigInteger(), nullable=True))
        op.create_foreign_key(f"spot_attempt_{name}_fkey", "spot_attempt", other, [name], ["id"])
    op.create_index("ix_spot_attempt_device_id", "spot_attempt", ["device_id"])
    for name in ("code", "answer"):
        op.add_column("spot_attempt", sa.Column(name, sa.String(), nullable=False, server_default=""))
    op.create_index("ix_delivery_notice_id", "delivery", ["notice_id"])
    op.add_column("delivery", sa.Column("addressee", sa.String(), nullable=False, server_default=""))
