"""The answers that are not pages: JSON in the one shape, lists, nothing, and the way elsewhere."""

from typing import Any

import msgspec
from starlette.responses import RedirectResponse, Response

from chatserver.errors import ChatError

JSON = "application/json"


def json_reply(value: Any, status: int = 200) -> Response:
    """Structs, lists and dictionaries; times as ISO 8601 UTC. Never cached."""
    return Response(msgspec.json.encode(value), status, media_type=JSON)


def items(values: list[Any], after: str | None = None) -> Response:
    """A list and the cursor of its next page."""
    return json_reply({"items": values, "next": after})


def nothing() -> Response:
    return Response(status_code=204)


def see_other(path: str) -> RedirectResponse:
    """Go there with GET. `path` is ours, never what a client sent."""
    return RedirectResponse(path, 303)


def problem(error: ChatError) -> dict[str, Any]:
    """The one shape of every error."""
    return {
        "error": {
            "code": error.code,
            "message": error.message,
            "temporary": error.temporary,
            "retry_after": error.retry_after,
            "fields": error.fields,
        }
    }
