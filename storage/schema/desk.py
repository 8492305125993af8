"""The officers' web page: who is in, by what second factor, and what they did there."""

from sqlalchemy import Boolean, Column, ForeignKey, Integer, String, Table, false

from storage.schema.base import JsonValue, UtcDateTime, id_column, member_column, metadata

# A way in, sent in the chat; good once, and only a few minutes.
desk_link = Table(
    "desk_link",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    member_column(),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("used_at", UtcDateTime),
)

desk_session = Table(
    "desk_session",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    member_column(),
    Column("created_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    # Whether the second factor was shown.
    Column("is_confirmed", Boolean, nullable=False, server_default=false()),
)

# The second factor: codes that change every 30 seconds.
desk_factor = Table(
    "desk_factor",
    metadata,
    Column("member_id", Integer, ForeignKey("member.id"), primary_key=True, autoincrement=False),
    Column("secret", String(64), nullable=False),
    # False until its first code was shown.
    Column("is_set", Boolean, nullable=False, server_default=false()),
    # The last period of time whose code was taken: no code works twice.
    Column("last_step", Integer, nullable=False, server_default="0"),
    Column("wrong", Integer, nullable=False, server_default="0"),
    Column("blocked_until", UtcDateTime),
    Column("made_at", UtcDateTime, nullable=False),
)

# What was done at the desk. It holds no word of a concern.
desk_act = Table(
    "desk_act",
    metadata,
    id_column(),
    Column("at", UtcDateTime, nullable=False),
    member_column(),
    Column("act", String(40), nullable=False),
    # What it was done to: a case's short name, a reader's number.
    Column("subject", String(64), nullable=False, server_default=""),
    Column("details", JsonValue, nullable=False),
)
