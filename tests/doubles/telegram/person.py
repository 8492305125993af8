"""People who talk to the bot: each deed makes the update that Telegram would make of it."""

from collections.abc import Sequence
from typing import Any

from tests.doubles.telegram.answers import Json
from tests.doubles.telegram.entities import commands_in
from tests.doubles.telegram.keyboard import data_behind
from tests.doubles.telegram.store import Chat, Message, World
from tests.doubles.telegram.values import Upload

# One white pixel, which photo_sides can read.
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55"
    "0000000a49444154789c6360f80f00010101005a4d6ff10000000049454e44ae426082"
)
BLOCKED = "Forbidden: bot was blocked by the user"
KICKED = "Forbidden: bot was kicked from the supergroup chat"
DEACTIVATED = "Forbidden: user is deactivated"


class Person:
    """Every deed returns the update. In a group, pass `chat`; otherwise it is the private chat."""

    def __init__(self, world: World, user: Json) -> None:
        self.user = user
        self._world = world
        names = ("first_name", "last_name", "username")
        named = {key: user[key] for key in names if key in user}
        self.chat = world.add_chat({"id": user["id"], "type": "private", **named})

    @property
    def id(self) -> int:
        return int(self.user["id"])

    def says(
        self,
        text: str,
        *,
        chat: Chat | None = None,
        reply_to: int | None = None,
        entities: Sequence[Json] = (),
    ) -> Json:
        """`entities` are what the person formatted; commands are found by themselves."""
        content: Json = {"text": text}
        if found := [*commands_in(text), *entities]:
            content["entities"] = found
        if reply_to is not None:
            content["reply_to_message"] = (chat or self.chat).all[reply_to].wire
        return self._sends(content, chat)

    def edits(self, message_id: int, text: str, *, chat: Chat | None = None) -> Json:
        message = (chat or self.chat).all[message_id]
        message.history.append(message.wire)
        message.wire = message.wire | {"text": text, "edit_date": self._world.now()}
        return self._world.updates.feed({"edited_message": message.wire})

    def forwards(self, text: str) -> Json:
        """Something another person wrote, whose account is hidden."""
        origin = {"type": "hidden_user", "date": self._world.now(), "sender_user_name": "Someone"}
        return self._sends({"text": text, "forward_origin": origin})

    def taps(self, message_id: int, button: str, *, chat: Chat | None = None) -> Json:
        """Press the button with this label or payload. LookupError when the message has none."""
        message = (chat or self.chat).all[message_id]
        return self.presses(message_id, data_behind(message.markup, button), chat=chat)

    def presses(self, message_id: int, data: str, *, chat: Chat | None = None) -> Json:
        """A callback query with any payload: also forged, or of a keyboard since replaced."""
        place = chat or self.chat
        known = place.all.get(message_id)
        shown: Json = {"message_id": message_id, "chat": place.wire, "date": 0}
        if known is not None and not known.deleted:
            shown = known.wire
        query = f"query-{self._world.updates.last_id + 1}"
        self._world.callbacks[query] = None
        callback = {
            "id": query,
            "from": self.user,
            "message": shown,
            "chat_instance": f"instance-{place.id}",
            "data": data,
        }
        return self._world.updates.feed({"callback_query": callback})

    def sends_photo(self, content: bytes = PIXEL, caption: str = "", entities: Sequence[Json] = ()) -> Json:
        """In two sizes, the small one first."""
        small = self._file("thumbnails", "small.png", "image/png", PIXEL) | {"width": 1, "height": 1}
        photo = self._file("photos", "photo.png", "image/png", content) | {"width": 2, "height": 2}
        return self._sends({"photo": [small, photo], **_caption(caption, entities)})

    def sends_document(
        self,
        content: bytes = b"%PDF",
        name: str = "file.pdf",
        mime_type: str = "application/octet-stream",
        caption: str = "",
        entities: Sequence[Json] = (),
    ) -> Json:
        document = self._file("documents", name, mime_type, content)
        document |= {"file_name": name, "mime_type": mime_type}
        return self._sends({"document": document, **_caption(caption, entities)})

    def sends_voice(self) -> Json:
        voice = self._file("voice", "voice.oga", "audio/ogg", b"OggS")
        return self._sends({"voice": voice | {"duration": 1, "mime_type": "audio/ogg"}})

    def sends_video_note(self) -> Json:
        note = self._file("video_notes", "note.mp4", "video/mp4", b"ftyp")
        return self._sends({"video_note": note | {"length": 240, "duration": 1}})

    def sends_sticker(self, emoji: str = "\N{THUMBS UP SIGN}") -> Json:
        sticker = self._file("stickers", "sticker.webp", "image/webp", b"RIFF") | {
            "width": 512,
            "height": 512,
            "is_animated": False,
            "is_video": False,
            "type": "regular",
            "emoji": emoji,
        }
        return self._sends({"sticker": sticker})

    def sends_location(self, latitude: float = 21.03, longitude: float = 105.85) -> Json:
        return self._sends({"location": {"latitude": latitude, "longitude": longitude}})

    def sends_contact(self, phone_number: str = "+84900000000", user_id: int = 0) -> Json:
        """Their own contact unless `user_id` is another's."""
        contact = {
            "phone_number": phone_number,
            "first_name": self.user["first_name"],
            "user_id": user_id or self.id,
        }
        return self._sends({"contact": contact})

    def votes(self, message_id: int, *options: int) -> Json:
        """Answer a poll that is not anonymous, by the options' places from 0."""
        poll = self.chat.all[message_id].wire["poll"]
        if poll["is_anonymous"]:
            raise ValueError("bots are not told who answers an anonymous poll")
        chosen = [poll["options"][number]["persistent_id"] for number in options]
        answer = {
            "poll_id": poll["id"],
            "user": self.user,
            "option_ids": list(options),
            "option_persistent_ids": chosen,
        }
        return self._world.updates.feed({"poll_answer": answer})

    def asks_inline(self, query: str) -> Json:
        inline = {
            "id": f"inline-{self._world.updates.last_id + 1}",
            "from": self.user,
            "query": query,
            "offset": "",
        }
        return self._world.updates.feed({"inline_query": inline})

    def blocks(self) -> Json:
        """From now on the bot gets 403 for this chat."""
        self.chat.forbidden = BLOCKED
        return self._changes_membership(self.chat, "member", "kicked")

    def unblocks(self) -> Json:
        self.chat.forbidden = None
        return self._changes_membership(self.chat, "kicked", "member")

    def deletes_account(self) -> None:
        """Telegram tells the bot only when it next writes."""
        self.chat.forbidden = DEACTIVATED

    def adds_bot(self, chat: Chat) -> Json:
        chat.forbidden = None
        return self._changes_membership(chat, "left", "member")

    def removes_bot(self, chat: Chat) -> Json:
        chat.forbidden = KICKED
        return self._changes_membership(chat, "member", "kicked")

    def _sends(self, content: Json, chat: Chat | None = None) -> Json:
        place = chat or self.chat
        wire = {
            "message_id": place.next_id(),
            "from": self.user,
            "chat": place.wire,
            "date": self._world.now(),
            **content,
        }
        place.add(Message(wire, from_bot=False))
        return self._world.updates.feed({"message": wire})

    def _file(self, kind: str, name: str, mime_type: str, content: bytes) -> Json:
        return self._world.files.add(kind, Upload(name, content, mime_type)).wire()

    def _changes_membership(self, chat: Chat, before: str, after: str) -> Json:
        change: dict[str, Any] = {
            "chat": chat.wire,
            "from": self.user,
            "date": self._world.now(),
            "old_chat_member": self._member(before),
            "new_chat_member": self._member(after),
        }
        return self._world.updates.feed({"my_chat_member": change})

    def _member(self, status: str) -> Json:
        until = {"until_date": 0} if status == "kicked" else {}
        return {"user": self._world.bot, "status": status, **until}


def _caption(caption: str, entities: Sequence[Json]) -> Json:
    """Telegram leaves out what is empty."""
    given = {"caption": caption, "caption_entities": list(entities)}
    return {key: value for key, value in given.items() if value}
