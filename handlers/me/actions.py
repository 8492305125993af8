"""Leaving: one account, or the consent to everything."""

from handlers.kit.context import Work
from storage import accounts, consents, invitations, outbox, web


async def unlink(work: Work, account_id: int) -> None:
    """The account is nobody's from now on, and what waits for it is never sent."""
    await outbox.cancel(work.db, account_id, work.now)
    await accounts.unlink(work.db, account_id)


async def withdraw(work: Work, member_id: int, here: int) -> int:
    """Withdraw the consent: every account is unlinked and open codes are revoked. The number of accounts.

    `here`: the account that asks. Its chat stays open for the answer; the others' are closed.
    """
    linked = await accounts.of_member(work.db, member_id)
    for each in linked:
        await unlink(work, each.id)
        if each.id != here:
            await web.end_sessions_of(work.db, each.id)
    await invitations.revoke_open(work.db, [member_id], work.now)
    await consents.withdraw(work.db, member_id, work.now)
    return len(linked)
