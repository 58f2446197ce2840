"""Notes when visitors began to wait and when the first answer came. Only waits that began within
opening hours count, and only the open time of them: nights say nothing of a team."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from chatserver.calendar import Calendar
from chatserver.conversation.entries import from_entry
from chatserver.conversation.events import Opened
from chatserver.conversation.facts import Fact
from chatserver.conversation.model import AuthorKind
from chatserver.features.replytime import store
from chatserver.features.replytime.model import DAYS, Wait
from chatserver.storage.log import Entry

SLICE = "replytime"
KINDS = ("conversation.opened", "message.sent")

# A site's opening hours: workspace, site.
Calendars = Callable[[AsyncConnection, str, str], Awaitable[Calendar]]


class ReplyTimes:
    def __init__(self, calendar_of: Calendars) -> None:
        self._calendar_of = calendar_of

    async def on_fact(self, connection: AsyncConnection, entry: Entry) -> None:
        await self.on_facts(connection, [entry])

    async def on_facts(self, connection: AsyncConnection, entries: Sequence[Entry]) -> None:
        """Of all messages only an agent's to the visitor matters: most chunks cost one question."""
        facts: dict[str, list[Fact]] = defaultdict(list)
        for entry in entries:
            if entry.kind != KINDS[1] or _is_answer(entry):
                facts[entry.workspace_id].append(from_entry(entry))
        for workspace_id, found in facts.items():
            await self._note(connection, workspace_id, found)

    async def _note(
        self, connection: AsyncConnection, workspace_id: str, facts: Sequence[Fact]
    ) -> None:
        keys = {fact.conversation_id for fact in facts}
        waits = await store.find_all(connection, workspace_id, keys)
        new: dict[str, Wait] = {}
        for fact in facts:
            key = fact.conversation_id
            if isinstance(fact.event, Opened):
                if key not in waits:
                    new[key] = Wait(key, fact.event.site_id, workspace_id, fact.at)
                continue
            if key in new:
                await store.add(connection, [waits.setdefault(key, new.pop(key))])
            if key in waits and waits[key].seconds is None:
                await self._answered(connection, waits.pop(key), fact)
        await store.add(connection, list(new.values()))

    async def _answered(self, connection: AsyncConnection, wait: Wait, fact: Fact) -> None:
        calendar = await self._calendar_of(connection, wait.workspace_id, wait.site_id)
        await store.sweep(connection, wait.workspace_id, wait.site_id, fact.at - 2 * DAYS)
        if not calendar.is_open(wait.asked_at):
            await store.forget(connection, wait.workspace_id, wait.conversation_id)
            return
        waited = calendar.working_time_between(wait.asked_at, fact.at)
        await store.answered(connection, wait, int(waited.total_seconds()))


def _is_answer(entry: Entry) -> bool:
    return entry.author_kind == AuthorKind.AGENT and entry.visitor_seq is not None
