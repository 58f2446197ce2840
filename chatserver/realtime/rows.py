"""Makes the inbox's rows: a conversation with its visitor, site, assignee and last message."""

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from chatserver.conversation import fact_store, store
from chatserver.conversation.events import MessageSent
from chatserver.conversation.facts import Fact
from chatserver.conversation.model import Conversation, Phase
from chatserver.conversation.projection import author, stamp
from chatserver.identity.directory import Directory
from chatserver.identity.model import Customer, Visitor
from chatserver.protocol import agent as wire
from chatserver.protocol.shared import Agent, Page
from chatserver.realtime.presence import Presence
from chatserver.realtime.unread import RowNews
from chatserver.storage import log
from chatserver.storage.database import Database

# Characters of the last message that a row shows.
PREVIEW_CHARS = 160
# Conversations a resume may send one by one; beyond it the client starts afresh.
MAX_CHANGES = 500
# Open conversations a fresh inbox shows; a queue longer than this has other troubles.
MAX_OPEN = 5000


class Rows(Struct, frozen=True):
    """All that changed up to log `position`. `restart`: too much did, these are all open ones;
    `more`: some changed behind it."""

    position: int
    rows: list[RowNews]
    restart: bool = False
    more: bool = False


class RowReader:
    """Reads rows in one snapshot each."""

    def __init__(self, database: Database, directory: Directory, presence: Presence) -> None:
        self._database = database
        self._directory = directory
        self._presence = presence

    async def behind(self, workspace_id: str, position: int) -> Rows:
        """The next rows that changed behind `position`, without leaving one out."""
        async with self._database.read() as connection:
            changed = await store.changed_since(connection, workspace_id, position, MAX_CHANGES)
            rows = await self._rows(connection, workspace_id, changed)
        if len(changed) < MAX_CHANGES:
            return rows
        return Rows(changed[-1].revision, rows.rows, more=True)

    async def since(self, workspace_id: str, position: int | None) -> Rows:
        """What changed behind `position`, or with None everything that is open."""
        async with self._database.read() as connection:
            if position is not None:
                changed = await store.changed_since(
                    connection, workspace_id, position, MAX_CHANGES + 1
                )
                if len(changed) <= MAX_CHANGES:
                    return await self._rows(connection, workspace_id, changed)
            states = await store.list_open(connection, workspace_id, MAX_OPEN)
            rows = await self._rows(connection, workspace_id, states)
            return Rows(rows.position, rows.rows, restart=position is not None)

    async def visitors(self, workspace_id: str, visitor_ids: set[str]) -> list[wire.Visitor]:
        async with self._database.read() as connection:
            found = await self._directory.visitors(connection, workspace_id, visitor_ids)
            customers = await self._customers(connection, workspace_id, found)
        return [self._card(found[visitor_id], customers) for visitor_id in sorted(found)]

    async def _rows(
        self, connection: AsyncConnection, workspace_id: str, states: list[Conversation]
    ) -> Rows:
        head = await log.head(connection)
        directory = self._directory
        ids = {state.visitor_id for state in states}
        visitors = await directory.visitors(connection, workspace_id, ids)
        customers = await self._customers(connection, workspace_id, visitors)
        names = await directory.agent_names(connection, workspace_id)
        sites = await directory.site_names(connection, workspace_id)
        chats = [state.id for state in states]
        last = await fact_store.last_messages(connection, workspace_id, chats)
        rows = [
            RowNews(
                _row(
                    state,
                    visitor=self._card(visitors[state.visitor_id], customers),
                    site=wire.SiteName(state.site_id, sites.get(state.site_id, "")),
                    agent_name=names.get(state.assignee_id or "", ""),
                    last=last.get(state.id),
                ),
                state.visitor_messages,
            )
            for state in states
        ]
        return Rows(head.position, rows)

    async def _customers(
        self, connection: AsyncConnection, workspace_id: str, visitors: Mapping[str, Visitor]
    ) -> dict[str, Customer]:
        ids = {visitor.customer_id for visitor in visitors.values() if visitor.customer_id}
        if not ids:
            return {}
        return await self._directory.customers(connection, workspace_id, ids)

    def _card(self, visitor: Visitor, customers: Mapping[str, Customer]) -> wire.Visitor:
        page = None
        customer = customers.get(visitor.customer_id or "")
        if visitor.page_url:
            page = Page(visitor.page_url, visitor.page_title or "", visitor.referrer or "")
        return wire.Visitor(
            id=visitor.id,
            name=visitor.name,
            email=visitor.email,
            locale=visitor.locale,
            browser=visitor.browser,
            system=visitor.system,
            page=page,
            online=self._presence.is_online(visitor.workspace_id, visitor.id),
            first_seen=stamp(visitor.created_at),
            phone=visitor.phone,
            customer=customer.external_id if customer else None,
            verified=_verified(visitor, customer),
        )


def _verified(
    visitor: Visitor, customer: Customer | None
) -> list[Literal["name", "email", "phone"]]:
    """What the site signed, as it signed it."""
    if customer is None:
        return []
    fields: tuple[Literal["name", "email", "phone"], ...] = ("name", "email", "phone")
    return [
        field
        for field in fields
        if getattr(customer, field) and getattr(customer, field) == getattr(visitor, field)
    ]


def _row(
    state: Conversation,
    *,
    visitor: wire.Visitor,
    site: wire.SiteName,
    agent_name: str,
    last: Fact | None,
) -> wire.InboxRow:
    return wire.InboxRow(
        conversation=state.id,
        revision=state.revision,
        gone=state.phase is Phase.CLOSED,
        phase=state.phase.value,
        seq=state.seq,
        assignee=Agent(state.assignee_id, agent_name) if state.assignee_id else None,
        visitor=visitor,
        site=site,
        opened_at=stamp(state.opened_at),
        queued_at=stamp(state.queued_at),
        waiting_since=stamp(state.waiting_since) if state.waiting_since else None,
        last_at=stamp(state.last_at),
        closed_at=stamp(state.closed_at) if state.closed_at else None,
        last=_preview(last),
    )


def _preview(fact: Fact | None) -> wire.Preview | None:
    if fact is None or fact.body is None or fact.body.text is None:
        return None
    private = isinstance(fact.event, MessageSent) and fact.event.private
    return wire.Preview(
        author=author(fact.author),
        text=fact.body.text[:PREVIEW_CHARS],
        private=private,
        files=len(fact.body.files),
    )
