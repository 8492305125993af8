"""The conversation that links an account: a code, what is kept about people, their consent."""

from hashlib import sha256

from markupsafe import Markup

from handlers.kit import invitations
from handlers.kit.context import Context
from handlers.kit.errors import StaleError
from handlers.kit.feature import Action, Command, Feature
from handlers.kit.flow import Flow, Step
from handlers.kit.incoming import Incoming
from handlers.kit.reply import End, Goto, Reply, Turn
from handlers.link import actions, rules
from handlers.link.rules import CodeState
from storage import accounts
from storage import invitations as kept
from storage.invitations import StoredInvitation


async def start(incoming: Incoming, ctx: Context) -> Turn:
    """`/start`, `/start CODE`, or a message that is nothing but a code."""
    typed = _typed_code(incoming.text)
    if not typed:
        return _greet(ctx)
    if rules.must_wait(ctx.account.codes_blocked_until, ctx.now):
        return ctx.say("link/wait", until=ctx.account.codes_blocked_until)
    code = invitations.compact(typed)
    if not invitations.is_code(code):
        return ctx.say("link/unreadable")
    stored = await kept.by_hash(ctx.db, invitations.code_hash(code))
    return await _wrong(ctx) if stored is None else _found(ctx, stored)


def _typed_code(text: str) -> str:
    """What follows the command; a message without one is taken as a code only when it looks like one."""
    if text.startswith("/"):
        return "".join(text.split(maxsplit=1)[1:])
    return text if rules.looks_like_code(text) else ""


def _greet(ctx: Context) -> Turn:
    if ctx.member is None:
        return ctx.say("link/hello", branch=ctx.services.branch.name)
    return ctx.say("link/hello_again", name=ctx.member.full_name)


async def _wrong(ctx: Context) -> Turn:
    """Counted in an ordinary turn: a refusal would roll the count back."""
    caution = rules.after_wrong_code(ctx.account.wrong_codes, ctx.now)
    await accounts.note_wrong_code(ctx.db, ctx.account.id, caution.wrong_codes, caution.blocked_until)
    if caution.blocked_until is not None:
        return ctx.say("link/wait", until=caution.blocked_until)
    return ctx.say("link/wrong")


def _found(ctx: Context, stored: StoredInvitation) -> Turn:
    if ctx.member is not None and ctx.member.id == stored.member.id:
        # The code stays good: it may be meant for another channel.
        return ctx.say("link/already", name=ctx.member.full_name)
    state = rules.state_of(stored, ctx.now)
    if state is not CodeState.OPEN:
        return ctx.say(f"link/{state}")
    if ctx.member is not None:
        return ctx.say("link/other_person")
    data = {"invitation": stored.id, "wording": _wording_hash(ctx)}
    return Turn((_consent_screen(ctx, stored),), then=Goto("link", "consent", data))


def _consent_screen(ctx: Context, stored: StoredInvitation) -> Reply:
    return ctx.reply(
        "link/consent",
        (ctx.button("link/agree", "link.agree", stored.id),),
        (
            ctx.button("link/decline", "link.decline", stored.id),
            ctx.button("link/not_me", "link.not_me", stored.id),
        ),
        name=stored.member.full_name,
        words=_words(ctx),
    )


def _words(ctx: Context) -> Markup:
    """What is agreed to: the same for everybody of the branch, so that its hash can be checked later."""
    return ctx.services.texts.render("link/consent_words", branch=ctx.services.branch.name)


def _wording_hash(ctx: Context) -> str:
    return sha256(_words(ctx).encode()).hexdigest()


async def _invitation(ctx: Context) -> StoredInvitation:
    """The invitation this step is about."""
    stored = await kept.by_id(ctx.db, int(ctx.data.get("invitation", 0)))
    if stored is None:
        raise StaleError
    return stored


async def show_consent(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((_consent_screen(ctx, await _invitation(ctx)),))


async def _answered(ctx: Context) -> StoredInvitation:
    """The invitation whose screen was answered; an older screen is about another one."""
    stored = await _invitation(ctx)
    if ctx.number(0) != stored.id:
        raise StaleError
    return stored


async def agree(_incoming: Incoming, ctx: Context) -> Turn:
    stored = await _answered(ctx)
    if await actions.link(ctx, ctx.account, stored, str(ctx.data["wording"])):
        said = ctx.reply("link/welcome", name=stored.member.full_name, branch=ctx.services.branch.name)
    else:
        # Between the two screens it was used, revoked or ran out, or the person left.
        said = ctx.reply(f"link/{rules.state_of(await _invitation(ctx), ctx.now)}")
    return Turn((said,), then=End())


async def decline(_incoming: Incoming, ctx: Context) -> Turn:
    stored = await _answered(ctx)
    last_day = stored.expires_at.astimezone(ctx.services.zone).date()
    return Turn((ctx.reply("link/declined", last_day=last_day),), then=End())


async def not_me(_incoming: Incoming, ctx: Context) -> Turn:
    await _answered(ctx)
    return Turn((ctx.reply("link/not_mine"),), then=End())


FEATURE = Feature(
    "link",
    commands=(Command("start", start, None),),
    actions={
        "link.agree": Action(agree, None, "link.consent"),
        "link.decline": Action(decline, None, "link.consent"),
        "link.not_me": Action(not_me, None, "link.consent"),
    },
    flows=(Flow("link", (Step("consent", show_consent),)),),
)
