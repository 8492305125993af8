"""The demo branch's concerns, and the chair's key, whose passphrase the demo's page tells."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import yaml

from bot.branch import CONTENT
from bot.channels.webchat import WebChat
from bot.concerns import make_room
from bot.config import Settings
from bot.demo.past import Past
from handlers.concerns import receipts
from handlers.concerns.room import Room
from handlers.concerns.rules import Draft
from handlers.concerns.submitting import submit
from handlers.desk import writing
from handlers.desk.writing import Written
from handlers.kit import sealing
from handlers.kit.payload import Press
from handlers.kit.private import PrivateContext
from storage.concerns import cases, readers
from storage.concerns.cases import State
from storage.members import Member

_READER, _CONCERNS = "nguoi-doc.json", "kien-nghi.yaml"
_ANSWERED_AFTER = timedelta(days=5)


class Reader(msgspec.Struct):
    """A key pair that a browser made; in the demo nothing is secret."""

    passphrase: str
    identity: str
    recipient: str
    wrapped: dict[str, Any]


def reader(folder: Path = CONTENT / "demo") -> Reader:
    return msgspec.json.decode((folder / _READER).read_bytes(), type=Reader)


async def hand_in(past: Past, settings: Settings, today: datetime, chair: Member, writer: Member) -> None:
    """Some are answered; who wrote them is kept nowhere, here neither."""
    keys = reader()
    past.clock.set(today - timedelta(days=60))
    async with past.work() as work:
        wrapped = msgspec.json.encode(keys.wrapped).decode()
        await readers.ask(work.db, chair.id, keys.recipient, wrapped, work.now, is_first=True)
    room = make_room(settings, past.services.branch, past.clock, past.chance, lambda: None)
    entries = yaml.safe_load((CONTENT / "demo" / _CONCERNS).read_text("utf-8"))
    for entry in entries:
        written_at = today - timedelta(days=entry["days_ago"])
        past.clock.set(written_at)
        case_id, answer_to = await _submit(past, room, writer, entry["category"], entry["text"])
        if "answer" in entry:
            past.clock.set(min(written_at + _ANSWERED_AFTER, today))
            to = [keys.recipient, answer_to]
            await _answer(past, room, chair, case_id, to=to, text=entry["answer"])


async def _submit(past: Past, room: Room, writer: Member, category: str, text: str) -> tuple[bytes, str]:
    """The case's id, and to whom its answers are sealed."""
    ctx = PrivateContext(
        services=past.services,
        now=past.clock.now(),
        limits=WebChat.limits,
        member=writer,
        press=Press(""),
        draft=None,
        read=past.database.read,
        write=past.database.write,
    )
    draft = Draft(category, receipts.make(room.words, past.chance).secret, text)
    done = await submit(ctx, room, draft)
    keys = await room.derive(done.receipt)
    return keys.case_id, sealing.recipient_of(sealing.identity_from(keys.identity_seed))


async def _answer(past: Past, room: Room, chair: Member, case_id: bytes, *, to: list[str], text: str) -> None:
    package = sealing.encode({"kind": "answer", "text": text, "by": chair.full_name})
    async with past.work() as work:
        case = await cases.by_id(work.db, case_id)
        own = await readers.current_of(work.db, chair.id)
        if case is None or own is None:
            raise AssertionError("both were just made")
        sealed = sealing.seal_to(to, package)
        written = Written(case_id, case.version, past.chance.token(16), frozenset({own.id}), sealed)
        await writing.answer(work, room.keys, chair, written, State.ANSWERED)
