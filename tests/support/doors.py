"""A furnished installation behind its real doors: people of every role, two workspaces, browsers.

acme: olga (owner), adam (admin), sue (supervisor), ann (agent), site shop. rival: rita (admin), rex
(owner), site stall. Everybody's password is PASSWORD.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
from starlette.applications import Starlette
from starlette.responses import Response

from chatserver.broker.buckets import Buckets, MemoryBuckets
from chatserver.broker.memory import MemoryBroker
from chatserver.config import Settings
from chatserver.feature import Feature
from chatserver.features import (
    embed,
    greetings,
    hours,
    mail,
    people,
    photos,
    pictures,
    replytime,
    setup,
    sitecheck,
    sites,
    uploads,
)
from chatserver.features.setup import Setup
from chatserver.identity import service as identity
from chatserver.identity import site_store, workspace_store
from chatserver.identity.model import Agent, AgentSession, Role, Site, SiteFields, Workspace
from chatserver.identity.passwords import Passwords
from chatserver.identity.permissions import PUBLIC
from chatserver.identity.service import Identity
from chatserver.ids import RandomIds
from chatserver.storage import log
from chatserver.storage.database import Database, open_database
from chatserver.storage.migrate import migrate
from chatserver.web.build import Web
from chatserver.web.build import build as build_web
from chatserver.web.pictures import Studio
from chatserver.web.routing import Call, Endpoint
from chatserver.web.static import Assets
from tests.support.clock import FakeClock

ORIGIN = "https://chat.example"
SHOP = "https://shop.example"
PASSWORD = "four words in a row"
STAFF = {
    "acme": (
        ("olga", Role.OWNER),
        ("adam", Role.ADMIN),
        ("sue", Role.SUPERVISOR),
        ("ann", Role.AGENT),
    ),
    "rival": (("rex", Role.OWNER), ("rita", Role.ADMIN)),
}
SAME_ORIGIN = {"Origin": ORIGIN, "Sec-Fetch-Site": "same-origin"}


@dataclass
class House:
    """An installation, set up or not yet, and the application in front of it."""

    settings: Settings
    database: Database
    clock: FakeClock
    ids: RandomIds
    identity: Identity
    hints: list[tuple[str, bytes]]
    setup: Setup = field(init=False)
    mails: mail.MailSlice = field(init=False)
    files: uploads.UploadSlice = field(init=False)
    endpoints: tuple[Endpoint, ...] = ()
    app: Starlette = field(init=False)
    statuses: dict[str, str] = field(default_factory=dict)
    agents: dict[str, Agent] = field(default_factory=dict)
    sites: dict[str, Site] = field(default_factory=dict)

    async def session(self, name: str) -> tuple[str, AgentSession]:
        """A new session of somebody, without the sign-in."""
        async with self.database.write() as connection:
            return await self.identity.sessions.open(connection, self.agents[name], "en")

    @asynccontextmanager
    async def browser(
        self, name: str | None = None, *, html: bool = False, **headers: str
    ) -> AsyncIterator[httpx2.AsyncClient]:
        """A browser on our own pages, signed in as `name`."""
        sent = (
            SAME_ORIGIN
            | {"Accept-Encoding": "identity"}
            | ({"Accept": "text/html"} if html else {})
            | headers
        )
        cookies = {}
        if name is not None:
            secret, session = await self.session(name)
            sent, cookies = sent | {"X-CSRF-Token": session.csrf}, {"__Host-session": secret}
        async with httpx2.AsyncClient(
            transport=httpx2.ASGITransport(app=self.app),
            base_url=ORIGIN,
            headers=sent,
            cookies=cookies,
        ) as client:
            yield client

    async def facts(self) -> list[log.Entry]:
        async with self.database.read() as connection:
            return await log.after(connection, 0, 1000)

    async def kinds(self) -> list[str]:
        return [entry.kind for entry in await self.facts()]


@asynccontextmanager
async def open_house(folder: Path, **settings: object) -> AsyncIterator[House]:
    """An empty installation: nobody set it up."""
    known = {"public_url": ORIGIN, "secret_key": "k" * 40, "data_dir": str(folder)}
    chosen = Settings(**{**known, **settings})
    database, clock, ids = (
        open_database(f"sqlite:///{folder / 'chat.db'}"),
        FakeClock(),
        RandomIds(),
    )
    await migrate(database)
    hints: list[tuple[str, bytes]] = []
    broker = MemoryBroker(lambda work, *arguments: work(*arguments))
    broker.publish = lambda topic, hint: hints.append((topic, hint))  # type: ignore[method-assign]
    cheap = Passwords(memory_kib=8, rounds=1)
    services = identity.build(database, broker, chosen, clock, ids, passwords=cheap)
    try:
        assets = Assets(build=build_folder(folder))
        web = build_web(settings=chosen, identity=services, ids=ids, assets=assets)
        yield _wired(House(chosen, database, clock, ids, services, hints), web)
    finally:
        await database.close()


def _wired(house: House, web: Web) -> House:
    identity, settings, clock = house.identity, house.settings, house.clock
    house.setup = Setup(installation=identity.installation, ids=house.ids)
    shared: dict[str, Any] = {"database": house.database, "clock": clock, "ids": house.ids}
    opening_hours = hours.OpeningHours(sites=identity.sites, **shared)
    house.mails = mail.build(settings=settings, **shared)
    buckets = MemoryBuckets(clock)
    house.files = uploads.build(identity=identity, settings=settings, buckets=buckets, **shared)
    features = (
        setup.build(
            setup=house.setup,
            identity=identity,
            settings=settings,
            buckets=buckets,
            pages=web.pages,
        ),
        people.build(
            identity=identity,
            settings=settings,
            clock=clock,
            pages=web.pages,
            neighbours=people.Neighbours(
                statuses=lambda _: house.statuses,
                send_invitation=house.mails.action.invite,
                buckets=buckets,
            ),
        ),
        sites.build(identity=identity, settings=settings),
        embed.build(
            identity=identity,
            settings=settings,
            pages=web.pages,
            opening=opening_hours.opening,
            usual=replytime.Replies(database=house.database, clock=clock).usual,
            send_back=lambda _: None,  # no sockets here
        ),
        hours.build(hours=opening_hours),
        sitecheck.build(identity=identity, settings=settings, buckets=buckets),
        greetings.build(
            database=house.database,
            clock=clock,
            identity=identity,
            settings=settings,
            buckets=buckets,
        ),
        house.mails.feature,
        house.files.feature,
        *_faces(house, buckets, shared),
        Feature("broken", (Endpoint("GET", "/api/broken", PUBLIC, _broken),)),
    )
    house.endpoints = tuple(door for feature in features for door in feature.endpoints)
    house.app = Starlette(
        routes=web.routes(house.endpoints),
        middleware=web.middleware,
        exception_handlers=web.exception_handlers,
    )
    return house


def _faces(house: House, buckets: Buckets, shared: dict[str, Any]) -> list[Feature]:
    settings = house.settings
    studio = Studio(buckets, house.files.miniatures.draw, minute=settings.picture_minute)
    return [
        of.build(identity=house.identity, settings=settings, studio=studio, **shared)
        for of in (pictures, photos)
    ]


async def _broken(_call: Call) -> Response:
    raise RuntimeError("the secret of the house")


FILES = {
    "widget/manifest.json": """{
        "_shared.js": {"file": "shared-Bbbbbbbb.js", "css": ["shared-Cccccccc.css"]},
        "src/main.tsx": {"file": "main-Aaaaaaaa.js", "isEntry": true, "imports": ["_shared.js"],
                         "css": ["main-Dddddddd.css"]}
    }""",
    "agent/manifest.json": '{"src/main.tsx": {"file": "main-Eeeeeeee.js", "isEntry": true}}',
    "widget/loader.js": "/* loader */",
    "widget/greetings.js": "/* greetings */",
    "widget/main-Aaaaaaaa.js": "/* main */",
    "widget/main-Aaaaaaaa.js.br": "brotli",
    "widget/main-Aaaaaaaa.js.gz": "gzip",
    "widget/private.txt": "not for anybody",
    "outside.js": "not for anybody",
}


def build_folder(folder: Path) -> Path:
    """Front ends as Vite leaves them, small and always there."""
    for name, text in FILES.items():
        file = folder / "build" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return folder / "build"


@asynccontextmanager
async def open_acme(folder: Path, **settings: object) -> AsyncIterator[House]:
    """The furnished installation."""
    async with open_house(folder, **settings) as house:
        for workspace_id, staff in STAFF.items():
            async with house.database.write() as connection:
                workspace = Workspace(workspace_id, workspace_id.title(), house.clock.now())
                await workspace_store.add(connection, workspace)
                fields = SiteFields(name=f"Shop of {workspace_id}", origins=[SHOP])
                site = house.identity.sites.new(workspace_id, fields)
                await site_store.add(connection, site)
                house.sites[workspace_id] = site
            for name, role in staff:
                house.agents[name] = await house.identity.people.add_agent(
                    workspace_id,
                    name=name.title(),
                    email=f"{name}@{workspace_id}.example",
                    password=PASSWORD,
                    role=role,
                )
                house.clock.advance(1)
        yield house
