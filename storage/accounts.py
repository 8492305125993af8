"""Chat accounts: who speaks on which channel, and the dialogue they are in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Integer, bindparam, case, cast, delete, false, insert, or_, select, update

from storage import file_links, members, offers
from storage.database import Transaction, bound, for_both, rows_of
from storage.members import Member
from storage.schema.conversations import dialogue, processed_event
from storage.schema.people import account, member, union_group


@dataclass(frozen=True, slots=True)
class Dialogue:
    flow: str
    step: str
    data: dict[str, Any]
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Account:
    id: int
    channel: str
    address: str
    member: Member | None
    unreachable: str | None
    wrong_codes: int
    codes_blocked_until: datetime | None
    dialogue: Dialogue | None


_OWN = (
    account.c.id,
    account.c.channel,
    account.c.address,
    account.c.unreachable,
    account.c.wrong_codes,
    account.c.codes_blocked_until,
)
_DIALOGUE = (dialogue.c.flow, dialogue.c.step, dialogue.c.data, dialogue.c.expires_at)
_WITH_EVERYTHING = (
    select(*_OWN, *_DIALOGUE, *members.COLUMNS)
    .outerjoin(dialogue, dialogue.c.account_id == account.c.id)
    .outerjoin(member, member.c.id == account.c.member_id)
    .outerjoin(union_group, union_group.c.id == member.c.group_id)
)
_BY_ADDRESS = _WITH_EVERYTHING.where(
    account.c.channel == bindparam("channel"), account.c.address == bindparam("address")
)
_BY_ID = _WITH_EVERYTHING.where(account.c.id == bindparam("id"))


def _from_row(row: Any) -> Account:
    own, spoken, person = (
        row[: len(_OWN)],
        row[len(_OWN) : -len(members.COLUMNS)],
        row[-len(members.COLUMNS) :],
    )
    account_id, channel, address, unreachable, wrong_codes, blocked_until = own
    return Account(
        id=account_id,
        channel=channel,
        address=address,
        member=members.from_row(person) if person[0] is not None else None,
        unreachable=unreachable,
        wrong_codes=wrong_codes,
        codes_blocked_until=blocked_until,
        dialogue=Dialogue(*spoken) if spoken[0] is not None else None,
    )


async def load(tx: Transaction, channel: str, address: str) -> Account | None:
    row = await tx.first(_BY_ADDRESS, {"channel": channel, "address": address})
    return _from_row(row) if row else None


async def by_id(tx: Transaction, account_id: int) -> Account | None:
    row = await tx.first(_BY_ID, {"id": account_id})
    return _from_row(row) if row else None


async def arrive(tx: Transaction, channel: str, address: str, now: datetime) -> Account:
    """The account at this address; made at the first contact."""
    found = await load(tx, channel, address)
    if found is None:
        await tx.run(insert(account).values(channel=channel, address=address, created_at=now))
        found = await load(tx, channel, address)
        if found is None:
            raise AssertionError("the account was just made")
    return found


async def link(tx: Transaction, account_id: int, member_id: int, now: datetime) -> None:
    await tx.run(
        update(account)
        .where(account.c.id == account_id)
        .values(
            member_id=member_id,
            linked_at=now,
            wrong_codes=0,
            codes_blocked_until=None,
            unreachable=None,
        )
    )


async def unlink(tx: Transaction, account_id: int) -> None:
    """The account is nobody's from now on, and whatever it was in the middle of is over."""
    await tx.run(update(account).where(account.c.id == account_id).values(member_id=None, linked_at=None))
    await end_dialogue(tx, account_id)
    await offers.forget(tx, account_id)
    await file_links.revoke(tx, account_id)


async def of_member(tx: Transaction, member_id: int) -> list[Account]:
    """The member's accounts, the latest linked first."""
    statement = _WITH_EVERYTHING.where(account.c.member_id == member_id).order_by(
        account.c.linked_at.desc(), account.c.id.desc()
    )
    return [_from_row(row) for row in await tx.all(statement)]


async def channels(tx: Transaction) -> set[str]:
    """Those on which anybody ever wrote."""
    return {row.channel for row in await tx.all(select(account.c.channel).distinct())}


async def officer_addresses(tx: Transaction, channel: str) -> set[str]:
    """Where this channel reaches people who hold any office."""
    statement = (
        select(account.c.address)
        .join(member, member.c.id == account.c.member_id)
        .where(
            account.c.channel == channel,
            member.c.is_active,
            or_(
                member.c.is_group_leader,
                member.c.is_committee,
                member.c.is_chair,
                member.c.is_cell_committee,
            ),
        )
    )
    return {row.address for row in await tx.all(statement)}


async def note_wrong_code(
    tx: Transaction, account_id: int, wrong_codes: int, blocked_until: datetime | None
) -> None:
    await tx.run(
        update(account)
        .where(account.c.id == account_id)
        .values(wrong_codes=wrong_codes, codes_blocked_until=blocked_until)
    )


async def set_unreachable(tx: Transaction, account_id: int, reason: str | None) -> None:
    await tx.run(update(account).where(account.c.id == account_id).values(unreachable=reason))


_LOSE = {
    dialect: update(account).where(account.c.id == cast(lost.c.key, Integer)).values(unreachable=lost.c.value)
    for dialect, lost in rows_of("b_lost").items()
}


async def lose(tx: Transaction, reasons: Mapping[int, str]) -> None:
    """These accounts can't be reached any more, for these reasons."""
    if reasons:
        await tx.run(_LOSE[tx.dialect], bound(tx, "b_lost", reasons))


def _saved_dialogue(insert_into: Callable[[Any], Any]) -> Any:
    statement = insert_into(dialogue)
    new = statement.excluded
    changed = {column.name: new[column.name] for column in _DIALOGUE}
    return statement.on_conflict_do_update(index_elements=["account_id"], set_=changed)


_SAVE_DIALOGUE = for_both(_saved_dialogue)


async def save_dialogue(tx: Transaction, account_id: int, state: Dialogue) -> None:
    values = {
        "account_id": account_id,
        "flow": state.flow,
        "step": state.step,
        "data": state.data,
        "expires_at": state.expires_at,
    }
    await tx.run(_SAVE_DIALOGUE[tx.dialect], values)


async def end_dialogue(tx: Transaction, account_id: int) -> None:
    await tx.run(delete(dialogue).where(dialogue.c.account_id == account_id))


_TAKE = for_both(lambda insert_into: insert_into(processed_event).on_conflict_do_nothing())


async def take_event(tx: Transaction, channel: str, event: str, now: datetime) -> bool:
    """Whether the event is new; from now on it is known, if the transaction commits."""
    return await tx.run(_TAKE[tx.dialect], {"channel": channel, "event": event, "day": now.date()}) == 1


_TAKEN = select(processed_event.c.day).where(
    processed_event.c.channel == bindparam("channel"), processed_event.c.event == bindparam("event")
)


async def was_taken(tx: Transaction, channel: str, event: str) -> bool:
    return await tx.first(_TAKEN, {"channel": channel, "event": event}) is not None


async def forget_events(tx: Transaction, before: date) -> None:
    await tx.run(delete(processed_event).where(processed_event.c.day < before))


async def forget_confirmed(tx: Transaction, channel: str, below: int) -> None:
    """Events of a channel that numbers them, with smaller numbers: the platform brings none of them again."""
    of_channel = processed_event.c.channel == channel
    is_below = cast(processed_event.c.event, BigInteger) < below
    # PostgreSQL would else be free to read another channel's names as numbers.
    await tx.run(delete(processed_event).where(case((of_channel, is_below), else_=false())))
