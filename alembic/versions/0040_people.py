"""Units with kinds and two superiors; people with more numbers, qualifications and an end."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "0040_people"
down_revision = "0060_spot_check"
branch_labels = None
depends_on = None

# What a unit can be (rules A1.1), and how many posts a station needs, how many full-time (A1.5).
KINDS = (
    ("centre", "应急指挥中心", "Emergency operations centre", 0, 0),
    ("city", "市(县)", "City or county", 0, 0),
    ("department", "部门", "Department", 0, 0),
    ("subdistrict", "街道", "Subdistrict", 6, 2),
    ("township", "乡镇", "Township", 6, 2),
    ("farm", "场", "State farm", 6, 2),
    ("park", "园区", "Industrial park", 6, 2),
    ("village", "村", "Village", 0, 0),
    ("community", "社区", "Community", 0, 0),
    ("team_base", "队伍驻地", "Team base", 0, 0),
    ("enterprise", "企业", "Enterprise", 0, 0),
)
NO_TEXTS = {"type_": postgresql.ARRAY(sa.Text()), "nullable": False, "server_default": "{}"}


def upgrade() -> None:
    kinds = op.create_table(
        "unit_kind",
        sa.Column("code", sa.String(), primary_key=True),
        sa.Column("name_zh", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("min_posts", sa.Integer(), nullable=False),
        sa.Column("min_full_time", sa.Integer(), nullable=False),
        sa.CheckConstraint("min_full_time <= min_posts", name="unit_kind_minimum_is_sane"),
    )
    names = ("code", "name_zh", "name_en", "min_posts", "min_full_time", "ordinal")
    op.bulk_insert(kinds, [dict(zip(names, (*kind, n), strict=True)) for n, kind in enumerate(KINDS)])
    op.add_column(
        "org_unit",
        sa.Column("business_parent_id", sa.BigInteger(), sa.ForeignKey("org_unit.id"), nullable=True),
    )
    op.add_column("org_unit", sa.Column("active", sa.Boolean(), nullable=False, server_default="true"))
    for name in ("phone_labels", "qualifications"):
        op.add_column("person", sa.Column(name, **NO_TEXTS))
    for name in ("call_sign", "satellite_number", "beidou_number"):
        op.add_column("person", sa.Column(name, sa.String(), nullable=False, server_default=""))
    op.add_column("person", sa.Column("full_time", sa.Boolean(), nullable=False, server_default="false"))
    op.add_column("person", sa.Column("active", sa.Boolean(), nullable=False, server_default="true"))
    # What is there already: eleven digits that begin with 1 are a mobile, the rest stands on a desk.
    op.execute(
        """
        UPDATE person SET phone_labels = ARRAY(
          SELECT CASE WHEN phone ~ '^1[0-9]{10}$' THEN 'mobile' ELSE 'office' END
            FROM unnest(phones) WITH ORDINALITY AS told(phone, n) ORDER BY n)
        """
    )
