"""Time stamps over signed heads of the evidence."""

import sqlalchemy as sa
from alembic import op

from storage.guards import STAMPS, append_only

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "evidence_stamp",
        sa.Column("size", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("reply", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["size"], ["evidence_head.size"], name=op.f("fk_evidence_stamp_size_evidence_head")
        ),
        sa.PrimaryKeyConstraint("size", name=op.f("pk_evidence_stamp")),
    )
    for statement in append_only(op.get_bind().dialect.name, STAMPS):
        op.execute(statement)
