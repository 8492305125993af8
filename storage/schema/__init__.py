"""Every table, once: the migrations are tested against this description on both databases.

Times are UTC. On SQLite they are stored as ISO text by :class:`UtcDateTime`; on PostgreSQL as `timestamptz`.
"""

from storage.schema import (
    announcements,
    calendar,
    certificates,
    concerns,
    conversations,
    desk,
    evidence,
    jobs,
    meetings,
    messages,
    people,
    registers,
    rounds,
    studies,
    themes,
)
from storage.schema.base import UtcDateTime, metadata

__all__ = [
    "UtcDateTime",
    "announcements",
    "calendar",
    "certificates",
    "concerns",
    "conversations",
    "desk",
    "evidence",
    "jobs",
    "meetings",
    "messages",
    "metadata",
    "people",
    "registers",
    "rounds",
    "studies",
    "themes",
]
