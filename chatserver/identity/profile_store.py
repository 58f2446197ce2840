"""What visitors, and the pages around them, say beyond name and address. Unsigned, every word."""

from typing import Any

import msgspec
from sqlalchemy import Column, ForeignKey, Row, String, Table, Text, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from chatserver.identity.attributes import Attributes
from chatserver.identity.model import Profile
from chatserver.storage.schema import UTCTime, WorkspaceId, metadata

visitor_profiles = Table(
    "visitor_profiles",
    metadata,
    Column("visitor_id", String(64), ForeignKey("visitors.id"), primary_key=True),
    WorkspaceId(),
    Column("attributes", Text, nullable=False),
    Column("answers", Text, nullable=False),
    Column("consent_version", String(40)),
    Column("consent_at", UTCTime),
)

_c = visitor_profiles.c
COLUMNS = [_c[name] for name in Profile.__struct_fields__]
_attributes = msgspec.json.Decoder(Attributes).decode
_answers = msgspec.json.Decoder(dict[str, str]).decode


async def find(connection: AsyncConnection, workspace_id: str, visitor_id: str) -> Profile | None:
    row = (await connection.execute(_of(workspace_id, visitor_id))).one_or_none()
    return _read(row) if row else None


async def save(connection: AsyncConnection, workspace_id: str, profile: Profile) -> None:
    """The newest one counts."""
    values = {name: getattr(profile, name) for name in Profile.__struct_fields__}
    values |= {
        "attributes": msgspec.json.encode(profile.attributes).decode(),
        "answers": msgspec.json.encode(profile.answers).decode(),
    }
    known = _of(workspace_id, profile.visitor_id).with_for_update()
    if (await connection.execute(known)).one_or_none() is None:
        await connection.execute(
            insert(visitor_profiles).values(workspace_id=workspace_id, **values)
        )
        return
    await connection.execute(
        update(visitor_profiles)
        .where(_c.workspace_id == workspace_id, _c.visitor_id == profile.visitor_id)
        .values(**values)
    )


def _of(workspace_id: str, visitor_id: str) -> Any:
    return select(*COLUMNS).where(_c.workspace_id == workspace_id, _c.visitor_id == visitor_id)


def _read(row: Row[Any]) -> Profile:
    values = row._asdict()
    return Profile(
        **values
        | {
            "attributes": _attributes(values["attributes"]),
            "answers": _answers(values["answers"]),
        }
    )
