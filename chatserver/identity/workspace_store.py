"""Workspaces: the tenants themselves. Their table stands in `storage.schema`."""

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from chatserver.errors import NotFound
from chatserver.identity.model import Workspace
from chatserver.storage.schema import log_head, workspaces

COLUMNS = [workspaces.c[name] for name in Workspace.__struct_fields__]


async def add(connection: AsyncConnection, workspace: Workspace) -> None:
    values = {name: getattr(workspace, name) for name in Workspace.__struct_fields__}
    await connection.execute(insert(workspaces).values(**values))


async def find(connection: AsyncConnection, workspace_id: str) -> Workspace:
    """Raises NotFound."""
    query = select(*COLUMNS).where(workspaces.c.id == workspace_id)
    row = (await connection.execute(query)).one_or_none()
    if row is None:
        raise NotFound
    return Workspace(*row)


async def first(connection: AsyncConnection) -> Workspace | None:
    """The oldest one: what the command line means when it names none."""
    query = select(*COLUMNS).order_by(workspaces.c.created_at, workspaces.c.id).limit(1)
    row = (await connection.execute(query)).one_or_none()
    return Workspace(*row) if row else None


async def lock_installation(connection: AsyncConnection) -> None:
    """Waits until nobody else writes the log: two set-ups at once come one after the other."""
    await connection.execute(select(log_head.c.id).with_for_update())


async def lock(connection: AsyncConnection, workspace_id: str) -> None:
    """Until the end of the transaction nobody else adds what there may be once in a workspace.
    Rows that only refer to the workspace are not held up."""
    query = select(workspaces.c.id).where(workspaces.c.id == workspace_id)
    await connection.execute(query.with_for_update(key_share=True))
