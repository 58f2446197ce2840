"""A person's own account: signing in, the password, the name. What others may do is in `people`."""

from datetime import timedelta

import msgspec

from chatserver.clock import Clock
from chatserver.errors import BadCredentials, Invalid, NotFound, Unauthenticated
from chatserver.identity import person_store, record
from chatserver.identity.model import LOCALES, Agent, AgentSession
from chatserver.identity.passwords import Passwords
from chatserver.identity.person_store import Person
from chatserver.identity.sessions import Sessions
from chatserver.identity.words import email_address, person_name
from chatserver.storage import log, timers
from chatserver.storage.database import Database
from chatserver.storage.timers import Timer

# Who was unlocked lately, as timers of the slice that lets go of them.
UNLOCKED = "people"
# Longer than failed sign-ins are remembered (`web/limits.py`).
FORGIVEN_FOR = timedelta(minutes=30)


class Accounts:
    """What a person does with their own account."""

    def __init__(
        self, *, database: Database, clock: Clock, passwords: Passwords, sessions: Sessions
    ) -> None:
        self._database = database
        self._clock = clock
        self._passwords = passwords
        self._sessions = sessions

    async def sign_in(
        self, email: str, password: str, *, workspace_id: str | None = None
    ) -> tuple[str, AgentSession]:
        """The cookie's secret and the session, in the named workspace or the one used last.

        Raises BadCredentials, alike and after the same time for every reason.
        """
        person = await self.checked(email, password)
        async with self._database.write() as connection:
            doors = await person_store.memberships_of(connection, person.id)
            agent = next((a for a in doors if workspace_id in (None, a.workspace_id)), None)
            current = await person_store.by_id(connection, person.id)
            if agent is None or current is None or current.password_hash != person.password_hash:
                raise BadCredentials
            await person_store.change_membership(connection, agent, signed_in_at=self._clock.now())
            secret, session = await self._sessions.open(connection, agent, person.locale)
            await log.append(connection, [self._fact("agent.signed_in", session)])
        return secret, session

    async def checked(self, email: str, password: str) -> Person:
        """The account that this address and password open. Raises BadCredentials."""
        try:
            address = email_address(email)
        except Invalid:
            address = ""
        async with self._database.read() as connection:
            person = await person_store.by_email(connection, address) if address else None
        stored = person.password_hash if person else None
        if not await self._passwords.verify(stored, password) or person is None:
            raise BadCredentials
        if self._passwords.is_outdated(person.password_hash):
            person = await self._store_password(person, password)
        return person

    async def open_for(self, agent: Agent) -> tuple[str, AgentSession]:
        """A session for somebody who just proved themselves in another way: by an invitation."""
        async with self._database.write() as connection:
            person = await person_store.by_id(connection, agent.person_id)
            if person is None:
                raise Unauthenticated
            await person_store.change_membership(connection, agent, signed_in_at=self._clock.now())
            secret, session = await self._sessions.open(connection, agent, person.locale)
            await log.append(connection, [self._fact("agent.signed_in", session)])
        return secret, session

    async def change_password(self, by: AgentSession, current: str, new: str) -> None:
        """Ends all other sessions of the person. Raises Invalid for `current` or `new`."""
        self._passwords.accept(new, email=by.email, field="new")
        async with self._database.read() as connection:
            person = await person_store.by_id(connection, by.person_id)
        if person is None or not await self._passwords.verify(person.password_hash, current):
            raise Invalid("that is not your password", fields={"current": "unknown"})
        hashed = await self._passwords.hash(new)
        async with self._database.write() as connection:
            await person_store.change_person(connection, by.person_id, password_hash=hashed)
            ended = await self._sessions.end_person(connection, by.person_id, keep=by.id)
            await log.append(connection, [self._fact("agent.password_changed", by)])
        for agent_id, session_id in ended:
            self._sessions.tell(agent_id, session_id)

    async def reset_password(self, email: str, new: str) -> None:
        """For whoever runs the server: a new password, and the end of all the person's sessions.

        Raises NotFound or Invalid.
        """
        self._passwords.accept(new, email=email)
        hashed = await self._passwords.hash(new)
        async with self._database.write() as connection:
            person = await person_store.by_email(connection, email_address(email))
            if person is None:
                raise NotFound("nobody has this address")
            await person_store.change_person(connection, person.id, password_hash=hashed)
            ended = await self._sessions.end_person(connection, person.id)
            doors = await person_store.memberships_of(connection, person.id)
            entries = [self._by_operator("agent.password_changed", agent) for agent in doors]
            if entries:
                await log.append(connection, entries)
        for agent_id, session_id in ended:
            self._sessions.tell(agent_id, session_id)

    async def unlock(self, email: str) -> None:
        """For whoever runs the server: forgives the failed sign-ins of an account, on all nodes.
        Raises NotFound or Invalid."""
        now = self._clock.now()
        async with self._database.write() as connection:
            person = await person_store.by_email(connection, email_address(email))
            doors = await person_store.memberships_of(connection, person.id) if person else []
            if person is None or not doors:
                raise NotFound("nobody who may sign in has this address")
            # A timer that nobody waits for: it is gone when the failures would be forgotten anyway.
            timer = Timer(
                id=f"unlock-{person.id}-{now.timestamp()}",
                workspace_id=doors[0].workspace_id,
                slice=UNLOCKED,
                key=person.id,
                due_at=now + FORGIVEN_FOR,
                payload="",
            )
            await timers.schedule(connection, timer)
            await log.append(connection, [self._by_operator("agent.unlocked", a) for a in doors])

    async def forgiven(self, email: str) -> str:
        """Another text after each `unlock`: failures are counted anew under it."""
        try:
            address = email_address(email)
        except Invalid:
            return ""
        async with self._database.read() as connection:
            person = await person_store.by_email(connection, address)
            timer = await timers.find(connection, UNLOCKED, person.id) if person else None
        return timer.id if timer else ""

    async def change_profile(
        self, by: AgentSession, *, name: str | None, locale: str | None
    ) -> AgentSession:
        """The session with the new name and language. Raises Invalid."""
        if locale is not None and locale not in LOCALES:
            raise Invalid(fields={"locale": "unknown"})
        changed = {"name": person_name(name) if name is not None else by.name}
        changed["locale"] = locale or by.locale
        async with self._database.write() as connection:
            await person_store.change_person(connection, by.person_id, **changed)
            await log.append(connection, [self._fact("agent.changed", by, agent=by.agent_id)])
        return msgspec.structs.replace(by, **changed)

    async def _store_password(self, person: Person, password: str) -> Person:
        hashed = await self._passwords.hash(password)
        async with self._database.write() as connection:
            await person_store.change_person(connection, person.id, password_hash=hashed)
        return msgspec.structs.replace(person, password_hash=hashed)

    def _by_operator(self, kind: str, agent: Agent) -> log.Entry:
        return record.entry(
            kind,
            workspace_id=agent.workspace_id,
            by=None,
            at=self._clock.now(),
            agent=agent.id,
        )

    def _fact(self, kind: str, session: AgentSession, **meta: str) -> log.Entry:
        return record.entry(
            kind,
            workspace_id=session.workspace_id,
            by=session.agent_id,
            at=self._clock.now(),
            **(meta or {"session": session.id}),
        )
