"""The first day: one transaction makes a workspace, its owner and its first site."""

from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from chatserver.clock import Clock
from chatserver.errors import Gone, Invalid
from chatserver.identity import person_store, record, site_store, workspace_store
from chatserver.identity.model import Agent, Role, Site, SiteFields, Workspace
from chatserver.identity.people import Account, People
from chatserver.identity.sites import Sites
from chatserver.identity.words import person_name
from chatserver.ids import Ids
from chatserver.storage import log
from chatserver.storage.database import Database


class Beginning(Struct, frozen=True):
    """What the first person types."""

    workspace: str
    name: str
    email: str
    password: str
    site: str
    origins: list[str]


class Begun(Struct, frozen=True):
    workspace: Workspace
    owner: Agent
    site: Site


class Installation:
    """Sets up an empty installation, once."""

    def __init__(
        self, *, database: Database, clock: Clock, ids: Ids, people: People, sites: Sites
    ) -> None:
        self._database = database
        self._clock = clock
        self._ids = ids
        self._people = people
        self._sites = sites

    async def is_empty(self) -> bool:
        return not await self._people.anybody()

    async def workspace(self, workspace_id: str) -> Workspace:
        """Raises NotFound."""
        async with self._database.read() as connection:
            return await workspace_store.find(connection, workspace_id)

    async def first_workspace(self) -> Workspace | None:
        """The oldest workspace, None while there is none: for the command line."""
        async with self._database.read() as connection:
            return await workspace_store.first(connection)

    async def begin(self, wanted: Beginning) -> Begun:
        """Raises Invalid with every field that is wrong, or Gone when somebody was here before."""
        parts = await self._checked(wanted)
        async with self._database.write() as connection:
            await workspace_store.lock_installation(connection)
            if await person_store.anybody(connection):
                raise Gone("the set-up is over")
            return await self._found(connection, parts)

    async def add_workspace(self, wanted: Beginning) -> Begun:
        """One more company, for the command line. Raises Invalid with every field that is wrong."""
        parts = await self._checked(wanted)
        async with self._database.write() as connection:
            return await self._found(connection, parts)

    async def _found(
        self, connection: AsyncConnection, parts: tuple[Workspace, Site, Account]
    ) -> Begun:
        workspace, site, account = parts
        await workspace_store.add(connection, workspace)
        owner = await self._people.create(connection, workspace.id, account, Role.OWNER)
        await site_store.add(connection, site)
        await log.append(connection, [self._fact(workspace, owner, site)])
        return Begun(workspace, owner, site)

    async def _checked(self, wanted: Beginning) -> tuple[Workspace, Site, Account]:
        problems: dict[str, str] = {}
        workspace = site = account = None
        try:
            name = person_name(wanted.workspace, "workspace")
            workspace = Workspace(self._ids.new(), name, self._clock.now())
        except Invalid as error:
            problems |= error.fields
        try:
            fields = SiteFields(name=wanted.site, origins=wanted.origins)
            site = self._sites.new(workspace.id if workspace else "", fields)
        except Invalid as error:
            problems |= {"site" if key == "name" else key: v for key, v in error.fields.items()}
        try:
            account = await self._people.prepare(
                name=wanted.name, email=wanted.email, password=wanted.password
            )
        except Invalid as error:
            problems |= error.fields
        if workspace is None or site is None or account is None:
            raise Invalid("some fields are wrong", fields=problems)
        return workspace, site, account

    def _fact(self, workspace: Workspace, owner: Agent, site: Site) -> log.Entry:
        return record.entry(
            "workspace.created",
            workspace_id=workspace.id,
            by=owner.id,
            at=self._clock.now(),
            site=site.id,
        )
