"""Who works in a workspace and as what. The rules of roles live here; the table of permissions says
only who may come to this door at all."""

from collections.abc import Collection

import msgspec
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from chatserver.clock import Clock
from chatserver.errors import Conflict, Forbidden, Invalid, NotFound
from chatserver.identity import person_store, record, session_store
from chatserver.identity.model import Agent, AgentSession, Role
from chatserver.identity.passwords import Passwords
from chatserver.identity.person_store import Person
from chatserver.identity.sessions import Sessions
from chatserver.identity.words import email_address, person_name
from chatserver.ids import Ids
from chatserver.storage import log
from chatserver.storage.database import Database

# The higher the stronger; nobody grants or changes what stands above their own.
RANK = {Role.AGENT: 0, Role.SUPERVISOR: 1, Role.ADMIN: 2, Role.OWNER: 3}


class Account(Struct, frozen=True):
    """Somebody about to get an account."""

    name: str
    email: str
    password_hash: str


class LastOwner(Conflict):
    """A workspace needs an owner who can sign in."""


class People:
    """The members of a workspace."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        ids: Ids,
        passwords: Passwords,
        sessions: Sessions,
    ) -> None:
        self._database = database
        self._clock = clock
        self._ids = ids
        self._passwords = passwords
        self._sessions = sessions

    async def anybody(self) -> bool:
        """Whether the installation has an account; the set-up is open until then."""
        async with self._database.read() as connection:
            return await person_store.anybody(connection)

    async def list(self, workspace_id: str) -> list[Agent]:
        async with self._database.read() as connection:
            return await person_store.list_agents(connection, workspace_id)

    async def get(
        self, connection: AsyncConnection, workspace_id: str, ids: Collection[str]
    ) -> dict[str, Agent]:
        """Many at once; unknown ids are left out."""
        return await person_store.get_agents(connection, workspace_id, ids)

    async def lock(self, connection: AsyncConnection, workspace_id: str, agent_id: str) -> None:
        """Whoever else wants to change something of this agent waits."""
        await person_store.lock(connection, workspace_id, agent_id)

    async def change(
        self, by: AgentSession, agent_id: str, *, role: Role | None, disabled: bool | None
    ) -> Agent:
        """Ends the agent's sessions. Raises NotFound, Forbidden, Invalid or LastOwner."""
        async with self._database.write() as connection:
            owners = await person_store.lock_owners(connection, by.workspace_id)
            found = await person_store.get_agents(connection, by.workspace_id, [agent_id])
            agent = found.get(agent_id)
            if agent is None:
                raise NotFound
            changed = msgspec.structs.replace(
                agent,
                role=agent.role if role is None else role,
                disabled=agent.disabled if disabled is None else disabled,
            )
            check_change(by, agent, changed, owners)
            if changed == agent:
                return agent
            await person_store.change_membership(
                connection, agent, role=changed.role, disabled=changed.disabled
            )
            await session_store.end_of_agent(connection, agent.workspace_id, agent.id)
            await log.append(connection, [self._changed(by, changed)])
        self._sessions.tell(agent.id, None)
        return changed

    async def add_agent(
        self, workspace_id: str, *, name: str, email: str, password: str, role: Role
    ) -> Agent:
        """A new account and its membership, without an invitation. Raises Invalid."""
        account = await self.prepare(name=name, email=email, password=password)
        async with self._database.write() as connection:
            agent = await self.create(connection, workspace_id, account, role)
            await log.append(connection, [self._joined(agent)])
        return agent

    async def prepare(self, *, name: str, email: str, password: str) -> Account:
        """Checks what a new person typed and hashes the password, before any transaction: hashing
        takes longer than one may. Raises Invalid with every field that is wrong."""
        fields: dict[str, str] = {}
        for check in (
            lambda: person_name(name),
            lambda: email_address(email),
            lambda: self._passwords.accept(password, email=email),
        ):
            try:
                check()
            except Invalid as error:
                fields |= error.fields
        if fields:
            raise Invalid("some fields are wrong", fields=fields)
        return Account(name, email, await self._passwords.hash(password))

    async def create(
        self, connection: AsyncConnection, workspace_id: str, account: Account, role: Role
    ) -> Agent:
        """The account and the membership, in the caller's transaction."""
        person = Person(
            id=self._ids.new(),
            email=email_address(account.email),
            name=person_name(account.name),
            locale="auto",
            password_hash=account.password_hash,
            created_at=self._clock.now(),
        )
        await person_store.add(connection, person)
        return await self.join(connection, workspace_id, person, role)

    async def join(
        self, connection: AsyncConnection, workspace_id: str, person: Person, role: Role
    ) -> Agent:
        """A membership for an existing account, in the caller's transaction."""
        agent = Agent(
            id=self._ids.new(),
            workspace_id=workspace_id,
            person_id=person.id,
            name=person.name,
            email=person.email,
            role=role,
            disabled=False,
            created_at=self._clock.now(),
        )
        await person_store.add_membership(connection, agent)
        return agent

    def _changed(self, by: AgentSession, agent: Agent) -> log.Entry:
        return record.entry(
            "agent.changed",
            workspace_id=agent.workspace_id,
            by=by.agent_id,
            at=self._clock.now(),
            agent=agent.id,
            role=agent.role,
            disabled=agent.disabled,
        )

    def _joined(self, agent: Agent) -> log.Entry:
        return record.entry(
            "agent.joined",
            workspace_id=agent.workspace_id,
            by=None,
            at=self._clock.now(),
            agent=agent.id,
            role=agent.role,
        )


def check_change(by: AgentSession, agent: Agent, changed: Agent, owners: set[str]) -> None:
    """Whether `by` may make this change. Raises Forbidden, Invalid or LastOwner."""
    if agent.id == by.agent_id and changed != agent:
        problem = {"role": "own_role"} if changed.role != agent.role else {"disabled": "own_role"}
        if owners == {agent.id}:
            raise LastOwner(fields={next(iter(problem)): "last_owner"})
        raise Invalid("ask somebody else to change this", fields=problem)
    check_grant(by.role, changed.role)
    check_grant(by.role, agent.role)
    stays_owner = changed.role == Role.OWNER and not changed.disabled
    if owners == {agent.id} and not stays_owner:
        raise LastOwner(fields={"role": "last_owner"})


def check_grant(own: Role, role: Role) -> None:
    """Raises Forbidden when a role stands above one's own."""
    if RANK[role] > RANK[own]:
        raise Forbidden("that role stands above your own")
