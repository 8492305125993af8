"""One announcement as officers see it: how far it has come, and what may be done to it."""

from dataclasses import replace

from handlers.announce import actions, rules
from handlers.announce.display import bar, beginning, percent, settled
from handlers.announce.polls import polling
from handlers.announce.polls.polling import Results
from handlers.announce.rules import WAYS, Deed
from handlers.kit import audience
from handlers.kit.context import Work
from handlers.kit.reply import Button, Reply, Rows
from storage import announced, announcements, followups, members, told
from storage.announced import Who
from storage.announcements import Announcement, Figures, State
from storage.followups import Followup, Kind, Progress
from storage.members import Member

# What stands in a button for each list of people.
LISTS = (Who.NOT_REACHED, Who.NOT_NOTED, Who.NOT_CHANGED, Who.NOT_ANSWERED)
# What buttons call the deeds: "cancel" is the way out of a conversation.
DEEDS = {"pause": Deed.PAUSE, "resume": Deed.RESUME, "stop": Deed.CANCEL}
# What changes copies that people have.
CHANGES = (Kind.CORRECTION, Kind.WITHDRAWAL)
_SHOWN = (*CHANGES, Kind.REMINDER)


def screen_topic(announcement_id: int) -> str:
    return f"screen:{announcements.topic(announcement_id)}"


def state_label(work: Work, found: Announcement) -> str:
    return work.label(f"announce/state_{found.state.value}")


async def status_screen(work: Work, viewer: Member, announcement_id: int) -> Reply:
    """For an officer, whose own announcements are approved by others."""
    found, figures = await actions.status(work, announcement_id)
    author = await members.by_id(work.db, found.author_id) if found.author_id is not None else None
    done = await _done(work, found)
    poll = await polling.results(work, found)
    silent = await _silent(work, found, figures, poll)
    share = percent(settled(figures), figures.recipients)
    reply = work.reply(
        "announce/status",
        *_ways_to_act(work, viewer, found),
        _ways_to_change(work, viewer, found),
        *_ways_to_follow(work, found, figures, poll, silent),
        *_ways_to_see(work, found, figures, silent, done),
        (work.button("announce/to_results", "announce.results", found.id),) if poll else (),
        (
            work.button("announce/refresh", "announce.view", found.id),
            work.button("announce/all", "announce.list", 0),
        ),
        edit=True,
        found=found,
        state=state_label(work, found),
        beginning=beginning(found.text),
        audience=await audience.describe(work, found.audience),
        author=author.full_name if author else "",
        figures=figures,
        told=await told.count(work.db, found.id),
        bar=bar(share),
        share=share,
        done=done,
        poll=poll,
    )
    return replace(reply, topic=screen_topic(found.id))


async def _silent(work: Work, found: Announcement, figures: Figures, poll: Results | None) -> int:
    """How many it reached who haven't taken note, or answered; reckoned from few others, not counted."""
    if poll is None and not found.wants_receipt:
        return 0
    answered = poll.answered if poll else figures.receipts
    return figures.sent - answered + await announced.count_answered_unreached(work.db, found.id)


async def _done(work: Work, found: Announcement) -> list[tuple[Followup, Progress]]:
    """The latest of each kind of follow-up that has letters of its own, and how far it has come."""
    latest = {each.kind: each for each in await followups.of(work.db, found.id) if each.kind in _SHOWN}
    progress = await followups.progress(work.db, list(latest.values()))
    return [(each, progress.get(each.id, Progress(0, 0, 0))) for each in latest.values()]


def _ways_to_act(work: Work, viewer: Member, found: Announcement) -> Rows:
    if found.state is State.PROPOSED and found.author_id != viewer.id:
        deeds = [
            work.button(f"announce/{word}", f"announce.{word}", found.id) for word in ("approve", "decline")
        ]
        return (tuple(deeds),)
    possible = [word for word, deed in DEEDS.items() if found.state in WAYS[deed][0]]
    return (tuple(work.button(f"announce/{word}", f"announce.{word}", found.id) for word in possible),)


def _ways_to_follow(
    work: Work, found: Announcement, figures: Figures, poll: Results | None, silent: int
) -> Rows:
    rows: list[tuple[Button, ...]] = []
    if found.state in rules.MAY_FOLLOW_UP:
        missed, unknown = figures.unreachable + figures.failed, figures.unknown
        for kind, number in ((Kind.MISSED, missed), (Kind.UNKNOWN, unknown)):
            if number:
                again = work.button(
                    f"announce/again_{kind}", f"announce.again_{kind}", found.id, number=number
                )
                rows.append((again,))
        if poll and poll.is_open and silent > 0:
            rows.append((work.button("announce/remind_to_answer", "announce.remind", found.id),))
        if found.wants_receipt and silent > 0:
            rows.append((work.button("announce/remind", "announce.remind", found.id),))
    return tuple(rows)


def _ways_to_change(work: Work, viewer: Member, found: Announcement) -> tuple[Button, ...]:
    buttons = []
    is_approved_so = rules.stands_as_approved(found) or rules.is_own_approved(found, viewer.id)
    if found.state in rules.MAY_CORRECT and not is_approved_so:
        buttons.append(work.button("announce/correct", "announce.correct", found.id))
    if found.shared_id is not None and found.state in WAYS[Deed.WITHDRAW][0]:
        buttons.append(work.button("announce/withdraw", "announce.withdraw", found.id))
    return tuple(buttons)


def _ways_to_see(
    work: Work, found: Announcement, figures: Figures, silent: int, done: list[tuple[Followup, Progress]]
) -> Rows:
    missed = figures.unreachable + figures.failed + figures.unknown + figures.cancelled
    rows = []
    if missed:
        rows.append((people_button(work, Who.NOT_REACHED, found.id, missed),))
    if found.wants_receipt and silent > 0:
        rows.append((people_button(work, Who.NOT_NOTED, found.id, silent),))
    changes = [progress for each, progress in done if each.kind in CHANGES]
    if changes and changes[-1].failed:
        rows.append((people_button(work, Who.NOT_CHANGED, found.id, changes[-1].failed),))
    return tuple(rows)


def people_button(work: Work, who: Who, announcement_id: int, number: int) -> Button:
    arguments = (announcement_id, LISTS.index(who), 0)
    return work.button(f"announce/{who.value}", "announce.people", *arguments, number=number)
