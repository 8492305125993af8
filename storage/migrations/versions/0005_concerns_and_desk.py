"""Concerns, those who may read them, and the desk."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from storage.guards import DESK, append_only

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "concern_item",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("case_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('concern','file','reply','answer','note')", name=op.f("ck_concern_item_kind")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concern_item")),
        sa.UniqueConstraint("case_id", "number", name=op.f("uq_concern_item_case_id_number")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "concern_news",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("is_waiting", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concern_news")),
    )
    op.create_table(
        "concern_reader",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("recipient", sa.String(length=80), nullable=False),
        sa.Column("wrapped", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("let_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("let_in_by", sa.Integer(), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('asked','active','removed')", name=op.f("ck_concern_reader_state")),
        sa.ForeignKeyConstraint(
            ["let_in_by"], ["member.id"], name=op.f("fk_concern_reader_let_in_by_member")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_concern_reader_member_id_member")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concern_reader")),
        sa.UniqueConstraint("recipient", name=op.f("uq_concern_reader_recipient")),
    )
    op.create_table(
        "desk_act",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=64), server_default="", nullable=False),
        sa.Column("details", JSON, nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_desk_act_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_act")),
    )
    op.create_table(
        "desk_factor",
        sa.Column("member_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("secret", sa.String(length=64), nullable=False),
        sa.Column("is_set", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("last_step", sa.Integer(), server_default="0", nullable=False),
        sa.Column("wrong", sa.Integer(), server_default="0", nullable=False),
        sa.Column("blocked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_desk_factor_member_id_member")),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_desk_factor")),
    )
    op.create_table(
        "desk_link",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_desk_link_member_id_member")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_desk_link")),
    )
    op.create_table(
        "desk_session",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_confirmed", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_desk_session_member_id_member")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_desk_session")),
    )
    op.create_table(
        "concern_case",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("category", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("first_answer_week", sa.Date(), nullable=True),
        sa.Column("answered_in_time", sa.Boolean(), nullable=True),
        sa.Column("satisfaction", sa.Integer(), nullable=True),
        sa.Column("assigned_to", sa.Integer(), nullable=True),
        sa.Column("merged_into", sa.LargeBinary(length=16), nullable=True),
        sa.Column("theme_id", sa.Integer(), nullable=True),
        sa.Column("destroyed_after", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "state IN ('new', 'read', 'in_progress', 'answered', 'to_dialogue', 'closed', 'declined')",
            name=op.f("ck_concern_case_state"),
        ),
        sa.CheckConstraint("satisfaction BETWEEN 1 AND 3", name=op.f("ck_concern_case_satisfaction")),
        sa.ForeignKeyConstraint(
            ["assigned_to"], ["concern_reader.id"], name=op.f("fk_concern_case_assigned_to_concern_reader")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concern_case")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_concern_case_week", "concern_case", ["week"], unique=False)
    for statement in append_only(op.get_bind().dialect.name, DESK):
        op.execute(statement)
    if op.get_bind().dialect.name == "postgresql":
        # What is sealed can't be made smaller, and each row is written again and again.
        op.execute("ALTER TABLE concern_item ALTER COLUMN sealed SET STORAGE EXTERNAL")
