"""`/tracuu`: the words of a receipt, the answers, writing again, and whether it helped."""

from dataclasses import dataclass, field, replace

from handlers.concerns import following, receipts
from handlers.concerns.following import Opened
from handlers.concerns.receipts import Keys, MisreadError
from handlers.concerns.room import Room
from handlers.concerns.rules import LONGEST_TEXT, is_too_long, joined
from handlers.concerns.steps import ASKING, BEGUN, READING, REPLYING
from handlers.kit.errors import RefusedError, StaleError
from handlers.kit.incoming import Incoming
from handlers.kit.private import At, End, PrivateContext, PrivateTurn
from handlers.kit.reply import Button, Reply
from storage.concerns.cases import OVER
from storage.database import StorageUnavailableError

_ID_BYTES = 16
_MISREAD = "concerns/receipt_misread"
# A receipt with a few words around it; in what is longer, a receipt may stand by chance.
_LONGEST_ALONE = 100
# Satisfaction as it is stored.
_RATINGS = ("unhelpful", "partly", "helpful")


@dataclass(frozen=True, slots=True)
class Held:
    """A case that was opened with its receipt, while it is looked at; in memory only. `reply_id` becomes the
    id of what is written in `text`.
    """

    keys: Keys = field(repr=False)
    reply_id: bytes = field(repr=False)
    text: str = field(default="", repr=False)

    @property
    def is_empty(self) -> bool:
        return not self.text


class Looking:
    def __init__(self, room: Room) -> None:
        self._room = room

    async def begin(self, _incoming: Incoming, ctx: PrivateContext) -> PrivateTurn:
        """RefusedError while something is written that would be lost."""
        if ctx.draft is not None and not ctx.draft.is_empty:
            raise RefusedError("concerns/busy")
        limits = ctx.limits
        asked = ctx.reply(
            "concerns/ask_receipt",
            _leaving(ctx),
            erases=limits.can_erase,
            staff_reads=limits.staff_reads,
        )
        return PrivateTurn((asked,), At(ASKING))

    def is_receipt(self, text: str) -> bool:
        """Whether somebody says their receipt without `/tracuu`, perhaps with a slip: no transcript may keep
        it.
        """
        words = self._room.words
        is_short = len(text) <= _LONGEST_ALONE
        return is_short and (receipts.holds_one(words, text) or receipts.nearly_holds_one(words, text))

    async def look_unasked(self, incoming: Incoming, ctx: PrivateContext) -> PrivateTurn:
        """As `look`, for words said without `/tracuu`: after a slip the next try is as private as this."""
        try:
            return await self.look(incoming, ctx)
        except RefusedError as refusal:
            if refusal.key != _MISREAD:
                raise
            told = ctx.reply(_MISREAD, _leaving(ctx), **refusal.values | {"is_unasked": True})
            return PrivateTurn((told,), At(ASKING))

    async def look(self, incoming: Incoming, ctx: PrivateContext) -> PrivateTurn:
        """The case of the words that were typed."""
        try:
            receipt = receipts.read(self._room.words, incoming.text)
        except MisreadError as error:
            raise RefusedError(
                _MISREAD,
                kind=error.kind.value,
                count=error.count,
                unknown=error.unknown,
                swaps=error.swaps,
                is_unasked=False,
            ) from None
        if not self._room.looking_pace.allows(str(ctx.member.id)):
            raise RefusedError("concerns/too_many_tries")
        keys = await self._room.derive(receipt)
        return await self._show(ctx, Held(keys, ctx.chance.token(_ID_BYTES)))

    async def show(self, _incoming: Incoming, ctx: PrivateContext) -> PrivateTurn:
        return await self._show(ctx, _held(ctx))

    async def ask_reply(self, _incoming: Incoming, ctx: PrivateContext) -> PrivateTurn:
        held = replace(_held(ctx), text="", reply_id=ctx.chance.token(_ID_BYTES))
        return PrivateTurn((_ask_reply(ctx, held),), At(REPLYING, held))

    async def show_reply(self, _incoming: Incoming, ctx: PrivateContext) -> PrivateTurn:
        return PrivateTurn((_ask_reply(ctx, _held(ctx)),))

    async def write(self, incoming: Incoming, ctx: PrivateContext) -> PrivateTurn:
        held = _held(ctx)
        text = joined(held.text, incoming.text)
        if is_too_long(text):
            raise RefusedError("concerns/too_long", length=len(text), limit=LONGEST_TEXT)
        written = replace(held, text=text)
        return PrivateTurn((_ask_reply(ctx, written),), At(REPLYING, written))

    async def send(self, incoming: Incoming, ctx: PrivateContext) -> PrivateTurn:
        held = _held(ctx)
        if not held.text:
            return await self.show_reply(incoming, ctx)
        if not self._room.writing_pace.allows(str(ctx.member.id)):
            raise RefusedError("concerns/too_many")
        try:
            await following.write_again(ctx, self._room, held.keys.case_id, held.reply_id, held.text)
        except StorageUnavailableError:
            self._room.writing_pace.give_back(str(ctx.member.id))
            raise RefusedError("concerns/not_sent") from None
        return PrivateTurn((ctx.reply("concerns/reply_sent"),), End())

    async def rate(self, incoming: Incoming, ctx: PrivateContext) -> PrivateTurn:
        rating = ctx.word(0)
        if rating not in _RATINGS:
            raise StaleError
        held = _held(ctx)
        satisfaction = _RATINGS.index(rating) + 1
        try:
            is_kept = await following.rate(ctx, self._room, held.keys.case_id, satisfaction)
        except StorageUnavailableError:
            is_kept = False
        turn = await self.show(incoming, ctx)
        return replace(turn, notice=ctx.label("concerns/rated" if is_kept else "concerns/not_rated"))

    async def leave(self, _incoming: Incoming, ctx: PrivateContext) -> PrivateTurn:
        """The button of an earlier look ends nothing that is being written now."""
        if ctx.step in BEGUN:
            return PrivateTurn(
                notice=ctx.label("concerns/goes_on", erases=ctx.limits.can_erase), erase_pressed=True
            )
        return PrivateTurn(
            (ctx.reply("concerns/looked", erases=ctx.limits.can_erase),), End(), erase_pressed=True
        )

    async def _show(self, ctx: PrivateContext, held: Held) -> PrivateTurn:
        opened = await following.open_case(ctx, self._room, held.keys)
        if opened is None:
            raise RefusedError("concerns/nothing_there")
        return PrivateTurn((_case(ctx, opened, self._room.kept_months),), At(READING, held))


