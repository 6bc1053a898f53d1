"""Closed loops: tasks with every step."""

import sqlalchemy as sa

from alembic import op

revision = "0511_tasks"
down_revision = "0510_drill_of_incidents"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "task",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("region_code", sa.String(), sa.ForeignKey("region.code"), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("kind", "state")),
        sa.Column("revision", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("title", "text", "source_kind")),
        sa.Column("source_id", sa.BigInteger(), nullable=True),
        sa.Column("source_words", sa.String(), nullable=False),
        sa.Column("unit_id", sa.BigInteger(), sa.ForeignKey("org_unit.id"), nullable=True),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("due_at", INSTANT, nullable=True),
        sa.Column("found_by", sa.String(), nullable=False),
        sa.Column("found_at", INSTANT, nullable=False),
        *(
            column
            for step in ("assigned", "fixed", "checked", "ended")
            for column in (
                sa.Column(f"{step}_by", sa.String(), nullable=True),
                sa.Column(f"{step}_at", INSTANT, nullable=True),
            )
        ),
        sa.Column("returns", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state NOT IN ('assigned', 'fixed', 'checked', 'closed') OR unit_id IS NOT NULL OR owner <> ''",
            name="what_is_assigned_is_somebodys",
        ),
        sa.CheckConstraint("state <> 'closed' OR checked_at IS NOT NULL", name="what_is_closed_was_checked"),
    )
    op.create_index(
        "task_open",
        "task",
        ["stream", "due_at"],
        postgresql_where=sa.text("state NOT IN ('closed', 'dropped')"),
    )
    op.create_index("task_of_source", "task", ["source_kind", "source_id"])
    op.create_table(
        "task_note",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("task_id", sa.BigInteger(), sa.ForeignKey("task.id"), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("step", "words", "by_name")),
        sa.Column("at", INSTANT, nullable=False),
    )
    op.create_index(op.f("ix_task_note_task_id"), "task_note", ["task_id"])


def downgrade() -> None:
    op.drop_table("task_note")
    op.drop_table("task")
