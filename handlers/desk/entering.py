"""The way in and out: one-time links, and the sessions that they open.

Nobody keeps a token but the chat that got the link and the browser that has the cookie: here are digests.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from handlers.desk import codes
from handlers.desk.noting import note_act
from handlers.kit.access import Right, may
from handlers.kit.context import Work
from storage import members
from storage.desk import factors, links, sessions
from storage.desk.acts import Act
from storage.desk.sessions import DeskSession
from storage.members import Member

# Where the links lead, below the address that people open.
PATH = "/desk/vao"
LINK_LIFE = timedelta(minutes=5)
# Without a request for so long, a session is over; and at last after so long, whatever is done in it.
IDLE = timedelta(minutes=15)
LIFE = timedelta(hours=12)
# A session that was seen so shortly ago isn't noted again.
_NOTED_FOR = timedelta(seconds=15)
# Any of these lets a person in; what they find there, each page's and each answer's own right says.
ENTRANCE = (Right.DESK,)
_TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True)
class Entered:
    """`token` is the cookie's value, for this once."""

    token: str
    member: Member


def digest(token: str) -> str:
    return sha256(token.encode(errors="replace")).hexdigest()


def may_enter(member: Member | None) -> bool:
    return any(may(member, right) for right in ENTRANCE)


async def make_link(work: Work, member_id: int) -> str:
    """The token of a new link, for this once; an unused one that was there is worth nothing any more."""
    token = work.chance.token(_TOKEN_BYTES).hex()
    await links.replace(work.db, member_id, digest(token), work.now, work.now + LINK_LIFE)
    return token


async def is_open(work: Work, token: str) -> bool:
    """Whether the link leads in, for whoever uses it first."""
    return await links.find(work.db, digest(token), work.now) is not None


async def enter(work: Work, token: str) -> Entered | None:
    """A new session by a link, which is used up; its second factor is still to be shown. None when the link
    is used, expired or nobody's, or its owner has no business at the desk any more.
    """
    member_id = await links.use(work.db, digest(token), work.now)
    member = await members.by_id(work.db, member_id) if member_id is not None else None
    if member is None or not may_enter(member):
        return None
    await sessions.forget(work.db, opened_before=work.now - LIFE, seen_before=work.now - IDLE)
    cookie = work.chance.token(_TOKEN_BYTES).hex()
    await sessions.open_(work.db, digest(cookie), member.id, work.now)
    await _prepare_factor(work, member.id)
    return Entered(cookie, member)


async def _prepare_factor(work: Work, member_id: int) -> None:
    """Whoever has none set gets a secret with every session: one that an earlier session was shown, and that
    somebody else may have seen, doesn't count.
    """
    factor = await factors.of_member(work.db, member_id)
    if factor is None:
        await factors.begin(work.db, member_id, codes.new_secret(work.chance), work.now)
    elif not factor.is_set:
        await factors.renew(work.db, member_id, codes.new_secret(work.chance), work.now)


async def find(work: Work, token: str) -> DeskSession | None:
    """The session behind a cookie, whatever its owner may do now."""
    return await sessions.find(
        work.db, digest(token), opened_since=work.now - LIFE, seen_since=work.now - IDLE
    )


def is_to_note(session: DeskSession, now: datetime) -> bool:
    return now - session.seen_at >= _NOTED_FOR


async def note_seen(work: Work, token: str) -> None:
    await sessions.note_seen(work.db, digest(token), work.now)


async def shut_out(work: Work, member_id: int) -> None:
    """All sessions and links of somebody who has no business here any more: to get the role back opens none
    of them again.
    """
    await sessions.end_all_of(work.db, member_id)
    await links.forget(work.db, member_id)


async def leave(work: Work, token: str, member_id: int) -> None:
    """The cookie is worth nothing from now on."""
    await sessions.end(work.db, digest(token))
    await note_act(work, member_id, Act.LEFT)
