"""Every door of the whole service, tried by everybody: no route without a row in the table of
permissions, no row that is not kept, no id that reaches into another workspace.

A new route with an id must be added to `MAKE` in `tests/support/things.py`, a new public one to
`PUBLIC_DOORS`.
"""

from dataclasses import dataclass
from typing import Any

import httpx2
import msgspec
import pytest

from chatserver.app import App, open_app
from chatserver.config import Settings
from chatserver.identity import (
    permissions,
)
from chatserver.identity.model import (
    AgentSession,
    Role,
)
from chatserver.storage import log
from chatserver.web.guard import OPEN
from tests.support.things import MAKE, make_site, sign_in

ORIGIN = "http://127.0.0.1:8000"
ROLES = {"agent": Role.AGENT, "supervisor": Role.SUPERVISOR, "admin": Role.ADMIN}
WHO = ("anonymous", *ROLES, "owner", "foreign")
MISSING = "a" * 26
MALFORMED = ("%00", "%27%20OR%201=1--", "x" * 65, "null%20", "%E2%80%AE")
# Below /agent/ these are other addresses of the console's page, which says nothing of them.
SLASHED = ("..%2f..", "a%2Fb")

FORMS = ("/agent/sign-in", "/invitations/{token}", "/no-mail/{token}", "/setup")
PUBLIC_DOORS = {
    ("GET", "/"),
    ("GET", "/agent"),
    ("GET", "/assets/{app}/{name:path}"),
    ("GET", "/back/{token}"),
    ("GET", "/chat/{key}"),
    ("GET", "/frame"),
    ("GET", "/healthz"),
    ("GET", "/preview"),
    ("GET", "/preview/stage"),
    ("GET", "/widget/photos"),
    ("GET", "/widget/photos/{photo}"),
    ("GET", "/widget/pictures/{picture}"),
    ("GET", "/widget/greetings"),
    ("POST", "/widget/greetings"),
    ("POST", "/frame/resume"),
    ("POST", "/frame/leavings"),
    ("POST", "/frame/tickets"),
    ("POST", "/poll/visitor"),
    ("GET", "/readyz"),
    ("GET", "/uploads/files/{key}"),
    ("GET", "/widget-{mark}.js"),
    ("GET", "/widget.js"),
    ("GET", "/widget/config"),
    ("GET", "/widget/loader"),
    *((method, page) for method in ("GET", "POST") for page in FORMS),
}
# What each door is sent; a door that is not here is sent nothing.
BODIES: dict[tuple[str, str], Any] = {
    ("PATCH", "/api/me"): {"name": "Somebody"},
    ("PUT", "/api/me/password"): {"current": "wrong words", "new": "another four good words"},
    ("PATCH", "/api/agents/{id}"): {"disabled": False},
    ("POST", "/api/invitations"): {"email": "new@acme.example", "role": "agent"},
    ("POST", "/api/sites"): {"name": "New", "origins": []},
    ("PATCH", "/api/sites/{id}"): {"greeting": "Hello"},
    ("PATCH", "/api/sites/{id}/widget"): {"version": 0, "looks": {"corners": "round"}},
    ("POST", "/api/sites/{id}/check"): {"address": "https://shop.example/"},
    ("POST", "/api/sites/{id}/preview"): {"widget": {"looks": {"corners": "round"}}},
    ("POST", "/api/canned-replies"): {"shortcut": "new", "title": "New", "text": "New"},
    ("PUT", "/api/canned-replies/{id}"): {
        "shortcut": "hi",
        "title": "T",
        "text": "T",
        "version": 1,
    },
    ("PUT", "/api/sites/{id}/hours"): {
        "zone": "UTC",
        "always": True,
        "week": [[], [], [], [], [], [], []],
        "version": 0,
    },
    ("PATCH", "/api/mail/outbox/{id}"): {"state": "queued"},
    ("POST", "/api/sites/{id}/identity-keys"): {"algorithm": "ES256"},
    ("POST", "/uploads/agent/links"): {"files": []},
}


