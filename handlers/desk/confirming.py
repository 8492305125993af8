"""The second factor: setting it up, showing its code, and what becomes of wrong ones."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers.desk import codes
from handlers.desk.entering import digest, may_enter, shut_out
from handlers.desk.noting import note_act
from handlers.kit import sending
from handlers.kit.context import Work
from handlers.kit.errors import RefusedError
from handlers.kit.sending import Recipient
from handlers.kit.vietnamese import nfc
from storage import members, recipients
from storage.desk import factors, sessions
from storage.desk.acts import Act
from storage.desk.factors import Factor
from storage.members import Member

MOST_WRONG = 5
BLOCKED_FOR = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class SetUp:
    """What an authenticator program needs, by a picture of `address` or by hand."""

    address: str
    secret: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a code led to. `left` tries remain when it was wrong; none before `until` when too many were."""

    is_right: bool
    left: int = 0
    until: datetime | None = None


async def set_up(work: Work, member: Member) -> SetUp | None:
    """What to put into the authenticator; None when that was done, and only a code is wanted."""
    factor = await factors.of_member(work.db, member.id)
    if factor is None or factor.is_set:
        return None
    issuer = work.label("desk/issuer", branch=work.services.branch.name)
    address = codes.address(factor.secret, member.code, issuer)
    return SetUp(address, codes.shown(factor.secret))


async def code_now(work: Work, member: Member) -> str:
    """The code that counts at this moment, for a demo, where nobody has an authenticator; "" without one."""
    factor = await factors.of_member(work.db, member.id)
    return codes.code_at(factor.secret, work.now) if factor else ""


async def show_code(work: Work, token: str, member: Member, text: str) -> Answer:
    """Take a code for the session: it counts once, and five wrong ones in a row stop everybody who tries."""
    factor = await factors.held(work.db, member.id)
    if factor is None:
        return Answer(is_right=False)
    if factor.blocked_until is not None and work.now < factor.blocked_until:
        return Answer(is_right=False, until=factor.blocked_until)
    step = codes.matching_step(factor.secret, codes.read(text), work.now)
    if step is None or not await factors.take(work.db, member.id, step):
        return await _wrong(work, member, factor)
    await sessions.confirm(work.db, digest(token))
    if not factor.is_set:
        await note_act(work, member.id, Act.FACTOR_SET)
    await note_act(work, member.id, Act.ENTERED)
    return Answer(is_right=True)


async def _wrong(work: Work, member: Member, factor: Factor) -> Answer:
    wrong = factor.wrong + 1
    if wrong < MOST_WRONG:
        await factors.note_wrong(work.db, member.id, wrong, None)
        await note_act(work, member.id, Act.WRONG_CODE)
        return Answer(is_right=False, left=MOST_WRONG - wrong)
    until = work.now + BLOCKED_FOR
    await factors.note_wrong(work.db, member.id, 0, until)
    await note_act(work, member.id, Act.BLOCKED)
    return Answer(is_right=False, until=until)


async def reset(work: Work, code: str) -> Member:
    """The telephone is lost: whoever this is sets up a new factor the next time they come in, and is shut out
    until then. They and the chair are told. RefusedError when the code is nobody's, or there is nothing to
    reset.
    """
    member = await members.by_code(work.db, nfc(code).strip().upper())
    if member is None:
        raise RefusedError("link/unknown_member", code=code)
    if not may_enter(member):
        raise RefusedError("desk/not_at_desk", name=member.full_name)
    if not await factors.forget(work.db, member.id):
        raise RefusedError("desk/no_factor", name=member.full_name)
    await shut_out(work, member.id)
    await note_act(work, member.id, Act.FACTOR_RESET)
    await _tell(work, member)
    return member


async def _tell(work: Work, member: Member) -> None:
    """At any hour: whoever didn't ask for it should know at once."""
    told = [*await recipients.these(work.db, [member.id]), *await recipients.in_charge(work.db)]
    letter = work.reply("desk/factor_reset", name=member.full_name)
    topic = f"desk-reset:{member.id}:{int(work.now.timestamp())}"
    to = {each.member_id: Recipient(each.member_id, each.account_id) for each in told}
    await sending.push(work, topic, [(each, letter) for each in to.values()], at_any_hour=True)
