"""Drills with their scripts, controllers and hidden injects."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from alembic import op

revision = "0512_drills"
down_revision = "0511_tasks"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "drill",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        *(
            sa.Column(name, sa.String(), nullable=False)
            for name in ("stream", "number", "code", "name", "kind")
        ),
        sa.Column("no_script", sa.Boolean(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("planned_at", INSTANT, nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("started_at", INSTANT, nullable=True),
        sa.Column("paused_at", INSTANT, nullable=True),
        sa.Column("pause_reason", sa.String(), nullable=False),
        sa.Column("stood_still_s", sa.Integer(), nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("live_voice", sa.Boolean(), nullable=False),
        sa.Column("live_voice_by", sa.String(), nullable=True),
        sa.Column("director", sa.String(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("summary", sa.String(), nullable=False),
        sa.Column("evaluated_by", sa.String(), nullable=True),
        sa.Column("evaluated_at", INSTANT, nullable=True),
        sa.UniqueConstraint("stream", "number", name="a_drill_number_is_given_once"),
        sa.CheckConstraint(
            "live_voice = (live_voice_by IS NOT NULL)", name="somebody_lets_loudspeakers_sound"
        ),
        sa.CheckConstraint("(state = 'paused') = (paused_at IS NOT NULL)", name="a_pause_has_its_beginning"),
    )
    op.create_index(
        "drill_under_way",
        "drill",
        ["stream"],
        postgresql_where=sa.text("state IN ('running', 'paused')"),
    )
    op.create_table(
        "drill_member",
        sa.Column("drill_id", sa.BigInteger(), sa.ForeignKey("drill.id"), primary_key=True),
        sa.Column("account_id", sa.BigInteger(), sa.ForeignKey("account.id"), primary_key=True),
        sa.Column("role", sa.String(), nullable=False),
    )
    op.create_table(
        "drill_inject",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("drill_id", sa.BigInteger(), sa.ForeignKey("drill.id"), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("spec", JSONB(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("fired_at", INSTANT, nullable=True),
        sa.Column("moved_by", sa.String(), nullable=False),
        sa.Column("notice_id", sa.BigInteger(), sa.ForeignKey("intake_notice.id"), nullable=True),
        sa.Column("alarm_id", sa.BigInteger(), sa.ForeignKey("alarm.id"), nullable=True),
        sa.Column("done_at", INSTANT, nullable=True),
        sa.Column("done_by", sa.String(), nullable=False),
        sa.Column("remark", sa.String(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=True),
        sa.UniqueConstraint("drill_id", "key", name="an_inject_is_named_once"),
    )


def downgrade() -> None:
    for table in ("drill_inject", "drill_member", "drill"):
        op.drop_table(table)
