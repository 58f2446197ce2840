"""The doctor finds what is wrong, says what to do, and finds nothing where nothing is."""

import asyncio
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta

import pytest

from chatserver.clock import SystemClock
from chatserver.config import Settings
from chatserver.doctor import Level, inside, outside, servers
from chatserver.features.backup.manifest import file_name
from chatserver.storage.database import open_database
from chatserver.storage.migrate import migrate
from tests.support.mail import free_port, mail_server
from tests.support.running import environment_of, run_service

CLOCK = SystemClock()


def doctor(**settings):
    return subprocess.run(
        [sys.executable, "-m", "chatserver", "doctor"],
        env=environment_of(**settings),
        capture_output=True,
        text=True,
    )


@pytest.fixture
def settings(tmp_path):
    (tmp_path / "data").mkdir(mode=0o700)
    return Settings(data_dir=str(tmp_path / "data"), port=free_port())


def test_a_healthy_installation_has_no_failure(tmp_path):
    with run_service(tmp_path / "data") as service:
        (tmp_path / "data").chmod(0o700)
        said = doctor(DATA_DIR=str(tmp_path / "data"), PORT=str(service.port))
    assert "FAIL" not in said.stdout
    assert said.returncode == 0, said.stderr
    for subject in ("key", "data", "disk", "proxies", "database", "durability", "browsers"):
        assert f"ok    {subject}" in said.stdout
    assert "ok    sockets" in said.stdout
    assert "ok    metrics" in said.stdout


def test_a_service_that_does_not_run_is_a_failure(tmp_path):
    said = doctor(DATA_DIR=str(tmp_path / "data"), PORT=str(free_port()))
    assert said.returncode == 1
    assert "FAIL  browsers" in said.stdout
    assert not (tmp_path / "data" / "secret.key").exists(), "the doctor changes nothing"


async def test_a_page_of_somebody_else_is_told_from_ours(tmp_path, settings):
    """The name leads to another program."""

    async def answer(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nhi")
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", settings.port)
    found = {f.subject: f async for f in outside.examine(settings, CLOCK)}
    server.close()
    assert found["browsers"].level is Level.FAIL
    assert "not this service" in found["browsers"].words
    assert found["metrics"].level is Level.FAIL
    assert found["sockets"].level is Level.FAIL


def test_a_key_that_others_can_read_is_a_failure(tmp_path, settings):
    file = tmp_path / "data" / "secret.key"
    file.write_text("k" * 48)
    file.chmod(0o644)
    assert inside.key(settings).level is Level.FAIL
    file.chmod(0o600)
    assert inside.key(settings).level is Level.OK
    both = replace(settings, secret_key="a" * 32 + "," + "b" * 32)
    assert "rotating" in inside.key(both).words


def test_an_open_data_folder_is_a_warning(tmp_path, settings):
    assert inside.folder(settings).level is Level.OK
    (tmp_path / "data").chmod(0o755)
    assert inside.folder(settings).level is Level.WARN
    assert inside.folder(replace(settings, data_dir="/nowhere/at/all")).level is Level.WARN


def test_a_full_disk_is_a_failure(settings):
    assert inside.disk(replace(settings, disk_warn_mb=0)).level is Level.OK
    assert inside.disk(replace(settings, disk_warn_mb=10**9)).level is Level.FAIL


@pytest.mark.parametrize(
    ("public_url", "trusted", "level"),
    [
        ("", "", Level.OK),
        ("https://chat.example.com", "", Level.FAIL),
        ("https://chat.example.com", "10.0.0.1", Level.OK),
    ],
)
def test_a_proxy_that_nobody_believes_is_a_failure(settings, public_url, trusted, level):
    given = replace(settings, public_url=public_url, trusted_proxies=trusted)
    assert inside.proxies(given).level is level


def test_backups_that_stopped_are_a_failure(tmp_path, settings):
    now = CLOCK.now()
    assert inside.backups(settings, now).level is Level.WARN
    with_folder = replace(settings, backup_dir=str(tmp_path / "b"))
    assert inside.backups(with_folder, now).level is Level.WARN
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / file_name(now - timedelta(hours=72))).touch()
    assert inside.backups(with_folder, now).level is Level.FAIL
    (tmp_path / "b" / file_name(now - timedelta(hours=20))).touch()
    assert inside.backups(with_folder, now).level is Level.OK


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_an_old_schema_is_a_warning(empty_url, settings):
    given = replace(settings, database_url=empty_url)
    assert [f.level async for f in servers.database(given, CLOCK)][0] is Level.WARN
    database = open_database(empty_url)
    await migrate(database)
    await database.close()
    assert {f.level async for f in servers.database(given, CLOCK)} == {Level.OK}


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
async def test_a_database_that_does_not_wait_for_its_disk_is_a_failure(database_url, settings):
    """As the one of these tests, which is made to be quick."""
    given = replace(settings, database_url=database_url)
    found = {f.subject: f async for f in servers.database(given, CLOCK)}
    assert found["database"].level is Level.OK
    assert found["database clock"].level is Level.OK
    assert found["durability"].level is Level.FAIL
    assert "fsync is off" in found["durability"].words


async def test_a_database_that_is_away_is_a_failure(settings):
    given = replace(settings, database_url=f"postgresql://nobody@127.0.0.1:{free_port()}/x")
    assert [f.level async for f in servers.database(given, CLOCK)] == [Level.FAIL]


async def test_redis_is_asked(redis_url, settings):
    assert (await servers.redis(settings, CLOCK)).level is Level.OK
    assert (await servers.redis(replace(settings, redis_url=redis_url), CLOCK)).level is Level.OK
    away = replace(settings, redis_url=f"redis://127.0.0.1:{free_port()}")
    assert (await servers.redis(away, CLOCK)).level is Level.FAIL


async def test_the_mail_server_is_greeted_and_gets_no_mail(settings):
    assert (await servers.mail(settings)).level is Level.WARN
    given = replace(settings, smtp_host="127.0.0.1", smtp_security="none", smtp_seconds=5.0)
    async with mail_server() as server:
        found = await servers.mail(replace(given, smtp_port=server.port))
        assert found.level is Level.OK, found.words
        assert server.mails == []
    assert (await servers.mail(replace(given, smtp_port=free_port()))).level is Level.FAIL
