"""A platform that goes away while it is still sending."""

from starlette.routing import Route
from starlette.types import Message


async def hung_up(route: Route, header: str, secret: str) -> int:
    """The status that nobody reads any more."""
    answers: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        answers.append(message)

    headers = [(header.lower().encode(), secret.encode())]
    scope = {"type": "http", "method": "POST", "path": route.path, "headers": headers}
    await route.handle(scope, receive, send)
    return int(answers[0]["status"])
