"""Rounds of dialogue at the workplace: representatives, agenda, legal steps, posting, promises."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from storage.schema.base import JsonValue, UtcDateTime, id_column, member_column, metadata

dialogue_round = Table(
    "dialogue_round",
    metadata,
    id_column(),
    Column("kind", String(8), nullable=False),
    # The date of its meeting, once there is one.
    Column("occurrence_id", Integer, ForeignKey("meeting_occurrence.id"), unique=True),
    # Of one on request: when it was asked for, by how many of the workers' representatives.
    Column("asked_on", Date),
    Column("asked_by", Integer),
    # By which everybody was told what came of it.
    Column("announcement_id", Integer, ForeignKey("announcement.id")),
    # Null when it was made by command.
    member_column("made_by", nullable=True),
    Column("created_at", UtcDateTime, nullable=False),
    CheckConstraint("kind IN ('periodic','request')", name="kind"),
    CheckConstraint("(kind = 'request') = (asked_on IS NOT NULL)", name="asked"),
)

# What was done of what the law asks for.
dialogue_step = Table(
    "dialogue_step",
    metadata,
    Column("round_id", Integer, ForeignKey("dialogue_round.id"), primary_key=True),
    Column("step", String(20), primary_key=True),
    Column("done_on", Date, nullable=False),
    # Such as how many were there.
    Column("details", JsonValue, nullable=False),
    member_column("entered_by", nullable=True),
    Column("at", UtcDateTime, nullable=False),
    sqlite_with_rowid=False,
)

# A theme on a round's agenda, and what was agreed about it.
dialogue_item = Table(
    "dialogue_item",
    metadata,
    id_column(),
    Column("round_id", Integer, ForeignKey("dialogue_round.id"), nullable=False),
    Column("theme_id", Integer, ForeignKey("theme.id"), nullable=False, index=True),
    Column("place", Integer, nullable=False),
    Column("state", String(8), nullable=False, server_default="open"),
    Column("outcome", Text, nullable=False, server_default=""),
    # Who sees to it, on which side.
    Column("union_side", String(120), nullable=False, server_default=""),
    Column("employer_side", String(120), nullable=False, server_default=""),
    Column("due_on", Date),
    Column("done_on", Date),
    # What became of it.
    Column("note", String(500), nullable=False, server_default=""),
    member_column("changed_by", nullable=True),
    Column("changed_at", UtcDateTime, nullable=False),
    UniqueConstraint("round_id", "theme_id"),
    CheckConstraint("state IN ('open','promised','refused','done','dropped')", name="state"),
)

# That the published contents could be read on a day: in the chat, or on the board.
dialogue_posting = Table(
    "dialogue_posting",
    metadata,
    Column("round_id", Integer, ForeignKey("dialogue_round.id"), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("place", String(8), primary_key=True),
    # How many copies there were that day, and how many had arrived; of the board null.
    Column("copies", Integer),
    Column("delivered", Integer),
    Column("note", String(300), nullable=False, server_default=""),
    # A photo of the board.
    Column("attachment_id", String(32), ForeignKey("attachment.id")),
    member_column("entered_by", nullable=True),
    Column("at", UtcDateTime, nullable=False),
    CheckConstraint("place IN ('chat','board')", name="place"),
    sqlite_with_rowid=False,
)

# The representatives of both sides, drawn up anew every two years.
dialogue_list = Table(
    "dialogue_list",
    metadata,
    id_column(),
    Column("made_on", Date, nullable=False),
    Column("posted_on", Date),
    member_column("made_by", nullable=True),
    Column("created_at", UtcDateTime, nullable=False),
)
dialogue_representative = Table(
    "dialogue_representative",
    metadata,
    id_column(),
    Column("list_id", Integer, ForeignKey("dialogue_list.id"), nullable=False, index=True),
    Column("side", String(8), nullable=False),
    # Null for somebody of the employer's side who isn't on the roster.
    member_column(nullable=True),
    Column("full_name", String(100), nullable=False),
    Column("position", String(100), nullable=False, server_default=""),
    # The employer's legal representative, or whoever speaks for them by their authority.
    Column("is_legal", Boolean, nullable=False, server_default=false()),
    CheckConstraint("side IN ('workers','employer')", name="side"),
)
