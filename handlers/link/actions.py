"""Making invitations, and linking an account with one."""

from collections.abc import Sequence

from handlers.kit import invitations, sending
from handlers.kit.context import Work
from handlers.kit.errors import RefusedError
from handlers.kit.invitations import Invitation
from handlers.kit.reply import Reply
from handlers.kit.sending import Recipient
from handlers.kit.vietnamese import fold, name_key, nfc
from handlers.link import rules
from handlers.link.rules import CodeState
from storage import accounts, consents, links, members, outbox, shared, web
from storage import invitations as kept
from storage.accounts import Account
from storage.invitations import StoredInvitation
from storage.outbox import Priority


async def make_invitations(work: Work, member_ids: Sequence[int]) -> list[Invitation]:
    """One new code for each of these people, in the order of their ids; those they had are revoked."""
    return await invitations.issue(work.db, work.chance, work.now, member_ids)


async def invite(work: Work, *, everyone: bool, code: str | None) -> list[Invitation]:
    """Invitations for all active people who aren't linked yet, or for the one with this roster code, by group
    and name; RefusedError when the code is nobody's.
    """
    ids = list(await links.not_linked_ids(work.db)) if everyone else []
    if code is not None:
        ids = sorted({*ids, await _on_roster(work, code)})
    made = await make_invitations(work, ids)
    return sorted(made, key=lambda each: (fold(each.member.group_name), name_key(each.member.full_name)))


async def _on_roster(work: Work, code: str) -> int:
    member = await members.by_code(work.db, nfc(code).strip().upper())
    if member is None:
        raise RefusedError("link/unknown_member", code=code)
    if not member.is_active:
        raise RefusedError("link/member_left", code=code)
    return member.id


async def link(work: Work, account: Account, stored: StoredInvitation, wording_hash: str) -> bool:
    """Use up the invitation and link the account, with the consent to the words of that hash; the
    member's earlier accounts on the same channel are unlinked. False, and nothing done, when the invitation
    isn't open any more.
    """
    is_open = rules.state_of(stored, work.now) is CodeState.OPEN
    if not is_open or not await kept.use(work.db, stored.id, work.now):
        return False
    member_id = stored.member.id
    earlier = await accounts.of_member(work.db, member_id)
    for each in earlier:
        if each.channel == account.channel:
            await outbox.move(work.db, each.id, account.id)
            await shared.move(work.db, member_id, each.id, account.id, work.now)
            await accounts.unlink(work.db, each.id)
            # A lost phone must not go on showing the transcript.
            await web.end_sessions_of(work.db, each.id)
    await accounts.link(work.db, account.id, member_id, work.now)
    await consents.give(work.db, member_id, account.id, wording_hash, work.now)
    await _tell(work, stored, account, earlier)
    return True


async def _tell(work: Work, stored: StoredInvitation, linked: Account, earlier: Sequence[Account]) -> None:
    """The other accounts hear of it, so that nobody is taken over unnoticed."""
    for each in earlier:
        key = "link/moved_away" if each.channel == linked.channel else "link/linked_elsewhere"
        await _push(
            work, f"link:{stored.id}:{each.id}", Recipient(stored.member.id, each.id), work.reply(key)
        )


async def _push(work: Work, topic: str, to: Recipient, reply: Reply) -> None:
    await sending.push(work, topic, [(to, reply)], priority=Priority.URGENT, at_any_hour=True, here_only=True)
