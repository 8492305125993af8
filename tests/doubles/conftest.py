import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest

from tests.doubles.telegram import Person, TelegramDouble

Json = dict[str, Any]


class Api:
    """Raw calls, as a client without any library of its own would make them."""

    def __init__(self, session: aiohttp.ClientSession, root: str) -> None:
        self.session = session
        self.root = root

    async def __call__(self, method: str, **params: Any) -> Json:
        """The whole answer to a call with a JSON body."""
        async with self.session.post(f"{self.root}/{method}", json=params) as response:
            answer: Json = await response.json()
        assert answer["ok"] == (response.status == 200)
        assert answer.get("error_code", 200) == response.status
        return answer

    async def result(self, method: str, **params: Any) -> Any:
        answer = await self(method, **params)
        assert answer["ok"], answer
        return answer["result"]

    async def refusal(self, method: str, **params: Any) -> str:
        """The description of a refusal with 400."""
        answer = await self(method, **params)
        assert answer["error_code"] == 400, answer
        return str(answer["description"]).removeprefix("Bad Request: ")

    async def form(self, method: str, **fields: Any) -> Json:
        """The answer to a form: multipart when a field is bytes, urlencoded otherwise."""
        form = aiohttp.FormData()
        for name, value in fields.items():
            if isinstance(value, bytes):
                form.add_field(name, io.BytesIO(value), filename=f"{name}.png")
            else:
                form.add_field(name, value)
        async with self.session.post(f"{self.root}/{method}", data=form) as response:
            answer: Json = await response.json()
        return answer


@asynccontextmanager
async def api_of(double: TelegramDouble) -> AsyncIterator[Api]:
    async with aiohttp.ClientSession() as session:
        yield Api(session, f"{double.url}/bot{double.token}")


@pytest.fixture
async def double() -> AsyncIterator[TelegramDouble]:
    async with TelegramDouble() as running:
        yield running


@pytest.fixture
async def api(double: TelegramDouble) -> AsyncIterator[Api]:
    async with api_of(double) as client:
        yield client


@pytest.fixture
def lan(double: TelegramDouble) -> Person:
    return double.person(7, first_name="Lan")
