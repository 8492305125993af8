"""What the double answers: results, and refusals in the words the Bot API uses."""

from typing import Any

import msgspec

Json = dict[str, Any]

encode = msgspec.json.Encoder().encode
decode = msgspec.json.Decoder().decode


class ApiError(Exception):
    """A refusal: `code` is both the HTTP status and `error_code`; `retry_after` is in seconds."""

    def __init__(self, code: int, description: str, *, retry_after: int | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.retry_after = retry_after

    def body(self) -> bytes:
        answer: Json = {"ok": False, "error_code": self.code, "description": self.description}
        if self.retry_after is not None:
            answer["parameters"] = {"retry_after": self.retry_after}
        return encode(answer)


def bad_request(problem: str) -> ApiError:
    return ApiError(400, f"Bad Request: {problem}")


def too_many_requests(retry_after: int) -> ApiError:
    return ApiError(429, f"Too Many Requests: retry after {retry_after}", retry_after=retry_after)


def accepted(result: Any) -> bytes:
    return encode({"ok": True, "result": result})
