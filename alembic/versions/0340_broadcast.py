"""Emergency broadcast: platforms, terminals, messages, targets, results and what is handed over."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "0340_broadcast"
down_revision = "0301_rules_withdrawn"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _peer()
    _terminal()
    _file()
    _message()
    _handover()
    _repair()
    _result()
    _target()
    _verification()


def _peer() -> None:
    op.create_table(
        "broadcast_peer",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("resource_code", sa.String(), nullable=False),
        sa.Column("region_code", sa.String(), nullable=False),
        sa.Column("drills", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.CheckConstraint("resource_code ~ '^[1-6][0-9]{22}$'", name="broadcast_peer_has_an_ebrid"),
        sa.ForeignKeyConstraint(
            ["region_code"],
            ["region.code"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("stream", "resource_code", name="broadcast_peer_once"),
    )


def _terminal() -> None:
    op.create_table(
        "broadcast_terminal",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("resource_code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("region_code", sa.String(), nullable=False),
        sa.Column("lon", sa.Float(), nullable=True),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("peer_id", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("state_words", sa.String(), nullable=False),
        sa.Column("state_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("return_capable", sa.Boolean(), nullable=False),
        sa.Column("real", sa.Boolean(), nullable=False),
        sa.Column("drills", sa.Boolean(), nullable=False),
        sa.CheckConstraint("resource_code ~ '^[1-6][0-9]{22}$'", name="broadcast_terminal_has_an_ebrid"),
        sa.CheckConstraint(
            "state IN ('running', 'stopped', 'fault', 'recovered', 'broadcasting', 'unknown')",
            name="broadcast_terminal_state_is_known",
        ),
        sa.ForeignKeyConstraint(
            ["peer_id"],
            ["broadcast_peer.id"],
        ),
        sa.ForeignKeyConstraint(
            ["region_code"],
            ["region.code"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("resource_code", name="broadcast_terminal_once"),
    )
    op.create_index(
        "broadcast_terminal_of_region", "broadcast_terminal", ["stream", "region_code"], unique=False
    )
    op.create_index("ix_broadcast_terminal_peer_id", "broadcast_terminal", ["peer_id"], unique=False)


def _file() -> None:
    op.create_table(
        "broadcast_file",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("region_code", sa.String(), nullable=False),
        sa.Column("use", sa.String(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("terminal_id", sa.BigInteger(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=True),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("brought_by", sa.String(), nullable=False),
        sa.Column("brought_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("use IN ('voice', 'proof')", name="broadcast_file_use_is_known"),
        sa.ForeignKeyConstraint(
            ["terminal_id"],
            ["broadcast_terminal.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_broadcast_file_message_id", "broadcast_file", ["message_id"], unique=False)


def _message() -> None:
    op.create_table(
        "broadcast_message",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("region_code", sa.String(), nullable=False),
        sa.Column("ebmid", sa.String(), nullable=True),
        sa.Column("msg_type", sa.Integer(), nullable=False),
        sa.Column("drill", sa.Boolean(), nullable=False),
        sa.Column("event_type", sa.String(), nullable=False),
        sa.Column("severity", sa.Integer(), nullable=False),
        sa.Column("sender", sa.String(), nullable=False),
        sa.Column("sender_code", sa.String(), nullable=False),
        sa.Column("sender_level", sa.Integer(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("more_texts", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False),
        sa.Column("voice_id", sa.BigInteger(), nullable=True),
        sa.Column("template", sa.String(), nullable=False),
        sa.Column("start_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("end_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("repeats", sa.Integer(), nullable=False),
        sa.Column("interval_s", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("scope_words", sa.String(), nullable=False),
        sa.Column("scope", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("channels", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("cancels_id", sa.BigInteger(), nullable=True),
        sa.Column("replaces_id", sa.BigInteger(), nullable=True),
        sa.Column("cause_kind", sa.String(), nullable=False),
        sa.Column("cause_id", sa.BigInteger(), nullable=True),
        sa.Column("cause_words", sa.String(), nullable=False),
        sa.Column("cause_status", sa.String(), nullable=False),
        sa.Column("press", sa.String(), nullable=False),
        sa.Column("author_id", sa.BigInteger(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("returned_by", sa.String(), nullable=False),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("remarks", sa.String(), nullable=False),
        sa.Column("approved_as", sa.String(), nullable=False),
        sa.Column("approver_id", sa.BigInteger(), nullable=True),
        sa.Column("approver", sa.String(), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("consent_of", sa.String(), nullable=False),
        sa.Column("consent_phone", sa.String(), nullable=False),
        sa.Column("consent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("consent_words", sa.String(), nullable=False),
        sa.Column("countersigner_id", sa.BigInteger(), nullable=True),
        sa.Column("countersigner", sa.String(), nullable=False),
        sa.Column("countersigned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reask_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopped_by", sa.String(), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stop_reason", sa.String(), nullable=False),
        sa.Column(
            "check_before", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False
        ),
        sa.CheckConstraint(
            "(ebmid IS NULL) = (issued_at IS NULL) AND (ebmid IS NULL OR ebmid ~ '^[1-6][0-9]{34}$')",
            name="what_is_issued_has_an_ebmid",
        ),
        sa.CheckConstraint("NOT drill OR text LIKE '【演练】%'", name="a_drill_says_that_it_is_one"),
        sa.CheckConstraint(
            "msg_type = 2 OR (msg_type = 1 AND NOT drill AND cause_status = 'actual') "
            "OR (msg_type IN (3, 4, 5) AND drill)",
            name="a_drill_is_never_broadcast_as_real",
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'returned', 'approved', 'issued', 'playing', "
            "'finished', 'stopped', 'expired', 'dropped')",
            name="broadcast_state_is_known",
        ),
        sa.CheckConstraint(
            "(msg_type = 2) = (cancels_id IS NOT NULL)", name="a_cancel_names_what_it_cancels"
        ),
        sa.CheckConstraint(
            "approver_id IS NULL OR approver_id <> author_id OR msg_type = 2",
            name="nobody_approves_his_own_broadcast",
        ),
        sa.CheckConstraint(
            "countersigner_id IS NULL OR countersigner_id <> author_id",
            name="nobody_signs_for_his_own_broadcast",
        ),
        sa.CheckConstraint("end_at > start_at", name="broadcast_ends_after_its_start"),
        sa.CheckConstraint("msg_type BETWEEN 1 AND 5", name="broadcast_msg_type_is_known"),
        sa.CheckConstraint("severity BETWEEN 0 AND 4", name="broadcast_severity_is_known"),
        sa.ForeignKeyConstraint(
            ["cancels_id"],
            ["broadcast_message.id"],
        ),
        sa.ForeignKeyConstraint(
            ["region_code"],
            ["region.code"],
        ),
        sa.ForeignKeyConstraint(
            ["replaces_id"],
            ["broadcast_message.id"],
        ),
        sa.ForeignKeyConstraint(
            ["voice_id"],
            ["broadcast_file.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("ebmid", name="an_ebmid_is_given_once"),
        sa.UniqueConstraint("stream", "author_id", "press", name="a_press_is_one_broadcast"),
    )
    op.create_index(
        "broadcast_message_by_state", "broadcast_message", ["stream", "state", "start_at"], unique=False
    )
    op.create_index("one_cancel_of_a_broadcast", "broadcast_message", ["cancels_id"], unique=True)


def _handover() -> None:
    op.create_table(
        "broadcast_handover",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("peer_id", sa.BigInteger(), nullable=False),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("give_up_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("receipt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("play_state", sa.Integer(), nullable=True),
        sa.Column("play_words", sa.String(), nullable=False),
        sa.Column("play_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'sent', 'receipted', 'refused', 'failed', 'withdrawn')",
            name="broadcast_handover_state_is_known",
        ),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["broadcast_message.id"],
        ),
        sa.ForeignKeyConstraint(
            ["peer_id"],
            ["broadcast_peer.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("message_id", "peer_id", name="a_message_is_handed_over_once"),
    )
    op.create_index(
        "broadcast_handover_due",
        "broadcast_handover",
        ["stream", "next_at"],
        unique=False,
        postgresql_where=sa.text("state = 'waiting'"),
    )


def _repair() -> None:
    op.create_table(
        "broadcast_repair",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("terminal_id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("fault", sa.String(), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by", sa.String(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("owner_phone", sa.String(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["broadcast_message.id"],
        ),
        sa.ForeignKeyConstraint(
            ["terminal_id"],
            ["broadcast_terminal.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("broadcast_repair_due", "broadcast_repair", ["stream", "due_at"], unique=False)
    op.create_index(
        "one_repair_of_a_terminal",
        "broadcast_repair",
        ["terminal_id"],
        unique=True,
        postgresql_where=sa.text("done_at IS NULL"),
    )


def _result() -> None:
    op.create_table(
        "broadcast_result",
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("terminal_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("plays", sa.Integer(), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.CheckConstraint("state BETWEEN 0 AND 5", name="broadcast_result_state_is_known"),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["broadcast_message.id"],
        ),
        sa.ForeignKeyConstraint(
            ["terminal_id"],
            ["broadcast_terminal.id"],
        ),
        sa.PrimaryKeyConstraint("message_id", "terminal_id"),
    )
    op.create_index("broadcast_result_of_terminal", "broadcast_result", ["terminal_id"], unique=False)


def _target() -> None:
    op.create_table(
        "broadcast_target",
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("region_code", sa.String(), nullable=False),
        sa.Column("terminals", sa.Integer(), nullable=False),
        sa.Column("live", sa.Integer(), nullable=False),
        sa.Column("reached_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["broadcast_message.id"],
        ),
        sa.ForeignKeyConstraint(
            ["region_code"],
            ["region.code"],
        ),
        sa.PrimaryKeyConstraint("message_id", "region_code"),
    )
    op.create_index("broadcast_target_of_region", "broadcast_target", ["region_code"], unique=False)


def _verification() -> None:
    op.create_table(
        "broadcast_verification",
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("region_code", sa.String(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("drawn_by", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("heard", sa.Boolean(), nullable=True),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["broadcast_message.id"],
        ),
        sa.ForeignKeyConstraint(
            ["region_code"],
            ["region.code"],
        ),
        sa.PrimaryKeyConstraint("message_id", "region_code"),
    )
