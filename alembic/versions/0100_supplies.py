"""Supplies: items, warehouses, lots, the books, requests, transfer orders, stock-takes."""

import sqlalchemy as sa

from alembic import op

revision = "0100_supplies"
down_revision = "0093_notices"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "supply_item",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name_zh", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.CheckConstraint(
            "code ~ '^[123](0[1-9]|[1-9][0-9]){3}$'", name="supply_item_code_has_seven_digits_in_four_layers"
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("stream", "name_zh", name="supply_item_name_once"),
    )
    op.create_table(
        "supply_transfer_number",
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("stream", "year"),
    )
    op.create_table(
        "supply_lot",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("item_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["item_id"], ["supply_item.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("item_id", "number", name="supply_lot_number_once_an_item"),
    )
    op.create_table(
        "supply_warehouse",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("name_zh", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("region_code", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("keeper", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("lon", sa.Float(), nullable=False),
        sa.Column("lat", sa.Float(), nullable=False),
        sa.CheckConstraint("level IN ('city', 'township')", name="supply_warehouse_level_is_known"),
        sa.ForeignKeyConstraint(["region_code"], ["region.code"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("stream", "name_zh", name="supply_warehouse_name_once"),
    )
    op.create_table(
        "supply_balance",
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("place", sa.BigInteger(), nullable=False),
        sa.Column("lot_id", sa.BigInteger(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "quantity >= 0 OR account NOT IN ('shelf', 'reserved', 'transit', 'field')",
            name="supply_balance_is_never_below_zero",
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["supply_lot.id"]),
        sa.PrimaryKeyConstraint("account", "place", "lot_id"),
    )
    op.create_index("supply_balance_of_lot", "supply_balance", ["lot_id"])
    op.create_table(
        "supply_expiry_alert",
        sa.Column("warehouse_id", sa.BigInteger(), nullable=False),
        sa.Column("lot_id", sa.BigInteger(), nullable=False),
        sa.Column("stage", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("told_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["lot_id"], ["supply_lot.id"]),
        sa.ForeignKeyConstraint(["warehouse_id"], ["supply_warehouse.id"]),
        sa.PrimaryKeyConstraint("warehouse_id", "lot_id", "stage"),
    )
    op.create_table(
        "supply_request",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("region_code", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("lon", sa.Float(), nullable=False),
        sa.Column("lat", sa.Float(), nullable=False),
        sa.Column("to_warehouse_id", sa.BigInteger(), nullable=True),
        sa.Column("incident_id", sa.BigInteger(), nullable=True),
        sa.Column("incident_number", sa.String(), nullable=False),
        sa.Column("restricted", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("key_period", sa.String(), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("told_at", INSTANT, nullable=False),
        sa.Column("entered_at", INSTANT, nullable=False),
        sa.Column("entered_by", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("voucher", sa.String(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'restock') = (to_warehouse_id IS NOT NULL)", name="supply_request_restocks_a_warehouse"
        ),
        sa.CheckConstraint(
            "kind IN ('relief', 'preposition', 'restock')", name="supply_request_kind_is_known"
        ),
        sa.ForeignKeyConstraint(["region_code"], ["region.code"]),
        sa.ForeignKeyConstraint(["to_warehouse_id"], ["supply_warehouse.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_supply_request_incident_id", "supply_request", ["incident_id"])
    op.create_table(
        "supply_stock_take",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("warehouse_id", sa.BigInteger(), nullable=False),
        sa.Column("counted_by", sa.String(), nullable=False),
        sa.Column("counted_at", INSTANT, nullable=False),
        sa.Column("entered_at", INSTANT, nullable=False),
        sa.Column("entered_by", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["warehouse_id"], ["supply_warehouse.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_supply_stock_take_warehouse_id", "supply_stock_take", ["warehouse_id"])
    op.create_table(
        "supply_need",
        sa.Column("request_id", sa.BigInteger(), nullable=False),
        sa.Column("item_id", sa.BigInteger(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("missing", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["supply_item.id"]),
        sa.ForeignKeyConstraint(["request_id"], ["supply_request.id"]),
        sa.PrimaryKeyConstraint("request_id", "item_id"),
    )
    op.create_table(
        "supply_stock_take_line",
        sa.Column("stock_take_id", sa.BigInteger(), nullable=False),
        sa.Column("lot_id", sa.BigInteger(), nullable=False),
        sa.Column("booked", sa.Integer(), nullable=False),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["lot_id"], ["supply_lot.id"]),
        sa.ForeignKeyConstraint(["stock_take_id"], ["supply_stock_take.id"]),
        sa.PrimaryKeyConstraint("stock_take_id", "lot_id"),
    )
    op.create_table(
        "supply_transfer",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("request_id", sa.BigInteger(), nullable=False),
        sa.Column("warehouse_id", sa.BigInteger(), nullable=False),
        sa.Column("replans_id", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("cancel_reason", sa.String(), nullable=False),
        sa.CheckConstraint(
            "state IN ('reserved', 'issued', 'under_way', 'delivered', 'settled', 'cancelled')",
            name="supply_transfer_state_is_known",
        ),
        sa.ForeignKeyConstraint(["replans_id"], ["supply_transfer.id"]),
        sa.ForeignKeyConstraint(["request_id"], ["supply_request.id"]),
        sa.ForeignKeyConstraint(["warehouse_id"], ["supply_warehouse.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("stream", "year", "serial", name="supply_transfer_number_once_a_year"),
    )
    op.create_index("ix_supply_transfer_request_id", "supply_transfer", ["request_id"])
    op.create_index("ix_supply_transfer_warehouse_id", "supply_transfer", ["warehouse_id"])
    op.create_index("supply_transfer_state", "supply_transfer", ["stream", "state"])
    op.create_table(
        "supply_movement",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("lot_id", sa.BigInteger(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("transfer_id", sa.BigInteger(), nullable=True),
        sa.Column("stock_take_id", sa.BigInteger(), nullable=True),
        sa.Column("happened_at", INSTANT, nullable=False),
        sa.Column("entered_at", INSTANT, nullable=False),
        sa.Column("entered_by", sa.String(), nullable=False),
        sa.CheckConstraint("quantity > 0", name="supply_movement_moves_something"),
        sa.ForeignKeyConstraint(["lot_id"], ["supply_lot.id"]),
        sa.ForeignKeyConstraint(["stock_take_id"], ["supply_stock_take.id"]),
        sa.ForeignKeyConstraint(["transfer_id"], ["supply_transfer.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("supply_movement_of_stream", "supply_movement", ["stream", "id"])
    op.create_table(
        "supply_signature",
        sa.Column("transfer_id", sa.BigInteger(), nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("vehicle", sa.String(), nullable=False),
        sa.Column("signed_at", INSTANT, nullable=False),
        sa.Column("told_at", INSTANT, nullable=False),
        sa.Column("entered_at", INSTANT, nullable=False),
        sa.Column("entered_by", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("voucher", sa.String(), nullable=False),
        sa.CheckConstraint("part IN ('issue', 'carry', 'receive')", name="supply_signature_part_is_known"),
        sa.ForeignKeyConstraint(["transfer_id"], ["supply_transfer.id"]),
        sa.PrimaryKeyConstraint("transfer_id", "part"),
    )
    op.create_table(
        "supply_transfer_line",
        sa.Column("transfer_id", sa.BigInteger(), nullable=False),
        sa.Column("lot_id", sa.BigInteger(), nullable=False),
        sa.Column("reserved", sa.Integer(), nullable=False),
        sa.Column("issued", sa.Integer(), nullable=True),
        sa.Column("received", sa.Integer(), nullable=True),
        sa.Column("returned", sa.Integer(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("issue_reason", sa.String(), nullable=False),
        sa.Column("difference_reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["lot_id"], ["supply_lot.id"]),
        sa.ForeignKeyConstraint(["transfer_id"], ["supply_transfer.id"]),
        sa.PrimaryKeyConstraint("transfer_id", "lot_id"),
    )
    op.create_table(
        "supply_line",
        sa.Column("movement_id", sa.BigInteger(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("place", sa.BigInteger(), nullable=False),
        sa.Column("lot_id", sa.BigInteger(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["movement_id"], ["supply_movement.id"]),
        sa.PrimaryKeyConstraint("movement_id", "account"),
    )
    op.create_index("supply_line_of_account", "supply_line", ["account", "place", "lot_id"])
