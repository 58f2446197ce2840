"""The tables of people and of their memberships. People belong to the installation, memberships to
a workspace; only the questions of the sign-in look across workspaces."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Row,
    Select,
    String,
    Table,
    UniqueConstraint,
    exists,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from chatserver.errors import Invalid
from chatserver.identity.model import Agent, Role
from chatserver.storage.schema import Id, UTCTime, WorkspaceId, metadata

people = Table(
    "people",
    metadata,
    Id("id", primary_key=True),
    Column("email", String(254), nullable=False, unique=True),
    Column("name", String(100), nullable=False),
    Column("locale", String(16), nullable=False),
    Column("password_hash", String(255), nullable=False),
    Column("created_at", UTCTime, nullable=False),
)

memberships = Table(
    "memberships",
    metadata,
    Id("id", primary_key=True),
    WorkspaceId(),
    Column("person_id", String(64), ForeignKey("people.id"), nullable=False),
    Column("role", String(16), nullable=False),
    Column("disabled", Boolean, nullable=False),
    Column("created_at", UTCTime, nullable=False),
    Column("signed_in_at", UTCTime),
    UniqueConstraint("workspace_id", "person_id"),
    Index("ix_memberships_person_id", "person_id"),
)

_m = memberships.c
_p = people.c
AGENT_COLUMNS = [
    _m.id, _m.workspace_id, _m.person_id, _p.name, _p.email, _m.role, _m.disabled, _m.created_at
]  # fmt: skip


class Person(Struct, frozen=True):
    """An account. `locale` is the language of the console; `auto`: what the browser asks for."""

    id: str
    email: str
    name: str
    locale: str
    password_hash: str
    created_at: datetime


PERSON_COLUMNS = [_p[name] for name in Person.__struct_fields__]


def agent_of(row: Row[Any]) -> Agent:
    values = dict(zip(Agent.__struct_fields__, row, strict=True))
    return Agent(**values | {"role": Role(values["role"])})


async def anybody(connection: AsyncConnection) -> bool:
    """Whether the installation has an account at all."""
    found: bool = (
        await connection.execute(select(exists().where(_p.id.is_not(None))))
    ).scalar_one()
    return found


async def add(connection: AsyncConnection, person: Person) -> None:
    """Raises Invalid when the address is taken."""
    values = {name: getattr(person, name) for name in Person.__struct_fields__}
    try:
        await connection.execute(insert(people).values(**values))
    except IntegrityError as error:
        raise Invalid("the address is in use", fields={"email": "taken"}) from error


async def by_email(connection: AsyncConnection, email: str) -> Person | None:
    row = (await connection.execute(select(*PERSON_COLUMNS).where(_p.email == email))).one_or_none()
    return Person(*row) if row else None


async def by_id(connection: AsyncConnection, person_id: str) -> Person | None:
    row = (
        await connection.execute(select(*PERSON_COLUMNS).where(_p.id == person_id))
    ).one_or_none()
    return Person(*row) if row else None


async def change_person(connection: AsyncConnection, person_id: str, **values: str) -> None:
    await connection.execute(update(people).where(_p.id == person_id).values(**values))


async def memberships_of(connection: AsyncConnection, person_id: str) -> list[Agent]:
    """A person's open doors, the one used last first; for the sign-in."""
    query = (
        _agents()
        .where(_m.person_id == person_id, _m.disabled.is_(False))
        .order_by(_m.signed_in_at.is_(None), _m.signed_in_at.desc(), _m.created_at, _m.id)
    )
    return [agent_of(row) for row in await connection.execute(query)]


async def add_membership(connection: AsyncConnection, agent: Agent) -> None:
    """Adds a membership. Raises Invalid when the person is a member already."""
    names = ("id", "workspace_id", "person_id", "role", "disabled", "created_at")
    try:
        values = {name: getattr(agent, name) for name in names}
        await connection.execute(insert(memberships).values(**values))
    except IntegrityError as error:
        raise Invalid("already a member", fields={"email": "taken"}) from error


async def list_agents(connection: AsyncConnection, workspace_id: str) -> list[Agent]:
    query = _agents().where(_m.workspace_id == workspace_id).order_by(_m.created_at, _m.id)
    return [agent_of(row) for row in await connection.execute(query)]


async def get_agents(
    connection: AsyncConnection, workspace_id: str, ids: Collection[str]
) -> dict[str, Agent]:
    query = _agents().where(_m.workspace_id == workspace_id, _m.id.in_(ids))
    return {row[0]: agent_of(row) for row in await connection.execute(query)}


async def change_membership(
    connection: AsyncConnection, agent: Agent, **values: str | bool | datetime
) -> None:
    await connection.execute(
        update(memberships)
        .where(_m.workspace_id == agent.workspace_id, _m.id == agent.id)
        .values(**values)
    )


async def lock(connection: AsyncConnection, workspace_id: str, agent_id: str) -> None:
    """Nobody else locks this membership until the transaction ends."""
    query = select(_m.id).where(_m.workspace_id == workspace_id, _m.id == agent_id)
    await connection.execute(query.with_for_update())


async def lock_owners(connection: AsyncConnection, workspace_id: str) -> set[str]:
    """The active owners; their rows stay locked, so that two owners cannot demote each other."""
    query = select(_m.id).where(
        _m.workspace_id == workspace_id, _m.role == Role.OWNER, _m.disabled.is_(False)
    )
    return set((await connection.execute(query.with_for_update())).scalars())


async def is_member(connection: AsyncConnection, workspace_id: str, email: str) -> bool:
    query = (
        select(func.count())
        .select_from(memberships.join(people, _m.person_id == _p.id))
        .where(_m.workspace_id == workspace_id, _p.email == email)
    )
    return bool((await connection.execute(query)).scalar_one())


def _agents() -> Select[Any]:
    return select(*AGENT_COLUMNS).join_from(memberships, people, _m.person_id == _p.id)
