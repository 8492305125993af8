"""Announcements, what is done about them afterwards, and polls."""

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, Integer, String, Table, Text

from storage.schema.base import JsonValue, UtcDateTime, id_column, member_column, metadata

announcement = Table(
    "announcement",
    metadata,
    id_column(),
    # Null when it was made by command.
    member_column("author_id", nullable=True),
    Column("audience", String(400), nullable=False),
    # Neutral markup with merge fields.
    Column("text", Text, nullable=False),
    Column("attachment_id", String(32), ForeignKey("attachment.id", ondelete="SET NULL")),
    Column("is_urgent", Boolean, nullable=False),
    # Whether people are asked to say that they have taken note.
    Column("wants_receipt", Boolean, nullable=False),
    Column("state", String(10), nullable=False),
    Column("send_at", UtcDateTime, nullable=False),
    Column("shared_id", Integer, ForeignKey("shared_message.id")),
    # The last member whose row stands in the outbox; null when everybody's does.
    Column("filled_to", Integer, server_default="0"),
    # The second officer, where one has to agree.
    member_column("approved_by", nullable=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("started_at", UtcDateTime),
    Column("finished_at", UtcDateTime),
    CheckConstraint(
        "state IN ('proposed','scheduled','sending','paused','sent','cancelled','withdrawn')", name="state"
    ),
)

announcement_receipt = Table(
    "announcement_receipt",
    metadata,
    Column("announcement_id", Integer, ForeignKey("announcement.id"), primary_key=True),
    Column("member_id", Integer, ForeignKey("member.id"), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    sqlite_with_rowid=False,
)

# What is done about an announcement that was sent: a correction, a withdrawal, a reminder to take note.
announcement_followup = Table(
    "announcement_followup",
    metadata,
    id_column(),
    Column("announcement_id", Integer, ForeignKey("announcement.id"), nullable=False, index=True),
    Column("kind", String(10), nullable=False),
    # Null when it was made by command.
    member_column("author_id", nullable=True),
    # The corrected text, as neutral markup with merge fields.
    Column("text", Text),
    Column("send_at", UtcDateTime, nullable=False),
    Column("shared_id", Integer, ForeignKey("shared_message.id")),
    # The last member whose row stands in the outbox; null when everybody's does.
    Column("filled_to", Integer, server_default="0"),
    Column("created_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    CheckConstraint("kind IN ('correction','withdrawal','reminder','missed','unknown')", name="kind"),
)

# Whoever couldn't be reached and was told in person.
announcement_told = Table(
    "announcement_told",
    metadata,
    Column("announcement_id", Integer, ForeignKey("announcement.id"), primary_key=True),
    Column("member_id", Integer, ForeignKey("member.id"), primary_key=True),
    member_column("told_by"),
    Column("at", UtcDateTime, nullable=False),
    sqlite_with_rowid=False,
)

# An announcement that asks for an opinion.
poll = Table(
    "poll",
    metadata,
    Column("announcement_id", Integer, ForeignKey("announcement.id"), primary_key=True, autoincrement=False),
    # The answers to choose from, as a list of texts.
    Column("options", JsonValue, nullable=False),
    Column("is_named", Boolean, nullable=False),
    Column("closed_at", UtcDateTime),
)

# Who chose what, of named polls only.
poll_answer = Table(
    "poll_answer",
    metadata,
    Column("announcement_id", Integer, ForeignKey("poll.announcement_id"), primary_key=True),
    Column("member_id", Integer, ForeignKey("member.id"), primary_key=True),
    # Counted from 0.
    Column("option", Integer, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    sqlite_with_rowid=False,
)

# Of unnamed polls: who has answered, without a time, and apart from it how often each answer was given.
poll_voter = Table(
    "poll_voter",
    metadata,
    Column("announcement_id", Integer, ForeignKey("poll.announcement_id"), primary_key=True),
    Column("member_id", Integer, ForeignKey("member.id"), primary_key=True),
    sqlite_with_rowid=False,
)
poll_count = Table(
    "poll_count",
    metadata,
    Column("announcement_id", Integer, ForeignKey("poll.announcement_id"), primary_key=True),
    Column("option", Integer, primary_key=True, autoincrement=False),
    Column("number", Integer, nullable=False),
    sqlite_with_rowid=False,
)
