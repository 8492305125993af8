"""Concerns, sealed before they come here.

Nothing in these tables names a sender, and no time is finer than a week: every `week` is its Monday. The
large tables have random keys and no hidden row numbers; `storage.concerns.mixing` lays their rows anew, so
that the place of a row doesn't tell when it came.
"""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from storage.schema.base import JsonValue, UtcDateTime, id_column, member_column, metadata

STATES = ("new", "read", "in_progress", "answered", "to_dialogue", "closed", "declined")

# Who may read concerns, by the public half of a key pair that their browser made.
concern_reader = Table(
    "concern_reader",
    metadata,
    id_column(),
    member_column(),
    # "age1…"
    Column("recipient", String(80), nullable=False, unique=True),
    # The private half under a passphrase, as the browser wrote it.
    Column("wrapped", Text, nullable=False),
    # "asked" until a reader lets them in, "active", "removed".
    Column("state", String(8), nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("let_in_at", UtcDateTime),
    member_column("let_in_by", nullable=True),
    Column("removed_at", UtcDateTime),
    CheckConstraint("state IN ('asked','active','removed')", name="state"),
)

concern_case = Table(
    "concern_case",
    metadata,
    # Comes from the receipt, and names nobody.
    Column("id", LargeBinary(16), primary_key=True),
    Column("week", Date, nullable=False),
    Column("category", String(20), nullable=False),
    Column("state", String(12), nullable=False),
    # Counts changes: who decides on an older one is told so.
    Column("version", Integer, nullable=False, server_default="0"),
    Column("due_on", Date, nullable=False),
    Column("first_answer_week", Date),
    Column("answered_in_time", Boolean),
    # In which somebody wrote in it last, or moved it on; null: nobody since it came.
    Column("last_week", Date),
    # 1: it didn't help, 2: partly, 3: it did.
    Column("satisfaction", Integer),
    Column("assigned_to", Integer, ForeignKey("concern_reader.id")),
    # The case that tells the same.
    Column("merged_into", LargeBinary(16)),
    Column("theme_id", Integer),
    # The month at whose end it is destroyed: its first day.
    Column("destroyed_after", Date, nullable=False),
    # Its writer wrote again, and nobody has opened it since.
    Column("has_news", Boolean, nullable=False, server_default=false()),
    CheckConstraint(f"state IN {STATES}", name="state"),
    CheckConstraint("satisfaction BETWEEN 1 AND 3", name="satisfaction"),
    Index("ix_concern_case_week", "week"),
    sqlite_with_rowid=False,
)

# What belongs to a case: the concern, its files, and what was written back and forth.
concern_item = Table(
    "concern_item",
    metadata,
    Column("id", LargeBinary(16), primary_key=True),
    # No foreign key: both tables' rows are taken out and put back.
    Column("case_id", LargeBinary(16), nullable=False),
    # Where it stands in the case, from 1.
    Column("number", Integer, nullable=False),
    Column("kind", String(8), nullable=False),
    Column("week", Date, nullable=False),
    # The month whose key opens it, and an age file in an age file: see `storage.concerns.expiry`.
    Column("until", Date, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    # For which readers: see `storage.concerns.marks`. Without one it isn't known, and has to be sealed anew.
    Column("mark", Text),
    CheckConstraint("kind IN ('concern','file','reply','answer','note')", name="kind"),
    UniqueConstraint("case_id", "number"),
    sqlite_with_rowid=False,
)

# One row: whether there are answers that people haven't been told of.
concern_news = Table(
    "concern_news",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("is_waiting", Boolean, nullable=False, server_default=false()),
)

# What may be seen of the concerns of a quarter ("2027-1") or a year ("2027"): counted once, never changed.
concern_figures = Table(
    "concern_figures",
    metadata,
    Column("window", String(6), primary_key=True),
    # Until it is counted: what the order comes from in which figures are tried.
    Column("seed", LargeBinary(16)),
    # Only what is shown stands here: [from, to] for each figure, without `to` when only that much is told.
    Column("shown", JsonValue, nullable=False),
)
