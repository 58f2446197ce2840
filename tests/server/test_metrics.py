"""What the house counts can be read by whoever runs it, and by nobody else."""

import re
from dataclasses import dataclass

import httpx2
import pytest
from prometheus_client.parser import text_string_to_metric_families

from chatserver.app import App, open_app
from chatserver.config import BadSettings, Settings, load_settings
from chatserver.features.metrics.catalogue import CATALOGUE, PREFIX
from chatserver.features.metrics.samples import Sample, render
from chatserver.features.metrics.sources import of_node
from chatserver.storage.condition import Trouble
from tests.support.mail import free_port
from tests.support.running import Running, run_service
from tests.support.sockets import dial, open_chat, open_staff, open_visitor, site_key

TOKEN = "a-token-of-sixteen"


@dataclass
class House:
    app: App
    client: httpx2.AsyncClient

    async def scrape(self, token=TOKEN):
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return await self.client.get("/metrics", headers=headers)


@pytest.fixture
async def house(tmp_path):
    app = await open_app(Settings(data_dir=str(tmp_path), metrics_token=TOKEN))
    transport = httpx2.ASGITransport(app=app.asgi)
    try:
        async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            yield House(app, client)
    finally:
        await app.close()


def values(text):
    """Each sample by its name and labels, as Prometheus itself reads them."""
    return {
        (sample.name, frozenset(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


async def test_every_metric_of_the_catalogue_is_published(house):
    text = (await house.scrape()).text
    kinds = dict(re.findall(rf"^# TYPE {PREFIX}(\w+) (\w+)$", text, re.MULTILINE))
    total = {"counter": "_total"}
    assert kinds == {m.name + total.get(m.kind, ""): m.kind for m in CATALOGUE}


async def test_prometheus_can_read_it(house):
    found = values((await house.scrape()).text)
    assert found["chatserver_database_up", frozenset()] == 1
    assert found["chatserver_connections", frozenset({"visitor"})] == 0
    assert found["chatserver_storage_trouble", frozenset({"full"})] == 0
    assert found["chatserver_upload_bytes_total", frozenset()] == 0
    assert found["chatserver_hints_lost_total", frozenset()] == 0
    assert found["chatserver_hints_waiting", frozenset()] == 0
    assert found["chatserver_database_pool_size", frozenset()] == 5
    assert found["chatserver_database_pool_in_use", frozenset()] <= 5
    assert ("chatserver_database_pool_waiting", frozenset()) in found
    assert found["chatserver_database_pool_wait_seconds_count", frozenset()] > 0
    assert found["chatserver_commit_waiting_limit", frozenset()] == 5000
    assert found["chatserver_info", frozenset({"0.1.0", "sqlite"})] == 1


async def test_why_nothing_can_be_stored_is_a_number_too(house):
    def troubles():
        samples = [one for one in of_node(house.app.parts) if one.name == "storage_trouble"]
        assert {one.labels[0] for one in samples} == set(Trouble)
        return {one.labels[0] for one in samples if one.value}

    guard = house.app.parts.database.guard
    assert troubles() == set()
    guard.failed(Trouble.FULL)
    assert troubles() == {"full"}
    guard.worked()
    assert troubles() == set()


async def test_without_the_token_nobody_reads_it(house):
    for token in ("", "a-token-of-sixteeN", "ä" * 16):
        answer = await house.client.get(
            "/metrics", headers={"Authorization": f"Bearer {token}".encode()} if token else {}
        )
        assert answer.status_code == 401
        assert "chatserver_" not in answer.text


async def test_there_is_no_such_door_by_default(tmp_path):
    app = await open_app(Settings(data_dir=str(tmp_path)))
    transport = httpx2.ASGITransport(app=app.asgi)
    async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        assert (await client.get("/metrics")).status_code == 404
    await app.close()


async def test_the_port_of_its_own_asks_for_the_token_too(house):
    transport = httpx2.ASGITransport(app=house.app.metrics.asgi)
    async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        assert (await client.get("/metrics")).status_code == 401
        allowed = {"Authorization": f"Bearer {TOKEN}"}
        assert (await client.get("/metrics", headers=allowed)).status_code == 200
        assert (await client.get("/healthz", headers=allowed)).status_code == 404


def test_a_short_token_is_refused():
    with pytest.raises(BadSettings, match="METRICS_TOKEN"):
        load_settings({"CHATSERVER_METRICS_TOKEN": "short"})


async def test_requests_and_their_errors_are_counted(house):
    await house.client.get("/healthz")
    await house.client.get("/nowhere")
    await house.client.request("BREW", "/healthz")
    found = values((await house.scrape()).text)
    assert found["chatserver_http_requests_total", frozenset({"GET", "200"})] == 1
    assert found["chatserver_http_requests_total", frozenset({"GET", "404"})] == 1
    assert found["chatserver_http_requests_total", frozenset({"other", "405"})] == 1
    assert found["chatserver_http_errors_total", frozenset({"not_found"})] == 1
    assert found["chatserver_http_seconds_count", frozenset()] == 3
    assert found["chatserver_http_requests_open", frozenset()] == 1


async def test_a_database_that_is_away_is_said(house, tmp_path):
    """The rest is published all the same: this is when one wants to look."""
    await house.app.parts.database._readers.dispose()
    (tmp_path / "chat.db").rename(tmp_path / "away.db")
    (tmp_path / "chat.db").mkdir()
    found = values((await house.scrape()).text)
    (tmp_path / "chat.db").rmdir()
    (tmp_path / "away.db").rename(tmp_path / "chat.db")
    assert found["chatserver_database_up", frozenset()] == 0
    assert ("chatserver_log_position", frozenset()) not in found
    assert found["chatserver_commit_waiting", frozenset()] == 0


def test_no_metric_is_named_twice():
    assert len({metric.name for metric in CATALOGUE}) == len(CATALOGUE)


def test_what_is_not_in_the_catalogue_cannot_be_published():
    with pytest.raises(KeyError):
        render([Sample("secret_number", 1)])


def read(service: Running, port):
    with httpx2.Client(trust_env=False) as client:
        return values(client.get(f"http://127.0.0.1:{port}/metrics").text)


async def test_a_chat_moves_the_numbers(tmp_path):
    port = free_port()
    with run_service(tmp_path, metrics_port=str(port)) as service:
        before = read(service, port)
        site = await site_key(service)
        async with open_visitor(service, site) as wire:
            chat = await open_chat(wire)
            for number in range(3):
                send = {"t": "send", "conversation": chat, "client_id": f"{number}", "text": "tea"}
                await wire.ask(send)
            await wire.ask({"t": "send", "conversation": chat, "client_id": "x", "text": " "})
            during = read(service, port)
        async with dial(service, "/ws/visitor") as wire:
            await wire.send({"t": "nonsense"})
            await wire.close_code()
        async with open_staff(service, "ann@teahouse.example"):
            after = read(service, port)
        assert "/metrics" not in service.log
    visitor = ("chatserver_connections", frozenset({"visitor"}))
    assert (before[visitor], during[visitor], after[visitor]) == (0, 1, 0)
    size = ("chatserver_commit_size_sum", frozenset())
    assert (
        during[size] - before[size] == 4
    )  # an opening and three messages; a bad one never gets so far
    assert (
        during["chatserver_log_position", frozenset()]
        > before["chatserver_log_position", frozenset()]
    )
    assert during["chatserver_frames_received_total", frozenset({"visitor"})] == 6
    assert during["chatserver_frame_errors_total", frozenset({"text_empty"})] == 1
    assert after["chatserver_connections_closed_total", frozenset({"BAD_PROTOCOL"})] == 1
    assert after["chatserver_runner_holds_lease", frozenset()] == 1


async def test_a_backup_that_fails_is_said_where_health_is_asked(tmp_path):
    (tmp_path / "blocked").write_text("")
    settings = Settings(data_dir=str(tmp_path / "data"), backup_dir=str(tmp_path / "blocked"))
    app = await open_app(settings)
    transport = httpx2.ASGITransport(app=app.asgi)
    async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        await app.backups.make_one()
        answer = await client.get("/readyz")
    await app.close()
    assert answer.status_code == 200
    assert answer.json()["status"] == "degraded"
    assert "backup" in answer.json()["problems"]
