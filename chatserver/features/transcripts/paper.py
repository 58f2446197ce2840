"""A transcript as a page to read or print: all escaped, nothing fetched but one style sheet."""

from datetime import tzinfo

from msgspec import Struct
from starlette.responses import Response

from chatserver.conversation.facts import Fact
from chatserver.features.transcripts import export, telling
from chatserver.features.transcripts.service import Found, Transcripts
from chatserver.features.transcripts.telling import Translate
from chatserver.web.pages import Pages
from chatserver.web.routing import Call

# More makes a page that browsers lay out for seconds; the text export has no end.
MOST = 2000
SHEET = "transcript.css"
TEMPLATE = "transcripts/templates/print.html"


class Line(Struct, frozen=True):
    """One line on paper. `kind`: visitor, agent, system, note or event."""

    kind: str
    at: str
    who: str
    text: str
    quote: str | None = None


class Paper:
    def __init__(self, transcripts: Transcripts, pages: Pages) -> None:
        self._transcripts = transcripts
        self._pages = pages

    async def show(self, call: Call, found: Found, tz: tzinfo, *, notes: bool) -> Response:
        language = self._pages.language(call.request, call.agent.locale)
        t = self._pages.translator(language)
        lines, is_all = await self._lines(call, found, t, tz, notes)
        return self._pages.show(
            call.request,
            TEMPLATE,
            language=language,
            print_sheet=self._pages.assets.own(SHEET),
            name=found.card.visitor_name or t("transcript.visitor"),
            about=export.facts_of(found.card, found.site, t, tz),
            zone=export.name_of(tz),
            lines=lines,
            is_all=is_all,
        )

    async def _lines(
        self, call: Call, found: Found, t: Translate, tz: tzinfo, notes: bool
    ) -> tuple[list[Line], bool]:
        lines: list[Line] = []
        async for facts in self._transcripts.pages(call.agent, found.card.conversation_id):
            quoted = await self._transcripts.quoted(call.agent, facts)
            lines += [
                line_of(fact, quoted.get(telling.quoted_by(fact) or 0), t, tz)
                for fact in facts
                if telling.is_told(fact) and (notes or not telling.is_note(fact))
            ]
            if len(lines) > MOST:
                return lines[:MOST], False
        return lines, True


def line_of(fact: Fact, quoted: Fact | None, t: Translate, tz: tzinfo) -> Line:
    at = export.moment(fact.at, tz, t)
    if happening := telling.happening(fact, t):
        return Line("event", at, "", happening)
    kind = "note" if telling.is_note(fact) else fact.author.kind.value
    who, text = telling.who(fact, t), telling.message(fact, t) or ""
    return Line(kind, at, who, text, telling.quotation(quoted, t))