@dataclass
class World:
    app: App
    client: httpx2.AsyncClient
    sessions: dict[str, tuple[str, AgentSession]]

    @property
    def endpoints(self):
        return [door for feature in self.app.features for door in feature.endpoints]

    async def ask(self, who, method, path, body=None, **headers):
        sent = {"Origin": ORIGIN, "Sec-Fetch-Site": "same-origin", **headers}
        if who in self.sessions:
            secret, session = self.sessions[who]
            sent = {"Cookie": f"chat_session={secret}", "X-CSRF-Token": session.csrf} | sent
        return await self.client.request(method, path, json=body, headers=sent)


@pytest.fixture
async def world(tmp_path):
    app = await open_app(Settings(data_dir=str(tmp_path), session_idle_hours=12))
    try:
        sessions = {name: await sign_in(app, "acme", name, role) for name, role in ROLES.items()}
        sessions["owner"] = await sign_in(app, "acme", "owner", Role.OWNER)
        sessions["foreign"] = await sign_in(app, "rival", "foreign", Role.ADMIN)
        for name in ("owner", "foreign"):
            await make_site(app, sessions[name][1])
        transport = httpx2.ASGITransport(app=app.asgi)
        async with httpx2.AsyncClient(transport=transport, base_url=ORIGIN) as client:
            yield World(app, client, sessions)
    finally:
        await app.close()


async def test_every_door_has_a_row_in_the_table(world):
    for door in world.endpoints:
        known = {*permissions.ROLES, permissions.PUBLIC, permissions.VISITOR}
        assert door.action in known, f"{door.method} {door.path}"


async def test_the_public_doors_are_these(world):
    found = {(d.method, d.path) for d in world.endpoints if d.action == permissions.PUBLIC}
    assert found | {("GET", "/assets/{app}/{name:path}")} == PUBLIC_DOORS


async def test_visitors_doors_open_to_a_visitors_token_alone(world):
    """No agent's session helps, nor a token that is none; and only our own frame may ask."""
    doors = [door for door in world.endpoints if door.action == permissions.VISITOR]
    assert doors
    for door in doors:
        for who in WHO:
            for token in ("", "Bearer", "Bearer made-up", "Basic YTpi"):
                answer = await world.ask(who, door.method, door.path, Authorization=token)
                assert answer.status_code == 401, f"{who}: {door.path} {token!r}"
        for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
            answer = await world.ask("anonymous", door.method, door.path, **headers)
            assert answer.status_code == 403, door.path


async def test_every_door_with_an_id_is_tried_below(world):
    found = {d.path for d in world.endpoints if "{id}" in d.path}
    assert found == set(MAKE)


@pytest.mark.parametrize("who", WHO)
async def test_each_role_gets_what_the_table_says(world, who):
    """Every door, with an id of the asker's own workspace or of acme."""
    role = world.sessions[who][1].role if who in world.sessions else None
    for door in world.endpoints:
        if door.action in OPEN or door.path == "/agent/sign-out":
            continue
        maker = world.sessions.get(who, world.sessions["owner"])[1]
        path = door.path.replace("{rest:path}", "x")
        if "{id}" in path:
            path = path.replace("{id}", await MAKE[door.path](world.app, owner_like(maker)))
        answer = await world.ask(who, door.method, path, BODIES.get((door.method, door.path)))
        where = f"{who}: {door.method} {door.path} -> {answer.status_code} {answer.text[:200]}"
        if role is None:
            assert answer.status_code == 401, where
        elif permissions.may(role, door.action):
            assert answer.status_code not in (401, 403, 404, 500), where
        else:
            assert answer.status_code == 403, where


def owner_like(session):
    """Whoever makes the thing may do everything; the asker is tested, not the maker."""
    return msgspec.structs.replace(session, role=Role.OWNER)


