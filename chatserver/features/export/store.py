"""Reads every row of one workspace, whichever slice wrote it, without what lets somebody in."""

from collections.abc import AsyncIterator
from typing import Any

from sqlalchemy import Column, Table, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from chatserver.identity.person_store import memberships, people
from chatserver.storage.schema import metadata

# Rows of one statement.
CHUNK = 1000
# Of no use elsewhere: secrets' digests, and work that waits here.
LEFT_OUT = frozenset({"sessions", "agent_tickets", "visitor_tokens", "timers"})
# The same, in tables that are kept: an invitation's digest, and mails, which hold its link.
SECRET = frozenset({"digest", "csrf", "password_hash"})
MAIL_WORDS = {"mail_outbox": frozenset({"text", "html", "headers"})}

Row = dict[str, Any]


def tables() -> list[Table]:
    """Of the workspaces, also those that a slice brings tomorrow."""
    return [
        table
        for table in metadata.sorted_tables
        if "workspace_id" in table.c and table.name not in LEFT_OUT
    ]


async def rows(connection: AsyncConnection, table: Table, workspace_id: str) -> AsyncIterator[Row]:
    columns, keys = kept(table), list(table.primary_key)
    query = select(*columns).where(table.c.workspace_id == workspace_id)
    query, last = query.order_by(*keys).limit(CHUNK), None
    while True:
        chunk = query if last is None else query.where(tuple_(*keys) > last)
        found = (await connection.execute(chunk)).all()
        for row in found:
            yield dict(row._mapping)
        if len(found) < CHUNK:
            return
        last = tuple(found[-1]._mapping[key.name] for key in keys)


async def members(connection: AsyncConnection, workspace_id: str) -> AsyncIterator[Row]:
    """The people of the workspace; accounts belong to the installation, so passwords stay here."""
    query = (
        select(*kept(people))
        .join_from(people, memberships, memberships.c.person_id == people.c.id)
        .where(memberships.c.workspace_id == workspace_id)
        .order_by(people.c.id)
    )
    for row in await connection.execute(query):
        yield dict(row._mapping)


def kept(table: Table) -> list[Column[Any]]:
    secret = SECRET | MAIL_WORDS.get(table.name, frozenset())
    return [column for column in table.columns if column.name not in secret]
