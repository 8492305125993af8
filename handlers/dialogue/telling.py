"""Each side hears when the other has moved: a theme was handed over, or was answered."""

from handlers.kit import hours
from handlers.kit.access import Right, may
from handlers.kit.context import Work
from handlers.kit.reply import Button
from handlers.kit.sending import Recipient, push
from storage import members, recipients
from storage.dialogue.themes import Theme


async def tell_employer(work: Work, theme: Theme) -> None:
    button = work.button("dialogue/open", "dialogue.handed_theme", theme.id)
    await _tell(work, Right.SEE_THEMES, "handed_to_you", theme, button)


async def tell_officers(work: Work, theme: Theme) -> None:
    button = work.button("dialogue/open", "dialogue.view", theme.id)
    await _tell(work, Right.MANAGE_THEMES, "was_answered", theme, button)


async def _tell(work: Work, right: Right, text: str, theme: Theme, button: Button) -> None:
    """Whoever has that right now, in the morning where it is night."""
    people = [each.id for each in await members.with_roles(work.db) if may(each, right)]
    reply = work.reply(f"dialogue/{text}", (button,), theme=theme)
    to = [Recipient(each.member_id, each.account_id) for each in await recipients.these(work.db, people)]
    not_before = hours.after_quiet(work.now.astimezone(work.services.zone))
    # A later answer is told of again.
    topic = f"theme:{theme.id}:{text}:{work.now:%Y%m%d%H%M%S}"
    await push(work, topic, [(each, reply) for each in to], not_before=not_before)
