"""Whistles: the departments that report on site, and what became an incident."""

import sqlalchemy as sa

from alembic import op

revision = "0560_whistles"
down_revision = "0550_drones"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("task", sa.Column("urgent", sa.Boolean(), server_default="false", nullable=False))
    op.add_column("task", sa.Column("incident_id", sa.BigInteger(), nullable=True))
    op.create_check_constraint(  # expand: what ran before never writes 'converted'
        "what_was_converted_names_its_incident", "task", "(state = 'converted') = (incident_id IS NOT NULL)"
    )
    op.create_table(
        "task_arrival",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("task_id", sa.BigInteger(), sa.ForeignKey("task.id"), nullable=False),
        sa.Column("unit_id", sa.BigInteger(), sa.ForeignKey("org_unit.id"), nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("arrived_at", INSTANT, nullable=True),
        sa.Column("arrived_name", sa.String(), nullable=False),
        sa.Column("told_by", sa.String(), nullable=True),
        sa.Column("overdue_at", INSTANT, nullable=True),
        sa.UniqueConstraint("task_id", "unit_id", name="a_whistle_calls_a_department_once"),
        sa.CheckConstraint("(arrived_at IS NULL) = (arrived_name = '')", name="who_came_has_a_name"),
    )
    op.create_index(
        "task_arrival_waits",
        "task_arrival",
        ["due_at"],
        postgresql_where=sa.text("arrived_at IS NULL AND overdue_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("task_arrival")
    op.drop_constraint("what_was_converted_names_its_incident", "task")
    op.drop_column("task", "incident_id")
    op.drop_column("task", "urgent")
