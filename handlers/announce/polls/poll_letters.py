"""What a poll adds to the letter of its announcement: whether names are kept, the answers, the result."""

from dataclasses import dataclass, replace

from markupsafe import Markup

from handlers.announce.display import bar, percent
from handlers.announce.polls import poll_rules, polling
from handlers.announce.polls.polling import Results
from handlers.kit.context import Work
from handlers.kit.reply import Rows
from storage.announcements import Announcement
from storage.polls import Poll

# The buttons under a letter that is only looked at: no announcement has this number.
NO_NUMBER = 0


@dataclass(frozen=True, slots=True)
class Part:
    """Words below the announcement's own, and buttons below all."""

    words: Markup
    rows: Rows = ()


def asking(work: Work, poll: Poll, *, has_answered: bool = False) -> Part:
    """A button for each answer, except for whoever has given one that can't be changed."""
    is_listed = poll_rules.are_long(poll.options)
    words = work.services.texts.render(
        "announce/poll_asks",
        options=poll.options if is_listed else (),
        is_named=poll.is_named,
        has_answered=has_answered,
        shown_from=poll_rules.SHOWN_FROM,
    )
    if has_answered and not poll.is_named:
        return Part(words)
    rows = tuple(
        (
            work.plain_button(
                f"{number + 1}. {option}" if is_listed else option,
                "announce.answer",
                poll.announcement_id,
                number,
            ),
        )
        for number, option in enumerate(poll.options)
    )
    return Part(words, rows)


async def of(work: Work, found: Announcement, *, is_preview: bool = False) -> Part | None:
    """For the announcement as it is now; None when it has no poll."""
    results = await polling.results(work, found)
    if results is None:
        return None
    if not results.is_open:
        return ended(work, results)
    poll = results.poll
    return asking(work, replace(poll, announcement_id=NO_NUMBER) if is_preview else poll)


def ended(work: Work, results: Results) -> Part:
    return Part(work.services.texts.render("announce/poll_ended", **figures(results)))


def figures(results: Results) -> dict[str, object]:
    """What the templates need to write figures, or why there are none."""
    counts = results.counts or ()
    shares = [percent(number, results.answered) for number in counts]
    return {
        "results": results,
        "rows": [
            (option, number, bar(share), share)
            for option, number, share in zip(results.poll.options, counts, shares, strict=False)
        ],
        "shown_from": poll_rules.SHOWN_FROM,
    }
