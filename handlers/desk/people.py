"""Those who may read concerns: asking, letting in, removing, and how a branch begins or begins again."""

import json
from collections.abc import Sequence
from hashlib import sha256

from handlers.kit import sealing
from handlers.kit.access import Right, may
from handlers.kit.context import Work
from handlers.kit.errors import RefusedError
from storage import members
from storage.concerns import readers
from storage.concerns.readers import Reader, ReaderState
from storage.desk import acts
from storage.desk.acts import Act
from storage.members import Member

LONGEST_WRAPPED = 2_000
_WRAPPED_KEYS = {"v", "kdf", "m", "t", "p", "salt", "nonce", "box"}
_GROUP, _GROUPS = 4, 4


def fingerprint(recipient: str) -> str:
    """Short enough to be read over the telephone, and compared with what the other's page shows."""
    digest = sha256(recipient.encode()).hexdigest().upper()
    return " ".join(digest[start * _GROUP : (start + 1) * _GROUP] for start in range(_GROUPS))


def active(everybody: Sequence[Reader]) -> list[Reader]:
    return [each for each in everybody if each.state is ReaderState.ACTIVE]


async def is_entitled(work: Work, reader: Reader) -> bool:
    """Whether their role on the roster now still lets them read. Everything goes on being sealed to whoever
    has lost it, until a reader removes them; to the desk they don't get.
    """
    return may(await members.by_id(work.db, reader.member_id), Right.READ_CONCERNS)


async def reader_of(work: Work, member: Member) -> Reader | None:
    """The member as one who may read now; the latest key, if they have several."""
    mine = [each for each in active(await readers.listed(work.db)) if each.member_id == member.id]
    return mine[-1] if mine else None


async def require_reader(work: Work, member: Member) -> Reader:
    """RefusedError for whoever may not read, or may not any more."""
    found = await reader_of(work, member)
    if found is None:
        raise RefusedError("desk/not_reader")
    return found


async def require_set(work: Work, ids: frozenset[int]) -> int:
    """How many keys everything is sealed to now; RefusedError when it isn't this set any more."""
    now = {each.id for each in active(await readers.listed(work.db))}
    if now != ids:
        raise RefusedError("desk/readers_changed")
    return len(now)


async def may_appoint(work: Work, member: Member) -> bool:
    """Whether this is the chair's to decide: while nobody can read, or none of those who could is still
    entitled to.
    """
    if not may(member, Right.APPOINT_READERS):
        return False
    for each in active(await readers.listed(work.db)):
        if await is_entitled(work, each):
            return False
    return True


async def ask(work: Work, member: Member, recipient: str, wrapped: str) -> Reader:
    """A new key of the member's, which waits to be let in; that of a chair who may appoint is in at once."""
    _require_key(recipient, wrapped)
    everybody = await readers.listed(work.db)
    if any(each.recipient == recipient for each in everybody):
        raise RefusedError("desk/key_known")
    for each in everybody:
        if each.member_id == member.id and each.state is ReaderState.ASKED:
            await readers.remove(work.db, each.id, work.now)
    is_first = await may_appoint(work, member)
    await readers.ask(work.db, member.id, recipient, wrapped, work.now, is_first=is_first)
    made = next(each for each in await readers.listed(work.db) if each.recipient == recipient)
    await _note(work, member, Act.READER_ASKED, made)
    if is_first:
        await _note(work, member, Act.READER_LET_IN, made)
    return made


async def let_in(work: Work, member: Member, reader_id: int) -> None:
    """By one who may read, whose browser then seals everything anew; or, while nobody can, by the chair."""
    if await reader_of(work, member) is None and not await may_appoint(work, member):
        raise RefusedError("desk/not_appointed")
    asked = await _reader(work, reader_id)
    if not await is_entitled(work, asked):
        raise RefusedError("desk/not_entitled", name=asked.full_name)
    if not await readers.let_in(work.db, reader_id, member.id, work.now):
        raise RefusedError("desk/reader_decided", name=asked.full_name)
    await _note(work, member, Act.READER_LET_IN, asked)


async def remove(work: Work, member: Member, reader_id: int) -> None:
    """By one who may read, or the person themselves while they wait; never the last one: nobody could read
    what comes then.
    """
    reader = await _reader(work, reader_id)
    is_own_request = reader.member_id == member.id and reader.state is ReaderState.ASKED
    if not is_own_request and await reader_of(work, member) is None:
        raise RefusedError("desk/not_reader")
    if {each.id for each in active(await readers.listed(work.db))} == {reader.id}:
        raise RefusedError("desk/last_reader")
    if not await readers.remove(work.db, reader.id, work.now):
        raise RefusedError("desk/reader_decided", name=reader.full_name)
    await _note(work, member, Act.READER_REMOVED, reader)


async def rewrap(work: Work, member: Member, reader_id: int, wrapped: str) -> None:
    """The member's own key under another passphrase."""
    reader = await _reader(work, reader_id)
    if reader.member_id != member.id or reader.state is ReaderState.REMOVED:
        raise RefusedError("desk/reader_gone")
    if not _is_wrapped(wrapped):
        raise RefusedError("desk/not_a_key")
    await readers.rewrap(work.db, reader.id, wrapped)
    await _note(work, member, Act.KEY_REWRAPPED, reader)


async def _reader(work: Work, reader_id: int) -> Reader:
    found = await readers.by_id(work.db, reader_id)
    if found is None:
        raise RefusedError("desk/reader_gone")
    return found


async def _note(work: Work, member: Member, act: Act, reader: Reader) -> None:
    await acts.add(work.db, work.now, member.id, act, str(reader.id), name=reader.full_name)


def _require_key(recipient: str, wrapped: str) -> None:
    try:
        sealing.check_recipient(recipient)
    except sealing.SealingError as error:
        raise RefusedError("desk/not_a_key") from error
    if not _is_wrapped(wrapped):
        raise RefusedError("desk/not_a_key")


def _is_wrapped(text: str) -> bool:
    """Whether it looks like what the browser makes of a key: an unwrapped one must never be kept here."""
    if len(text) > LONGEST_WRAPPED or "AGE-SECRET-KEY" in text.upper():
        return False
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return isinstance(found, dict) and set(found) == _WRAPPED_KEYS
