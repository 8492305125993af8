"""Themes, rounds of dialogue, and the employer's side on the roster."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "dialogue_list",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("posted_on", sa.Date(), nullable=True),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["made_by"], ["member.id"], name=op.f("fk_dialogue_list_made_by_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dialogue_list")),
    )
    op.create_table(
        "theme",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), server_default="draft", nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handed_over_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("counted_on", sa.Date(), nullable=True),
        sa.Column("reply_kind", sa.String(length=8), nullable=True),
        sa.Column("reply", sa.Text(), server_default="", nullable=False),
        sa.Column("replied_by", sa.Integer(), nullable=True),
        sa.Column("replied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("reply_kind IN ('position','promise')", name=op.f("ck_theme_reply_kind")),
        sa.CheckConstraint(
            "state IN ('draft','open','agenda','promised','refused','done','dropped')",
            name=op.f("ck_theme_state"),
        ),
        sa.ForeignKeyConstraint(["author_id"], ["member.id"], name=op.f("fk_theme_author_id_member")),
        sa.ForeignKeyConstraint(["replied_by"], ["member.id"], name=op.f("fk_theme_replied_by_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme")),
    )
    op.create_table(
        "dialogue_representative",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(length=8), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("full_name", sa.String(length=100), nullable=False),
        sa.Column("position", sa.String(length=100), server_default="", nullable=False),
        sa.Column("is_legal", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.CheckConstraint("side IN ('workers','employer')", name=op.f("ck_dialogue_representative_side")),
        sa.ForeignKeyConstraint(
            ["list_id"], ["dialogue_list.id"], name=op.f("fk_dialogue_representative_list_id_dialogue_list")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_dialogue_representative_member_id_member")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dialogue_representative")),
    )
    op.create_index(
        op.f("ix_dialogue_representative_list_id"), "dialogue_representative", ["list_id"], unique=False
    )
    op.create_table(
        "theme_count",
        sa.Column("theme_id", sa.Integer(), nullable=False),
        sa.Column("option", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("shown", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["theme_id"], ["theme.id"], name=op.f("fk_theme_count_theme_id_theme")),
        sa.PrimaryKeyConstraint("theme_id", "option", name=op.f("pk_theme_count")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "theme_voter",
        sa.Column("theme_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_theme_voter_member_id_member")),
        sa.ForeignKeyConstraint(["theme_id"], ["theme.id"], name=op.f("fk_theme_voter_theme_id_theme")),
        sa.PrimaryKeyConstraint("theme_id", "member_id", name=op.f("pk_theme_voter")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "dialogue_round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("occurrence_id", sa.Integer(), nullable=True),
        sa.Column("asked_on", sa.Date(), nullable=True),
        sa.Column("asked_by", sa.Integer(), nullable=True),
        sa.Column("announcement_id", sa.Integer(), nullable=True),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(kind = 'request') = (asked_on IS NOT NULL)", name=op.f("ck_dialogue_round_asked")
        ),
        sa.CheckConstraint("kind IN ('periodic','request')", name=op.f("ck_dialogue_round_kind")),
        sa.ForeignKeyConstraint(
            ["announcement_id"],
            ["announcement.id"],
            name=op.f("fk_dialogue_round_announcement_id_announcement"),
        ),
        sa.ForeignKeyConstraint(["made_by"], ["member.id"], name=op.f("fk_dialogue_round_made_by_member")),
        sa.ForeignKeyConstraint(
            ["occurrence_id"],
            ["meeting_occurrence.id"],
            name=op.f("fk_dialogue_round_occurrence_id_meeting_occurrence"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dialogue_round")),
        sa.UniqueConstraint("occurrence_id", name=op.f("uq_dialogue_round_occurrence_id")),
    )
    op.create_table(
        "dialogue_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("theme_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=8), server_default="open", nullable=False),
        sa.Column("outcome", sa.Text(), server_default="", nullable=False),
        sa.Column("union_side", sa.String(length=120), server_default="", nullable=False),
        sa.Column("employer_side", sa.String(length=120), server_default="", nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(length=500), server_default="", nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('open','promised','refused','done','dropped')", name=op.f("ck_dialogue_item_state")
        ),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["member.id"], name=op.f("fk_dialogue_item_changed_by_member")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["dialogue_round.id"], name=op.f("fk_dialogue_item_round_id_dialogue_round")
        ),
        sa.ForeignKeyConstraint(["theme_id"], ["theme.id"], name=op.f("fk_dialogue_item_theme_id_theme")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dialogue_item")),
        sa.UniqueConstraint("round_id", "theme_id", name=op.f("uq_dialogue_item_round_id_theme_id")),
    )
    op.create_index(op.f("ix_dialogue_item_theme_id"), "dialogue_item", ["theme_id"], unique=False)
    op.create_table(
        "dialogue_posting",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("place", sa.String(length=8), nullable=False),
        sa.Column("copies", sa.Integer(), nullable=True),
        sa.Column("delivered", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=300), server_default="", nullable=False),
        sa.Column("attachment_id", sa.String(length=32), nullable=True),
        sa.Column("entered_by", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("place IN ('chat','board')", name=op.f("ck_dialogue_posting_place")),
        sa.ForeignKeyConstraint(
            ["attachment_id"], ["attachment.id"], name=op.f("fk_dialogue_posting_attachment_id_attachment")
        ),
        sa.ForeignKeyConstraint(
            ["entered_by"], ["member.id"], name=op.f("fk_dialogue_posting_entered_by_member")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["dialogue_round.id"], name=op.f("fk_dialogue_posting_round_id_dialogue_round")
        ),
        sa.PrimaryKeyConstraint("round_id", "day", "place", name=op.f("pk_dialogue_posting")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "dialogue_step",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=20), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("details", JSON, nullable=False),
        sa.Column("entered_by", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["entered_by"], ["member.id"], name=op.f("fk_dialogue_step_entered_by_member")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["dialogue_round.id"], name=op.f("fk_dialogue_step_round_id_dialogue_round")
        ),
        sa.PrimaryKeyConstraint("round_id", "step", name=op.f("pk_dialogue_step")),
        sqlite_with_rowid=False,
    )
    op.add_column("member", sa.Column("is_employer", sa.Boolean(), server_default=sa.false(), nullable=False))
