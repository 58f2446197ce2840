"""The HTTP doors of canned replies: parse, ask the service, answer. No rules."""

from typing import Annotated

from msgspec import Meta
from starlette.responses import Response

from chatserver.conversation.projection import stamp
from chatserver.features.canned.model import CannedReply, Draft, Place
from chatserver.features.canned.service import CannedReplies
from chatserver.web import params, replies
from chatserver.web.routing import Call, Endpoint

PATH = "/api/canned-replies"


class New(Draft, frozen=True, forbid_unknown_fields=True):
    """The body of a new reply."""


class Change(Draft, frozen=True, forbid_unknown_fields=True):
    """The body of a change: a draft, and the version that its writer has seen."""

    version: Annotated[int, Meta(ge=1, lt=2**31)]


def endpoints(canned: CannedReplies) -> tuple[Endpoint, ...]:
    async def search(call: Call) -> Response:
        limit = params.limit(call.request)
        query = call.request.query_params.get("q", "")
        after = params.cursor(call.request, Place)
        found = await canned.search(call.agent, query, after=after, limit=limit + 1)
        more = params.next_cursor(found[limit - 1][1]) if len(found) > limit else None
        return replies.items([_view(reply) for reply, _ in found[:limit]], more)

    async def add(call: Call) -> Response:
        draft = await params.body(call.request, New)
        return replies.json_reply(_view(await canned.add(call.agent, draft)), 201)

    async def change(call: Call) -> Response:
        reply_id = params.path_id(call.request)
        wanted = await params.body(call.request, Change)
        changed = await canned.change(call.agent, reply_id, wanted, wanted.version)
        return replies.json_reply(_view(changed))

    async def remove(call: Call) -> Response:
        await canned.remove(call.agent, params.path_id(call.request))
        return replies.nothing()

    return (
        Endpoint("GET", PATH, "canned.read", search),
        Endpoint("POST", PATH, "canned.manage", add),
        Endpoint("PUT", f"{PATH}/{{id}}", "canned.manage", change),
        Endpoint("DELETE", f"{PATH}/{{id}}", "canned.manage", remove),
    )


def _view(reply: CannedReply) -> dict[str, object]:
    return {
        "id": reply.id,
        "shortcut": reply.shortcut,
        "title": reply.title,
        "text": reply.text,
        "version": reply.version,
        "updated_at": stamp(reply.updated_at),
        "updated_by": reply.updated_by,
    }
