"""Which greeting led to a chat is no claim of a browser's: it is read from the log."""

from collections.abc import Mapping
from types import MappingProxyType

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from chatserver.feature import Reactor
from chatserver.features.greetings import store
from chatserver.storage.log import Entry


class OpenedBy(msgspec.Struct, frozen=True):
    """What of a `conversation.opened` concerns us."""

    site_id: str = ""
    greeting: str = ""


_opened = msgspec.json.Decoder(OpenedBy).decode


async def on_opened(connection: AsyncConnection, entry: Entry) -> None:
    """The cursor moves in the same transaction, so a fact is counted once."""
    meta = _opened(entry.meta)
    if meta.greeting:
        place, day = (entry.workspace_id, meta.site_id), entry.at.date().isoformat()
        await store.count(connection, place, meta.greeting, day, {"chats": 1})


REACTORS: Mapping[str, Reactor] = MappingProxyType({"conversation.opened": on_opened})
