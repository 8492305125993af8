"""Those who may read concerns: asking, letting in, removing, and how a branch begins or begins again."""

import json
from collections.abc import Sequence
from hashlib import sha256

from handlers.desk.noting import note_act
from handlers.kit import readership, sealing
from handlers.kit.access import Right, may
from handlers.kit.context import Work
from handlers.kit.errors import RefusedError
from storage.concerns import cases, readers
from storage.concerns.readers import Reader, ReaderState
from storage.concerns.turn import take_turn
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
    now = {each.id for each in await readership.held(work.db)}
    if now != ids:
        raise RefusedError("desk/readers_changed")
    return len(now)


async def may_appoint(work: Work, member: Member) -> bool:
    """Whether this is the chair's to decide: while nobody can read, or none of those who could is still
    entitled to.
    """
    if not may(member, Right.APPOINT_READERS):
        return False
    return not await readership.current(work.db)


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
    await take_turn(work.db)
    if await reader_of(work, member) is None and not await may_appoint(work, member):
        raise RefusedError("desk/not_appointed")
    asked = await _reader(work, reader_id)
    if not readership.is_entitled(asked):
        raise RefusedError("desk/not_entitled", name=asked.full_name)
    if not await readers.let_in(work.db, reader_id, member.id, work.now):
        raise RefusedError("desk/reader_decided", name=asked.full_name)
    await _note(work, member, Act.READER_LET_IN, asked)


async def remove(work: Work, member: Member, reader_id: int, *, is_sure: bool = False) -> None:
    """By one who may read, or the person themselves while they wait; never the last one: nobody could read
    what comes then. RefusedError, too, while something is sealed for nobody who stays; who `is_sure` gives it
    up, with a key of their own, which may be lost, or of somebody who may not read any more.
    """
    await take_turn(work.db)
    reader = await _reader(work, reader_id)
    is_own_request = reader.member_id == member.id and reader.state is ReaderState.ASKED
    if not is_own_request and await reader_of(work, member) is None:
        raise RefusedError("desk/not_reader")
    staying = [each for each in await readership.current(work.db) if each.id != reader.id]
    lost = 0
    if reader.state is ReaderState.ACTIVE:
        lost = await _given_up(work, member, reader, staying, is_sure=is_sure)
    if not await readers.remove(work.db, reader.id, work.now):
        raise RefusedError("desk/reader_decided", name=reader.full_name)
    await cases.hand_on(work.db, reader.id, _successor(reader, staying))
    await _note(work, member, Act.READER_REMOVED, reader, **({"lost": lost} if lost else {}))


async def _given_up(
    work: Work, member: Member, reader: Reader, staying: Sequence[Reader], *, is_sure: bool
) -> int:
    """How many items nobody can open any more once the reader is removed."""
    if not staying:
        raise RefusedError("desk/last_reader")
    count = await readership.hanging_on(work, [reader], staying)
    if not count:
        return 0
    is_lost = reader.member_id == member.id or not readership.is_entitled(reader)
    if not is_lost:
        raise RefusedError("desk/not_sealed_anew", name=reader.full_name, count=count)
    if not is_sure:
        raise RefusedError("desk/would_be_lost", name=reader.full_name, count=count)
    return count


def _successor(reader: Reader, staying: Sequence[Reader]) -> int | None:
    """The same person's other key, if they have one."""
    return max((each.id for each in staying if each.member_id == reader.member_id), default=None)


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


async def _note(work: Work, member: Member, act: Act, reader: Reader, **details: int) -> None:
    await note_act(work, member.id, act, str(reader.id), name=reader.full_name, **details)


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
