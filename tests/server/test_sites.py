"""A workspace's sites in the console, and what their visitors' browsers get of them."""

import re
from html.parser import HTMLParser

import msgspec
import pytest

from chatserver.errors import BadTicket
from chatserver.identity.model import SITE_LOCALES
from tests.support.doors import SHOP, open_acme


@pytest.fixture
async def house(tmp_path):
    async with open_acme(tmp_path) as opened:
        yield opened


def directives(answer):
    policy = answer.headers["content-security-policy"]
    return {part.split()[0]: part.split()[1:] for part in policy.split("; ")}


def boot_of(answer):
    class Boot(HTMLParser):
        text, inside = "", False

        def handle_starttag(self, tag, attrs):
            self.inside = dict(attrs).get("id") == "boot"

        def handle_data(self, data):
            self.text += data if self.inside else ""

        def handle_endtag(self, tag):
            self.inside = False

    reader = Boot()
    reader.feed(answer.text)
    return msgspec.json.decode(reader.text)


async def test_a_site_is_added_and_changed_by_an_admin(house):
    async with house.browser("adam") as browser:
        added = await browser.post("/api/sites", json={"name": "Blog", "origins": [SHOP]})
        assert added.status_code == 201
        site = added.json()
        assert site["snippet"].startswith('<script async src="https://chat.example/widget.js" ')
        assert re.fullmatch(r"[a-z2-7]{26}", site["key"])
        body = {"greeting": "Hi", "color": "#AA0000", "position": "left", "enabled": False}
        changed = await browser.patch(f"/api/sites/{site['id']}", json=body)
        assert changed.json() == site | body | {"color": "#aa0000"}
        names = [row["name"] for row in (await browser.get("/api/sites")).json()["items"]]
        assert names == ["Shop of acme", "Blog"]
    assert (f"site:{site['id']}", b'{"enabled":false,"drafts":false}') in house.hints
    assert (await house.kinds())[-2:] == ["site.added", "site.changed"]


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, {"name": "required", "origins": "required"}),
        ({"name": "x", "origins": ["http://shop.example"]}, {"origins": "not_an_origin"}),
        ({"name": "x", "origins": "https://shop.example"}, {"origins": "unknown"}),
        ({"name": "x", "origins": [], "key": "mine"}, {"key": "unknown"}),
        ({"name": "x", "origins": [], "workspace_id": "rival"}, {"workspace_id": "unknown"}),
        ({"name": "x", "origins": [], "color": "red"}, {"color": "not_a_colour"}),
    ],
)
async def test_a_wrong_site_is_refused_field_by_field(house, body, fields):
    async with house.browser("adam") as browser:
        answer = await browser.post("/api/sites", json=body)
    assert (answer.status_code, answer.json()["error"]["fields"]) == (400, fields)


async def test_the_public_settings_are_these_and_no_more(house):
    site = house.sites["acme"]
    async with house.browser() as browser:
        answer = await browser.get(f"/widget/config?site={site.key}")
    assert answer.json() == {
        "key": site.key,
        "name": "Shop of acme",
        "color": "#1f6feb",
        "position": "right",
        "greeting": "",
        "locale": "auto",
        "open": True,
        "next_opening": None,
        "replies_in": None,
        "corners": "soft",
        "scheme": "light dark",
        "consent": "on-open",
        "launcher": {},
        "language": "en",
        "dir": "ltr",
        "words": {"open": "Open chat", "close": "Close chat"},
        "greetings": "",
    }
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in answer.headers
    assert answer.headers["cache-control"] == "public, max-age=60"


async def test_cors_is_never_a_mirror(house):
    async with house.browser("ann") as browser:
        for path in ("/api/me", "/agent/", f"/frame?site={house.sites['acme'].key}", "/api/sites"):
            answer = await browser.get(path, headers={"Origin": "https://evil.example"})
            assert not [name for name in answer.headers if name.startswith("access-control")]


@pytest.mark.parametrize("path", ["/widget/config", "/frame", "/preview"])
@pytest.mark.parametrize("query", ["", "?site=", "?site=nope", "?site=" + "x" * 5000, "?site=%00"])
async def test_an_unknown_site_is_not_found(house, path, query):
    async with house.browser() as browser:
        assert (await browser.get(path + query)).status_code == 404


