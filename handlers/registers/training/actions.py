"""What officers enter about training: called by chat and command alike."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from handlers.kit.context import Work
from handlers.kit.errors import RefusedError, StaleError
from handlers.kit.vietnamese import clean, name_key
from handlers.registers.reading import line, line_or_nothing, past_day
from storage import members
from storage.members import Member
from storage.outbox import Attached
from storage.registers import Share
from storage.registers import training as kept
from storage.registers.training import NewTraining, Training

LONGEST_COURSE, LONGEST_CERTIFICATE = 150, 60
# People who are entered at once.
MOST_PEOPLE = 200
# What a certificate's picture or scan may be: what telephones make, and PDF; each with where which bytes
# stand in it, for neither names nor what senders say of them can be relied on.
_PICTURES = (
    ("application/pdf", 0, b"%PDF-"),
    ("image/jpeg", 0, b"\xff\xd8\xff"),
    ("image/png", 0, b"\x89PNG\r\n"),
    ("image/webp", 8, b"WEBP"),
    ("image/heic", 4, b"ftyphe"),
    ("image/heif", 4, b"ftypmif1"),
)
# Percent of the officers, in the union's programme.
TARGET = 90


@dataclass(frozen=True, slots=True)
class Standing:
    """How training stands today; people and courses as they are listed."""

    share: Share
    lacking: Sequence[Member]
    courses: Sequence[Training]

    @property
    def is_reached(self) -> bool:
        return 100 * self.share.part >= TARGET * self.share.whole


async def look(work: Work) -> Standing:
    zone = work.services.zone
    lacking = await kept.lacking(work.db, work.today, zone)
    return Standing(
        await kept.trained(work.db, work.today, zone),
        sorted(lacking, key=lambda each: name_key(each.full_name)),
        await kept.everything(work.db),
    )


async def find(work: Work, training_id: int) -> Training:
    """StaleError when there is none any more."""
    found = await kept.by_id(work.db, training_id)
    if found is None:
        raise StaleError
    return found


def read_course(text: str) -> str:
    return line("course", text, LONGEST_COURSE)


async def note(work: Work, by: Member | None, typed_codes: str, course: str, held_on: date) -> list[Training]:
    """People with these codes attended the course; the new entries. Who stands there already with this course
    and day is left as they are. RefusedError for codes of nobody, a day to come, or when nobody is new.
    """
    people = await _people(work, typed_codes)
    name, day = read_course(course), past_day(work, held_on)
    made = [
        await kept.add(work.db, NewTraining(each.id, name, day), by.id if by else None, work.now)
        for each in people
    ]
    if not any(made):
        raise RefusedError("registers/trained_already", course=name, day=day)
    return [await find(work, each) for each in made if each is not None]


async def _people(work: Work, typed: str) -> list[Member]:
    codes = [each for each in clean(typed).replace(",", " ").replace(";", " ").split() if each]
    if not 0 < len(codes) <= MOST_PEOPLE:
        raise RefusedError("registers/how_many_people", most=MOST_PEOPLE)
    found = await members.named(work.db, (), [*codes, *(each.upper() for each in codes)])
    known = {each.code.upper() for each in found}
    if unknown := [each for each in codes if each.upper() not in known]:
        raise RefusedError("registers/unknown_codes", codes=unknown)
    return found


async def set_certificate(work: Work, training_id: int, typed: str) -> Training:
    """Its number, in place of what was there; `-` takes it away."""
    number = line_or_nothing("certificate", typed, LONGEST_CERTIFICATE)
    await kept.change(work.db, (await find(work, training_id)).id, certificate=number)
    return await find(work, training_id)


async def set_file(work: Work, training_id: int, file: Attached) -> Training:
    """A picture or scan of the certificate; an earlier one is kept nowhere any more. RefusedError for a file
    of another kind, and for an empty one.
    """
    mime = _picture(file.content)
    if mime is None:
        raise RefusedError("registers/not_a_file")
    found, picture = await find(work, training_id), replace(file, mime=mime)
    await kept.replace_file(work.db, found, work.chance.token(16).hex(), picture, work.now)
    return await find(work, training_id)


def _picture(content: bytes) -> str | None:
    """Its type; None when it is of no kind that a certificate may have."""
    fitting = (mime for mime, at, mark in _PICTURES if content[at:].startswith(mark))
    return next(fitting, None)


async def remove(work: Work, training_id: int) -> Training:
    """It was entered by mistake. StaleError when somebody removed it before."""
    found = await find(work, training_id)
    await kept.remove(work.db, found)
    return found
