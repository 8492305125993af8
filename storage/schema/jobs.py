"""What goes out at set times, and up to when something was done."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, String, Table, text

from storage.schema.base import JsonValue, UtcDateTime, id_column, metadata

# What goes to several people at a set time: a greeting, an invitation, a reminder.
job = Table(
    "job",
    metadata,
    id_column(),
    # One row for each occasion, however often it is planned; the topic of its rows in the outbox.
    Column("key", String(60), nullable=False, unique=True),
    # Who renders it, such as "greeting".
    Column("kind", String(20), nullable=False),
    # What it is about, in the kind's own table; null where there is none.
    Column("subject_id", Integer),
    Column("details", JsonValue, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    # The end of its window: what hasn't gone out by then goes out no more.
    Column("expires_at", UtcDateTime, nullable=False),
    Column("state", String(10), nullable=False, server_default="waiting"),
    Column("shared_id", Integer, ForeignKey("shared_message.id")),
    # The last member whose row stands in the outbox; null when everybody's does.
    Column("filled_to", Integer, server_default="0"),
    # How many people it didn't reach within its window, because their turn came too late.
    Column("late", Integer, nullable=False, server_default="0"),
    Column("created_at", UtcDateTime, nullable=False),
    Column("started_at", UtcDateTime),
    Column("finished_at", UtcDateTime),
    # When whoever is responsible was told that it was missed.
    Column("told_at", UtcDateTime),
    CheckConstraint("state IN ('waiting','sending','done','missed','cancelled')", name="state"),
    CheckConstraint("expires_at > due_at", name="window"),
    # Finding what is due reads this, however many rows there are.
    Index(
        "ix_job_due",
        "due_at",
        sqlite_where=text("state = 'waiting'"),
        postgresql_where=text("state = 'waiting'"),
    ),
    Index(
        "ix_job_open",
        "id",
        sqlite_where=text("state = 'sending' OR (state = 'cancelled' AND finished_at IS NULL)"),
        postgresql_where=text("state = 'sending' OR (state = 'cancelled' AND finished_at IS NULL)"),
    ),
    Index(
        "ix_job_untold",
        "id",
        sqlite_where=text("(state = 'missed' OR late > 0) AND told_at IS NULL"),
        postgresql_where=text("(state = 'missed' OR late > 0) AND told_at IS NULL"),
    ),
    Index("ix_job_kind_subject_id", "kind", "subject_id"),
)

# Up to when something was done, by name.
watermark = Table(
    "watermark",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
)
