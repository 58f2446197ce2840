"""The table of customers: people whom a site knows by a name of its own and vouched for."""

from collections.abc import Collection
from typing import Any

import msgspec
from sqlalchemy import Column, Index, Row, String, Table, Text, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from chatserver.identity.attributes import Attributes
from chatserver.identity.model import Customer
from chatserver.storage.schema import Id, UTCTime, WorkspaceId, metadata

customers = Table(
    "customers",
    metadata,
    Id("id", primary_key=True),
    WorkspaceId(),
    Column("external_id", String(200), nullable=False),
    Column("name", String(100)),
    Column("email", String(254)),
    Column("phone", String(40)),
    Column("attributes", Text, nullable=False),
    Column("created_at", UTCTime, nullable=False),
    Column("identified_at", UTCTime, nullable=False),
    Index("uq_customers_external_id", "workspace_id", "external_id", unique=True),
)

_c = customers.c
COLUMNS = [_c[name] for name in Customer.__struct_fields__]
CARD = [column for column in COLUMNS if column.name != "attributes"]
_attributes = msgspec.json.Decoder(Attributes).decode


async def by_external_id(
    connection: AsyncConnection, workspace_id: str, external_id: str
) -> Customer | None:
    """To be changed in this transaction."""
    query = select(*COLUMNS).where(_c.workspace_id == workspace_id, _c.external_id == external_id)
    row = (await connection.execute(query.with_for_update())).one_or_none()
    return _read(row) if row else None


async def get(
    connection: AsyncConnection, workspace_id: str, ids: Collection[str]
) -> dict[str, Customer]:
    """Many at once; unknown ids are left out."""
    query = select(*COLUMNS).where(_c.workspace_id == workspace_id, _c.id.in_(ids))
    return {row.id: _read(row) for row in await connection.execute(query)}


async def cards(
    connection: AsyncConnection, workspace_id: str, ids: Collection[str]
) -> dict[str, Customer]:
    """As `get`, without the attributes."""
    query = select(*CARD).where(_c.workspace_id == workspace_id, _c.id.in_(ids))
    return {row.id: Customer(**row._asdict()) for row in await connection.execute(query)}


async def add(connection: AsyncConnection, customer: Customer) -> None:
    await connection.execute(insert(customers).values(**_values(customer)))


async def replace(connection: AsyncConnection, customer: Customer) -> None:
    await connection.execute(
        update(customers)
        .where(_c.workspace_id == customer.workspace_id, _c.id == customer.id)
        .values(**_values(customer))
    )


def _values(customer: Customer) -> dict[str, object]:
    values = {name: getattr(customer, name) for name in Customer.__struct_fields__}
    return values | {"attributes": msgspec.json.encode(customer.attributes).decode()}


def _read(row: Row[Any]) -> Customer:
    values = row._asdict()
    return Customer(**values | {"attributes": _attributes(values["attributes"])})
