"""The minutes of a dialogue as a .docx, from what is kept of it."""

from collections.abc import Sequence
from datetime import date

from handlers.dialogue.rounds import Seen
from handlers.kit.context import Work
from handlers.kit.errors import RefusedError
from handlers.kit.office import DOCX_MIME
from handlers.kit.papers import Head, Signature, format_paper_day
from handlers.kit.papers.layout import Paper
from handlers.kit.reply import Attachment
from handlers.kit.sittings import Sitting
from storage import attendance
from storage.dialogue import themes
from storage.dialogue.representatives import Representative, Side


async def write(work: Work, seen: Seen, place: str = "") -> Attachment:
    """`place`: where it is signed; without one there is room for it. RefusedError while no day is set."""
    if seen.meeting_day is None or seen.sitting is None:
        raise RefusedError("dialogue/no_meeting_yet")
    paper = Paper(work.now)
    paper.head(_head(work, seen.meeting_day, place))
    for line in await _lines(work, seen, seen.sitting):
        paper.paragraph(line)
    paper.sign(_signatures(work, seen))
    name = work.label("dialogue/minutes_file", number=seen.round.id, day=seen.meeting_day)
    return Attachment(name, DOCX_MIME, paper.content())


def _head(work: Work, day: date, place: str) -> Head:
    where = place or work.label("dialogue/paper_place")
    day_, month, year = format_paper_day(day)
    return Head(
        issuer=work.services.branch.name,
        number=work.label("dialogue/paper_number"),
        nation=work.label("dialogue/paper_nation"),
        motto=work.label("dialogue/paper_motto"),
        place_and_day=work.label("dialogue/paper_day", place=where, day=day_, month=month, year=year),
        title=work.label("dialogue/paper_title"),
        about=work.label("dialogue/paper_about"),
    )


async def _lines(work: Work, seen: Seen, sitting: Sitting) -> Sequence[str]:
    """Each line of the text is a paragraph."""
    about = await themes.by_ids(work.db, [each.theme_id for each in seen.agenda])
    reply = work.reply(
        "dialogue/minutes",
        seen=seen,
        sitting=sitting,
        branch=work.services.branch.name,
        workers=await _workers(work, seen, sitting),
        employers=seen.roll.of(Side.EMPLOYER) if seen.roll else (),
        agenda=[(each, about[each.theme_id].reply) for each in seen.agenda],
    )
    return [line for line in str(reply.text).split("\n") if line.strip()]


async def _workers(work: Work, seen: Seen, sitting: Sitting) -> list[Representative]:
    """Who of the workers' representatives was checked in; all of them, where nobody kept that."""
    people = list(seen.roll.of(Side.WORKERS)) if seen.roll else []
    there = set(await attendance.present_ids(work.db, sitting.id))
    return [each for each in people if each.member_id in there] or people


def _signatures(work: Work, seen: Seen) -> tuple[Signature, Signature]:
    legal = [each for each in seen.roll.people if each.is_legal] if seen.roll else []
    hint = work.label("dialogue/paper_sign")
    return (
        Signature(work.label("dialogue/paper_union"), hint),
        Signature(work.label("dialogue/paper_employer"), hint, legal[0].full_name if legal else ""),
    )
