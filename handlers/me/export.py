"""One's own data as a file that people can read: JSON with the words of the texts for its names."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from handlers.kit.context import Work
from handlers.kit.markup import plain
from handlers.kit.reply import Attachment
from storage import own_data


async def own_file(work: Work, member_id: int) -> Attachment:
    """Everything that is kept about the member, with times in the branch's zone."""
    sections = await own_data.about(work.db, member_id)
    shown = {
        work.label("me/export_branch"): work.services.branch.name,
        work.label("me/export_made_at"): _readable(work, work.now),
        **{work.label(f"me/section_{name}"): _rows(work, rows) for name, rows in sections.items()},
    }
    text = json.dumps(shown, ensure_ascii=False, indent=2)
    return Attachment(work.label("me/export_file"), "application/json", text.encode())


def _rows(work: Work, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [
        {work.label(f"me/field_{name}"): _value(work, name, value) for name, value in row.items()}
        for row in rows
    ]


def _value(work: Work, name: str, value: Any) -> Any:
    if name == "text":
        return plain(value.replace("</p><p>", "\n\n").replace("<br>", "\n"))
    if name == "details":
        return json.loads(value) if isinstance(value, str) else value
    return _readable(work, value)


def _readable(work: Work, value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(work.services.zone).isoformat(sep=" ", timespec="seconds")
    return value.isoformat() if isinstance(value, date) else value
