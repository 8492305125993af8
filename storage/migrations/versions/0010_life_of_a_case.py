"""When somebody wrote in a concern last."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_LAST = """
UPDATE concern_case SET last_week = (
    SELECT max(week) FROM concern_item
    WHERE concern_item.case_id = concern_case.id AND concern_item.kind IN ('reply', 'answer')
)
"""


def upgrade() -> None:
    op.add_column("concern_case", sa.Column("last_week", sa.Date(), nullable=True))
    op.execute(_LAST)
