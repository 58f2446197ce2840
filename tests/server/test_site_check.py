"""Check my site: real pages on this machine, looked at through the door."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from chatserver.features.sitecheck.fetching import Fetcher, NotFetched
from tests.support.doors import ORIGIN, open_acme
from tests.support.website import run_website


@pytest.fixture
def website():
    with run_website() as opened:
        yield opened


@pytest.fixture
async def house(tmp_path):
    async with open_acme(tmp_path, site_check_private=1, site_check_minute=100) as opened:
        yield opened


async def look(house, address, *, origins, name="adam"):
    site = house.sites["acme"]
    async with house.browser("adam") as browser:
        await browser.patch(f"/api/sites/{site.id}", json={"origins": origins})
    async with house.browser(name) as browser:
        return await browser.post(f"/api/sites/{site.id}/check", json={"address": address})


def codes(answer):
    return [finding["code"] for finding in answer.json()["findings"]]


async def test_a_page_with_the_snippet_is_fine(house, website):
    site, origin = house.sites["acme"], website.origin("lamps")
    website.snippet = f'<script async src="{ORIGIN}/widget.js" data-site="{site.key}"></script>'
    answer = await look(house, f"{origin}/cart?x=1#y", origins=[origin])
    assert codes(answer) == ["page_found", "snippet_found", "csp_none"]


async def test_a_page_with_a_strict_policy_says_what_to_change(house, website):
    site, origin = house.sites["acme"], website.origin("lamps")
    website.snippet = f'<script async src="{ORIGIN}/widget.js" data-site="{site.key}"></script>'
    website.headers = {"Content-Security-Policy": f"default-src 'self'; script-src {ORIGIN}"}
    answer = await look(house, origin, origins=[origin])
    assert codes(answer) == ["page_found", "snippet_found", "csp_frame", "csp_connect"]
    about = answer.json()["findings"][2]["about"]
    assert about == {"add": ORIGIN, "directive": "frame-src", "now": "default-src 'self'"}


async def test_only_pages_of_the_sites_own_origins_are_fetched(house, website):
    asked = website.origin("stolen")
    answer = await look(house, asked, origins=["https://shop.example"])
    assert answer.json()["findings"] == [
        {"code": "origin_missing", "level": "bad", "about": {"origin": asked}}
    ]


async def test_a_redirect_leads_only_to_allowed_origins(house, website):
    origin = website.origin("lamps")
    website.status = 302
    website.headers = {"Location": "http://169.254.169.254/latest/meta-data"}
    assert codes(await look(house, origin, origins=[origin])) == ["page_redirect"]
    website.headers = {"Location": "/again"}
    assert codes(await look(house, origin, origins=[origin])) == ["page_redirects"]


async def test_what_is_no_page_is_said(house, website):
    origin = website.origin("lamps")
    website.status = 404
    assert codes(await look(house, origin, origins=[origin])) == ["page_status"]
    website.status = 200
    website.headers = {"Content-Encoding": "gzip"}
    assert codes(await look(house, origin, origins=[origin])) == ["page_unreadable"]
    nobody = "http://localhost:1"
    assert codes(await look(house, nobody, origins=[nobody])) == ["page_connection"]


@pytest.mark.parametrize(
    "address",
    ["", "ftp://shop.example", "file:///etc/passwd", "https://u:p@shop.example/", "x" * 9],
)
async def test_what_is_no_address_is_refused(house, address):
    answer = await look(house, address, origins=["https://shop.example"])
    assert answer.json()["error"]["fields"] == {"address": "not_a_page"}


async def test_agents_may_not_and_nobody_may_all_the_time(tmp_path, website):
    origin = website.origin("lamps")
    async with open_acme(tmp_path, site_check_private=1, site_check_minute=1) as house:
        assert (await look(house, origin, origins=[origin], name="ann")).status_code == 403
        assert (await look(house, origin, origins=[origin])).status_code == 200
        assert (await look(house, origin, origins=[origin])).status_code == 429


async def test_private_addresses_are_refused_unless_a_setting_allows_them(tmp_path, website):
    origin = website.origin("lamps")
    async with open_acme(tmp_path) as house:
        assert codes(await look(house, origin, origins=[origin])) == ["page_private"]


@contextmanager
def speaking(answer: bytes) -> Iterator[str]:
    """A server that says this and then nothing, without hanging up."""
    listener = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.sendall(answer)
            over.wait(10)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://localhost:{listener.getsockname()[1]}"
    finally:
        over.set()
        thread.join()
        listener.close()


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (b"", "timeout"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"y" * 500, "timeout"),
        (HEAD + b"<html>", "timeout"),
        (b"SSH-2.0-OpenSSH_9.9\r\n", "unreadable"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 40_000, "unreadable"),
    ],
)
async def test_a_server_that_holds_us_or_babbles_is_given_up(answer, reason):
    fetcher = Fetcher(seconds=0.5, most_bytes=1000, may_be_private=True)
    with speaking(answer) as address, pytest.raises(NotFetched) as caught:
        await fetcher.get(address, [address])
    assert caught.value.reason == reason


async def test_a_page_without_end_is_cut():
    fetcher = Fetcher(seconds=5, most_bytes=1000, may_be_private=True)
    with speaking(HEAD + b"x" * 100_000) as address:
        answer = await fetcher.get(address, [address])
    assert (len(answer.body), answer.is_cut) == (1000, True)
