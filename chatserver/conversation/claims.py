"""The uploaded files that the messages of one transaction take along. A file belongs to one message
at most: of two that ask for it, in one batch or on two nodes, the second finds it gone."""

from collections.abc import Iterable, Sequence

from msgspec.structs import replace
from sqlalchemy.ext.asyncio import AsyncConnection

from chatserver.conversation import file_store
from chatserver.conversation.commands import Request, SendMessage
from chatserver.conversation.facts import Fact
from chatserver.conversation.files import StoredFile
from chatserver.errors import FileGone


class Claims:
    """Lives for one batch: `load`, then `find` and `take` for each message, then `save`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._unsent: dict[str, StoredFile] = {}
        self._taken: list[StoredFile] = []

    async def load(self, requests: Iterable[Request]) -> None:
        """Reads what the messages ask for; most ask for nothing."""
        wanted = {
            file_id: request.workspace_id
            for request in requests
            if isinstance(request.command, SendMessage)
            for file_id in request.command.files
        }
        if wanted:
            workspaces = set(wanted.values())
            self._unsent = await file_store.lock_unsent(self._connection, workspaces, wanted.keys())

    def find(self, request: Request) -> list[StoredFile]:
        """The author's own unsent files that a message asks for, in its order. Raises FileGone."""
        command = request.command
        if not isinstance(command, SendMessage):
            return []
        found = [self._unsent.get(file_id) for file_id in command.files]
        own = [
            file
            for file in found
            if file and file.workspace_id == request.workspace_id and file.is_of(request.actor)
        ]
        if len(own) < len(found):
            raise FileGone
        return own

    def take(self, files: Sequence[StoredFile], message: Fact) -> None:
        """They are part of this message from now on."""
        for file in files:
            del self._unsent[file.id]
            self._taken.append(
                replace(
                    file,
                    conversation_id=message.conversation_id,
                    seq=message.seq,
                    private=message.visitor_seq is None,
                )
            )

    async def save(self) -> None:
        """Before the log is appended to: nothing may wait behind that."""
        if self._taken:
            await file_store.claim(self._connection, self._taken)
