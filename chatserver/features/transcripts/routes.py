"""The HTTP doors of transcripts: parse, ask the service, answer. No rules."""

from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from chatserver.conversation.projection import for_agent, stamp
from chatserver.features.transcripts import export
from chatserver.features.transcripts.asking import wanted
from chatserver.features.transcripts.model import Place
from chatserver.features.transcripts.paper import Paper
from chatserver.features.transcripts.service import Found, Transcripts
from chatserver.features.transcripts.telling import quoted_by
from chatserver.web import params, replies
from chatserver.web.pages import Pages
from chatserver.web.routing import Call, Endpoint

PATH = "/api/transcripts"
PAPER = "/agent/transcripts/{id}/print"


def endpoints(transcripts: Transcripts, pages: Pages) -> tuple[Endpoint, ...]:
    paper = Paper(transcripts, pages)

    async def search(call: Call) -> Response:
        limit, after = params.limit(call.request), params.cursor(call.request, Place)
        found = await transcripts.search(
            call.agent, wanted(call.request), after=after, limit=limit + 1
        )
        more = _cursor(found[limit - 1]) if len(found) > limit else None
        return replies.items([_view(one) for one in found[:limit]], more)

    async def read(call: Call) -> Response:
        found = await transcripts.find(call.agent, params.path_id(call.request))
        after = params.whole_number(call.request, "after", 0)
        facts, more = await transcripts.page(call.agent, found.card.conversation_id, after)
        seen = [for_agent(fact, call.agent.agent_id) for fact in facts]
        return replies.json_reply({**_view(found), "facts": seen, "next_seq": more})

    async def text(call: Call) -> Response:
        found = await transcripts.find(call.agent, params.path_id(call.request))
        tz = export.zone(call.request.query_params.get("tz"))
        t = pages.translator(pages.language(call.request, call.agent.locale))
        notes = _with_notes(call.request)

        async def lines() -> AsyncIterator[str]:
            yield export.head(found.card, found.site, t, tz)
            async for facts in transcripts.pages(call.agent, found.card.conversation_id):
                quoted = await transcripts.quoted(call.agent, facts)
                written = (
                    export.line(fact, t, tz, notes=notes, quoted=quoted.get(quoted_by(fact) or 0))
                    for fact in facts
                )
                yield "".join(line for line in written if line)

        headers = {"Content-Disposition": export.disposition(found.card, tz)}
        return StreamingResponse(lines(), headers=headers, media_type="text/plain")

    async def to_print(call: Call) -> Response:
        found = await transcripts.find(call.agent, params.path_id(call.request))
        tz = export.zone(call.request.query_params.get("tz"))
        return await paper.show(call, found, tz, notes=_with_notes(call.request))

    return (
        Endpoint("GET", PATH, "transcript.read", search),
        Endpoint("GET", f"{PATH}/{{id}}", "transcript.read", read),
        Endpoint("GET", f"{PATH}/{{id}}/text", "transcript.read", text),
        Endpoint("GET", PAPER, "transcript.read", to_print),
    )


def _with_notes(request: Request) -> bool:
    return request.query_params.get("notes") == "1"


def _cursor(found: Found) -> str:
    return params.next_cursor(Place(found.card.last_at, found.card.conversation_id))


def _view(found: Found) -> dict[str, object]:
    card, rating = found.card, found.rating
    return {
        "conversation": card.conversation_id,
        "phase": card.phase,
        "visitor": {
            "id": card.visitor_id,
            "name": card.visitor_name,
            "email": card.visitor_email,
        },
        "site": {"id": card.site_id, "name": found.site},
        "agents": card.agents,
        "opened_at": stamp(card.opened_at),
        "closed_at": stamp(card.closed_at) if card.closed_at else None,
        "last_at": stamp(card.last_at),
        "messages": card.messages,
        "rating": rating and {"score": rating.score, "resolved": rating.resolved},
    }
