"""What an event comes to: rights, the right handler, and an answer whatever goes wrong."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import structlog

from bot.mishaps import REFERENCE_BYTES, file_refusal, place_of
from bot.private.conversations import ENDED, Conversation, Conversations, Trace
from bot.private.index import Found
from bot.private.visit import Visit
from bot.routing import NO_PRESS
from handlers.kit.access import require
from handlers.kit.clock import Clock
from handlers.kit.context import Services, Wording
from handlers.kit.errors import FileUnavailableError, RefusedError, StaleError
from handlers.kit.incoming import Incoming, Kind
from handlers.kit.private import (
    At,
    End,
    PrivateAction,
    PrivateContext,
    PrivateFeature,
    PrivateHandler,
    PrivateTurn,
)
from handlers.kit.reply import Reply
from storage import accounts
from storage.accounts import Account
from storage.database import Database, StorageUnavailableError
from storage.members import Member

log = structlog.get_logger()
# Where no feature has a text of its own.
_LOST = "home/expired"


class Handling:
    def __init__(
        self,
        database: Database,
        services: Services,
        features: Sequence[PrivateFeature],
        clock: Clock,
        conversations: Conversations,
    ) -> None:
        self._database = database
        self._services = services
        self._clock = clock
        self._conversations = conversations
        self._lost = features[0].lost if features else _LOST

    async def turn(self, visit: Visit) -> PrivateTurn:
        """The answer, after which the conversation stands where it says. Whatever goes wrong becomes an
        answer too: the same event, brought again, would find nothing better.
        """
        try:
            turn = await self._turn(visit)
            self._move(visit, turn)
        except RefusedError as refusal:
            return self._say(refusal.key, **refusal.values)
        except StorageUnavailableError:
            return self._say("private/not_sent")
        except Exception as error:  # noqa: BLE001 - the person gets an answer
            return self._apologise(error)
        return turn

    async def was_ordinary(self, incoming: Incoming) -> bool:
        """Whether the event was handled before the conversation began, and is only brought again."""
        try:
            async with self._database.read() as tx:
                return await accounts.was_taken(tx, incoming.channel, incoming.event)
        except StorageUnavailableError:
            return False

    async def is_elsewhere(self, visit: Visit) -> bool:
        """Whether they stand in a conversation of the ordinary kind, which would get what follows."""
        return self._has_dialogue(await self._account(visit))

    def _has_dialogue(self, account: Account | None) -> bool:
        dialogue = account.dialogue if account else None
        return dialogue is not None and dialogue.expires_at > self._clock.now()

    async def _account(self, visit: Visit) -> Account | None:
        async with self._database.read() as tx:
            return await accounts.load(tx, *visit.key)

    async def _turn(self, visit: Visit) -> PrivateTurn:
        if visit.conversation is not None:
            return await self._go_on(visit, visit.conversation)
        if visit.found is not None:
            return await self._begin(visit, visit.found)
        return self._gone(visit)

    async def _begin(self, visit: Visit, found: Found) -> PrivateTurn:
        account = await self._account(visit)
        member = require(account.member if account else None, found.entry.right)
        if found.step:
            return self._gone(visit)
        if isinstance(found.entry, PrivateAction) and found.entry.is_aside:
            return await self._run(visit, member, found.entry.handler)
        if self._has_dialogue(account):
            return self._say("private/elsewhere")
        if self._conversations.is_full:
            return self._say("private/crowded")
        try:
            return await self._run(visit, member, found.entry.handler)
        except StaleError:
            return self._gone(visit)

    async def _go_on(self, visit: Visit, conversation: Conversation) -> PrivateTurn:
        account = await self._account(visit)
        try:
            member = require(account.member if account else None, conversation.right)
        except RefusedError as refusal:
            return self._end(refusal.key, **refusal.values)
        if visit.is_cancel:
            return self._end(conversation.feature.cancelled, erases=visit.channel.limits.can_erase)
        try:
            return await self._inside(visit, conversation, member)
        except StaleError:
            shown = await self._run(visit, member, conversation.at.show)
            return replace(shown, notice=self._wording().label("home/stale"))

    async def _inside(self, visit: Visit, conversation: Conversation, member: Member) -> PrivateTurn:
        found = visit.found
        if found is not None and found.feature is conversation.feature:
            if found.step not in {"", conversation.step}:
                raise StaleError
            require(member, found.entry.right)
            return await self._run(visit, member, found.entry.handler)
        if visit.is_command or visit.incoming.kind is Kind.PRESS:
            return self._say(conversation.feature.busy)
        return await self._at_step(visit, conversation, member)

    async def _at_step(self, visit: Visit, conversation: Conversation, member: Member) -> PrivateTurn:
        step, incoming = conversation.at, visit.incoming
        is_file = step.takes_files and incoming.file is not None
        if step.handle is None or not (is_file or incoming.kind is Kind.TEXT):
            shown = await self._run(visit, member, step.show)
            said = self._reply("home/not_here", withheld=incoming.is_withheld)
            return replace(shown, replies=(said, *shown.replies))
        if is_file:
            visit = replace(visit, incoming=await _fetched(visit))
        return await self._run(visit, member, step.handle)

    async def _run(self, visit: Visit, member: Member, handler: PrivateHandler) -> PrivateTurn:
        context = PrivateContext(
            services=self._services,
            now=self._clock.now(),
            limits=visit.channel.limits,
            member=member,
            press=visit.found.press if visit.found else NO_PRESS,
            step=visit.conversation.step if visit.conversation else "",
            draft=visit.conversation.draft if visit.conversation else None,
            read=self._database.read,
            write=self._database.write,
        )
        return await handler(visit.incoming, context)

    def _move(self, visit: Visit, turn: PrivateTurn) -> None:
        match turn.then:
            case At(step, draft):
                self._conversations.put(visit.key, self._standing(visit, step, draft))
            case End():
                self._conversations.close(visit.key, self._clock.now())

    def _standing(self, visit: Visit, step: str, draft: Any) -> Conversation:
        before, found = visit.conversation, visit.found
        if before is not None:
            feature, right, trace = before.feature, before.right, before.trace
        elif found is not None:
            feature, right, trace = found.feature, found.entry.right, Trace()
        else:
            raise AssertionError("a conversation begins with a command or a button")
        expires_at = self._clock.now() + feature.steps[step].expires_after
        return Conversation(visit.channel, feature, right, step, draft, expires_at, trace)

    def _gone(self, visit: Visit) -> PrivateTurn:
        """The event is for a conversation that isn't there any more. Of one that came to its end nobody may
        hear that it was lost: a second press of its last button comes often.
        """
        if visit.left == ENDED:
            if visit.incoming.kind is Kind.PRESS:
                return PrivateTurn(notice=self._wording().label("home/stale"))
            return self._say("private/over")
        lost = visit.found.feature.lost if visit.found else self._lost
        return self._say(visit.left or lost)

    def _apologise(self, error: Exception) -> PrivateTurn:
        """The log gets neither the account nor what the feature was about to say."""
        reference = self._services.chance.token(REFERENCE_BYTES).hex().upper()
        log.error("private_failed", reference=reference, error=type(error).__name__, where=place_of(error))
        return self._say("private/mishap", reference=reference)

    def _say(self, key: str, **values: Any) -> PrivateTurn:
        return PrivateTurn((self._reply(key, **values),))

    def _end(self, key: str, **values: Any) -> PrivateTurn:
        return PrivateTurn((self._reply(key, **values),), then=End())

    def _reply(self, key: str, **values: Any) -> Reply:
        return self._wording().reply(key, **values)

    def _wording(self) -> Wording:
        return Wording(services=self._services, now=self._clock.now())


async def _fetched(visit: Visit) -> Incoming:
    """The event with its file's content; no transaction is open."""
    file = visit.incoming.file
    if file is None or file.content is not None:
        return visit.incoming
    try:
        content = await visit.channel.fetch(file)
    except FileUnavailableError as error:
        raise file_refusal(error) from None
    return replace(visit.incoming, file=replace(file, size=len(content), content=content))
