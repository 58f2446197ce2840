"""The HTTP doors of mail: its state, a test, what is on its way. No mail's words, no password."""

from typing import Literal

from msgspec import Struct
from starlette.responses import Response

from chatserver.config import Settings
from chatserver.conversation.projection import stamp
from chatserver.errors import Invalid
from chatserver.features.mail.letters import Letters
from chatserver.features.mail.model import Letter, Place, State
from chatserver.features.mail.outbox import Outbox
from chatserver.storage.database import Database
from chatserver.web import languages, params, replies
from chatserver.web.routing import Call, Endpoint

PATH = "/api/mail"
ACTION = "mail.manage"


class Change(Struct, frozen=True, forbid_unknown_fields=True):
    """All that can be wished of a mail: that it is tried again."""

    state: Literal["queued"]


class MailRoutes:
    def __init__(
        self, *, database: Database, outbox: Outbox, letters: Letters, settings: Settings
    ) -> None:
        self._database = database
        self._outbox = outbox
        self._letters = letters
        self._settings = settings

    def endpoints(self) -> tuple[Endpoint, ...]:
        return (
            Endpoint("GET", f"{PATH}/status", ACTION, self.status),
            Endpoint("POST", f"{PATH}/test", ACTION, self.test),
            Endpoint("GET", f"{PATH}/outbox", ACTION, self.list),
            Endpoint("PATCH", f"{PATH}/outbox/{{id}}", ACTION, self.retry),
            Endpoint("DELETE", f"{PATH}/outbox/{{id}}", ACTION, self.discard),
        )

    async def status(self, call: Call) -> Response:
        settings, is_on = self._settings, self._outbox.sender is not None
        return replies.json_reply(
            {
                "configured": is_on,
                "from": settings.mail_from,
                "host": settings.smtp_host,
                "port": settings.smtp_port if is_on else None,
                "security": settings.smtp_security if is_on else None,
                "counts": await self._outbox.counts(call.agent),
            }
        )

    async def test(self, call: Call) -> Response:
        """To the asker's own address: nobody can be bothered with it."""
        agent = call.agent
        accept = call.request.headers.get("accept-language", "")
        language = languages.choose(None, agent.locale, accept)
        mail = self._letters.write("test", agent.email, language, name=agent.name)
        async with self._database.write() as connection:
            letter = await self._outbox.send(connection, agent.workspace_id, mail)
        return replies.json_reply(_view(letter), 202)

    async def list(self, call: Call) -> Response:
        limit, after = params.limit(call.request), params.cursor(call.request, Place)
        state = _state(call.request.query_params.get("state", ""))
        found = await self._outbox.list(call.agent, state, after=after, limit=limit + 1)
        shown, more = found[:limit], None
        if len(found) > limit:
            more = params.next_cursor(Place(shown[-1].created_at, shown[-1].id))
        return replies.items([_view(letter) for letter in shown], more)

    async def retry(self, call: Call) -> Response:
        letter_id = params.path_id(call.request)
        await params.body(call.request, Change)
        return replies.json_reply(_view(await self._outbox.retry(call.agent, letter_id)))

    async def discard(self, call: Call) -> Response:
        await self._outbox.discard(call.agent, params.path_id(call.request))
        return replies.nothing()


def _state(text: str) -> State | None:
    if not text:
        return None
    if text not in tuple(State):
        raise Invalid(fields={"state": "unknown"})
    return State(text)


def _view(letter: Letter) -> dict[str, object]:
    return {
        "id": letter.id,
        "kind": letter.kind,
        "to": letter.recipient,
        "subject": letter.subject,
        "state": letter.state,
        "attempts": letter.attempts,
        "next_at": letter.next_at and stamp(letter.next_at),
        "error": letter.error,
        "created_at": stamp(letter.created_at),
        "updated_at": stamp(letter.updated_at),
    }
