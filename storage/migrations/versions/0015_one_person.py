"""The channel that somebody prefers, and the accounts to which a message couldn't be sent."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("preference", sa.Column("channel", sa.String(length=20), nullable=True))
    op.add_column("outbox", sa.Column("not_to", sa.String(length=100), nullable=True))
