"""`/toi`: my record, my data as a file, unlinking, withdrawing consent."""

from dataclasses import replace
from typing import Any

from handlers.kit import readership
from handlers.kit.access import Right
from handlers.kit.context import Context
from handlers.kit.errors import StaleError
from handlers.kit.feature import Action, Command, Feature
from handlers.kit.flow import Flow, Step
from handlers.kit.incoming import Incoming
from handlers.kit.reply import Attachment, Button, End, Goto, Reply, Turn
from handlers.me import actions
from handlers.me.export import own_file
from storage import links, own_data, preferences
from storage.own_data import Studied
from storage.registers import training

# Documents that the record names; the file has all.
_STUDIES_SHOWN = 10


async def show(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((await _record(ctx),))


async def _record(ctx: Context) -> Reply:
    member = ctx.require(Right.OWN_DATA)
    studies = await own_data.studies(ctx.db, member.id)
    return ctx.reply(
        "me/record",
        (ctx.button("me/export", "me.export"), ctx.button("me/settings", "settings.menu")),
        () if member.is_union_member else (ctx.button("me/join", "joining.begin"),),
        (ctx.button("evidence/proof_button", "evidence.proof"),),
        (ctx.button("certificates/mine", "certificates.list"),) if any(map(_is_passed, studies)) else (),
        (ctx.button("me/unlink", "me.unlink"), ctx.button("me/withdraw", "me.withdraw")),
        member=member,
        branch=ctx.services.branch.name,
        accounts=await links.of_member(ctx.db, member.id),
        here=ctx.account.id,
        settings=await preferences.of_member(ctx.db, member.id),
        studies=studies[:_STUDIES_SHOWN],
        more=max(0, len(studies) - _STUDIES_SHOWN),
    )


def _is_passed(studied: Studied) -> bool:
    return studied.acknowledged_at is not None and studied.passed_at is not None


async def export(_incoming: Incoming, ctx: Context) -> Turn:
    """The file goes to the person and is stored nowhere."""
    member = ctx.require(Right.OWN_DATA)
    certificates = await training.files_of(ctx.db, member.id)
    buttons = (
        (ctx.button("me/certificate", "me.certificate", each.id, training=each),) for each in certificates
    )
    reply = ctx.reply("me/export", *buttons, certificates=len(certificates))
    return Turn((replace(reply, attachment=await own_file(ctx, member.id), ephemeral=True),))


async def certificate(_incoming: Incoming, ctx: Context) -> Turn:
    """The file of a certificate of their own, stored nowhere else."""
    member = ctx.require(Right.OWN_DATA)
    theirs = await training.files_of(ctx.db, member.id)
    found = next((each for each in theirs if each.id == ctx.number(0)), None)
    file = None if found is None else await training.file_of(ctx.db, found)
    if file is None:
        raise StaleError
    attachment = Attachment(file.name, file.mime, file.content)
    reply = ctx.reply("me/certificate", training=found)
    return Turn((replace(reply, attachment=attachment, ephemeral=True),))


async def ask_unlink(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((_question(ctx, "me/ask_unlink", _yes(ctx, "unlink")),), then=Goto("me", "unlink"))


async def ask_withdraw(_incoming: Incoming, ctx: Context) -> Turn:
    """Whoever reads concerns hears what becomes of them."""
    me = ctx.require(Right.OWN_DATA)
    reading = await readership.current(ctx.db)
    mine = [each for each in reading if each.member_id == me.id]
    asked = _question(
        ctx,
        "me/ask_withdraw",
        ctx.button("me/export", "me.export"),
        _yes(ctx, "withdraw"),
        reads=bool(mine),
        other_readers=len(reading) - len(mine),
        hanging=await readership.hanging_on(ctx, mine, reading),
    )
    return Turn((asked,), then=Goto("me", "withdraw"))


def _yes(ctx: Context, what: str) -> Button:
    return ctx.button(f"me/{what}_now", f"me.{what}_now")


def _question(ctx: Context, key: str, *others: Button, **values: Any) -> Reply:
    """What can't be undone stands last: of numbers that are sent twice, or too early, most are 1."""
    ctx.require(Right.OWN_DATA)
    return ctx.reply(key, (ctx.button("me/stay", "me.stay"),), *((each,) for each in others), **values)


async def unlink(_incoming: Incoming, ctx: Context) -> Turn:
    await actions.unlink(ctx, ctx.account)
    return Turn((ctx.reply("me/unlinked"),), then=End())


async def withdraw(_incoming: Incoming, ctx: Context) -> Turn:
    accounts = await actions.withdraw(ctx, ctx.require(Right.OWN_DATA).id, ctx.account.id)
    return Turn((ctx.reply("me/withdrawn", accounts=accounts),), then=End())


async def stay(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((ctx.reply("me/stayed"),), then=End())


FEATURE = Feature(
    "me",
    commands=(Command("toi", show, Right.OWN_DATA, words=("tôi", "hồ sơ của tôi"), label="me/menu"),),
    actions={
        "me.export": Action(export, Right.OWN_DATA),
        "me.certificate": Action(certificate, Right.OWN_DATA),
        "me.unlink": Action(ask_unlink, Right.OWN_DATA),
        "me.unlink_now": Action(unlink, Right.OWN_DATA, "me.unlink"),
        "me.withdraw": Action(ask_withdraw, Right.OWN_DATA),
        "me.withdraw_now": Action(withdraw, Right.OWN_DATA, "me.withdraw"),
        "me.stay": Action(stay, Right.OWN_DATA),
    },
    flows=(Flow("me", (Step("unlink", ask_unlink), Step("withdraw", ask_withdraw))),),
)
