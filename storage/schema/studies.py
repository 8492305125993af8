"""Documents as they were frozen, campaigns, and what people did in them."""

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
    UniqueConstraint,
    text,
)

from storage.schema.base import JsonValue, UtcDateTime, id_column, member_column, metadata

document_version = Table(
    "document_version",
    metadata,
    # SHA-256 of the canonical text, in hex.
    Column("hash", String(64), primary_key=True),
    Column("slug", String(80), nullable=False, index=True),
    Column("edition", Integer, nullable=False),
    Column("title", String(300), nullable=False),
    Column("canonical", LargeBinary, nullable=False),
    Column("frozen_at", UtcDateTime, nullable=False),
)

campaign = Table(
    "campaign",
    metadata,
    id_column(),
    Column("slug", String(80), nullable=False, index=True),
    Column("version_hash", String(64), ForeignKey("document_version.hash"), nullable=False),
    Column("title", String(300), nullable=False),
    Column("audience", String(400), nullable=False),
    # The last day to study, in the branch's time zone.
    Column("deadline", Date),
    # Percent of right answers that a quiz needs; 0: the acknowledgement is enough.
    Column("pass_mark", Integer, nullable=False),
    Column("state", String(12), nullable=False, server_default="open"),
    member_column("published_by", nullable=True),
    Column("published_at", UtcDateTime, nullable=False),
    Column("closed_at", UtcDateTime),
    CheckConstraint("state IN ('open','closed','superseded')", name="state"),
    CheckConstraint("pass_mark BETWEEN 0 AND 100", name="pass_mark"),
    # One document is studied in one open campaign at a time.
    Index(
        "uq_campaign_open_slug",
        "slug",
        unique=True,
        sqlite_where=text("state = 'open'"),
        postgresql_where=text("state = 'open'"),
    ),
)

study = Table(
    "study",
    metadata,
    Column("campaign_id", Integer, ForeignKey("campaign.id"), primary_key=True),
    Column("member_id", Integer, ForeignKey("member.id"), primary_key=True),
    # The furthest card that was shown, counted from 1.
    Column("card", Integer, nullable=False, server_default="0"),
    # The version whose cards were shown; a corrected one may follow in the same campaign.
    Column("version_hash", String(64), ForeignKey("document_version.hash")),
    Column("opened_at", UtcDateTime),
    Column("acknowledged_at", UtcDateTime),
    Column("best_score", Integer),
    Column("passed_at", UtcDateTime),
    Column("waived_at", UtcDateTime),
    # Studied outside the chat: "attendance" of a study meeting, or "make_up"; entered by an officer.
    Column("credit", String(12)),
    Column("credited_at", UtcDateTime),
    # The evidence entry of the latest acknowledgement, waiver or credit.
    Column("evidence_id", Integer, ForeignKey("evidence.id")),
    sqlite_with_rowid=False,
)

quiz_attempt = Table(
    "quiz_attempt",
    metadata,
    id_column(),
    Column("campaign_id", Integer, ForeignKey("campaign.id"), nullable=False),
    member_column(),
    Column("number", Integer, nullable=False),
    Column("version_hash", String(64), ForeignKey("document_version.hash"), nullable=False),
    # [{"id": question, "order": [2, 0, 1, 3]}]: the shuffled options, 0 being the right one.
    Column("questions", JsonValue, nullable=False),
    # The option chosen for each question answered so far, as an index into the unshuffled options.
    Column("answers", JsonValue, nullable=False),
    # Percent, once finished.
    Column("score", Integer),
    Column("started_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    UniqueConstraint("campaign_id", "member_id", "number"),
    Index("ix_quiz_attempt_member_id", "member_id"),
)
