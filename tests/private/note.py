"""A private feature for these tests: a note is written, read over, and sent."""

from markupsafe import Markup, escape

from handlers.kit.access import Right
from handlers.kit.incoming import Incoming
from handlers.kit.private import (
    At,
    End,
    PrivateAction,
    PrivateCommand,
    PrivateContext,
    PrivateFeature,
    PrivateStep,
    PrivateTurn,
)
from handlers.kit.reply import Reply
from storage import members

WRITING, CHECKING = "note.writing", "note.checking"
# What a note must begin with to be stored; the others are only answered.
KEPT = "giữ:"
# Longer than one message of Telegram's together with what is written.
LONG = "dài:"
RECEIPT = "Mã của bạn: táo lê mận"


async def begin(_incoming: Incoming, ctx: PrivateContext) -> PrivateTurn:
    if ctx.draft:
        return _said("Bạn đang viết dở")
    return PrivateTurn((Reply(Markup("Mời bạn viết")),), At(WRITING, []))


async def ask(_incoming: Incoming, _ctx: PrivateContext) -> PrivateTurn:
    return _said("Bạn đang viết")


async def write(incoming: Incoming, ctx: PrivateContext) -> PrivateTurn:
    if incoming.text.startswith("hỏng"):
        raise ValueError(f"{ctx.member.full_name}: {incoming.text}")
    file = incoming.file
    line = f"{file.name} {len(file.content or b'')} {incoming.rich}" if file else incoming.text
    return PrivateTurn((_screen(ctx, [*ctx.draft, line]),), At(CHECKING, [*ctx.draft, line]))


async def show(_incoming: Incoming, ctx: PrivateContext) -> PrivateTurn:
    return PrivateTurn((_screen(ctx, ctx.draft),))


async def turn_round(_incoming: Incoming, ctx: PrivateContext) -> PrivateTurn:
    """The same screen in its place, with the lines in the other order."""
    lines = ctx.draft[::-1]
    return PrivateTurn((_screen(ctx, lines, edit=True),), At(CHECKING, lines), notice="Đã đảo")


async def send(_incoming: Incoming, ctx: PrivateContext) -> PrivateTurn:
    if ctx.draft[0].startswith(KEPT):
        async with ctx.write() as tx:
            await members.add_groups(tx, [("Tổ mới", "to moi")])
    wipe = ctx.plain_button("Xoá tin này", "note.wipe")
    return PrivateTurn((Reply(escape(RECEIPT), ((wipe,),), edit=True),), End(), waits=True)


async def leave(_incoming: Incoming, _ctx: PrivateContext) -> PrivateTurn:
    return PrivateTurn((Reply(Markup("Đã để lại")),), End(erase=False))


async def wipe(_incoming: Incoming, _ctx: PrivateContext) -> PrivateTurn:
    return PrivateTurn(notice="Đã xoá tin", erase_pressed=True)


async def look(_incoming: Incoming, _ctx: PrivateContext) -> PrivateTurn:
    return _said("Chưa có gì để xem")


async def lost_way(_incoming: Incoming, _ctx: PrivateContext) -> PrivateTurn:
    return PrivateTurn((), At("note.nowhere"))


def _said(text: str) -> PrivateTurn:
    return PrivateTurn((Reply(Markup(text)),))  # noqa: S704 - a test's own words


def _screen(ctx: PrivateContext, lines: list[str], *, edit: bool = False) -> Reply:
    text = Markup("Đọc lại: ") + escape(" / ".join(lines))
    if lines[0].startswith(LONG):
        text += Markup(" …") * 2_500
    names = ("Gửi", "note.send"), ("Đảo", "note.turn"), ("Để lại", "note.leave")
    return Reply(text, (tuple(ctx.plain_button(*each) for each in names),), edit=edit)


NOTE = PrivateFeature(
    "note",
    commands=(
        PrivateCommand("ghi", begin, Right.RAISE_CONCERN, words=("viết kín",), label="home/previous"),
        PrivateCommand("xem", look, Right.RAISE_CONCERN),
        PrivateCommand("duyet", look, Right.READ_CONCERNS),
        PrivateCommand("lac", lost_way, Right.RAISE_CONCERN),
    ),
    actions={
        "note.send": PrivateAction(send, Right.RAISE_CONCERN, CHECKING),
        "note.turn": PrivateAction(turn_round, Right.RAISE_CONCERN, CHECKING),
        "note.leave": PrivateAction(leave, Right.RAISE_CONCERN, CHECKING),
        "note.wipe": PrivateAction(wipe, Right.RAISE_CONCERN, is_aside=True),
    },
    steps={
        WRITING: PrivateStep(ask, write, takes_files=True),
        CHECKING: PrivateStep(show, write, takes_files=True),
    },
    cancelled="home/cancelled",
    expired="home/expired",
    lost="home/nothing_to_cancel",
    busy="home/edited",
)
# What these texts say, so that tests can know them.
CANCELLED = "Đã dừng"
EXPIRED = "Bước trước để lâu quá"
LOST = "Hiện không có việc gì đang dở"
BUSY = "không đọc lại được"
STALE = "Nút này đã cũ"
NOT_HERE = "chưa dùng được nội dung"
