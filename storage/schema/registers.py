"""Registers of the union: how the roster stood, officers' training, admissions, collective agreements."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    text,
)

from storage.schema.base import UtcDateTime, id_column, member_column, metadata

# How somebody stood on the roster from `since` up to, and without, `until`; while they were not on it there
# is no row.
roster_period = Table(
    "roster_period",
    metadata,
    id_column(),
    member_column(),
    Column("since", UtcDateTime, nullable=False),
    # Null while it holds.
    Column("until", UtcDateTime),
    # What began it.
    Column("cause", String(10), nullable=False),
    # Empty in what is over of people who withdrew their consent; so are position and first day.
    Column("code", String(32), nullable=False),
    Column("full_name", String(100), nullable=False),
    Column("group_id", Integer, ForeignKey("union_group.id"), nullable=False),
    Column("position", String(100), nullable=False),
    Column("is_union_member", Boolean, nullable=False),
    Column("is_party_member", Boolean, nullable=False),
    Column("is_group_leader", Boolean, nullable=False),
    Column("is_committee", Boolean, nullable=False),
    Column("is_chair", Boolean, nullable=False),
    Column("is_cell_committee", Boolean, nullable=False),
    Column("is_employer", Boolean, nullable=False),
    Column("started_on", Date),
    CheckConstraint("until >= since", name="order"),
    Index("ix_roster_period_member_id", "member_id"),
    # Nobody stands on the roster twice.
    Index(
        "uq_roster_period_open",
        "member_id",
        unique=True,
        sqlite_where=text("until IS NULL"),
        postgresql_where=text("until IS NULL"),
    ),
)

training = Table(
    "training",
    metadata,
    id_column(),
    member_column(),
    Column("course", String(150), nullable=False),
    Column("held_on", Date, nullable=False),
    # The certificate's number; empty without one.
    Column("certificate", String(60), nullable=False),
    # A picture or scan of the certificate.
    Column("attachment_id", String(32), ForeignKey("attachment.id", ondelete="SET NULL")),
    # Null when it was entered by command.
    member_column("entered_by", nullable=True),
    Column("entered_at", UtcDateTime, nullable=False),
    UniqueConstraint("member_id", "course", "held_on"),
)

# A worker's application to be admitted, and what became of it.
admission = Table(
    "admission",
    metadata,
    id_column(),
    member_column(),
    Column("state", String(10), nullable=False),
    # SHA-256 of the words that were agreed to in chat; null when an officer entered a paper.
    Column("wording_hash", String(64)),
    Column("begun_at", UtcDateTime, nullable=False),
    # When the signed paper was handed in.
    Column("signed_on", Date),
    # The committee's decision: number and day.
    Column("decision", String(60)),
    Column("decided_on", Date),
    # Why it was refused or withdrawn.
    Column("reason", String(300), nullable=False, server_default=""),
    # Null: by a command.
    member_column("changed_by", nullable=True),
    Column("changed_at", UtcDateTime, nullable=False),
    CheckConstraint("state IN ('begun','signed','admitted','refused','withdrawn')", name="state"),
    CheckConstraint("(decision IS NULL) = (decided_on IS NULL)", name="decision"),
    Index("ix_admission_member_id", "member_id"),
    # One at a time.
    Index(
        "uq_admission_open",
        "member_id",
        unique=True,
        sqlite_where=text("state IN ('begun','signed')"),
        postgresql_where=text("state IN ('begun','signed')"),
    ),
)

agreement = Table(
    "agreement",
    metadata,
    id_column(),
    Column("number", String(60), nullable=False),
    Column("signed_on", Date, nullable=False),
    # The last day on which it holds.
    Column("valid_until", Date, nullable=False),
    member_column("entered_by", nullable=True),
    Column("entered_at", UtcDateTime, nullable=False),
    CheckConstraint("valid_until >= signed_on", name="order"),
    UniqueConstraint("signed_on"),
)
