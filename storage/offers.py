"""What an account was offered last on a channel without buttons, for the numbers it answers with."""

from typing import Any

from sqlalchemy import bindparam, delete, select

from storage.database import Transaction, for_both
from storage.schema.conversations import offer
from storage.schema.people import account

_LOAD = (
    select(offer.c.menus)
    .join(account, account.c.id == offer.c.account_id)
    .where(account.c.channel == bindparam("channel"), account.c.address == bindparam("address"))
)
_ACCOUNT = select(account.c.id).where(
    account.c.channel == bindparam("channel"), account.c.address == bindparam("address")
)
_SAVE = for_both(
    lambda insert_into: (statement := insert_into(offer)).on_conflict_do_update(
        index_elements=["account_id"], set_={"menus": statement.excluded.menus}
    )
)


async def load(tx: Transaction, channel: str, address: str) -> list[Any]:
    """The menus as they were saved, the newest last."""
    row = await tx.first(_LOAD, {"channel": channel, "address": address})
    return row.menus if row else []


async def save(tx: Transaction, channel: str, address: str, menus: list[Any]) -> None:
    """In place of those before. Of an address that is no account's, nothing is kept."""
    found = await tx.first(_ACCOUNT, {"channel": channel, "address": address})
    if found is not None:
        await tx.run(_SAVE[tx.dialect], {"account_id": found.id, "menus": menus})


async def forget(tx: Transaction, account_id: int) -> None:
    await tx.run(delete(offer).where(offer.c.account_id == account_id))
