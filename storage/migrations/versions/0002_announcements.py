"""Announcements, and who has taken note of them."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "announcement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("audience", sa.String(length=400), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("attachment_id", sa.String(length=32), nullable=True),
        sa.Column("is_urgent", sa.Boolean(), nullable=False),
        sa.Column("wants_receipt", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("send_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shared_id", sa.Integer(), nullable=True),
        sa.Column("filled_to", sa.Integer(), server_default="0", nullable=True),
        sa.Column("approved_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('proposed','scheduled','sending','paused','sent','cancelled','withdrawn')",
            name=op.f("ck_announcement_state"),
        ),
        sa.ForeignKeyConstraint(
            ["approved_by"], ["member.id"], name=op.f("fk_announcement_approved_by_member")
        ),
        sa.ForeignKeyConstraint(
            ["attachment_id"],
            ["attachment.id"],
            name=op.f("fk_announcement_attachment_id_attachment"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(["author_id"], ["member.id"], name=op.f("fk_announcement_author_id_member")),
        sa.ForeignKeyConstraint(
            ["shared_id"], ["shared_message.id"], name=op.f("fk_announcement_shared_id_shared_message")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcement")),
    )
    op.create_table(
        "announcement_receipt",
        sa.Column("announcement_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["announcement_id"],
            ["announcement.id"],
            name=op.f("fk_announcement_receipt_announcement_id_announcement"),
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_announcement_receipt_member_id_member")
        ),
        sa.PrimaryKeyConstraint("announcement_id", "member_id", name=op.f("pk_announcement_receipt")),
        sqlite_with_rowid=False,
    )
