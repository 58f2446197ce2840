"""Each proxy as we ship it: programs accept the file, and a chat goes through it, also while the
proxy is given a new configuration."""

import subprocess
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Origin

from tests.support import proxies
from tests.support.machine import require
from tests.support.proxies import DOMAIN, Proxy
from tests.support.running import Running, reserved_port, run_service
from tests.support.sockets import Wire, boot_of, open_chat, site_key

pytestmark = pytest.mark.deploy

ORIGIN = f"https://{DOMAIN}"
RUN = {"nginx": proxies.run_nginx, "haproxy": proxies.run_haproxy, "caddy": proxies.run_caddy}
ADDRESS_LIMIT = 3


@pytest.fixture(params=sorted(RUN))
def name(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    require(name)
    return name


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    settings = {
        "public_url": ORIGIN,
        "trusted_proxies": "127.0.0.1",
        "connections_per_address": str(ADDRESS_LIMIT),
        "metrics_token": "a-token-of-sixteen",
    }
    with run_service(tmp_path_factory.mktemp("service"), **settings) as running:
        yield running


@pytest.fixture
def proxy(name: str, service: Running, tmp_path: Path) -> Iterator[Proxy]:
    run: Any = RUN[name]
    started: AbstractContextManager[Proxy] = run(tmp_path, service.port)
    with started as proxy:
        yield proxy


def browser(proxy: Proxy) -> httpx2.AsyncClient:
    """Asks for our name at the proxy's port."""
    own = {"Host": DOMAIN}
    address = f"https://127.0.0.1:{proxy.port}"
    return httpx2.AsyncClient(base_url=address, headers=own, verify=proxy.tls, trust_env=False)


async def get(proxy: Proxy, path: str) -> httpx2.Response:
    async with browser(proxy) as client:
        return await client.get(path, extensions={"sni_hostname": DOMAIN})


def dial(proxy: Proxy, **headers: str) -> connect:
    return connect(
        f"wss://{DOMAIN}/ws/visitor",
        host="127.0.0.1",
        port=proxy.port,
        ssl=proxy.tls,
        origin=Origin(ORIGIN),
        additional_headers=headers,
        proxy=None,
    )


async def greet(proxy: Proxy, service: Running, wire: Wire) -> str:
    """The conversation of a new visitor who came through the proxy."""
    site = await site_key(service)
    ticket = boot_of((await get(proxy, f"/frame?site={site}")).text)["ticket"]
    await wire.send({"t": "hello", "v": 1, "site": site, "ticket": ticket, "tab": "t"})
    wire.welcome = await wire.until("welcome")
    return await open_chat(wire)


def saying(chat: str, text: str) -> dict[str, Any]:
    return {"t": "send", "conversation": chat, "client_id": text, "text": text}


def test_the_program_accepts_the_file(name: str, tmp_path: Path) -> None:
    pem = proxies.certificate(tmp_path)
    with reserved_port() as plain, reserved_port() as port:
        config = {
            "nginx": lambda: proxies.nginx_config(tmp_path, 8000, (plain, port), pem),
            "haproxy": lambda: proxies.haproxy_config(tmp_path, 8000, (plain, port), pem),
            "caddy": lambda: proxies.caddy_config(tmp_path, (plain, port), 2019),
        }[name]()
        checked = subprocess.run(proxies.checks(name, config), capture_output=True, text=True)
    said = checked.stdout + checked.stderr
    assert checked.returncode == 0, said
    assert name == "caddy" or "warn" not in said.lower(), said


async def test_pages_come_through_and_numbers_do_not(proxy: Proxy, service: Running) -> None:
    ready = await get(proxy, "/readyz")
    assert ready.status_code == 200, ready.text
    assert ready.json()["status"] == "ok"
    assert (await get(proxy, "/widget.js")).status_code == 200
    assert (await get(proxy, "/metrics")).status_code == 404
    async with httpx2.AsyncClient(base_url=service.origin, trust_env=False) as client:
        assert (await client.get("/metrics")).status_code == 401


async def test_a_socket_is_held_while_the_proxy_reloads(
    name: str, proxy: Proxy, service: Running
) -> None:
    async with dial(proxy) as socket:
        wire = Wire(socket)
        chat = await greet(proxy, service, wire)
        assert "ok" in await wire.ask(saying(chat, "before"))
        proxy.reload()
        if name == "caddy":  # ends them, as its file says; what counts is what comes next
            with pytest.raises(ConnectionClosed):
                await wire.until("never")
        else:
            assert "ok" in await wire.ask(saying(chat, "after"))
    async with dial(proxy) as socket:
        again = Wire(socket)
        assert "ok" in await again.ask(saying(await greet(proxy, service, again), "a new one"))


async def test_nobody_chooses_the_address_they_are_counted_by(
    proxy: Proxy, service: Running
) -> None:
    """Else one machine could take every place by writing another address each time."""
    held = [
        await dial(proxy, **{"X-Forwarded-For": f"203.0.113.{number}"})
        for number in range(ADDRESS_LIMIT)
    ]
    with pytest.raises(InvalidStatus) as refused:
        await dial(proxy, **{"X-Forwarded-For": "203.0.113.99"})
    assert refused.value.response.status_code == 503
    for socket in held:
        await socket.close()
