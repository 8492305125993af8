"""Agendas and minutes: officers attach them, whoever is invited opens them and is told of new minutes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from handlers.attendance import rules, sittings
from handlers.attendance.sittings import kept_sitting, sitting_of
from handlers.attendance.steps import PAPERS, leave
from handlers.kit.access import Right
from handlers.kit.context import Context, Work
from handlers.kit.errors import StaleError
from handlers.kit.feature import Action
from handlers.kit.flow import Flow
from handlers.kit.hours import after_quiet
from handlers.kit.incoming import Incoming, IncomingFile
from handlers.kit.jobs import JobKind, Letter
from handlers.kit.reply import Attachment, Button, End, Goto, Reply, Turn
from handlers.kit.sittings import Sitting, manages
from handlers.kit.steps import guarded_step, state_of
from storage import jobs, meeting_dates, meeting_files, meetings
from storage.jobs import Job, NewJob
from storage.meeting_files import FileKind, MeetingFile, NewFile
from storage.meetings import Meeting
from storage.outbox import Attached
from storage.wanted import Wanted

_JOB = "minutes"
ONE_DATE, ALL_DATES = "one", "all"


@dataclass(frozen=True, slots=True)
class Attaching:
    """What a file is waited for, as the dialogue keeps it. `file`: in place of which; 0: of none."""

    occurrence: int
    kind: FileKind
    for_all: bool = False
    file: int = 0


async def show_files(_incoming: Incoming, ctx: Context) -> Turn:
    sitting = await sitting_of(ctx, ctx.number(0))
    await sittings.require_reader(ctx, sitting.meeting)
    return Turn((await _screen(ctx, sitting),), then=leave(ctx))


async def _screen(ctx: Context, sitting: Sitting) -> Reply:
    files = await meeting_files.of_date(ctx.db, sitting.meeting.id, sitting.id)
    is_kept = manages(ctx.member, sitting.meeting)
    return ctx.reply(
        "attend/files",
        *((ctx.button("attend/open", "attend.file", each.id, file=each),) for each in files),
        *(_keeping(ctx, sitting, files) if is_kept else ()),
        edit=True,
        sitting=sitting,
        files=files,
    )


def _keeping(ctx: Context, sitting: Sitting, files: Sequence[MeetingFile]) -> list[tuple[Button, ...]]:
    """What only whoever keeps the meeting has."""
    scopes = [ONE_DATE, ALL_DATES] if sitting.meeting.recurrence else [ONE_DATE]
    return [
        *((_replace_button(ctx, sitting, each), _remove_button(ctx, sitting, each)) for each in files),
        *(
            (ctx.button(f"attend/add_{kind}_{scope}", "attend.add_file", sitting.id, kind.value, scope),)
            for scope in scopes
            for kind in (FileKind.MINUTES, FileKind.AGENDA)
        ),
        (ctx.button("attend/back_to_list", "attend.list", sitting.id, "absent", 0),),
    ]


def _replace_button(ctx: Context, sitting: Sitting, file: MeetingFile) -> Button:
    return ctx.button("attend/replace", "attend.replace", sitting.id, file.id, file=file)


def _remove_button(ctx: Context, sitting: Sitting, file: MeetingFile) -> Button:
    return ctx.button("attend/remove", "attend.remove", sitting.id, file.id, file=file)


async def open_file(_incoming: Incoming, ctx: Context) -> Turn:
    """For whoever is invited at this moment: earlier invitations, and buttons passed on, open nothing."""
    file = await meeting_files.by_id(ctx.db, ctx.number(0))
    if file is None:
        return ctx.say("attend/file_gone")
    meeting = await _meeting_of(ctx, file)
    await sittings.require_reader(ctx, meeting)
    content = await meeting_files.content(ctx.db, file)
    reply = ctx.reply("attend/file", file=file, title=meeting.title)
    attachment = Attachment(file.name, file.mime, content, file.attachment_id)
    return Turn((replace(reply, attachment=attachment),))


async def _meeting_of(work: Work, file: MeetingFile) -> Meeting:
    meeting = await meetings.by_id(work.db, file.meeting_id)
    if meeting is None:
        raise AssertionError("the schema keeps meetings that have files")
    return meeting


# Attaching.


async def begin(_incoming: Incoming, ctx: Context) -> Turn:
    sitting = await kept_sitting(ctx, ctx.number(0))
    kind = next((each for each in FileKind if each.value == ctx.word(1)), None)
    if kind is None:
        raise StaleError
    return await _wait_for_file(ctx, Attaching(sitting.id, kind, for_all=ctx.word(2) == ALL_DATES))


async def begin_replacing(_incoming: Incoming, ctx: Context) -> Turn:
    sitting, file = await _pressed_file(ctx)
    return await _wait_for_file(ctx, Attaching(sitting.id, file.kind, file=file.id))


async def ask_remove(_incoming: Incoming, ctx: Context) -> Turn:
    sitting, file = await _pressed_file(ctx)
    return ctx.show(
        "attend/ask_remove",
        (ctx.button("attend/remove_now", "attend.remove_now", sitting.id, file.id),),
        (ctx.button("attend/back_to_files", "attend.files", sitting.id),),
        file=file,
    )


async def remove(_incoming: Incoming, ctx: Context) -> Turn:
    sitting, file = await _pressed_file(ctx)
    await meeting_files.remove(ctx.db, file)
    await jobs.cancel(ctx.db, _JOB, file.id, ctx.now)
    return Turn((await _screen(ctx, sitting),), ctx.label("attend/removed"))


async def _pressed_file(ctx: Context) -> tuple[Sitting, MeetingFile]:
    sitting = await kept_sitting(ctx, ctx.number(0))
    return sitting, await _file_of(ctx, sitting, ctx.number(1))


async def _file_of(ctx: Context, sitting: Sitting, file_id: int) -> MeetingFile:
    file = await meeting_files.by_id(ctx.db, file_id)
    if file is None or file.meeting_id != sitting.meeting.id:
        raise StaleError
    return file


async def _wait_for_file(ctx: Context, asked: Attaching) -> Turn:
    data = {
        "occurrence": asked.occurrence,
        "kind": asked.kind.value,
        "for_all": asked.for_all,
        "file": asked.file,
    }
    return Turn((await _ask(ctx, asked),), then=Goto(PAPERS, "file", data))


async def show(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((await _ask(ctx, state_of(ctx, Attaching)),))


async def _ask(ctx: Context, asked: Attaching) -> Reply:
    sitting = await kept_sitting(ctx, asked.occurrence)
    back = ctx.button("attend/back_to_files", "attend.files", sitting.id)
    values = {"sitting": sitting, "kind": asked.kind, "for_all": asked.for_all, "replaces": asked.file > 0}
    documents, is_edit = ctx.limits.documents, bool(ctx.press.action)
    return ctx.reply("attend/ask_file", (back,), edit=is_edit, documents=documents, **values)


async def take(incoming: Incoming, ctx: Context) -> Turn:
    asked = state_of(ctx, Attaching)
    sitting = await kept_sitting(ctx, asked.occurrence)
    file = incoming.file
    if file is None or file.content is None:
        return Turn((await _ask(ctx, asked),))
    content = Attached(file.name, file.mime, file.content)
    if asked.file:
        await _replace(ctx, await _file_of(ctx, sitting, asked.file), content)
        said = ctx.reply("attend/replaced", name=file.name)
    else:
        said = await _add(ctx, sitting, asked, file, content)
    return Turn((said, replace(await _screen(ctx, sitting), edit=False)), then=End())


async def _replace(ctx: Context, old: MeetingFile, content: Attached) -> None:
    """Whoever was told of it opens the right one from now on."""
    officer = ctx.require(Right.MEET)
    await meeting_files.replace(ctx.db, old, ctx.chance.token(16).hex(), content, by=officer.id, now=ctx.now)


async def _add(
    ctx: Context, sitting: Sitting, asked: Attaching, file: IncomingFile, content: Attached
) -> Reply:
    occurrence = None if asked.for_all else sitting.id
    new = NewFile(sitting.meeting.id, occurrence, asked.kind, ctx.require(Right.MEET).id)
    file_id = await meeting_files.add(ctx.db, new, ctx.chance.token(16).hex(), content, ctx.now)
    is_told = asked.kind is FileKind.MINUTES
    if is_told:
        await _plan(ctx, file_id)
    return ctx.reply("attend/attached", name=file.name, is_told=is_told)


# Telling of new minutes.


async def _plan(work: Work, file_id: int) -> None:
    due_at = after_quiet(work.now.astimezone(work.services.zone))
    job = NewJob(
        key=f"{_JOB}:{file_id}",
        kind=_JOB,
        due_at=due_at,
        expires_at=due_at + rules.TELL_FOR,
        subject_id=file_id,
    )
    await jobs.add(work.db, [job], work.now)


async def letter(work: Work, job: Job) -> Letter | None:
    """None when the file was taken away since."""
    file = await _file_of_job(work, job)
    if file is None:
        return None
    meeting = await _meeting_of(work, file)
    date = await meeting_dates.occurrence(work.db, file.occurrence_id) if file.occurrence_id else None
    reply = work.reply(
        "attend/new_minutes",
        (work.button("attend/open", "attend.file", file.id, file=file),),
        title=meeting.title,
        starts_at=date.starts_at if date else None,
    )
    return Letter(reply, Wanted(meeting.audience))


async def title(work: Work, job: Job) -> str:
    file = await _file_of_job(work, job)
    meeting = await _meeting_of(work, file) if file else None
    return work.label("attend/job_title", title=meeting.title if meeting else "")


async def responsible(work: Work, job: Job) -> Sequence[int]:
    """Whoever attached it."""
    file = await _file_of_job(work, job)
    return [file.added_by] if file else []


async def _file_of_job(work: Work, job: Job) -> MeetingFile | None:
    return await meeting_files.by_id(work.db, job.subject_id or 0)


ACTIONS = {
    "attend.files": Action(show_files, Right.CHECK_IN),
    "attend.file": Action(open_file, Right.CHECK_IN),
    "attend.add_file": Action(begin, Right.MEET),
    "attend.replace": Action(begin_replacing, Right.MEET),
    "attend.remove": Action(ask_remove, Right.MEET),
    "attend.remove_now": Action(remove, Right.MEET),
}
FLOW = Flow(PAPERS, (guarded_step("file", Right.MEET, show, take, gone="attend/gone", takes_files=True),))
JOB = JobKind(_JOB, letter, title, responsible)