@pytest.mark.parametrize("who", ["agent", "owner", "foreign"])
async def test_what_is_foreign_missing_or_malformed_is_not_found(world, who):
    """The same answer for all three: nobody learns that a foreign thing exists."""
    other = world.sessions["owner" if who == "foreign" else "foreign"][1]
    role = world.sessions[who][1].role
    for door in world.endpoints:
        if "{id}" not in door.path or not permissions.may(role, door.action):
            continue
        foreign = await MAKE[door.path](world.app, owner_like(other))
        bodies = set()
        slashed = SLASHED if door.path.startswith("/api/") else ()
        for value in (foreign, MISSING, *MALFORMED, *slashed):
            path = door.path.replace("{id}", value)
            answer = await world.ask(who, door.method, path, BODIES.get((door.method, door.path)))
            where = f"{who}: {door.method} {path} -> {answer.status_code}"
            assert answer.status_code == 404, where
            bodies.add(answer.text)
        assert len(bodies) == 1, door.path


@pytest.mark.parametrize(
    "headers",
    [
        {"X-CSRF-Token": ""},
        {"X-CSRF-Token": "made up"},
        {"X-CSRF-Token": "ü"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
async def test_no_other_website_changes_anything(world, headers):
    encoded = {name: value.encode() for name, value in headers.items()}
    before = await head(world)
    for door in world.endpoints:
        if door.method == "GET" or door.action in OPEN:
            continue
        path = door.path.replace("{id}", MISSING)
        body = BODIES.get((door.method, door.path))
        answer = await world.ask("owner", door.method, path, body, **encoded)
        assert answer.status_code == 403, f"{door.method} {path}"
    assert await head(world) == before


async def test_another_sessions_csrf_token_is_no_good(world):
    token = world.sessions["admin"][1].csrf
    answer = await world.ask("owner", "POST", "/api/tickets", **{"X-CSRF-Token": token})
    assert answer.status_code == 403


async def test_looking_changes_nothing(world):
    """GET and HEAD, whatever stands in the query; and no header turns them into something else."""
    before = await head(world)
    override = {"X-HTTP-Method-Override": "DELETE", "X-Method-Override": "DELETE"}
    for door in world.endpoints:
        if door.method != "GET":
            continue
        path = door.path.replace("{rest:path}", "x").replace("{token}", "x").replace("{key}", "x")
        if "{id}" in path:
            maker = owner_like(world.sessions["owner"][1])
            path = path.replace("{id}", await MAKE[door.path](world.app, maker))
            before = await head(world)
        for method in ("GET", "HEAD"):
            await world.ask("owner", method, f"{path}?_method=DELETE&role=owner", **override)
    assert await head(world) == before


async def test_a_method_without_a_door_is_refused_and_told_the_right_ones(world):
    by_path = {}
    for door in world.endpoints:
        by_path.setdefault(door.path, set()).add(door.method)
    for path, methods in by_path.items():
        target = (
            path.replace("{id}", MISSING)
            .replace("{rest:path}", "x")
            .replace("{token}", "x")
            .replace("{key}", "x")
        )
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "BREW"} - methods:
            if method == "TRACE" and path == "/agent/{rest:path}":
                continue
            answer = await world.ask("owner", method, target)
            assert answer.status_code == 405, f"{method} {target}"
            assert methods <= set(answer.headers["allow"].split(", "))


@pytest.mark.parametrize(
    "path",
    [
        "/api",
        "/api/",
        "/api/nope",
        "/api/agents/",
        "/api//agents",
        "/API/agents",
        "/api/agents;x",
        "/api/agents%2f",
        "/./api/nope",
        "/docs",
        "/openapi.json",
        "/metrics",
        "/debug",
        "/.git/config",
        "/.env",
        "/setup/",
        "/assets/",
    ],
)
async def test_what_is_not_a_door_is_a_wall(world, path):
    for who in ("anonymous", "owner"):
        assert (await world.ask(who, "GET", path)).status_code == 404, path


async def test_the_host_header_opens_nothing(world):
    for host in ("evil.example", "127.0.0.1:8000/?x=", "a/b", "evil.example\\@127.0.0.1", ""):
        answer = await world.ask("anonymous", "GET", "/api/agents", Host=host)
        assert answer.status_code == 401, host


async def head(world):
    """The last position of the log: every change of ours leaves a fact."""
    async with world.app.parts.database.read() as connection:
        return (await log.head(connection)).position
