"""What is done after an announcement was sent, opinion polls, and who sends for a token."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.add_column("shared_message", sa.Column("deed", sa.String(6), server_default="send", nullable=False))
    op.add_column("shared_message", sa.Column("priority", sa.Integer(), server_default="30", nullable=False))
    op.drop_index(op.f("ix_outbox_topic_state"), "outbox")
    op.create_index("ix_outbox_topic_state_member_id", "outbox", ["topic", "state", "member_id"])
    op.create_table(
        "announcement_followup",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("announcement_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("send_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shared_id", sa.Integer(), nullable=True),
        sa.Column("filled_to", sa.Integer(), server_default="0", nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('correction','withdrawal','reminder','missed','unknown')",
            name=op.f("ck_announcement_followup_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["announcement_id"],
            ["announcement.id"],
            name=op.f("fk_announcement_followup_announcement_id_announcement"),
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["member.id"], name=op.f("fk_announcement_followup_author_id_member")
        ),
        sa.ForeignKeyConstraint(
            ["shared_id"],
            ["shared_message.id"],
            name=op.f("fk_announcement_followup_shared_id_shared_message"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcement_followup")),
    )
    op.create_index(
        op.f("ix_announcement_followup_announcement_id"),
        "announcement_followup",
        ["announcement_id"],
        unique=False,
    )
    op.create_table(
        "announcement_told",
        sa.Column("announcement_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("told_by", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["announcement_id"],
            ["announcement.id"],
            name=op.f("fk_announcement_told_announcement_id_announcement"),
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_announcement_told_member_id_member")
        ),
        sa.ForeignKeyConstraint(["told_by"], ["member.id"], name=op.f("fk_announcement_told_told_by_member")),
        sa.PrimaryKeyConstraint("announcement_id", "member_id", name=op.f("pk_announcement_told")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "poll",
        sa.Column("announcement_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("options", JSON, nullable=False),
        sa.Column("is_named", sa.Boolean(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["announcement_id"], ["announcement.id"], name=op.f("fk_poll_announcement_id_announcement")
        ),
        sa.PrimaryKeyConstraint("announcement_id", name=op.f("pk_poll")),
    )
    op.create_table(
        "poll_answer",
        sa.Column("announcement_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("option", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["announcement_id"], ["poll.announcement_id"], name=op.f("fk_poll_answer_announcement_id_poll")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_poll_answer_member_id_member")),
        sa.PrimaryKeyConstraint("announcement_id", "member_id", name=op.f("pk_poll_answer")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "poll_voter",
        sa.Column("announcement_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["announcement_id"], ["poll.announcement_id"], name=op.f("fk_poll_voter_announcement_id_poll")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_poll_voter_member_id_member")),
        sa.PrimaryKeyConstraint("announcement_id", "member_id", name=op.f("pk_poll_voter")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "poll_count",
        sa.Column("announcement_id", sa.Integer(), nullable=False),
        sa.Column("option", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["announcement_id"], ["poll.announcement_id"], name=op.f("fk_poll_count_announcement_id_poll")
        ),
        sa.PrimaryKeyConstraint("announcement_id", "option", name=op.f("pk_poll_count")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sender_lease",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("holder", sa.String(length=64), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_sender_lease")),
    )
    # ### end Alembic commands ###
