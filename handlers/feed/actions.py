"""Making and revoking the secret address, and reading a calendar by it."""

from base64 import urlsafe_b64encode
from datetime import datetime
from hashlib import sha256

from handlers.feed.days import days_for
from handlers.feed.model import Feed, Series
from handlers.kit.context import Work
from storage import audiences, calendar_links, meeting_dates, meetings, preferences
from storage.calendar_links import CalendarLink
from storage.members import Member

_TOKEN_BYTES = 32


async def make_link(work: Work, member_id: int) -> str:
    """The token of a new link, for this once: it can't be read again. The link that was there is revoked."""
    token = urlsafe_b64encode(work.chance.token(_TOKEN_BYTES)).rstrip(b"=").decode()
    await calendar_links.replace(work.db, member_id, _hash(token), work.now)
    return token


async def find_link(work: Work, token: str) -> CalendarLink | None:
    """None where the token is nobody's, was revoked, or its owner isn't on the roster any more. A digest is
    looked up, so that the time it takes says nothing of tokens that are nearly right.
    """
    return await calendar_links.find(work.db, _hash(token))


def _hash(token: str) -> str:
    return sha256(token.encode(errors="replace")).hexdigest()


async def feed_of(work: Work, link: CalendarLink) -> Feed:
    """This year and the next, and every meeting with a date in them that the member is invited to."""
    me = link.member
    chosen = await preferences.of_member(work.db, me.id)
    return Feed(
        name=work.label("feed/name", branch=work.services.branch.name),
        tag=work.services.branch.tag,
        since=link.created_at,
        days=await days_for(work, me),
        meetings=await _meetings_of(work, me),
        leads=chosen.leads,
    )


async def _meetings_of(work: Work, me: Member) -> list[Series]:
    new_year = datetime(work.today.year, 1, 1, tzinfo=work.services.zone)
    everything = await meetings.since(work.db, new_year)
    invited = await audiences.including(work.db, [each.audience for each in everything], me.id)
    mine = {each.id: each for each in everything if each.audience in invited}
    dates = await meeting_dates.dates_of_all(work.db, list(mine))
    return [Series(mine[meeting_id], found) for meeting_id, found in dates.items()]