async def test_a_disabled_site_looks_unknown(house):
    site = house.sites["acme"]
    async with house.browser("adam") as browser:
        await browser.patch(f"/api/sites/{site.id}", json={"enabled": False})
        for path in ("/widget/config", "/frame", "/preview"):
            assert (await browser.get(f"{path}?site={site.key}")).status_code == 404


async def test_only_the_sites_origins_and_ours_may_frame_the_panel(house):
    site = house.sites["acme"]
    async with house.browser("adam") as browser:
        origins = ["https://shop.example", "https://blog.example:8443"]
        await browser.patch(f"/api/sites/{site.id}", json={"origins": origins})
        policy = directives(await browser.get(f"/frame?site={site.key}"))
        assert policy["frame-ancestors"] == ["'self'", *origins, "https://chat.example"]
        await browser.patch(f"/api/sites/{site.id}", json={"origins": []})
        policy = directives(await browser.get(f"/frame?site={site.key}"))
        assert policy["frame-ancestors"] == ["'self'", "https://chat.example"]


async def test_the_frame_carries_what_the_panel_needs(house):
    site = house.sites["acme"]
    async with house.browser() as browser:
        answer = await browser.get(f"/frame?site={site.key}&lang=zh-CN")
    boot = boot_of(answer)
    ticket = boot.pop("ticket")
    assert boot == {
        "site": {
            "key": site.key,
            "name": "Shop of acme",
            "color": "#1f6feb",
            "position": "right",
            "greeting": "",
            "locale": "auto",
            "open": True,
            "next_opening": None,
            "replies_in": None,
            "corners": "soft",
            "scheme": "auto",
            "consent": "on-open",
            "launcher": {},
        },
        "origins": [SHOP, "https://chat.example"],
        "ticket_seconds": 300,
        "socket": "wss://chat.example/ws/visitor",
        "locale": "zh-CN",
        "limits": {"text_chars": 4000},
        "looks": {"header_image": "", "team": [], "welcome": ""},
        "texts": {},
        "rating": {"enabled": True, "words": [], "reasons_low": [], "reasons_high": []},
        "mails": False,
        "privacy": "",
        "asks": False,
    }
    house.identity.frames.check(ticket, site.key)
    assert '<html lang="zh-CN" dir="ltr">' in answer.text
    assert '<link rel="stylesheet" href="/assets/widget/main-Dddddddd.css">' in answer.text
    assert '<link rel="stylesheet" href="/assets/widget/shared-Cccccccc.css">' in answer.text
    assert '<link rel="modulepreload" href="/assets/widget/shared-Bbbbbbbb.js">' in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert directives(answer)["connect-src"] == ["'self'", "wss://chat.example"]


@pytest.mark.parametrize(
    ("site_speaks", "asked", "language"),
    [
        ("zh-CN", "like=en,de", "zh-CN"),
        ("zh-CN", "lang=en&like=de", "en"),
        ("zh-CN", "lang=pt-PT&like=de", "pt-BR"),
        ("zh-CN", "lang=sv&like=de", "zh-CN"),
        ("auto", "lang=&like=sv,iw,en", "he"),
        ("auto", "like=sv", "ko"),
        ("ar", "", "ar"),
    ],
)
async def test_the_snippet_wins_over_the_site_and_the_site_over_page_and_browser(
    house, site_speaks, asked, language
):
    site = house.sites["acme"]
    async with house.browser("adam") as browser:
        await browser.patch(f"/api/sites/{site.id}", json={"locale": site_speaks})
        accept = {"Accept-Language": "ko"}
        answer = await browser.get(f"/frame?site={site.key}&{asked}", headers=accept)
        config = await browser.get(f"/widget/config?site={site.key}&{asked}", headers=accept)
    assert boot_of(answer)["locale"] == language
    # The public settings are cached by their address, so the browser's header has no say in them.
    spoken = "en" if language == "ko" else language
    assert config.json()["language"] == spoken
    direction = "rtl" if language in {"ar", "he"} else "ltr"
    assert f'<html lang="{language}" dir="{direction}">' in answer.text
    assert config.json()["dir"] == ("ltr" if spoken == "en" else direction)


