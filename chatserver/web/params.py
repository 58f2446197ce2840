"""Reading a request: body, form, query and path, checked at the door and typed behind it."""

import base64
import re
from typing import Any, TypeVar

import msgspec
from starlette.datastructures import FormData
from starlette.requests import Request

from chatserver.errors import BadRequest, Invalid, NotFound

T = TypeVar("T")

LIMIT = 50
MOST = 100
CURSOR_CHARS = 1000
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_FIELD = re.compile(r"`\$\.(\w+)")
_MISSING = re.compile(r"missing required field `(\w+)`")
_UNKNOWN = re.compile(r"contains unknown field `(\w+)`")


async def body(request: Request, kind: type[T]) -> T:
    """The JSON body as a struct. Raises BadRequest, or Invalid with the field that is wrong.

    Only `application/json` is read: a form of another website cannot send that.
    """
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise BadRequest("send application/json")
    try:
        return msgspec.json.decode(await request.body(), type=kind)
    except msgspec.ValidationError as error:
        raise _invalid(str(error)) from error
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise BadRequest("the body is not JSON") from error


async def form(request: Request) -> dict[str, str]:
    """The text fields of an HTML form; files are left out, the first of equal names counts."""
    data: FormData = await request.form(max_files=1, max_fields=50)
    fields: dict[str, str] = {}
    for name, value in data.multi_items():
        if isinstance(value, str):
            fields.setdefault(name, value)
    return fields


def path_id(request: Request, name: str = "id") -> str:
    """An identifier of the path. Raises NotFound when it cannot be one: what is malformed does not
    exist."""
    value = str(request.path_params.get(name, ""))
    if not _ID.fullmatch(value):
        raise NotFound
    return value


def limit(request: Request) -> int:
    """`?limit=`, 50 by default, at most 100. Raises Invalid."""
    return min(whole_number(request, "limit", LIMIT), MOST)


def whole_number(request: Request, name: str, default: int) -> int:
    """A number from 1 to 2^31 - 1. Raises Invalid."""
    text = request.query_params.get(name, "")
    if not text:
        return default
    if not re.fullmatch(r"[0-9]{1,10}", text) or not 0 < int(text) < 2**31:
        raise Invalid(fields={name: "unknown"})
    return int(text)


def cursor(request: Request, kind: type[T]) -> T | None:
    """`?cursor=` as `next_cursor` made it. Raises Invalid when it was not us."""
    text = request.query_params.get("cursor", "")
    if not text:
        return None
    try:
        padded = text[:CURSOR_CHARS] + "=" * (-len(text[:CURSOR_CHARS]) % 4)
        return msgspec.json.decode(base64.urlsafe_b64decode(padded), type=kind)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise Invalid(fields={"cursor": "unknown"}) from error


def next_cursor(place: Any) -> str:
    """Where the next page starts, as an opaque text."""
    return base64.urlsafe_b64encode(msgspec.json.encode(place)).decode().rstrip("=")


def _invalid(message: str) -> BadRequest:
    for pattern, code in ((_MISSING, "required"), (_UNKNOWN, "unknown"), (_FIELD, "unknown")):
        if match := pattern.search(message):
            return Invalid("some fields are wrong", fields={match[1]: code})
    return BadRequest("the body has another shape")
