"""Asking somebody into a workspace: a link that works once, for one address and one role."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from chatserver.clock import Clock
from chatserver.errors import Gone, Invalid, NotFound
from chatserver.identity import invitation_store, person_store, record, workspace_store
from chatserver.identity.accounts import Accounts
from chatserver.identity.model import Agent, AgentSession, Invitation, Role
from chatserver.identity.people import People, check_grant
from chatserver.identity.person_store import Person
from chatserver.identity.words import email_address
from chatserver.ids import Ids, digest, new_secret
from chatserver.storage import log
from chatserver.storage.database import Database

# Told of an invitation and its secret, in the transaction that makes it.
Tell = Callable[[AsyncConnection, Invitation, str], Awaitable[None]]


class Offer(Struct, frozen=True):
    """What the holder of a link sees. `is_known`: the address has an account already."""

    invitation: Invitation
    workspace: str
    is_known: bool


class Invitations:
    """Invites, withdraws and lets in."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        ids: Ids,
        people: People,
        accounts: Accounts,
        hours: float,
    ) -> None:
        self._database = database
        self._clock = clock
        self._ids = ids
        self._people = people
        self._accounts = accounts
        self._life = timedelta(hours=hours)

    async def invite(
        self, by: AgentSession, email: str, role: Role, *, tell: Tell | None = None
    ) -> tuple[str, Invitation]:
        """The secret of the link and the invitation. Raises Invalid, or Forbidden for a role above
        the inviter's own."""
        check_grant(by.role, role)
        address, secret, now = email_address(email), new_secret(), self._clock.now()
        invitation = Invitation(
            id=self._ids.new(),
            workspace_id=by.workspace_id,
            email=address,
            role=role,
            invited_by=by.agent_id,
            created_at=now,
            expires_at=now + self._life,
        )
        async with self._database.write() as connection:
            if await person_store.is_member(connection, by.workspace_id, address):
                raise Invalid("this person is a member already", fields={"email": "taken"})
            await invitation_store.remove_for(connection, by.workspace_id, address)
            await invitation_store.add(connection, invitation, digest(secret))
            if tell is not None:
                await tell(connection, invitation, secret)
            await log.append(connection, [self._fact("agent.invited", invitation, by.agent_id)])
        return secret, invitation

    async def list(self, workspace_id: str) -> list[Invitation]:
        """Those that can still be accepted."""
        async with self._database.read() as connection:
            return await invitation_store.list_open(connection, workspace_id, self._clock.now())

    async def withdraw(self, by: AgentSession, invitation_id: str) -> None:
        """Raises NotFound."""
        async with self._database.write() as connection:
            if not await invitation_store.remove(connection, by.workspace_id, invitation_id):
                raise NotFound
            entry = record.entry(
                "agent.invitation_withdrawn",
                workspace_id=by.workspace_id,
                by=by.agent_id,
                at=self._clock.now(),
                invitation=invitation_id,
            )
            await log.append(connection, [entry])

    async def look(self, secret: str) -> Offer:
        """Raises Gone when the link is unknown, used, withdrawn or too old: all look alike."""
        async with self._database.read() as connection:
            invitation = await self._open(connection, secret)
            workspace = await workspace_store.find(connection, invitation.workspace_id)
            person = await person_store.by_email(connection, invitation.email)
        return Offer(invitation, workspace.name, person is not None)

    async def accept(self, secret: str, *, name: str, password: str) -> tuple[str, AgentSession]:
        """A new account, or the existing one proved by its password, joins and is signed in.

        Raises Gone, Invalid, or BadCredentials for an existing account.
        """
        offer = await self.look(secret)
        if offer.is_known:
            person = await self._accounts.checked(offer.invitation.email, password)
            agent = await self._join(secret, person)
        else:
            agent = await self._create(secret, offer.invitation.email, name, password)
        return await self._accounts.open_for(agent)

    async def _create(self, secret: str, email: str, name: str, password: str) -> Agent:
        account = await self._people.prepare(name=name, email=email, password=password)
        async with self._database.write() as connection:
            invitation = await self._open(connection, secret)
            agent = await self._people.create(
                connection, invitation.workspace_id, account, invitation.role
            )
            await self._close(connection, invitation, agent)
        return agent

    async def _join(self, secret: str, person: Person) -> Agent:
        async with self._database.write() as connection:
            invitation = await self._open(connection, secret)
            agent = await self._people.join(
                connection, invitation.workspace_id, person, invitation.role
            )
            await self._close(connection, invitation, agent)
        return agent

    async def _open(self, connection: AsyncConnection, secret: str) -> Invitation:
        found = await invitation_store.by_digest(connection, digest(secret[:100]))
        if found is None or found.expires_at <= self._clock.now():
            raise Gone("the invitation was used, withdrawn or is too old")
        return found

    async def _close(
        self, connection: AsyncConnection, invitation: Invitation, agent: Agent
    ) -> None:
        await invitation_store.remove(connection, invitation.workspace_id, invitation.id)
        await log.append(connection, [self._fact("agent.joined", invitation, agent.id)])

    def _fact(self, kind: str, invitation: Invitation, by: str) -> log.Entry:
        return record.entry(
            kind,
            workspace_id=invitation.workspace_id,
            by=by,
            at=self._clock.now(),
            invitation=invitation.id,
            role=invitation.role,
        )
