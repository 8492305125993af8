"""Leaving: one account, or the consent to everything."""

from handlers.kit.context import Work
from storage import (
    accounts,
    calendar_links,
    certificates,
    consents,
    evidence,
    fallback,
    invitations,
    outbox,
    preferences,
    roster_keeping,
    shared,
    web,
)
from storage.accounts import Account
from storage.desk import links as desk_links
from storage.desk import sessions
from storage.registers import admissions, training


async def unlink(work: Work, account: Account) -> None:
    """The account is nobody's from now on. What waits for it goes to another one of the member's; where they
    have none, it is never sent. Whoever has their telephone in hand has the address of their calendar too, so
    it is revoked.
    """
    waiting = await outbox.waiting_for(work.db, account.id)
    if account.member is not None:
        waiting += await shared.waiting_for(work.db, account.member.id, account.id)
    await fallback.pass_on(work.db, dict.fromkeys(waiting, account.id))
    await outbox.cancel(work.db, account.id, work.now)
    if account.member is not None:
        await shared.withdraw(work.db, account.member.id, account.id, work.now)
        await calendar_links.revoke(work.db, account.member.id, work.now)
    await accounts.unlink(work.db, account.id)


async def withdraw(work: Work, member_id: int, here: int) -> int:
    """Withdraw the consent: every account is unlinked, open codes and the calendar's address are revoked,
    personal settings and certificates are forgotten, an application that isn't decided is over, what is over
    of their time on the roster keeps no name, and the key to what tells in the evidence who they are is
    destroyed. The number of accounts.

    `here`: the account that asks. Its chat stays open for the answer; the others' are closed.
    """
    # First, as whoever decides on an application holds it before all else.
    await admissions.forget(work.db, member_id, work.now)
    linked = await accounts.of_member(work.db, member_id)
    for each in linked:
        await unlink(work, each)
        if each.id != here:
            await web.end_sessions_of(work.db, each.id)
    await invitations.revoke_open(work.db, [member_id], work.now)
    await calendar_links.revoke(work.db, member_id, work.now)
    await preferences.forget(work.db, member_id)
    await certificates.forget(work.db, member_id)
    await consents.withdraw(work.db, member_id, work.now)
    await training.forget(work.db, member_id)
    await roster_keeping.forget_withdrawn(work.db)
    channel = next((each.channel for each in linked if each.id == here), evidence.COMMAND)
    await evidence.erase(work.db, member_id, channel, work.now)
    # Officers who are at their desk are shut out, too.
    await sessions.end_all_of(work.db, member_id)
    await desk_links.forget(work.db, member_id)
    return len(linked)
