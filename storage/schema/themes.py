"""Themes: what the union says in its own words of what workers raised, and who agrees."""

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Integer, String, Table, Text

from storage.schema.base import UtcDateTime, id_column, member_column, metadata

theme = Table(
    "theme",
    metadata,
    id_column(),
    Column("title", String(120), nullable=False),
    Column("text", Text, nullable=False),
    Column("state", String(10), nullable=False, server_default="draft"),
    # Since when members see it, and since when the employer's side does.
    Column("published_at", UtcDateTime),
    Column("handed_over_at", UtcDateTime),
    # The day on which the figures that people see were last looked at.
    Column("counted_on", Date),
    # What the employer's side said of it, last.
    Column("reply_kind", String(8)),
    Column("reply", Text, nullable=False, server_default=""),
    member_column("replied_by", nullable=True),
    Column("replied_at", UtcDateTime),
    # Null when it was made by command.
    member_column("author_id", nullable=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    CheckConstraint("state IN ('draft','open','agenda','promised','refused','done','dropped')", name="state"),
    CheckConstraint("reply_kind IN ('position','promise')", name="reply_kind"),
)

# Who has answered, without a time and without the answer; and apart from it how often each was given.
theme_voter = Table(
    "theme_voter",
    metadata,
    Column("theme_id", Integer, ForeignKey("theme.id"), primary_key=True),
    Column("member_id", Integer, ForeignKey("member.id"), primary_key=True),
    sqlite_with_rowid=False,
)
theme_count = Table(
    "theme_count",
    metadata,
    Column("theme_id", Integer, ForeignKey("theme.id"), primary_key=True),
    # 0: agrees, 1: doesn't (yet).
    Column("option", Integer, primary_key=True, autoincrement=False),
    Column("number", Integer, nullable=False),
    # As people see it, until it is looked at again.
    Column("shown", Integer, nullable=False),
    sqlite_with_rowid=False,
)
