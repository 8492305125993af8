"""Where people stand in a conversation, what was handled already, and the web chat's transcript."""

from sqlalchemy import Column, Date, ForeignKey, Integer, String, Table, Text, UniqueConstraint

from storage.schema.base import JsonValue, UtcDateTime, metadata

dialogue = Table(
    "dialogue",
    metadata,
    Column("account_id", Integer, ForeignKey("account.id", ondelete="CASCADE"), primary_key=True),
    Column("flow", String(40), nullable=False),
    Column("step", String(40), nullable=False),
    Column("data", JsonValue, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
)

# What was offered as numbered lines, and is answered with a number; of private conversations nothing.
offer = Table(
    "offer",
    metadata,
    Column("account_id", Integer, ForeignKey("account.id", ondelete="CASCADE"), primary_key=True),
    Column("menus", JsonValue, nullable=False),
)

processed_event = Table(
    "processed_event",
    metadata,
    Column("channel", String(20), primary_key=True),
    Column("event", String(100), primary_key=True),
    # On which it came, in UTC. A time beside the platform's numbers would tell who was there between two.
    Column("day", Date, nullable=False, index=True),
    sqlite_with_rowid=False,
)

web_session = Table(
    "web_session",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("account_id", Integer, ForeignKey("account.id"), nullable=False, index=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
)

web_message = Table(
    "web_message",
    metadata,
    Column("account_id", Integer, ForeignKey("account.id"), primary_key=True),
    Column("id", String(64), primary_key=True),
    # Grows with every change of the transcript; an edited message gets a new one.
    Column("seq", Integer, nullable=False),
    # Where the message stands among the others; an edit keeps it.
    Column("place", Integer, nullable=False),
    Column("author", String(4), nullable=False),
    Column("html", Text, nullable=False),
    Column("buttons", JsonValue, nullable=False),
    Column("attachment_id", String(32), ForeignKey("attachment.id", ondelete="SET NULL")),
    Column("at", UtcDateTime, nullable=False),
    UniqueConstraint("account_id", "seq"),
)
