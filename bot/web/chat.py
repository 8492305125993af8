"""The chat page, what it says to the server, and the stream of what the server says to it."""

import asyncio
import re
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Send

from bot.channels import webevents
from bot.channels.webstreams import Stream
from bot.web.bodies import Posted, read_posted
from bot.web.entry import see_other
from bot.web.problems import ProblemError
from bot.web.sent_file import PICTURES, sent_file
from bot.web.sessions import COOKIE, LIFETIME, Sessions, Visitor, check_csrf
from bot.web.site import Site
from bot.web.uploads import Upload, is_upload, read_upload
from handlers.kit import files
from handlers.kit.incoming import Incoming, Kind
from handlers.kit.limits import Limiter, Seats
from handlers.kit.notation import typed
from handlers.kit.vietnamese import clean, utf16_len
from storage import web
from storage.database import StorageUnavailableError
from storage.web import WebMessage

# As long as a message in the other channels may be.
LONGEST_TEXT = 4096
RECENT = 200
KEEP_ALIVE_S = 15.0
# A stream ends after this and the browser opens the next one, for which the session is looked at again.
STREAM_LIFE_S = 3600.0
_MOST_STREAMS = 20
_BURST, _PER_SECOND = 30, 3.0
_RETRY = b"retry: 1000\n\n"
# Files that may be on their way in at a time: each is held in memory until it is handled.
_MOST_UPLOADS, _UPLOADS_EACH = 4, 2
_FILE_ID = re.compile("[0-9a-f]{32}")
_DIGITS = re.compile("[0-9]{1,9}")


class ChatPages:
    def __init__(self, site: Site, sessions: Sessions) -> None:
        self._site = site
        self._sessions = sessions
        self._pace = Limiter(site.clock, site.chance, burst=_BURST, per_second=_PER_SECOND)
        self._uploads = Seats(most=_MOST_UPLOADS, each=_UPLOADS_EACH)
        self.routes = [
            Route("/chat", self.page),
            Route("/chat/stream", self.stream),
            Route("/chat/send", self.send, methods=["POST"]),
            Route("/chat/files/{file}", self.file),
        ]

    async def page(self, request: Request) -> Response:
        visitor = await self._sessions.find(request)
        if visitor is None:
            return see_other("/")
        await self._sessions.extend(visitor)
        settings = self._site.settings
        response = self._site.pages.show(
            "chat",
            branch=self._site.branch.name,
            person=visitor.full_name or self._site.texts.label("web/not_linked"),
            csrf=visitor.csrf,
            demo=settings.demo,
            timezone=settings.timezone,
            largest=files.LARGEST,
        )
        self._sessions.set_cookie(response, COOKIE, visitor.token, LIFETIME)
        return response

    async def send(self, request: Request) -> Response:
        """Take a text, a press or a file; 202 once its effect is committed."""
        self._sessions.check_origin(request)
        visitor = await self._sessions.find(request)
        if visitor is None:
            raise ProblemError(401, "gone")
        check_csrf(visitor.token, request.headers.get("x-csrf-token", ""))
        if is_upload(request):
            await self._take_file(request, visitor.address)
        else:
            await self._deliver(_incoming(visitor.address, await read_posted(request)))
        return JSONResponse({"ok": True}, 202)

    async def _take_file(self, request: Request, address: str) -> None:
        with self._uploads.taken(address) as has_seat:
            if not has_seat:
                # The page tries again by itself.
                raise ProblemError(503, "not_now")
            await self._deliver(_sent_file(address, await read_upload(request)))

    async def _deliver(self, incoming: Incoming) -> None:
        if not self._pace.allows(incoming.address):
            raise ProblemError(429, "too_fast")
        await self._site.chat.deliver(incoming)

    async def stream(self, request: Request) -> Response:
        visitor = await self._sessions.find(request)
        if visitor is None:
            # A refusal would only make the page try again, for ever.
            return _EventStream(_once(webevents.gone(self._site.texts.label("web/gone"))))
        if self._site.chat.streams.count(visitor.address) >= _MOST_STREAMS:
            raise ProblemError(429, "too_fast")
        # What the browser says by itself when it reconnects is newer than what the page wrote in the address.
        last = request.headers.get("last-event-id") or request.query_params.get("after", "")
        after = int(last) if _DIGITS.fullmatch(last) else 0
        return _EventStream(self._follow(visitor, after))

    async def file(self, request: Request) -> Response:
        visitor = await self._sessions.find(request)
        file_id = request.path_params["file"]
        if visitor is None or not _FILE_ID.fullmatch(file_id):
            raise HTTPException(404)
        file = await self._site.chat.file(visitor.account_id, visitor.address, file_id)
        if file is None:
            raise HTTPException(404)
        return sent_file(file.name, file.mime, file.content)

    async def _follow(self, visitor: Visitor, after: int) -> AsyncGenerator[bytes]:
        yield _RETRY
        with self._site.chat.streams.opened(visitor.address, visitor.session) as stream:
            ending = asyncio.get_running_loop().call_later(STREAM_LIFE_S, stream.end)
            try:
                async for event in self._events(visitor, stream, after):
                    yield event
            except StorageUnavailableError:
                # The browser comes back in a moment and names what it has seen.
                return
            finally:
                ending.cancel()

    async def _events(self, visitor: Visitor, stream: Stream, after: int) -> AsyncIterator[bytes]:
        after, from_place = await self._beginning(visitor.account_id, after)
        while True:
            stream.begin_look()
            while page := await self._changes(visitor.account_id, after, from_place):
                for message in page:
                    yield webevents.stored(message)
                after = page[-1].seq
            from_place = 0
            for event in stream.take():
                yield event
            if stream.is_ended:
                return
            if not await stream.wait(KEEP_ALIVE_S):
                yield webevents.KEEP_ALIVE

    async def _beginning(self, account_id: int, after: int) -> tuple[int, int]:
        """After which number and from which place on a page gets messages. A number that isn't reached yet is
        of a database that a backup has replaced: the page begins anew.
        """
        async with self._site.database.read() as tx:
            newest = await web.newest_seq(tx, account_id)
            if 0 < after <= newest:
                return after, 0
            return 0, await web.recent_place(tx, account_id, RECENT)

    async def _changes(self, account_id: int, after: int, from_place: int) -> list[WebMessage]:
        async with self._site.database.read() as tx:
            return await web.changes(tx, account_id, after, RECENT, from_place)


