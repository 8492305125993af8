"""Certificates of having passed."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "certificate",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("version_hash", sa.String(length=64), nullable=False),
        sa.Column("full_name", sa.String(length=100), nullable=False),
        sa.Column("passed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("token", sa.String(length=28), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=300), server_default="", nullable=False),
        sa.CheckConstraint("(revoked_at IS NULL) = (reason = '')", name=op.f("ck_certificate_reason")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_certificate_campaign_id_campaign")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_certificate_member_id_member")),
        sa.ForeignKeyConstraint(
            ["version_hash"],
            ["document_version.hash"],
            name=op.f("fk_certificate_version_hash_document_version"),
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_certificate")),
        sa.UniqueConstraint("member_id", "campaign_id", name=op.f("uq_certificate_member_id_campaign_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_certificate_token_hash")),
        sqlite_autoincrement=True,
    )
