"""What is sent: files, messages to many, the outbox, who sends for a bot token, and how much of a month's
messages is used.
"""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    text,
)

from storage.schema.base import JsonValue, UtcDateTime, id_column, member_column, metadata

attachment = Table(
    "attachment",
    metadata,
    Column("id", String(32), primary_key=True),
    # Whom it was sent to; null: everybody who was sent a shared message with it.
    Column("account_id", Integer, ForeignKey("account.id")),
    Column("name", String(120), nullable=False),
    Column("mime", String(100), nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("created_at", UtcDateTime, nullable=False, index=True),
)

# An address by which one account's file is fetched without a login, until a moment.
file_link = Table(
    "file_link",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("account_id", Integer, ForeignKey("account.id", ondelete="CASCADE"), nullable=False),
    Column("attachment_id", String(32), ForeignKey("attachment.id", ondelete="CASCADE"), nullable=False),
    Column("until", UtcDateTime, nullable=False, index=True),
)

# What many people are sent, kept once. Its rows of the outbox are claimed only while it is open.
shared_message = Table(
    "shared_message",
    metadata,
    id_column(),
    # The topic of its rows, whose keys are made of it and the member.
    Column("topic", String(60), nullable=False, unique=True),
    # As in the outbox, with merge fields in the text.
    Column("message", JsonValue, nullable=False),
    # "send", or "edit" or "delete" for what was sent before; see `storage.shared`.
    Column("deed", String(6), nullable=False, server_default="send"),
    Column("priority", Integer, nullable=False, server_default="30"),
    # How often each copy is sent at most while nobody knows whether it arrived.
    Column("tries", Integer, nullable=False, server_default="2"),
    Column("attachment_id", String(32), ForeignKey("attachment.id", ondelete="SET NULL")),
    Column("state", String(4), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    CheckConstraint("state IN ('open','held','over')", name="state"),
)

outbox = Table(
    "outbox",
    metadata,
    id_column(),
    # One row for each occasion and recipient: a second run of the same job adds nothing.
    Column("key", String(120), nullable=False, unique=True),
    # What it belongs to, such as "study:3:first"; figures are counted by it.
    Column("topic", String(60), nullable=False),
    member_column(nullable=True),
    # Null for somebody who has no account that can be reached.
    Column("account_id", Integer, ForeignKey("account.id")),
    Column("priority", Integer, nullable=False),
    Column("message", JsonValue),
    Column("attachment_id", String(32), ForeignKey("attachment.id", ondelete="SET NULL")),
    # A shared message stands in place of the row's own; the channel is the account's then.
    Column("shared_id", Integer, ForeignKey("shared_message.id")),
    Column("channel", String(20)),
    Column("state", String(12), nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("not_before", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime),
    Column("lease_until", UtcDateTime),
    Column("created_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    # The platform's id of what was sent, or of what is to be edited or deleted; see `storage.numbers`.
    Column("channel_message", String(64)),
    # Why it was not sent, or not yet.
    Column("problem", String(200)),
    # Accounts to which it couldn't be sent, such as ",7,12,"; see `storage.fallback`.
    Column("not_to", String(100)),
    CheckConstraint(
        "state IN ('pending','sending','sent','unreachable','failed','unknown','expired','cancelled')",
        name="state",
    ),
    CheckConstraint("(message IS NULL) <> (shared_id IS NULL)", name="one_message"),
    CheckConstraint("account_id IS NOT NULL OR state = 'unreachable'", name="recipient"),
    # With the member, so that what was sent can be gone through in steps.
    Index("ix_outbox_topic_state_member_id", "topic", "state", "member_id"),
    # Shared messages have an index of their own: a million of them must not stand in the others' way.
    Index(
        "ix_outbox_due",
        "priority",
        "id",
        sqlite_where=text("state IN ('pending','sending') AND shared_id IS NULL"),
        postgresql_where=text("state IN ('pending','sending') AND shared_id IS NULL"),
    ),
    Index(
        "ix_outbox_shared",
        "shared_id",
        "channel",
        "state",
        "id",
        sqlite_where=text("finished_at IS NULL AND shared_id IS NOT NULL"),
        postgresql_where=text("finished_at IS NULL AND shared_id IS NOT NULL"),
    ),
)

# Who sends for a bot token, until when: one process at a time.
sender_lease = Table(
    "sender_lease",
    metadata,
    Column("name", String(80), primary_key=True),
    Column("holder", String(64), nullable=False),
    Column("until", UtcDateTime, nullable=False),
)

# How many messages went out, all together, by a channel whose platform allows so many a month.
sending_budget = Table(
    "sending_budget",
    metadata,
    Column("channel", String(20), primary_key=True),
    # Its first day, by the branch's time.
    Column("month", Date, primary_key=True),
    Column("sent", Integer, nullable=False),
    sqlite_with_rowid=False,
)
