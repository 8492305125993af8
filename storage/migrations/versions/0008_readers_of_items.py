"""For which readers each item is sealed, and whether a case's writer wrote again."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# Cases were left with readers who had been removed.
_NOBODY = """
UPDATE concern_case SET assigned_to = NULL
WHERE assigned_to IN (SELECT id FROM concern_reader WHERE state = 'removed')
"""


def upgrade() -> None:
    op.add_column("concern_item", sa.Column("mark", sa.Text(), nullable=True))
    op.add_column(
        "concern_case", sa.Column("has_news", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    op.execute(_NOBODY)
