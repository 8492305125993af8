"""Certificates of having passed a campaign's quiz."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Integer, String, Table, UniqueConstraint

from storage.schema.base import UtcDateTime, member_column, metadata

certificate = Table(
    "certificate",
    metadata,
    Column("number", Integer, primary_key=True),
    member_column(),
    Column("campaign_id", Integer, ForeignKey("campaign.id"), nullable=False),
    # What stands on the paper: the document in this version, the name, and the day of passing.
    Column("version_hash", String(64), ForeignKey("document_version.hash"), nullable=False),
    Column("full_name", String(100), nullable=False),
    Column("passed_at", UtcDateTime, nullable=False),
    # The end of the address that the paper carries, and its SHA-256, by which it is looked up.
    Column("token", String(28), nullable=False),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("issued_at", UtcDateTime, nullable=False),
    # Issued by mistake, and why.
    Column("revoked_at", UtcDateTime),
    Column("reason", String(300), nullable=False, server_default=""),
    CheckConstraint("(revoked_at IS NULL) = (reason = '')", name="reason"),
    UniqueConstraint("member_id", "campaign_id"),
    # A number isn't given again when the newest certificate goes.
    sqlite_autoincrement=True,
)
