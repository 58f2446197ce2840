"""The messages that those of one transaction quote: whether they are there, may be seen by whoever
will read the quote, and their numbers in both numberings."""

from collections.abc import Iterable

from sqlalchemy.ext.asyncio import AsyncConnection

from chatserver.conversation import fact_store
from chatserver.conversation.commands import Request, SendMessage
from chatserver.conversation.events import Quoted
from chatserver.conversation.model import AuthorKind
from chatserver.errors import QuoteGone, Rejected


class Quotes:
    """Lives for one batch: `load`, then `find` for each message."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._found: dict[fact_store.QuoteKey, Quoted] = {}

    async def load(self, requests: Iterable[Request]) -> None:
        """Reads what the messages quote; most quote nothing."""
        wanted = {key: request.workspace_id for request in requests if (key := _key(request))}
        if wanted:
            workspaces = set(wanted.values())
            self._found = await fact_store.quoted(self._connection, workspaces, wanted.keys())

    def find(self, request: Request) -> Quoted | None:
        """Raises QuoteGone for what is no message of this conversation that its author can see, and
        Rejected for a note that the visitor would get to know of."""
        key, command = _key(request), request.command
        if key is None or not isinstance(command, SendMessage):
            return None
        quoted = self._found.get(key)
        if quoted is None:
            raise QuoteGone
        if quoted.visitor_seq is None and not command.private:
            raise Rejected("a note cannot be quoted to the visitor")
        return quoted


def _key(request: Request) -> fact_store.QuoteKey | None:
    command = request.command
    if not isinstance(command, SendMessage) or command.quote is None:
        return None
    is_visitors = request.actor.kind is AuthorKind.VISITOR
    return request.conversation_id, is_visitors, command.quote
