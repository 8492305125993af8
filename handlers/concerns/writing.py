"""`/kiennghi`: choose what it is about, write, read it over, send; and the receipt."""

from dataclasses import replace

from handlers.concerns import receipts, screens, submitting
from handlers.concerns.looking import Held
from handlers.concerns.room import Room
from handlers.concerns.rules import LONGEST_TEXT, MOST_FILES, Draft, DraftFile, is_too_long, joined
from handlers.concerns.steps import CHOOSING, LOOKED_AT, WRITING
from handlers.concerns.submitting import Submitted
from handlers.kit import readership
from handlers.kit.cleaning import LIMITS, NotCleanableError
from handlers.kit.errors import RefusedError, StaleError
from handlers.kit.incoming import Incoming
from handlers.kit.markup import plain
from handlers.kit.private import At, End, PrivateContext, PrivateTurn
from storage.database import StorageUnavailableError


class Writing:
    def __init__(self, room: Room) -> None:
        self._room = room

    async def begin(self, _incoming: Incoming, ctx: PrivateContext) -> PrivateTurn:
        """What is protected, who reads, and what it is about; a draft that is there stays. RefusedError while
        a reply is written that would be lost.
        """
        if isinstance(ctx.draft, Held) and not ctx.draft.is_empty:
            raise RefusedError("concerns/busy")
        async with ctx.read() as tx:
            found = await readership.current(tx)
        # Whoever changes keys has two for a while.
        names = list(dict.fromkeys(each.full_name for each in found))
        if not names:
            raise RefusedError("concerns/no_readers")
        draft = ctx.draft if isinstance(ctx.draft, Draft) else None
        return PrivateTurn((screens.intro(ctx, self._room, names),), At(CHOOSING, draft))

    async def choose(self, _incoming: Incoming, ctx: PrivateContext) -> PrivateTurn:
        key = ctx.word(0)
        if key not in ctx.services.categories:
            raise StaleError
        kept = ctx.draft or Draft(key, receipts.make(self._room.words, ctx.chance).secret)
        return _at(ctx, replace(kept, category=key))

    async def show(self, _incoming: Incoming, ctx: PrivateContext) -> PrivateTurn:
        return _at(ctx, _draft(ctx))

    async def write(self, incoming: Incoming, ctx: PrivateContext) -> PrivateTurn:
        """Words, or a file with what is written under it: they come below what is there."""
        draft = _draft(ctx)
        words = plain(incoming.rich) if incoming.file else incoming.text
        text = joined(draft.text, words)
        if is_too_long(text):
            raise RefusedError("concerns/too_long", length=len(text), limit=LONGEST_TEXT)
        files = (*draft.files, await self._cleaned(ctx, incoming, draft)) if incoming.file else draft.files
        return _at(ctx, replace(draft, text=text, files=files))

    async def rewrite(self, _incoming: Incoming, ctx: PrivateContext) -> PrivateTurn:
        return _at(ctx, replace(_draft(ctx), text="", files=()))

    async def leave(self, _incoming: Incoming, ctx: PrivateContext) -> PrivateTurn:
        """The button of an earlier concern ends nothing that is looked at, or written to it, now."""
        if ctx.step in LOOKED_AT:
            return PrivateTurn(
                notice=ctx.label("concerns/goes_on", erases=ctx.limits.can_erase), erase_pressed=True
            )
        return PrivateTurn(
            (ctx.reply("concerns/cancelled", erases=ctx.limits.can_erase),), End(), erase_pressed=True
        )

    async def send(self, incoming: Incoming, ctx: PrivateContext) -> PrivateTurn:
        """Hand it in. The button carries the receipt's secret: pressed twice, or again after the program was
        killed right after storing, it shows the same receipt.
        """
        secret = self._secret(ctx)
        draft = ctx.draft
        if not isinstance(draft, Draft) or draft.secret != secret:
            return await self._sent_before(ctx, secret)
        if draft.is_empty:
            return await self.show(incoming, ctx)
        if not self._room.sending_pace.allows(str(ctx.member.id)):
            raise RefusedError("concerns/too_many")
        try:
            done = await submitting.submit(ctx, self._room, draft)
        except StorageUnavailableError:
            self._room.sending_pace.give_back(str(ctx.member.id))
            raise RefusedError("concerns/not_sent") from None
        return _handed_out(ctx, done)

    async def noted(self, _incoming: Incoming, ctx: PrivateContext) -> PrivateTurn:
        return PrivateTurn(
            (ctx.reply("concerns/noted_well", erases=ctx.limits.can_erase),), erase_pressed=True
        )

    def _secret(self, ctx: PrivateContext) -> bytes:
        try:
            return receipts.from_secret(self._room.words, bytes.fromhex(ctx.word(0))).secret
        except ValueError as error:
            raise StaleError from error

    async def _sent_before(self, ctx: PrivateContext, secret: bytes) -> PrivateTurn:
        if not self._room.looking_pace.allows(str(ctx.member.id)):
            raise RefusedError("concerns/too_many_tries")
        done = await submitting.submitted(ctx, self._room, secret)
        if done is None:
            raise RefusedError("concerns/lost")
        return _handed_out(ctx, done)

    async def _cleaned(self, ctx: PrivateContext, incoming: Incoming, draft: Draft) -> DraftFile:
        if len(draft.files) >= MOST_FILES:
            raise RefusedError("concerns/too_many_files", limit=MOST_FILES)
        # Cleaning takes a process of its own each time.
        if not self._room.file_pace.allows(str(ctx.member.id)):
            raise RefusedError("concerns/too_many_to_clean")
        content = (incoming.file.content if incoming.file else None) or b""
        try:
            cleaned = await self._room.cleaner.clean(content)
        except NotCleanableError as error:
            raise RefusedError("concerns/not_cleanable", reason=error.reason.value, **LIMITS) from None
        name = ctx.label("concerns/file_name", number=len(draft.files) + 1, ending=cleaned.ending.value)
        file = DraftFile(name, cleaned.mime, cleaned.content)
        if not self._room.weight.hold(file):
            raise RefusedError("concerns/no_room")
        return file


def _draft(ctx: PrivateContext) -> Draft:
    if not isinstance(ctx.draft, Draft):
        raise StaleError
    return ctx.draft


def _at(ctx: PrivateContext, draft: Draft) -> PrivateTurn:
    """Where the writer is: at the beginning, or at what they have written."""
    shown = screens.writing(ctx, draft) if draft.is_empty else screens.review(ctx, draft)
    return PrivateTurn((shown,), At(WRITING, draft))


def _handed_out(ctx: PrivateContext, done: Submitted) -> PrivateTurn:
    return PrivateTurn((screens.receipt(ctx, done),), End(), erase_pressed=True, waits=True)
