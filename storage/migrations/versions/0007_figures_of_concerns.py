"""What is shown of concerns in figures."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "concern_figures",
        sa.Column("window", sa.String(length=6), nullable=False),
        sa.Column("seed", sa.LargeBinary(length=16), nullable=True),
        sa.Column("shown", JSON, nullable=False),
        sa.PrimaryKeyConstraint("window", name=op.f("pk_concern_figures")),
    )
