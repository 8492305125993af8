"""Many people in a group of their own, each with a linked Telegram account, made by the database itself."""

from sqlalchemy import Integer, String, cast, insert, literal, select

from bot.system import SystemClock
from storage.database import Database
from storage.schema.people import account, member, union_group

FIRST_CHAT = 10_000_000


async def gather(database: Database, group: str, people: int) -> None:
    """So many people in a new group, which is named in letters without diacritics or case."""
    now = literal(SystemClock().now(), member.c.created_at.type)
    begin = select(cast(literal(1), Integer).label("number")).cte("numbers", recursive=True)
    numbers = begin.union_all(select(begin.c.number + 1).where(begin.c.number < people))
    async with database.write() as tx:
        made = insert(union_group).values(name=group, folded=group).returning(union_group.c.id)
        group_id = await tx.scalar(made)
        await tx.run(
            insert(member).from_select(
                [
                    *("code", "full_name", "folded_name", "group_id"),
                    *("is_union_member", "is_party_member", "created_at", "changed_at"),
                ],
                select(
                    literal(f"{group}-") + cast(numbers.c.number, String),
                    literal("Trần Văn Bình"),
                    literal("tran van binh"),
                    literal(group_id),
                    literal(value=True),
                    literal(value=False),
                    now,
                    now,
                ),
            )
        )
        await tx.run(
            insert(account).from_select(
                ["channel", "address", "member_id", "linked_at", "created_at"],
                select(
                    literal("telegram"),
                    cast(member.c.id + FIRST_CHAT, String),
                    member.c.id,
                    now,
                    now,
                ).where(member.c.group_id == group_id),
            )
        )
