"""Meetings, their dates, answers, attendance, check-in and papers."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    true,
)

from storage.schema.base import JsonValue, UtcDateTime, id_column, member_column, metadata

# A meeting, or a series of them.
meeting = Table(
    "meeting",
    metadata,
    id_column(),
    # The identity that calendars know it by.
    Column("uid", String(40), nullable=False, unique=True),
    Column("kind", String(12), nullable=False),
    Column("title", String(200), nullable=False),
    # A room or a link.
    Column("place", String(300), nullable=False),
    Column("agenda", Text, nullable=False, server_default=""),
    Column("audience", String(400), nullable=False),
    # The first one's begin, as a clock on the wall of `zone` shows it.
    Column("starts_local", DateTime, nullable=False),
    Column("zone", String(60), nullable=False),
    Column("minutes", Integer, nullable=False),
    # "RRULE:…" of RFC 5545, or "LUNAR:…"; null for a single one.
    Column("recurrence", String(200)),
    # How many minutes before each one people are reminded, as a list.
    Column("leads", JsonValue, nullable=False),
    # Null when it was made by command.
    member_column("organiser_id", nullable=True),
    # The campaign that a study meeting is about, and whether attending makes up for what was missed.
    Column("campaign_id", Integer, ForeignKey("campaign.id")),
    Column("is_make_up", Boolean, nullable=False, server_default=false()),
    # What check-in codes are made of, in base 32.
    Column("secret", String(64), nullable=False),
    Column("is_cancelled", Boolean, nullable=False, server_default=false()),
    # Counts changes, as calendars do.
    Column("sequence", Integer, nullable=False, server_default="0"),
    Column("created_at", UtcDateTime, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    CheckConstraint(
        "kind IN ('cell','committee','group','conference','dialogue','study','other')", name="kind"
    ),
    CheckConstraint("minutes > 0", name="minutes"),
)

# One date of a meeting.
meeting_occurrence = Table(
    "meeting_occurrence",
    metadata,
    id_column(),
    Column("meeting_id", Integer, ForeignKey("meeting.id"), nullable=False),
    # When the series says that it begins, on the wall: it stays the same when this one is moved.
    Column("recurs_at", DateTime, nullable=False),
    Column("starts_at", UtcDateTime, nullable=False),
    Column("ends_at", UtcDateTime, nullable=False),
    # In place of the series' place, for this one.
    Column("place", String(300)),
    Column("is_cancelled", Boolean, nullable=False, server_default=false()),
    # Why it was moved or cancelled.
    Column("note", String(300), nullable=False, server_default=""),
    Column("sequence", Integer, nullable=False, server_default="0"),
    Column("changed_at", UtcDateTime, nullable=False),
    # When the attendance was closed.
    Column("closed_at", UtcDateTime),
    UniqueConstraint("meeting_id", "recurs_at"),
    CheckConstraint("ends_at > starts_at", name="duration"),
    Index("ix_meeting_occurrence_starts_at", "starts_at"),
)

meeting_answer = Table(
    "meeting_answer",
    metadata,
    Column("occurrence_id", Integer, ForeignKey("meeting_occurrence.id"), primary_key=True),
    Column("member_id", Integer, ForeignKey("member.id"), primary_key=True),
    Column("is_coming", Boolean, nullable=False),
    # Why not.
    Column("reason", String(300), nullable=False, server_default=""),
    Column("at", UtcDateTime, nullable=False),
    sqlite_with_rowid=False,
)

# Who was there.
meeting_attendance = Table(
    "meeting_attendance",
    metadata,
    Column("occurrence_id", Integer, ForeignKey("meeting_occurrence.id"), primary_key=True),
    Column("member_id", Integer, ForeignKey("member.id"), primary_key=True),
    # "code", or "officer" for whoever was ticked off by hand.
    Column("how", String(8), nullable=False),
    # False for whoever was struck off after the attendance was closed; before that the row goes.
    Column("is_present", Boolean, nullable=False, server_default=true()),
    # Why it was corrected after that.
    Column("note", String(300), nullable=False, server_default=""),
    member_column("entered_by", nullable=True),
    Column("at", UtcDateTime, nullable=False),
    sqlite_with_rowid=False,
)

# Wrong check-in codes of one person, so that nobody tries them all.
check_in_try = Table(
    "check_in_try",
    metadata,
    Column("member_id", Integer, ForeignKey("member.id"), primary_key=True, autoincrement=False),
    Column("wrong", Integer, nullable=False),
    Column("blocked_until", UtcDateTime),
)

# The page that shows a meeting's check-in code on the wall.
check_in_display = Table(
    "check_in_display",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("occurrence_id", Integer, ForeignKey("meeting_occurrence.id"), nullable=False, index=True),
    member_column("made_by"),
    Column("expires_at", UtcDateTime, nullable=False),
)

# Papers of a meeting: of all its dates, or of one.
meeting_file = Table(
    "meeting_file",
    metadata,
    id_column(),
    Column("meeting_id", Integer, ForeignKey("meeting.id"), nullable=False, index=True),
    Column("occurrence_id", Integer, ForeignKey("meeting_occurrence.id")),
    Column("kind", String(8), nullable=False),
    Column("attachment_id", String(32), ForeignKey("attachment.id"), nullable=False),
    member_column("added_by"),
    Column("at", UtcDateTime, nullable=False),
    CheckConstraint("kind IN ('agenda','minutes')", name="kind"),
)
