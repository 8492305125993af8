"""The web chat: its sessions, and the transcript that a browser shows.

Every change of a transcript takes the account's next number. The row lock that comes with it is held until
the commit, so that numbers become visible in their order, and who has read up to a number has missed none.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, exists, func, insert, select, update

from storage.database import Transaction, upsert
from storage.schema.conversations import web_message, web_session
from storage.schema.messages import attachment
from storage.schema.people import account, member

CHANNEL = "web"


@dataclass(frozen=True, slots=True)
class WebSession:
    """`full_name` is None while the account isn't linked."""

    account_id: int
    address: str
    full_name: str | None
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Number:
    """The account's newest number."""

    account_id: int
    seq: int


@dataclass(frozen=True, slots=True)
class Content:
    """What a message shows. `buttons` are rows of [label, payload], as they are kept in JSON."""

    html: str
    buttons: list[list[list[str]]]
    attachment_id: str | None


@dataclass(frozen=True, slots=True)
class FileFacts:
    id: str
    name: str
    mime: str
    # In bytes.
    size: int


@dataclass(frozen=True, slots=True)
class WebMessage:
    """`seq` is the number of its last change, `place` that of its first: where it stands."""

    id: str
    seq: int
    place: int
    # "bot" or "me".
    author: str
    html: str
    buttons: list[list[list[str]]]
    at: datetime
    file: FileFacts | None


# Sessions.

_SESSION = (
    select(account.c.id, account.c.address, member.c.full_name, web_session.c.expires_at)
    .select_from(web_session)
    .join(account, account.c.id == web_session.c.account_id)
    .outerjoin(member, member.c.id == account.c.member_id)
    .where(web_session.c.token_hash == bindparam("token_hash"), web_session.c.expires_at > bindparam("now"))
)


async def open_session(
    tx: Transaction, token_hash: str, account_id: int, now: datetime, expires_at: datetime
) -> None:
    """`token_hash` is the SHA-256 of the cookie's value, in hex."""
    await tx.run(
        insert(web_session).values(
            token_hash=token_hash, account_id=account_id, created_at=now, expires_at=expires_at
        )
    )


async def find_session(tx: Transaction, token_hash: str, now: datetime) -> WebSession | None:
    row = await tx.first(_SESSION, {"token_hash": token_hash, "now": now})
    return WebSession(row.id, row.address, row.full_name, row.expires_at) if row else None


async def extend_session(tx: Transaction, token_hash: str, expires_at: datetime) -> None:
    await tx.run(
        update(web_session).where(web_session.c.token_hash == token_hash).values(expires_at=expires_at)
    )


async def end_session(tx: Transaction, token_hash: str) -> None:
    await tx.run(delete(web_session).where(web_session.c.token_hash == token_hash))


async def end_sessions_of(tx: Transaction, account_id: int) -> None:
    """Whoever holds a device with this account's chat is signed out there."""
    await tx.run(delete(web_session).where(web_session.c.account_id == account_id))


async def forget_sessions(tx: Transaction, now: datetime) -> int:
    """Those that have expired; their number."""
    return await tx.run(delete(web_session).where(web_session.c.expires_at <= now))


# The transcript.