def _held(ctx: PrivateContext) -> Held:
    if not isinstance(ctx.draft, Held):
        raise StaleError
    return ctx.draft


def _case(ctx: PrivateContext, opened: Opened, months: int) -> Reply:
    case = opened.case
    is_over = case.state in OVER
    return ctx.reply(
        "concerns/case",
        _ratings(ctx) if opened.answers else (),
        () if is_over else (ctx.button("concerns/reply", "concerns.reply"),),
        _leaving(ctx),
        case=case,
        answers=opened.answers,
        is_over=is_over,
        closes_on=opened.closes_on,
        months=months,
        today=ctx.today,
        rating=_RATINGS[case.satisfaction - 1] if case.satisfaction else "",
    )


def _ratings(ctx: PrivateContext) -> tuple[Button, ...]:
    return tuple(ctx.button(f"concerns/{rating}", "concerns.rate", rating) for rating in reversed(_RATINGS))


def _ask_reply(ctx: PrivateContext, held: Held) -> Reply:
    send = (ctx.button("concerns/send_reply", "concerns.send_reply"),) if held.text else ()
    back = (ctx.button("concerns/back", "concerns.back"),)
    return ctx.reply("concerns/replying", send, back, text=held.text, limit=LONGEST_TEXT)


def _leaving(ctx: PrivateContext) -> tuple[Button, ...]:
    return (ctx.button("concerns/done_looking", "concerns.done_looking", erases=ctx.limits.can_erase),)
