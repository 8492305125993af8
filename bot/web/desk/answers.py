"""What the desk's scripts get and send: ids as hex, days as ISO."""

import re
from typing import Annotated, Any

import msgspec
from msgspec import Meta
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from handlers.desk.reading import short_name
from storage.concerns.cases import OVER, Case
from storage.concerns.items import Item

_ID = re.compile("[0-9a-f]{32}")
Id = Annotated[str, Meta(pattern=r"\A[0-9a-f]{32}\Z")]
_MOST = 2**31
Count = Annotated[int, Meta(ge=0, lt=_MOST)]


def json_answer(value: Any) -> Response:
    return Response(msgspec.json.encode(value), media_type="application/json")


def id_in(request: Request, name: str) -> bytes:
    """The case or item that the address names."""
    text = request.path_params[name]
    if not _ID.fullmatch(text):
        raise HTTPException(404)
    return bytes.fromhex(text)


def number_in(request: Request, name: str) -> int:
    """The reader or theme that the address names."""
    number: int = request.path_params[name]
    if number >= _MOST:
        raise HTTPException(404)
    return number


def case_row(case: Case) -> dict[str, Any]:
    return {
        "id": case.id.hex(),
        "name": short_name(case.id),
        "week": case.week,
        "category": case.category,
        "state": case.state.value,
        "is_over": case.state in OVER,
        "version": case.version,
        "due_on": case.due_on,
        "first_answer_week": case.first_answer_week,
        "answered_in_time": case.answered_in_time,
        "quiet_since": case.quiet_since,
        "satisfaction": case.satisfaction,
        "assigned_to": case.assigned_to,
        "merged_into": case.merged_into.hex() if case.merged_into else None,
        "theme": case.theme_id,
        "destroyed_after": case.destroyed_after,
        "has_news": case.has_news,
    }


def item_row(item: Item) -> dict[str, Any]:
    return {
        "id": item.id.hex(),
        "case": item.case_id.hex(),
        "number": item.number,
        "kind": item.kind.value,
        "week": item.week,
    }
