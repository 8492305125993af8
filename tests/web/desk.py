"""An officer's browser at the desk: in by a link and a code, and with a real key for what is sealed."""

import re
from collections.abc import Sequence
from io import BytesIO
from typing import Any

import pyrage
from pyotp import TOTP
from sqlalchemy import update

from handlers.desk import codes, entering
from handlers.desk.frames import frames_in
from handlers.kit import sealing
from handlers.kit.context import Work
from storage import members
from storage.concerns import cases, items, readers
from storage.concerns.cases import NewCase
from storage.concerns.items import ItemKind, NewItem
from storage.database import Transaction
from storage.desk import factors
from storage.schema.people import member
from tests.web.house import Answer, Browser, House

SECRET = re.compile(r'<code id="secret">([A-Z2-7 ]+)</code>')
BINARY = {"Content-Type": "application/octet-stream"}
WRAPPED = '{"v":1,"kdf":"argon2id","m":65536,"t":3,"p":1,"salt":"AAAA","nonce":"AAAA","box":"AAAA"}'


def work(house: House, tx: Transaction) -> Work:
    return Work(services=house.services, db=tx, now=house.clock.now())


async def link_for(house: House, code: str) -> str:
    """The token of a new link."""
    member_id = await house.member_id(code)
    async with house.database.write() as tx:
        return await entering.make_link(work(house, tx), member_id)


async def code_of(house: House, code: str, steps: int = 0) -> str:
    """What the person's authenticator shows now, or so many periods later."""
    member_id = await house.member_id(code)
    async with house.database.read() as tx:
        factor = await factors.of_member(tx, member_id)
    assert factor is not None
    return TOTP(factor.secret).generate_otp(codes.step_of(house.clock.now()) + steps)


class Officer:
    """`browser` belongs to the person with this code; `identity` is their key."""

    def __init__(self, house: House, browser: Browser, code: str) -> None:
        self.house, self.browser, self.code = house, browser, code
        self.identity = pyrage.x25519.Identity.generate()

    @property
    def recipient(self) -> str:
        return str(self.identity.to_public())

    async def open_link(self, token: str) -> Answer:
        """Look at the page, and press its button."""
        await self.browser.get(f"/desk/vao/{token}")
        return await self.browser.post("/desk/vao", data={"csrf": self.browser.csrf, "token": token})

    async def say_code(self, code: str) -> Answer:
        return await self.browser.post("/desk/xac-nhan", data={"csrf": self.browser.csrf, "code": code})

    async def enter(self) -> "Officer":
        # No code works twice.
        self.house.clock.forward(seconds=codes.STEP_S)
        await self.open_link(await link_for(self.house, self.code))
        answer = await self.say_code(await code_of(self.house, self.code))
        assert answer.path == "/desk", answer.text
        return self

    @property
    def cookie(self) -> str:
        return self.browser.cookie("caunoi_desk")

    async def get(self, path: str, **options: Any) -> Answer:
        return await self.browser.get(f"/desk/api/{path}", **options)

    async def post(self, path: str, value: Any = None, **options: Any) -> Answer:
        headers = {"X-CSRF-Token": self.browser.csrf, **options.pop("headers", {})}
        if value is not None:
            options["json"] = value
        return await self.browser.post(f"/desk/api/{path}", headers=headers, **options)

    async def write(self, path: str, content: bytes, **query: Any) -> Answer:
        return await self.post(path, data=BytesIO(content), params=query, headers=BINARY)

    async def raw(self, method: str, path: str, **options: Any) -> bytes:
        headers = {"X-CSRF-Token": self.browser.csrf}
        async with self.browser.client.request(
            method, f"/desk/api/{path}", headers=headers, **options
        ) as answer:
            assert answer.status == 200
            return await answer.read()

    async def frames(self, ids: Sequence[str]) -> dict[str, bytes]:
        body = await self.raw("POST", "sealed", json={"ids": list(ids)})
        return {item_id.hex(): sealed for item_id, sealed in frames_in(body)}

    async def reads(self) -> int:
        """Become the branch's first reader."""
        number = await self.become_reader()
        assert (await self.get("me")).json["reader"] == number
        return number

    async def become_reader(self) -> int:
        """Ask with a key; the reader's number."""
        answer = await self.post("readers", {"recipient": self.recipient, "wrapped": WRAPPED})
        assert answer.status == 200, answer.text
        number: int = answer.json["id"]
        return number


def seal(recipients: Sequence[str], text: str, kind: str = "answer", **more: Any) -> bytes:
    header = {"kind": kind, "text": text, **more}
    return sealing.seal_to(recipients, sealing.encode(header))


async def submit(house: House, recipients: Sequence[str], text: str, number: int = 1) -> tuple[str, str]:
    """A concern as the chat hands it in: its case's and its item's ids."""
    case_id, item_id = bytes([number]) * 16, bytes([number + 100]) * 16
    today = house.clock.now().date()
    async with house.database.write() as tx:
        month = today.replace(day=1, year=today.year + 1)
        await cases.add(tx, NewCase(case_id, today, "pay", today, month))
        new = [
            NewItem(item_id, ItemKind.CONCERN, seal(recipients, text, "concern", category="pay", files=[])),
        ]
        ids = [each.id for each in await readers.listed(tx) if each.recipient in recipients]
        await items.add(tx, house.keys, case_id, new, week=today, until=month, readers=ids)
    return case_id.hex(), item_id.hex()


async def change_roster(house: House, code: str, **values: bool) -> None:
    """What an import does when the person's role has changed, or they have left."""
    async with house.database.write() as tx:
        found = await members.by_code(tx, code)
        assert found is not None
        await tx.run(update(member).where(member.c.id == found.id).values(**values))
