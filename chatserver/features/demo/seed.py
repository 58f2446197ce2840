"""Furnishes an empty installation as a small tea shop, so that nobody starts before a blank screen.

May run at every start: what is there stays, and the people's password becomes the one printed now.
"""

import json
from collections.abc import Awaitable, Callable

from msgspec import Struct

from chatserver.clock import Clock
from chatserver.conversation import store as conversations
from chatserver.errors import Rejected
from chatserver.features.demo.past import CONTENT, Teller, stories
from chatserver.identity import person_store
from chatserver.identity.installation import Beginning
from chatserver.identity.model import Agent, AgentSession, Role, Site, SiteFields
from chatserver.identity.service import Identity
from chatserver.ids import Ids
from chatserver.storage.database import Database

WORKSPACE = "Teahouse"
GREETING = "Hello! Ask us anything about tea and clay. 您好，有什么想问的？"
COLOR = "#3f5f4e"
PEOPLE = (
    ("olivia@teahouse.example", "Olivia Hart", Role.OWNER),
    ("sam@teahouse.example", "Sam Okoye", Role.SUPERVISOR),
    ("ann@teahouse.example", "Ann Lindgren", Role.AGENT),
    ("wei@teahouse.example", "Wei 阿伟", Role.AGENT),
)

# How a canned reply is added unless its shortcut exists: by whom, shortcut, title, text.
AddReply = Callable[[AgentSession, str, str, str], Awaitable[None]]


class Demo(Struct, frozen=True):
    """What the command line prints and the shop needs."""

    site_key: str
    password: str
    emails: tuple[str, ...]


class Seed:
    """Fills the demo's workspace. Run it before the server takes its first visitor."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        ids: Ids,
        identity: Identity,
        add_reply: AddReply,
    ) -> None:
        self._database = database
        self._clock = clock
        self._ids = ids
        self._identity = identity
        self._add_reply = add_reply

    async def run(self, *, shop_origin: str, password: str = "") -> Demo:
        """An empty password means a random one. Raises Rejected when the installation is in use
        for something else, Invalid when the password is too weak."""
        password = password or self._ids.new()[:14]
        await self._begin(shop_origin, password)
        staff = await self._staff(password)
        owner = _session(staff["olivia"])
        site = await self._site(owner, shop_origin)
        await self._replies(owner)
        await self._past(site, staff)
        return Demo(site.key, password, tuple(agent.email for agent in staff.values()))

    async def _begin(self, shop_origin: str, password: str) -> None:
        workspace = await self._identity.installation.first_workspace()
        if workspace is not None and workspace.name != WORKSPACE:
            raise Rejected("this installation is in use; the demo wants an empty data folder")
        if workspace is None:
            email, name, _ = PEOPLE[0]
            wanted = Beginning(
                workspace=WORKSPACE,
                name=name,
                email=email,
                password=password,
                site=WORKSPACE,
                origins=[shop_origin],
            )
            await self._identity.installation.begin(wanted)

    async def _staff(self, password: str) -> dict[str, Agent]:
        """Everybody, with this password."""
        workspace = await self._identity.installation.first_workspace()
        if workspace is None:
            raise Rejected("the demo was not begun")
        members = {agent.email: agent for agent in await self._identity.people.list(workspace.id)}
        staff = {}
        for email, name, role in PEOPLE:
            agent = members.get(email)
            if agent is None:
                agent = await self._identity.people.add_agent(
                    workspace.id, name=name, email=email, password=password, role=role
                )
            else:
                await self._set_password(agent, password)
            staff[email.partition("@")[0]] = agent
        return staff

    async def _set_password(self, agent: Agent, password: str) -> None:
        account = await self._identity.people.prepare(
            name=agent.name, email=agent.email, password=password
        )
        async with self._database.write() as connection:
            await person_store.change_person(
                connection, agent.person_id, password_hash=account.password_hash
            )

    async def _site(self, owner: AgentSession, shop_origin: str) -> Site:
        """The shop's site; it follows the shop to another port."""
        site = (await self._identity.sites.list(owner.workspace_id))[0]
        fields = SiteFields(
            color=COLOR, greeting=GREETING, origins=[shop_origin, *site.origins], enabled=True
        )
        return await self._identity.sites.change(owner, site.id, fields)

    async def _replies(self, owner: AgentSession) -> None:
        raw = json.loads((CONTENT / "canned.json").read_text(encoding="utf-8"))
        for reply in raw:
            await self._add_reply(owner, reply["shortcut"], reply["title"], reply["text"])

    async def _past(self, site: Site, staff: dict[str, Agent]) -> None:
        """Each story in a transaction of its own; none when somebody has ever chatted here."""
        async with self._database.read() as connection:
            if await conversations.changed_since(connection, site.workspace_id, 0, 1):
                return
        teller = Teller(ids=self._ids, site=site, staff=staff, now=self._clock.now())
        for story in stories():
            async with self._database.write() as connection:
                await teller.tell(connection, story)


def _session(agent: Agent) -> AgentSession:
    """The owner as the services want to see them; no browser holds this session."""
    return AgentSession(
        id="",
        workspace_id=agent.workspace_id,
        agent_id=agent.id,
        person_id=agent.person_id,
        name=agent.name,
        email=agent.email,
        role=agent.role,
        locale="en",
        csrf="",
    )
