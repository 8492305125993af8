"""What came of a dialogue is told to everybody, and how long it could be read is kept as proof."""

from markupsafe import Markup

from handlers.dialogue import legal
from handlers.dialogue.rounds import EVERYBODY, Seen, look
from handlers.kit import hours, markup
from handlers.kit.access import Right, require
from handlers.kit.context import Work
from handlers.kit.errors import RefusedError
from handlers.kit.incoming import IncomingFile
from handlers.kit.vietnamese import clean
from storage import announcements, outbox
from storage.announcements import NewAnnouncement, State
from storage.dialogue import postings, rounds
from storage.dialogue.postings import Place, Posting
from storage.dialogue.rounds import Done, Step
from storage.members import Member
from storage.outbox import Attached

LONGEST_NOTE = 300
# As long as an announcement may be, in UTF-16 units.
_LONGEST = 3_500
# So many characters of each outcome, when all of them together are too long; the last one always fits.
_CUTS = (1_500, 300, 100, 0)


async def to_publish(work: Work, round_id: int) -> Seen:
    """RefusedError before the minutes are signed, and when it was published already."""
    seen = await look(work, round_id)
    if Step.SIGNED not in seen.steps:
        raise RefusedError("dialogue/not_signed_yet")
    if Step.PUBLISHED in seen.steps:
        raise RefusedError("dialogue/results_stand")
    return seen


async def published(work: Work, round_id: int) -> Seen:
    """RefusedError before that."""
    seen = await look(work, round_id)
    if Step.PUBLISHED not in seen.steps:
        raise RefusedError("dialogue/not_published_yet")
    return seen


async def publish(work: Work, by: Member, round_id: int) -> Seen:
    """An announcement to everybody, from now or from the end of the quiet hours on. RefusedError as
    `to_publish` says.
    """
    require(by, Right.DIALOGUE)
    await rounds.hold(work.db, round_id)
    seen = await to_publish(work, round_id)
    send_at = hours.after_quiet(work.now.astimezone(work.services.zone))
    new = NewAnnouncement(
        author_id=by.id,
        audience=EVERYBODY,
        text=str(results_text(work, seen)),
        attachment_id=None,
        is_urgent=False,
        wants_receipt=False,
        state=State.SCHEDULED,
        send_at=send_at,
    )
    number = await announcements.create(work.db, new, work.now)
    await rounds.change(work.db, round_id, announcement_id=number)
    done = Done(send_at.date(), {"announcement": number})
    await rounds.note_step(work.db, round_id, Step.PUBLISHED, done, by=by.id, now=work.now)
    return await look(work, round_id)


def results_text(work: Work, seen: Seen) -> Markup:
    """The main contents, as long as an announcement may be. Nothing in them becomes a merge field."""
    texts = (work.reply("dialogue/results", seen=seen, agenda=seen.agenda, cut=cut).text for cut in _CUTS)
    fitting = next(each for each in texts if markup.width(each) <= _LONGEST)
    return Markup(str(fitting).replace("{{", "{ {"))  # noqa: S704 - markup as before


async def note_board(
    work: Work, by: Member, round_id: int, note: str = "", photo: IncomingFile | None = None
) -> Seen:
    """That it hangs on the board today; RefusedError before it was published, or when that was noted."""
    require(by, Right.DIALOGUE)
    await published(work, round_id)
    words = clean(note).strip()
    if len(words) > LONGEST_NOTE:
        raise RefusedError("dialogue/too_long", what="note", longest=LONGEST_NOTE, length=len(words))
    attachment_id = await _keep(work, photo)
    new = Posting(work.today, Place.BOARD, note=words, attachment_id=attachment_id)
    if not await postings.note(work.db, round_id, new, by.id, work.now):
        raise RefusedError("dialogue/board_noted_already")
    return await look(work, round_id)


async def _keep(work: Work, photo: IncomingFile | None) -> str | None:
    if photo is None or photo.content is None:
        return None
    file_id = work.chance.token(16).hex()
    await outbox.attach(work.db, file_id, None, Attached(photo.name, photo.mime, photo.content), work.now)
    return file_id


def days_posted(seen: Seen, place: Place) -> int:
    """In a row, in the chat or on the board."""
    days = (each.day for each in seen.posted if each.place is place)
    return legal.days_in_a_row(days, seen.facts.today)
