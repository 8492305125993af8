"""Days off, duties of the year, addresses of calendars, and what people chose for themselves."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Integer,
    String,
    Table,
    UniqueConstraint,
    false,
    true,
)

from storage.schema.base import UtcDateTime, id_column, member_column, metadata

# Days that are off or worked against the rule, as an officer has entered them.
day_override = Table(
    "day_override",
    metadata,
    Column("day", Date, primary_key=True),
    Column("is_off", Boolean, nullable=False),
    Column("name", String(200), nullable=False),
    # Null when it was entered by command.
    member_column("changed_by", nullable=True),
    Column("changed_at", UtcDateTime, nullable=False),
)

# What a person has chosen for themselves; who has no row has the defaults of these columns.
preference = Table(
    "preference",
    metadata,
    Column("member_id", Integer, ForeignKey("member.id"), primary_key=True, autoincrement=False),
    Column("wants_holidays", Boolean, nullable=False, server_default=true()),
    Column("wants_commemorations", Boolean, nullable=False, server_default=true()),
    # The hour of the day, in the branch's time zone, at which greetings come; null: the usual one.
    Column("greeting_hour", Integer),
    # Hours of the day between which nothing comes by itself; both null: no hours of their own.
    Column("quiet_from", Integer),
    Column("quiet_until", Integer),
    # Whether meetings are reminded of at the times in `preferred_lead` and not at the meeting's own.
    Column("has_own_leads", Boolean, nullable=False, server_default=false()),
    # By which channel messages come, where they can; null: by the one that was linked last.
    Column("channel", String(20)),
    Column("changed_at", UtcDateTime, nullable=False),
    CheckConstraint("greeting_hour BETWEEN 0 AND 23", name="greeting_hour"),
    CheckConstraint("quiet_from BETWEEN 0 AND 23 AND quiet_until BETWEEN 0 AND 23", name="quiet"),
    CheckConstraint("(quiet_from IS NULL) = (quiet_until IS NULL)", name="quiet_both"),
)

# How many minutes before a meeting its owner wants to be reminded.
preferred_lead = Table(
    "preferred_lead",
    metadata,
    Column("member_id", Integer, ForeignKey("preference.member_id"), primary_key=True),
    Column("minutes", Integer, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

# A duty of one period, of a rule in `content/duties/`.
duty = Table(
    "duty",
    metadata,
    id_column(),
    Column("rule", String(40), nullable=False),
    # Such as "2027" or "2027-1".
    Column("period", String(10), nullable=False),
    # The last day, once it is known; entered by hand where `is_moved`.
    Column("due_on", Date),
    Column("is_moved", Boolean, nullable=False, server_default=false()),
    Column("planned_on", Date),
    Column("done_on", Date),
    Column("is_dropped", Boolean, nullable=False, server_default=false()),
    # What was done, or why it falls away.
    Column("note", String(500), nullable=False, server_default=""),
    member_column("changed_by", nullable=True),
    Column("changed_at", UtcDateTime, nullable=False),
    UniqueConstraint("rule", "period"),
)

# A secret address under which a member's calendar can be subscribed to.
calendar_link = Table(
    "calendar_link",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("member_id", Integer, ForeignKey("member.id"), nullable=False, index=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("revoked_at", UtcDateTime),
)
