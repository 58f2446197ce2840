"""A loader named by its content: the same bytes for as long as somebody asks, or nothing."""

import base64
import hashlib
from pathlib import Path

import pytest
from click.testing import CliRunner

from chatserver.cli import main
from tests.support.doors import open_acme

OLD = "/* loader */"


@pytest.fixture
async def house(tmp_path):
    async with open_acme(tmp_path) as opened:
        yield opened


def built(house):
    return Path(house.settings.data_dir) / "build" / "widget" / "loader.js"


async def newest(browser):
    answer = await browser.get("/widget/loader")
    assert answer.headers["access-control-allow-origin"] == "*"
    return answer.json()


async def test_the_newest_loader_is_published_with_its_hash(house):
    async with house.browser() as browser:
        found = await newest(browser)
        answer = await browser.get(found["path"])
    digest = base64.b64encode(hashlib.sha384(answer.content).digest()).decode()
    assert (answer.text, found["integrity"]) == (OLD, f"sha384-{digest}")
    assert found["bytes"] == len(answer.content)
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"


async def test_an_upgrade_leaves_a_pinned_loader_as_it_was(house):
    built(house).with_name("loader.js.br").write_bytes(b"packed")
    async with house.browser() as browser:
        before = await newest(browser)
        built(house).write_text("/* newer */")
        built(house).with_name("loader.js.br").write_bytes(b"newer, packed")
        after = await newest(browser)
        assert after["path"] != before["path"]
        plain = {"Accept-Encoding": ""}
        assert (await browser.get(before["path"], headers=plain)).text == OLD
        assert (await browser.get(after["path"], headers=plain)).text == "/* newer */"
    kept = Path(house.settings.data_dir) / "loaders" / before["path"].removeprefix("/widget-")
    assert kept.with_name(f"{kept.name}.br").read_bytes() == b"packed"


@pytest.mark.parametrize("mark", ["0" * 16, "x", "..%2f..%2fchat", "0" * 15, "0" * 300])
async def test_what_never_was_is_not_found(house, mark):
    async with house.browser() as browser:
        answer = await browser.get(f"/widget-{mark}.js")
    assert answer.status_code == 404


async def test_the_panel_is_a_page_of_its_own_too(house):
    key = house.sites["acme"].key
    async with house.browser(html=True) as browser:
        answer = await browser.get(f"/chat/{key}?lang=de")
        assert (await browser.get("/chat/nobody")).status_code == 404
    assert answer.status_code == 200
    assert answer.headers["content-language"] == "de"
    assert "frame-ancestors 'self'" in answer.headers["content-security-policy"]


def test_the_command_prints_a_tag_that_fits(tmp_path, monkeypatch):
    monkeypatch.setenv("CHATSERVER_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("CHATSERVER_PUBLIC_URL", "https://chat.example")
    result = CliRunner().invoke(main, ["loader", "--site", "KEY"])
    if "not built" in result.output:
        pytest.skip("the widget is not built")
    assert result.output.startswith('<script async src="https://chat.example/widget-')
    assert 'integrity="sha384-' in result.output
    assert 'crossorigin="anonymous" data-site="KEY"></script>' in result.output
    assert list((tmp_path / "loaders").glob("*.js"))
