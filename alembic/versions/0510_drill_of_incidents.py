"""Incidents, alarms and notices belong to a drill; what grows from them is known as such."""

import sqlalchemy as sa

from alembic import op

revision = "0510_drill_of_incidents"
down_revision = "0503_named_columns"
branch_labels = None
depends_on = None
contract = "0503_named_columns"  # programs of before refuse an incident with a column they do not know

ONE_ALARM = "one_unsettled_alarm_per_device_and_kind"
UNSETTLED = sa.text("state IN ('open', 'acknowledged')")


def upgrade() -> None:
    for table in ("incident", "alarm", "intake_notice"):
        op.add_column(table, sa.Column("drill_id", sa.BigInteger(), nullable=True))
    for table in ("assignment", "written_report"):
        op.add_column(table, sa.Column("drill", sa.Boolean(), server_default="false", nullable=False))
    op.create_index(
        "incident_of_drill", "incident", ["drill_id"], postgresql_where=sa.text("drill_id IS NOT NULL")
    )
    op.drop_index(ONE_ALARM, "alarm")  # expand: one that lets more in takes its place
    op.create_index(
        ONE_ALARM,
        "alarm",
        ["device_id", "kind", "subject", sa.text("coalesce(drill_id, 0)")],
        unique=True,
        postgresql_where=UNSETTLED,
    )
    op.drop_constraint("a_drill_is_told_in_the_app_alone", "delivery", type_="check")
    told = "NOT drill OR channel = 'app' OR state = 'cancelled'"
    op.create_check_constraint(  # expand: it lets more in than the one before
        "a_drill_is_told_in_the_app_alone", "delivery", told
    )


def downgrade() -> None:
    op.execute("DELETE FROM delivery WHERE drill AND channel <> 'app'")
    op.drop_constraint("a_drill_is_told_in_the_app_alone", "delivery", type_="check")
    op.create_check_constraint("a_drill_is_told_in_the_app_alone", "delivery", "NOT drill OR channel = 'app'")
    op.drop_index(ONE_ALARM, "alarm")
    op.create_index(
        ONE_ALARM, "alarm", ["device_id", "kind", "subject"], unique=True, postgresql_where=UNSETTLED
    )
    op.drop_index("incident_of_drill", "incident")
    for table in ("written_report", "assignment"):
        op.drop_column(table, "drill")
    for table in ("intake_notice", "alarm", "incident"):
        op.drop_column(table, "drill_id")
