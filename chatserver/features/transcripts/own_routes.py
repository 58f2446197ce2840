"""The HTTP doors of visitors' own conversations. A visitor shows their token."""

from datetime import datetime, tzinfo

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response

from chatserver.conversation.projection import for_visitor, stamp
from chatserver.features.transcripts import export
from chatserver.features.transcripts.own import MOST, Own, OwnTranscripts, Reader, quotes
from chatserver.features.transcripts.paper import line_of
from chatserver.features.transcripts.telling import Translate, is_told
from chatserver.identity.model import Visitor
from chatserver.identity.permissions import VISITOR
from chatserver.identity.visitors import Visitors
from chatserver.web import params, replies
from chatserver.web.languages import VISITORS
from chatserver.web.limits import Pace
from chatserver.web.pages import Pages
from chatserver.web.routing import Call, Endpoint
from chatserver.web.visitors import visitor_of

PATH = "/visitor/conversations"
TEMPLATE = "transcripts/templates/keep.html"


class Wanted(Struct, frozen=True, forbid_unknown_fields=True):
    """To whom the transcript goes: the visitor, who typed it or was asked for it."""

    email: str


class Before(Struct, frozen=True, array_like=True):
    """Where a list goes on: the last conversation shown."""

    opened_at: datetime


class OwnRoutes:
    def __init__(
        self,
        *,
        own: OwnTranscripts,
        visitors: Visitors,
        pages: Pages,
        widget_origin: str,
        pace: Pace,
    ) -> None:
        self._own = own
        self._visitors = visitors
        self._pages = pages
        self._widget = widget_origin
        self._pace = pace

    def endpoints(self) -> tuple[Endpoint, ...]:
        return (
            Endpoint("GET", PATH, VISITOR, self.conversations),
            Endpoint("GET", f"{PATH}/{{conversation}}", VISITOR, self.read),
            Endpoint("GET", f"{PATH}/{{conversation}}/text", VISITOR, self.text),
            Endpoint("GET", f"{PATH}/{{conversation}}/page", VISITOR, self.page),
            Endpoint("POST", f"{PATH}/{{conversation}}/mail", VISITOR, self.mail),
        )

    async def conversations(self, call: Call) -> Response:
        visitor, limit = await self._visitor(call), params.limit(call.request)
        before = params.cursor(call.request, Before)
        found = await self._own.conversations(
            visitor, before=before.opened_at if before else None, limit=limit
        )
        more = None
        if len(found) == limit:
            more = params.next_cursor(Before(found[-1].card.opened_at))
        return replies.items([_view(one) for one in found], more)

    async def read(self, call: Call) -> Response:
        own = await self._find(call)
        after = params.whole_number(call.request, "after", 0)
        facts, more = await self._own.page(own, after)
        seen = [frame for fact in facts if (frame := for_visitor(fact))]
        return replies.json_reply({**_view(own), "facts": seen, "next_seq": more})

    async def text(self, call: Call) -> Response:
        own = await self._find(call)
        t, tz = self._words(call.request)
        response = Response(await self._own.text(own, t, tz), media_type="text/plain")
        response.headers["content-disposition"] = export.disposition(own.card, tz)
        return response

    async def page(self, call: Call) -> Response:
        """One file that needs no other, to be kept."""
        own = await self._find(call)
        t, tz = self._words(call.request)
        facts, more = await self._own.page(own, 0, MOST)
        answered = quotes(facts)
        response = self._pages.show(
            call.request,
            TEMPLATE,
            among=VISITORS,
            about=export.facts_of(own.card, own.site, t, tz),
            zone=export.name_of(tz),
            lines=[line_of(fact, answered.get(fact.seq), t, tz) for fact in facts if is_told(fact)],
            is_all=more is None,
        )
        response.headers["content-disposition"] = export.disposition(own.card, tz, "html")
        return response

    async def mail(self, call: Call) -> Response:
        visitor = await self._visitor(call)
        wanted = await params.body(call.request, Wanted)
        own = await self._own.find(visitor, params.path_id(call.request, "conversation"))
        t, tz = self._words(call.request)
        language = self._pages.language(call.request, among=VISITORS)
        await self._pace.take(visitor.id)
        await self._own.mail(own, wanted.email.strip(), Reader(language, t, tz))
        return replies.json_reply({}, 202)

    async def _visitor(self, call: Call) -> Visitor:
        return await visitor_of(call.request, self._visitors, self._widget)

    async def _find(self, call: Call) -> Own:
        visitor = await self._visitor(call)
        return await self._own.find(visitor, params.path_id(call.request, "conversation"))

    def _words(self, request: Request) -> tuple[Translate, tzinfo]:
        query = request.query_params
        tz = export.zone(query.get("tz"))
        t = self._pages.translator(self._pages.language(request, among=VISITORS))
        return t, export.place(query.get("zone")) or tz


def _view(own: Own) -> dict[str, object]:
    card = own.card
    return {
        "conversation": card.conversation_id,
        "phase": card.phase,
        "agents": [agent.name for agent in card.agents],
        "opened_at": stamp(card.opened_at),
        "last_at": stamp(card.last_at),
        "messages": card.messages,
        "can_continue": own.can_continue,
    }
