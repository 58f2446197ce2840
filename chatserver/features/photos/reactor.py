"""Who may not work here any more has no photo any more."""

from collections.abc import Mapping
from types import MappingProxyType

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from chatserver.feature import Reactor
from chatserver.features.photos import store
from chatserver.storage.log import Entry


class Change(msgspec.Struct, frozen=True):
    """What of an `agent.changed` concerns us."""

    agent: str = ""
    disabled: bool = False


_change = msgspec.json.Decoder(Change).decode


async def on_changed(connection: AsyncConnection, entry: Entry) -> None:
    meta = _change(entry.meta)
    if meta.disabled:
        await store.remove(connection, entry.workspace_id, meta.agent)


REACTORS: Mapping[str, Reactor] = MappingProxyType({"agent.changed": on_changed})
