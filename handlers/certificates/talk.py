"""One's own certificates, from the quiz's result and from `/toi`; for officers those of a whole campaign."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from handlers.certificates import actions, printing
from handlers.kit.access import Right
from handlers.kit.context import Context
from handlers.kit.errors import RefusedError, StaleError
from handlers.kit.feature import Action, Feature
from handlers.kit.incoming import Incoming
from handlers.kit.reply import Attachment, Button, Turn
from storage import campaigns, certificates
from storage.certificates import Certificate, Passed

# Setting more takes longer, and more memory, than a chat may: a command prints them.
MOST_AT_ONCE = 300
_LISTED = 20
_LABEL_LETTERS = 44


async def show_list(_incoming: Incoming, ctx: Context) -> Turn:
    passed = await certificates.passed_by(ctx.db, ctx.require(Right.OWN_DATA).id)
    return ctx.say(
        "certificates/list",
        *((_open_button(ctx, each),) for each in passed[:_LISTED]),
        passed=len(passed),
        shown=_LISTED,
    )


def _open_button(ctx: Context, passed: Passed) -> Button:
    title = passed.title
    if len(title) > _LABEL_LETTERS:
        title = title[:_LABEL_LETTERS].rsplit(" ", 1)[0] + "…"
    return ctx.plain_button(title, "certificates.mine", passed.campaign_id)


async def mine(_incoming: Incoming, ctx: Context) -> Turn:
    """The file goes to the person and is stored nowhere; pressed again, it is the same certificate."""
    me, campaign_id = ctx.require(Right.OWN_DATA), ctx.number(0)
    passed = await certificates.passed_by(ctx.db, me.id)
    found = next((each for each in passed if each.campaign_id == campaign_id), None)
    if found is None:
        raise StaleError
    certificate = await actions.issue(ctx, found)
    stem = ctx.label("certificates/file", number=certificate.number)
    return await _file(ctx, "certificates/file", stem, [certificate], found.title)


async def all_of_campaign(_incoming: Incoming, ctx: Context) -> Turn:
    """One page for each who has passed, to be signed and handed out."""
    ctx.require(Right.SEE_NAMES)
    campaign = await campaigns.by_id(ctx.db, ctx.number(0))
    if campaign is None:
        raise StaleError
    found = await actions.issue_all(ctx, campaign)
    if len(found) > MOST_AT_ONCE:
        raise RefusedError("certificates/many", number=len(found), most=MOST_AT_ONCE, campaign=campaign.id)
    stem = ctx.label("certificates/file_all", number=campaign.id)
    return await _file(ctx, "certificates/file_all", stem, found, campaign.title)


async def _file(ctx: Context, key: str, stem: str, found: Sequence[Certificate], title: str) -> Turn:
    content = await asyncio.to_thread(printing.draw, await printing.prepare(ctx, found))
    reply = ctx.reply(
        key,
        number=ctx.label("certificates/number", number=found[0].number),
        count=len(found),
        title=title,
        has_page=bool(ctx.services.public_url),
    )
    file = Attachment(f"{stem}.pdf", "application/pdf", content)
    return Turn((replace(reply, attachment=file, ephemeral=True),))


FEATURE = Feature(
    "certificates",
    actions={
        "certificates.list": Action(show_list, Right.OWN_DATA),
        "certificates.mine": Action(mine, Right.OWN_DATA),
        "certificates.all": Action(all_of_campaign, Right.SEE_NAMES),
    },
)
