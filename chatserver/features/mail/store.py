"""The table of mails on their way. Every statement names its workspace."""

from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import (
    Column,
    Index,
    Integer,
    Row,
    String,
    Table,
    Text,
    delete,
    func,
    insert,
    select,
    tuple_,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from chatserver.features.mail.model import Letter, Place, State
from chatserver.storage.schema import Id, UTCTime, WorkspaceId, metadata

mail_outbox = Table(
    "mail_outbox",
    metadata,
    Id("id", primary_key=True),
    WorkspaceId(),
    Column("kind", String(32), nullable=False),
    Column("recipient", String(254), nullable=False),
    Column("subject", String(300), nullable=False),
    Column("text", Text, nullable=False),
    Column("html", Text, nullable=False),
    Column("headers", Text, nullable=False),
    Column("message_id", String(320), nullable=False),
    Column("state", String(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_at", UTCTime),
    Column("error", String(300), nullable=False),
    Column("created_at", UTCTime, nullable=False),
    Column("updated_at", UTCTime, nullable=False),
    Index("ix_mail_outbox_workspace_id", "workspace_id", "created_at"),
    Index("ix_mail_outbox_recipient", "workspace_id", "recipient", "created_at"),
    Index("ix_mail_outbox_state", "workspace_id", "state", "created_at"),
)

_c = mail_outbox.c
COLUMNS = [_c[name] for name in Letter.__struct_fields__]
_headers = msgspec.json.Decoder(dict[str, str]).decode


async def add(connection: AsyncConnection, letter: Letter) -> None:
    await connection.execute(insert(mail_outbox).values(**_values(letter)))


async def find(connection: AsyncConnection, workspace_id: str, letter_id: str) -> Letter | None:
    query = select(*COLUMNS).where(_c.workspace_id == workspace_id, _c.id == letter_id)
    row = (await connection.execute(query)).one_or_none()
    return _letter(row) if row else None


async def replace(connection: AsyncConnection, letter: Letter) -> None:
    """Writes what may change: how far it got, and its words once they are not needed."""
    values = _values(letter)
    changing = ("text", "html", "state", "attempts", "next_at", "error", "updated_at")
    await connection.execute(
        update(mail_outbox)
        .where(_c.workspace_id == letter.workspace_id, _c.id == letter.id)
        .values(**{name: values[name] for name in changing})
    )


async def remove(connection: AsyncConnection, workspace_id: str, letter_id: str) -> bool:
    statement = delete(mail_outbox).where(_c.workspace_id == workspace_id, _c.id == letter_id)
    return (await connection.execute(statement)).rowcount == 1


async def sweep(connection: AsyncConnection, workspace_id: str, before: datetime) -> None:
    """Removes what is done and untouched since."""
    await connection.execute(
        delete(mail_outbox).where(
            _c.workspace_id == workspace_id,
            _c.state != State.QUEUED.value,
            _c.created_at < before,
            _c.updated_at < before,
        )
    )


async def list_letters(
    connection: AsyncConnection,
    workspace_id: str,
    state: State | None,
    *,
    after: Place | None,
    limit: int,
) -> list[Letter]:
    """The newest first."""
    query = select(*COLUMNS).where(_c.workspace_id == workspace_id)
    if state is not None:
        query = query.where(_c.state == state.value)
    if after is not None:
        query = query.where(tuple_(_c.created_at, _c.id) < (after.created_at, after.id))
    query = query.order_by(_c.created_at.desc(), _c.id.desc()).limit(limit)
    return [_letter(row) for row in await connection.execute(query)]


async def count_by_state(connection: AsyncConnection, workspace_id: str) -> dict[str, int]:
    query = select(_c.state, func.count()).where(_c.workspace_id == workspace_id).group_by(_c.state)
    counted = {str(state): int(number) for state, number in await connection.execute(query)}
    return {state.value: counted.get(state.value, 0) for state in State}


async def count_everywhere(connection: AsyncConnection) -> dict[str, int]:
    """Of all workspaces, for whoever runs the installation."""
    query = select(_c.state, func.count()).where(_c.state.in_(list(State))).group_by(_c.state)
    return {str(state): int(number) for state, number in await connection.execute(query)}


async def waiting_since(connection: AsyncConnection) -> datetime | None:
    """When the oldest mail that waits was written, of all workspaces."""
    query = select(func.min(_c.created_at)).where(_c.state == State.QUEUED.value)
    since: datetime | None = (await connection.execute(query)).scalar_one()
    return since


async def count_since(
    connection: AsyncConnection, workspace_id: str, since: datetime, recipient: str | None = None
) -> int:
    """How many were written since then, to one address or to all."""
    query = select(func.count()).where(_c.workspace_id == workspace_id, _c.created_at > since)
    if recipient is not None:
        query = query.where(_c.recipient == recipient)
    number: int = (await connection.execute(query)).scalar_one()
    return number


def _values(letter: Letter) -> dict[str, Any]:
    values = {name: getattr(letter, name) for name in Letter.__struct_fields__}
    return values | {
        "headers": msgspec.json.encode(letter.headers).decode(),
        "state": letter.state.value,
    }


def _letter(row: Row[Any]) -> Letter:
    values = dict(row._mapping)
    return Letter(
        **values | {"headers": _headers(values["headers"]), "state": State(values["state"])}
    )
