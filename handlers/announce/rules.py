"""What may be announced, when, and what may still be done to an announcement: pure."""

from datetime import datetime, timedelta
from enum import StrEnum

from markupsafe import Markup

from handlers.kit import markup, merge
from storage.announcements import Announcement, State

# In UTF-16 units, with room for the heading and for long names on every channel.
LONGEST_TEXT = 3_500
# With a photo or a document, which carry a short caption.
LONGEST_CAPTION = 800
_FARTHEST = timedelta(days=366)
# So long after it went out people are still to be told of what didn't reach them.
TELL_FOR = timedelta(days=30)


class Deed(StrEnum):
    APPROVE = "approve"
    PAUSE = "pause"
    RESUME = "resume"
    CANCEL = "cancel"
    WITHDRAW = "withdraw"


# From which states a deed leads to which.
WAYS: dict[Deed, tuple[frozenset[State], State]] = {
    Deed.APPROVE: (frozenset({State.PROPOSED}), State.SCHEDULED),
    Deed.PAUSE: (frozenset({State.SENDING}), State.PAUSED),
    Deed.RESUME: (frozenset({State.PAUSED}), State.SENDING),
    Deed.CANCEL: (
        frozenset({State.PROPOSED, State.SCHEDULED, State.SENDING, State.PAUSED}),
        State.CANCELLED,
    ),
    # Of a cancelled one too: some may have got it before.
    Deed.WITHDRAW: (
        frozenset({State.SENDING, State.PAUSED, State.SENT, State.CANCELLED}),
        State.WITHDRAWN,
    ),
}
# When the words may still be changed, and when those who missed it can be sent it once more, or reminded.
MAY_CORRECT = frozenset({State.SCHEDULED, State.SENDING, State.PAUSED, State.SENT})
MAY_FOLLOW_UP = frozenset({State.SENT})
# People are reminded once a day at most.
_REMIND_EVERY = timedelta(hours=20)


def text_problem(text: Markup, *, has_file: bool) -> str | None:
    """Key of the sentence that says why this text can't be announced; None when it can."""
    if not markup.plain(text).strip() and not has_file:
        return "announce/empty"
    if markup.width(text) > longest(has_file=has_file):
        return "announce/too_long"
    return "announce/unknown_field" if merge.unknown(text) else None


def longest(*, has_file: bool) -> int:
    return LONGEST_CAPTION if has_file else LONGEST_TEXT


def time_problem(send_at: datetime, now: datetime) -> str | None:
    if send_at < now:
        return "announce/past"
    return "announce/too_far" if send_at > now + _FARTHEST else None


def was_reminded(last: datetime | None, now: datetime) -> bool:
    """Whether the last reminder is too recent for another."""
    return last is not None and now - last < _REMIND_EVERY


def stands_as_approved(found: Announcement) -> bool:
    """Whether it waits to go out in the words that a second officer has agreed to."""
    return found.state is State.SCHEDULED and found.approved_by is not None


def is_own_approved(found: Announcement, officer_id: int | None) -> bool:
    """Whether this officer wrote what a second one has agreed to: alone they don't change it."""
    return found.approved_by is not None and officer_id is not None and found.author_id == officer_id
