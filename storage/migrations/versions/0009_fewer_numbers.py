"""Events are known by the day only, messages that nobody changes any more by no number of their platform."""

from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_OUTBOX = sa.table("outbox", *map(sa.column, ("topic", "finished_at", "channel_message", "message")))
_TOPIC = _OUTBOX.c.topic
_NEEDED = sa.and_(
    sa.or_(_TOPIC.like("announce:%"), _TOPIC.like("screen:%")),
    sa.not_(_TOPIC.like("%:reminder:%")),
    sa.not_(_TOPIC.like("%:withdrawal:%")),
)
_WITHOUT = {
    "sqlite": "json_set(message, '$.replaces', '')",
    "postgresql": "jsonb_set(message, '{replaces}', '\"\"'::jsonb)",
}
_EVENTS = {
    "sqlite": "SELECT channel, event, substr(at, 1, 10) FROM processed_event",
    "postgresql": "SELECT channel, event, (at AT TIME ZONE 'UTC')::date FROM processed_event",
}


def upgrade() -> None:
    database = op.get_bind()
    dialect = database.dialect.name
    known = database.execute(sa.text(_EVENTS[dialect])).all()
    # Made anew: so none of SQLite's pages keeps the old rows.
    op.drop_index(op.f("ix_processed_event_at"), "processed_event")
    op.drop_table("processed_event")
    events = op.create_table(
        "processed_event",
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("event", sa.String(length=100), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("channel", "event", name=op.f("pk_processed_event")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_processed_event_day"), "processed_event", ["day"], unique=False)
    rows = [{"channel": row[0], "event": row[1], "day": date.fromisoformat(str(row[2]))} for row in known]
    op.bulk_insert(events, rows)
    ended = sa.update(_OUTBOX).where(_OUTBOX.c.finished_at.is_not(None), sa.not_(_NEEDED))
    message: sa.ColumnElement[str] = sa.literal_column(_WITHOUT[dialect])
    database.execute(ended.values(channel_message=None, message=message))