_NEXT = (
    update(account)
    .where(account.c.channel == CHANNEL, account.c.address == bindparam("b_address"))
    .values(transcript_seq=account.c.transcript_seq + 1)
    .returning(account.c.id, account.c.transcript_seq)
)
_NEWEST = select(account.c.id, account.c.transcript_seq).where(
    account.c.channel == CHANNEL, account.c.address == bindparam("address")
)
_NEWEST_SEQ = select(account.c.transcript_seq).where(account.c.id == bindparam("id"))
_REPLACE = (
    update(web_message)
    .where(
        web_message.c.account_id == bindparam("b_account_id"),
        web_message.c.id == bindparam("b_id"),
        web_message.c.author == "bot",
    )
    .values(
        seq=bindparam("b_seq"),
        html=bindparam("b_html"),
        buttons=bindparam("b_buttons"),
        attachment_id=bindparam("b_attachment_id"),
    )
)
_CHANGES = (
    select(
        web_message.c.id,
        web_message.c.seq,
        web_message.c.place,
        web_message.c.author,
        web_message.c.html,
        web_message.c.buttons,
        web_message.c.at,
        web_message.c.attachment_id,
        attachment.c.name,
        attachment.c.mime,
        func.length(attachment.c.content).label("size"),
    )
    .outerjoin(attachment, attachment.c.id == web_message.c.attachment_id)
    .where(
        web_message.c.account_id == bindparam("account_id"),
        web_message.c.seq > bindparam("after"),
        web_message.c.place >= bindparam("from_place"),
    )
    .order_by(web_message.c.seq)
    .limit(bindparam("limit"))
)


async def next_number(tx: Transaction, address: str) -> Number | None:
    """Take the next number of the account at `address`; None when there is no such account."""
    row = await tx.first(_NEXT, {"b_address": address})
    return Number(row.id, row.transcript_seq) if row else None


async def newest_number(tx: Transaction, address: str) -> Number | None:
    row = await tx.first(_NEWEST, {"address": address})
    return Number(row.id, row.transcript_seq) if row else None


async def newest_seq(tx: Transaction, account_id: int) -> int:
    return int(await tx.scalar(_NEWEST_SEQ, {"id": account_id}) or 0)


async def has(tx: Transaction, account_id: int, message_id: str) -> bool:
    statement = select(exists().where(web_message.c.account_id == account_id, web_message.c.id == message_id))
    return bool(await tx.scalar(statement))


async def append(
    tx: Transaction, number: Number, message_id: str, content: Content, *, author: str, now: datetime
) -> None:
    """Put a message at the end; one whose id is there already stays as it is."""
    values = {
        "account_id": number.account_id,
        "id": message_id,
        "seq": number.seq,
        "place": number.seq,
        "author": author,
        "html": content.html,
        "buttons": content.buttons,
        "attachment_id": content.attachment_id,
        "at": now,
    }
    await tx.run(upsert(tx, web_message).on_conflict_do_nothing(index_elements=["account_id", "id"]), values)


async def replace(tx: Transaction, number: Number, message_id: str, content: Content) -> bool:
    """Change a message of the bot where it stands; whether the account has it."""
    values = {
        "b_account_id": number.account_id,
        "b_id": message_id,
        "b_seq": number.seq,
        "b_html": content.html,
        "b_buttons": content.buttons,
        "b_attachment_id": content.attachment_id,
    }
    return await tx.run(_REPLACE, values) == 1


async def changes(
    tx: Transaction, account_id: int, after: int, limit: int, from_place: int = 0
) -> list[WebMessage]:
    """The first `limit` messages that are newer than the number `after`, in the order of their numbers."""
    values = {"account_id": account_id, "after": after, "limit": limit, "from_place": from_place}
    return [_message(row) for row in await tx.all(_CHANGES, values)]


def _message(row: Any) -> WebMessage:
    file = None
    if row.name is not None:
        file = FileFacts(row.attachment_id, row.name, row.mime, row.size)
    return WebMessage(row.id, row.seq, row.place, row.author, row.html, row.buttons, row.at, file)


async def recent_place(tx: Transaction, account_id: int, count: int) -> int:
    """Where the last `count` messages begin."""
    statement = (
        select(web_message.c.place)
        .where(web_message.c.account_id == account_id)
        .order_by(web_message.c.place.desc())
        .offset(count - 1)
        .limit(1)
    )
    return int(await tx.scalar(statement) or 0)


async def forget_messages(tx: Transaction, before: datetime) -> int:
    """Transcripts aren't evidence: what is older than `before` goes. The number of messages."""
    return await tx.run(delete(web_message).where(web_message.c.at < before))
