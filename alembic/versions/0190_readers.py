"""Who may know an incident also says who may know its orders, instructions and requests for supplies."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from alembic import op

revision = "0190_readers"
down_revision = "0150_assignments"
branch_labels = None
depends_on = None

READERS = """
UPDATE supply_request q SET restricted = i.restricted, readers = i.readers
  FROM incident i WHERE i.id = q.incident_id
"""


def upgrade() -> None:
    op.add_column(
        "supply_request", sa.Column("readers", ARRAY(sa.Text()), nullable=False, server_default="{}")
    )
    op.execute(READERS)
    for table in ("dispatch_order", "leader_instruction"):
        op.drop_column(table, "restricted")


def downgrade() -> None:
    for table in ("dispatch_order", "leader_instruction"):
        op.add_column(table, sa.Column("restricted", sa.Boolean(), nullable=False, server_default="false"))
    op.drop_column("supply_request", "readers")
