"""Personal fields of the evidence under each person's key, and signed heads of its tree."""

import sqlalchemy as sa
from alembic import op

from storage.guards import HEADS, append_only

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("evidence", sa.Column("format", sa.Integer(), server_default="1", nullable=False))
    op.add_column("evidence", sa.Column("personal", sa.Text(), nullable=True))
    op.add_column("evidence", sa.Column("person_key", sa.String(length=64), nullable=True))
    op.create_table(
        "person_key",
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("secret", sa.LargeBinary(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_person_key_member_id_member")),
        sa.PrimaryKeyConstraint("fingerprint", name=op.f("pk_person_key")),
    )
    op.create_index("ix_person_key_member_id", "person_key", ["member_id"], unique=False)
    op.create_table(
        "evidence_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public", sa.LargeBinary(length=32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("signature", sa.LargeBinary(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_key")),
        sa.UniqueConstraint("public", name=op.f("uq_evidence_key_public")),
    )
    op.create_table(
        "evidence_head",
        sa.Column("size", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("signature", sa.LargeBinary(length=64), nullable=False),
        sa.Column("key_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["key_id"], ["evidence_key.id"], name=op.f("fk_evidence_head_key_id_evidence_key")
        ),
        sa.PrimaryKeyConstraint("size", name=op.f("pk_evidence_head")),
    )
    op.create_table(
        "evidence_node",
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("level", "place", name=op.f("pk_evidence_node")),
        sqlite_with_rowid=False,
    )
    for statement in append_only(op.get_bind().dialect.name, HEADS):
        op.execute(statement)
