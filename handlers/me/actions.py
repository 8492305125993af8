"""Leaving: one account, or the consent to everything."""

from handlers.kit.context import Work
from storage import accounts, consents, invitations, outbox, shared, web
from storage.accounts import Account


async def unlink(work: Work, account: Account) -> None:
    """The account is nobody's from now on, and what waits for it is never sent."""
    await outbox.cancel(work.db, account.id, work.now)
    if account.member is not None:
        await shared.withdraw(work.db, account.member.id, account.id, work.now)
    await accounts.unlink(work.db, account.id)


async def withdraw(work: Work, member_id: int, here: int) -> int:
    """Withdraw the consent: every account is unlinked and open codes are revoked. The number of accounts.

    `here`: the account that asks. Its chat stays open for the answer; the others' are closed.
    """
    linked = await accounts.of_member(work.db, member_id)
    for each in linked:
        await unlink(work, each)
        if each.id != here:
            await web.end_sessions_of(work.db, each.id)
    await invitations.revoke_open(work.db, [member_id], work.now)
    await consents.withdraw(work.db, member_id, work.now)
    return len(linked)
