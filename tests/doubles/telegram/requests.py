"""HTTP requests to the Bot API: which bot and method, and the parameters in whatever form."""

import re
from collections.abc import Mapping
from typing import Any

import msgspec
from aiohttp import web

from tests.doubles.telegram.answers import ApiError, Json, bad_request, decode
from tests.doubles.telegram.files import LARGEST_UPLOAD
from tests.doubles.telegram.values import Upload

_TOKEN = re.compile(r"\d+:[\w-]+")
_FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
_ATTACHED = "attach://"
# Room for the other parts of the form around the largest file.
LARGEST_REQUEST = LARGEST_UPLOAD + 2**16


def addressed(path: str, prefix: str, token: str) -> str:
    """What follows `prefix` and the token in the path. Raises ApiError for another token."""
    given, _, rest = path.removeprefix(prefix).partition("/")
    if given != token:
        is_token = _TOKEN.fullmatch(given) is not None
        raise ApiError(401, "Unauthorized") if is_token else ApiError(404, "Not Found")
    return rest


async def parameters(request: web.BaseRequest) -> Json:
    """The parameters from the query string and the body, files as Upload."""
    found: Json = dict(request.query)
    if request.content_type == "application/json":
        found.update(_from_json(await _body(request)))
    elif request.content_type in _FORMS:
        found.update(await _from_form(request))
    elif request.can_read_body:
        raise bad_request("unsupported content type")
    return found


async def _body(request: web.BaseRequest) -> bytes:
    try:
        return await request.read()
    except web.HTTPRequestEntityTooLarge:
        raise ApiError(413, "Request Entity Too Large") from None


def _from_json(body: bytes) -> Json:
    if not body:
        return {}
    try:
        found = decode(body)
    except msgspec.DecodeError:
        raise bad_request("can't parse request JSON object") from None
    if not isinstance(found, dict):
        raise bad_request("request body must be a JSON object")
    return found


async def _from_form(request: web.BaseRequest) -> Json:
    try:
        form = await request.post()
    except web.HTTPRequestEntityTooLarge:
        raise ApiError(413, "Request Entity Too Large") from None
    except ValueError:
        raise bad_request("strings must be encoded in UTF-8") from None
    return _with_files({name: _part(value) for name, value in form.items()})


def _part(value: Any) -> Any:
    if not isinstance(value, web.FileField):
        return value if isinstance(value, str) else bytes(value).decode()
    with value.file as content:
        return Upload(value.filename, content.read(), value.content_type)


def _with_files(form: Mapping[str, Any]) -> Json:
    """`attach://name` stands for the file of that name, which is no parameter itself."""
    found = dict(form)
    for name, value in form.items():
        if isinstance(value, str) and value.startswith(_ATTACHED):
            attached = value.removeprefix(_ATTACHED)
            if not isinstance(form.get(attached), Upload):
                raise bad_request(f'there is no file "{attached}" in the request')
            found[name] = form[attached]
            found.pop(attached, None)
    return found
