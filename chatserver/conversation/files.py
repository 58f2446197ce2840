"""What is known of an uploaded file: whose it is, and the message it became part of. Pure."""

from datetime import datetime

from msgspec import Struct

from chatserver.conversation.facts import File
from chatserver.conversation.model import Actor


class StoredFile(Struct, frozen=True):
    """A file on disk. `upload_id` is the client's own name for it, unique for its author; without
    `conversation_id` it was not sent yet. `seq` and `private` are those of its message."""

    id: str
    workspace_id: str
    author_kind: str
    author_id: str
    upload_id: str
    name: str
    type: str
    bytes: int
    preview_bytes: int
    created_at: datetime
    width: int | None = None
    height: int | None = None
    conversation_id: str | None = None
    seq: int | None = None
    private: bool = False

    def is_of(self, actor: Actor) -> bool:
        return (self.author_kind, self.author_id) == (actor.kind.value, actor.id)

    def told(self) -> File:
        """As the body of a fact keeps it."""
        return File(self.id, self.name, self.type, self.bytes, self.width, self.height)
