"""Every refusal and every mistake as one clear sentence, as a page or as JSON; never a traceback."""

from pathlib import Path
from traceback import extract_tb
from typing import Any

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.channels.webchat import NotRunningError
from bot.web.site import Site
from storage.database import StorageUnavailableError

log = structlog.get_logger()
_REFERENCE_BYTES = 4
# What scripts ask for at the desk.
DESK_API = "/desk/api/"
# How soon to try again, in seconds.
_RETRY_AFTER = {429: "10", 503: "5"}


class ProblemError(Exception):
    """What was asked can't be done; the sentence is the label `web/KEY`, the page's title `web/KEY_title`."""

    def __init__(self, status: int, key: str, **values: Any) -> None:
        super().__init__(key)
        self.status = status
        self.key = key
        self.values = values


class Problems:
    """The answers to exceptions; `handlers` are for Starlette, `Shield` for what nobody expected."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.handlers: dict[Any, Any] = {
            ProblemError: self._refused,
            HTTPException: self._not_there,
            StorageUnavailableError: self._not_now,
            NotRunningError: self._not_now,
        }

    def answer(self, request: Request, error: ProblemError, reference: str | None = None) -> Response:
        text = self._site.texts.label(f"web/{error.key}", **error.values)
        headers = {"Retry-After": _RETRY_AFTER[error.status]} if error.status in _RETRY_AFTER else {}
        if request.url.path == "/chat/send":
            return JSONResponse({"error": text}, error.status, headers)
        if request.url.path.startswith(DESK_API):
            return JSONResponse({"problem": text, "reason": error.key}, error.status, headers)
        title = self._site.texts.label(f"web/{error.key}_title")
        return self._site.pages.show(
            "problem", error.status, headers, title=title, text=text, reference=reference
        )

    def unexpected(self, request: Request, error: Exception) -> Response:
        """A mistake of ours: the person gets a reference number, the log says where it was."""
        reference = self._site.chance.token(_REFERENCE_BYTES).hex().upper()
        route = request.scope.get("route")
        log.error(
            "page_failed",
            reference=reference,
            method=request.method,
            route=getattr(route, "path", ""),
            error=type(error).__name__,
            where=_places(error),
        )
        return self.answer(request, ProblemError(500, "mishap"), reference)

    async def _refused(self, request: Request, error: ProblemError) -> Response:
        return self.answer(request, error)

    async def _not_there(self, request: Request, error: HTTPException) -> Response:
        response = self.answer(request, ProblemError(error.status_code, "not_found"))
        response.headers.update(error.headers or {})
        return response

    async def _not_now(self, request: Request, _error: Exception) -> Response:
        return self.answer(request, ProblemError(503, "not_now"))


class Shield:
    """Between the pages and the server, which would print the exception's own words into the log."""

    def __init__(self, app: ASGIApp, *, problems: Problems) -> None:
        self._app = app
        self._problems = problems

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_started = False

        async def watch(message: Message) -> None:
            nonlocal is_started
            is_started = is_started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, watch)
        except ClientDisconnect:
            return
        except Exception as error:  # noqa: BLE001 - whatever a page does, the person gets an answer
            response = self._problems.unexpected(Request(scope), error)
            if not is_started:
                await response(scope, receive, send)


def _places(error: Exception) -> list[str]:
    """The last steps to where it was raised; the exception's own words may hold what a person wrote."""
    return [f"{Path(frame.filename).name}:{frame.lineno}" for frame in extract_tb(error.__traceback__)[-4:]]