def _incoming(address: str, posted: Posted) -> Incoming:
    event = f"{address}:{posted.id}"
    if posted.kind == "press":
        return Incoming(
            web.CHANNEL,
            event,
            address,
            Kind.PRESS,
            payload=posted.payload,
            message=posted.message,
            private=posted.private,
        )
    text = _cleaned(posted.text)
    if not text.strip():
        raise ProblemError(400, "empty")
    return Incoming(
        web.CHANNEL,
        event,
        address,
        Kind.TEXT,
        text=text,
        own_message=posted.id,
        private=posted.private,
        rich=typed(text),
    )


def _sent_file(address: str, upload: Upload) -> Incoming:
    """Named as in the other channels."""
    kind = "photo" if upload.file.mime in PICTURES else "document"
    caption = typed(_cleaned(upload.text).strip())
    event = f"{address}:{upload.id}"
    return Incoming(
        web.CHANNEL,
        event,
        address,
        Kind.MEDIA,
        text=kind,
        own_message=upload.id,
        private=upload.private,
        rich=caption,
        file=upload.file,
    )


def _cleaned(text: str) -> str:
    cleaned = clean(text)
    if utf16_len(cleaned) > LONGEST_TEXT:
        raise ProblemError(413, "too_long", limit=LONGEST_TEXT)
    return cleaned


class _EventStream(StreamingResponse):
    """`events` are closed at once when the page goes away, wherever it was cut off."""

    media_type = "text/event-stream"

    def __init__(self, events: AsyncGenerator[bytes]) -> None:
        # nginx would else collect events before it passes them on.
        super().__init__(events, headers={"X-Accel-Buffering": "no"})
        self._events = events

    async def stream_response(self, send: Send) -> None:
        async with aclosing(self._events):
            await super().stream_response(send)


async def _once(event: bytes) -> AsyncGenerator[bytes]:
    yield event
