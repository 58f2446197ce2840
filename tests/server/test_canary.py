"""What people write, who they are and what lets them in appears in no log line and no number, not
even where everything is logged (security J01)."""

import json
import os
import re
import signal
import socket
from contextlib import suppress

import httpx2
import pytest
from websockets.exceptions import ConnectionClosed

from tests.support.mail import free_port, mail_server
from tests.support.running import PASSWORD, run_service
from tests.support.sockets import dial, frame_boot, open_agent, open_chat, open_staff, open_visitor
from tests.support.sockets import site_key as key_of

TOKEN = "a-token-of-sixteen"
WORDS = "canary-of-words"
NOTE = "canary-of-a-note"
NAME = "Canary Of-a-name"
MAIL = "canary.of.mail@example.com"
ADDRESS = "203.0.113.77"
WRONG = "canary-of-a-password"
PATH = "canary-of-a-path"
QUERY = "canary-of-a-query"
AGENT = "canary-of-a-browser"
SHORTCUT = "canary-of-a-reply"


async def live(service):
    """Sends a canary along every path; returns what only the run itself knows to be secret."""
    site = await key_of(service)
    secrets = [PASSWORD, TOKEN]
    async with open_visitor(service, site) as wire:
        secrets.append(wire.welcome["token"])
        secrets.append((await frame_boot(service, site))["ticket"])
        chat = await open_chat(wire, name=NAME)
        send = {"t": "send", "conversation": chat, "client_id": "one", "text": WORDS}
        await wire.ask(send)
        await wire.ask({**send, "text": f"{WORDS} changed"})
        await wire.send({"t": "typing", "conversation": chat, "on": True, "draft": WORDS})
        await wire.ask({"t": "history", "conversation": chat, "before": WORDS})
        async with open_agent(service, "ann@teahouse.example") as agent:
            await agent.ask({**send, "client_id": "two", "text": NOTE, "private": True})
    await break_rules(service)
    async with open_staff(service, "olivia@teahouse.example") as staff:
        secrets += list(staff.client.cookies.values()) + [staff.boot["csrf"], await staff.ticket()]
        secrets += await administer(staff)
    await knock(service)
    return secrets


async def break_rules(service):
    for frame in (
        f'{{"t":"{WORDS}"}}',
        f"no json {WORDS}",
        json.dumps({"t": "hello", "tab": WORDS}),
    ):
        async with dial(service, "/ws/visitor") as wire:
            await wire.socket.send(frame)
            with suppress(ConnectionClosed):
                await wire.close_code()
    with suppress(Exception):
        async with dial(service, "/ws/visitor", origin=f"https://{PATH}.example"):
            pass


async def administer(staff):
    invited = await staff.post("/api/invitations", {"email": MAIL, "role": "agent"})
    reply = {"shortcut": SHORTCUT, "title": WORDS, "text": WORDS}
    await staff.client.post("/api/canned-replies", json=reply)
    await staff.client.post("/api/canned-replies", json={"shortcut": [WORDS]})
    await staff.client.get("/api/transcripts", params={"q": WORDS})
    await staff.client.patch("/api/me", json={"name": NAME, "locale": WORDS})
    wrong = {"current": WRONG, "new": WRONG}
    await staff.client.put("/api/me/password", json=wrong)
    link = invited.get("url") or json.dumps(invited)
    return re.findall(r"/invitations/([\w-]+)", link)


async def knock(service):
    """From a named address, as somebody without any rights."""
    headers = {"X-Forwarded-For": ADDRESS, "User-Agent": AGENT, "Origin": service.origin}
    async with httpx2.AsyncClient(
        base_url=service.origin, headers=headers, trust_env=False
    ) as client:
        typed = {"email": MAIL, "password": WRONG, "next": f"/{PATH}", "workspace": ""}
        for _ in range(12):
            await client.post("/agent/sign-in", data=typed)
        await client.get(f"/{PATH}", params={"q": QUERY})
        await client.get(f"/invitations/{PATH}")
        await client.get("/frame", params={"site": QUERY})
        await client.post("/poll/visitor", json={"hello": {"t": WORDS}})
        await client.post("/poll/visitor", content=WORDS)
    with socket.create_connection(("127.0.0.1", service.port)) as raw:
        raw.sendall(f"GARBAGE {WORDS}\r\n\r\n".encode())
        raw.recv(1000)


def found_in(text, secrets):
    canaries = [WORDS, NOTE, NAME, MAIL, ADDRESS, WRONG, PATH, QUERY, AGENT, SHORTCUT, *secrets]
    return sorted({canary for canary in canaries if canary in text})


@pytest.mark.parametrize("level", ["info", "debug"])
async def test_nothing_of_people_is_in_logs_or_numbers(tmp_path, level):
    settings = {
        "log_level": level,
        "log_format": "json",
        "metrics_token": TOKEN,
        "trusted_proxies": "127.0.0.1",
        "backup_dir": str(tmp_path / "backups"),
        "mail_from": "shop@example.com",
        "smtp_host": "127.0.0.1",
        "smtp_security": "none",
    }
    async with mail_server() as mails:
        mails.recipients = [f"450 later, {MAIL}"]
        port = str(mails.port if level == "info" else free_port())
        with run_service(tmp_path / "data", **settings, smtp_port=port) as service:
            secrets = await live(service)
            async with httpx2.AsyncClient(base_url=service.origin, trust_env=False) as client:
                allowed = {"Authorization": f"Bearer {TOKEN}"}
                numbers = (await client.get("/metrics", headers=allowed)).text
            os.kill(service.pid, signal.SIGTERM)
            assert service.died(20)
    said = "\n".join(line for line in service.log.splitlines() if "Password" not in line)
    assert len(secrets) >= 7
    assert "chatserver_commit_size" in numbers
    assert found_in(said, secrets) == []
    assert found_in(numbers, secrets) == []
    lines = [line for line in said.splitlines() if line.startswith("{")]
    assert lines, "it logged something"
    for line in lines:
        assert {"event", "level", "timestamp"} <= json.loads(line).keys()
