"""Messages for the contract's tests, and what they have to fit into."""

from typing import Any

from markupsafe import Markup
from sqlalchemy import Column, String

from handlers.kit import payload
from handlers.kit.channel import Outgoing
from handlers.kit.reply import Attachment, Button, Reply
from storage.outbox import Priority
from tests.channels.contract.bench import SAID, Person
from tests.world import BRANCH


def outgoing(
    person: Person,
    text: str = SAID,
    *labels: str,
    key: str = "channel:event-1:0",
    file: Attachment | None = None,
    replaces: str = "",
    private: bool = False,
    priority: Priority = Priority.REPLY,
) -> Outgoing:
    """`text` is neutral markup; each label is a button in a row of its own, with `payload_of` it."""
    rows = tuple((Button(label, payload_of(label)),) for label in labels)
    words = Markup(text)  # noqa: S704 - a test's own words
    reply = Reply(words, rows, file, edit=bool(replaces), ephemeral=private)
    return Outgoing(key, person.address, reply, replaces, private=private, priority=priority)


def payload_of(label: str) -> str:
    return payload.encode(BRANCH.tag, "probe.choose", label.split(maxsplit=1)[0])


def room_of(column: Column[Any]) -> int:
    """How many letters of a text are kept there."""
    kind = column.type
    assert isinstance(kind, String)
    assert kind.length is not None
    return kind.length