async def test_the_launcher_gets_its_words_with_its_settings(house):
    site = house.sites["acme"]
    async with house.browser() as browser:
        answer = await browser.get(f"/widget/config?site={site.key}&like=ja")
    assert answer.json()["words"] == {"open": "チャットを開く", "close": "チャットを閉じる"}


@pytest.mark.parametrize(
    ("accept", "language"),
    [("zh-TW,zh;q=0.9,en;q=0.8", "zh-TW"), ("zh-HK", "zh-TW"), ("zh-SG", "zh-CN"), ("en-GB", "en")],
)
async def test_the_frame_speaks_what_the_browser_likes(house, accept, language):
    site = house.sites["acme"]
    async with house.browser() as browser:
        answer = await browser.get(f"/frame?site={site.key}", headers={"Accept-Language": accept})
    assert boot_of(answer)["locale"] == language
    assert f'<html lang="{language}" dir="ltr">' in answer.text
    assert answer.headers["content-language"] == language


@pytest.mark.parametrize("language", SITE_LOCALES)
async def test_a_site_may_choose_every_language(house, language):
    site = house.sites["acme"]
    async with house.browser("adam") as browser:
        answer = await browser.patch(f"/api/sites/{site.id}", json={"locale": language})
    assert answer.json()["locale"] == language


async def test_words_of_a_site_stay_words(house):
    battery = "</script><img src=x onerror=alert(1)>"
    site = house.sites["acme"]
    async with house.browser("adam", html=True) as browser:
        await browser.patch(f"/api/sites/{site.id}", json={"name": battery, "greeting": battery})
        for path in (f"/frame?site={site.key}", f"/preview?site={site.key}", "/setup/done"):
            answer = await browser.get(path)
            assert answer.status_code == 200
            assert "<img src=x" not in answer.text
        assert boot_of(await browser.get(f"/frame?site={site.key}"))["site"]["name"] == battery


async def test_a_frame_ticket_is_for_one_site_and_five_minutes(house):
    frames, key = house.identity.frames, house.sites["acme"].key
    ticket = frames.issue(key)
    house.clock.advance(299)
    frames.check(ticket, key)
    for bad in ("", "x", ticket + "x", ticket.replace(key, "other"), "x" * 10_000):
        with pytest.raises(BadTicket):
            frames.check(bad, key)
    with pytest.raises(BadTicket):
        frames.check(ticket, house.sites["rival"].key)
    house.clock.advance(2)
    with pytest.raises(BadTicket):
        frames.check(ticket, key)


async def test_the_preview_carries_the_same_line_as_a_website(house):
    site = house.sites["acme"]
    async with house.browser(html=True) as browser:
        answer = await browser.get(f"/preview?site={site.key}")
    assert (
        f'<script async src="https://chat.example/widget.js" data-site="{site.key}"></script>'
        in answer.text
    )
    policy = directives(answer)
    assert "https://chat.example" in policy["script-src"]
    assert policy["frame-src"] == ["'self'", "https://chat.example"]


async def test_widget_and_console_on_origins_of_their_own(tmp_path):
    apart = {"widget_url": "https://w.example", "console_url": "https://c.example"}
    async with open_acme(tmp_path, **apart) as house, house.browser() as browser:
        site = house.sites["acme"]
        answer = await browser.get(f"/frame?site={site.key}")
        assert boot_of(answer)["socket"] == "wss://w.example/ws/visitor"
        assert {"https://w.example", "https://c.example"} < set(boot_of(answer)["origins"])
        preview = await browser.get(f"/preview?site={site.key}")
        assert '<script async src="https://w.example/widget.js"' in preview.text


async def test_the_loader_is_for_everyone_and_fresh_in_five_minutes(house):
    async with house.browser() as browser:
        answer = await browser.get("/widget.js")
        assert answer.text == "/* loader */"
        assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
        assert answer.headers["cache-control"] == "public, max-age=300"
        assert answer.headers["access-control-allow-origin"] == "*"
        assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
        again = await browser.get("/widget.js", headers={"If-None-Match": answer.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
