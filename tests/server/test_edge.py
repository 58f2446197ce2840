"""What every answer has in common: headers, errors, files. Nothing of our inside gets out."""

import logging

import pytest

from chatserver import errors
from chatserver.errors import ChatError
from chatserver.web.edge import status_of
from tests.support.doors import open_acme

COMMON = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "strict-origin-when-cross-origin",
    "strict-transport-security": "max-age=63072000",
}


@pytest.fixture
async def house(tmp_path):
    async with open_acme(tmp_path) as opened:
        yield opened


def all_errors(kind=ChatError):
    yield kind
    for below in kind.__subclasses__():
        if below.__module__.startswith("chatserver"):
            yield from all_errors(below)


@pytest.mark.parametrize("kind", sorted(all_errors(), key=lambda kind: kind.__name__))
def test_every_error_has_a_status(kind):
    assert 400 <= status_of(kind()) <= 507


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (errors.Invalid, 400),
        (errors.TextTooLong, 400),
        (errors.BadCredentials, 401),
        (errors.BadOrigin, 403),
        (errors.NotFound, 404),
        (errors.Conflict, 409),
        (errors.ConversationEnded, 409),
        (errors.Gone, 410),
        (errors.FileGone, 410),
        (errors.LengthRequired, 411),
        (errors.FileTooLarge, 413),
        (errors.FileType, 415),
        (errors.StorageFull, 507),
        (errors.TooLarge, 413),
        (errors.RateLimited, 429),
        (errors.Internal, 500),
        (errors.Unavailable, 503),
    ],
)
def test_the_status_is_the_one_of_the_manual(kind, status):
    assert status_of(kind()) == status


async def test_an_unknown_failure_says_only_its_id(house, caplog):
    for html in (False, True):
        async with house.browser("ann", html=html) as browser:
            with caplog.at_level(logging.ERROR):
                answer = await browser.get("/api/broken?token=canary")
        assert answer.status_code == 500
        assert answer.headers["x-request-id"] in answer.text
        assert answer.json()["error"]["code"] == "internal"
        for inside in ("secret of the house", "Traceback", "RuntimeError", ".py", "canary"):
            assert inside not in answer.text
    assert "secret of the house" in caplog.text
    assert "canary" not in caplog.text


async def test_every_answer_carries_the_headers(house):
    site = house.sites["acme"]
    paths = (
        "/", "/agent", "/agent/", "/agent/sign-in", "/api/me", "/api/nope", "/api/broken", "/nope",
        "/invitations/nope", "/setup", "/widget.js", "/widget/config", "/frame",
        f"/frame?site={site.key}", f"/widget/config?site={site.key}", f"/preview?site={site.key}",
        "/assets/widget/main-Aaaaaaaa.js", "/assets/widget/nope.js", "/assets/pages/pages.css",
    )  # fmt: skip
    for who in (None, "ann"):
        async with house.browser(who, html=True) as browser:
            for path in paths:
                answer = await browser.get(path)
                assert COMMON.items() <= dict(answer.headers).items(), path
                policy = answer.headers["content-security-policy"]
                assert "default-src 'none'" in policy
                assert "unsafe" not in policy
                assert "frame-ancestors" in policy
                assert "base-uri 'none'" in policy
                assert "server" not in answer.headers
                assert "x-powered-by" not in answer.headers


async def test_pages_of_ours_are_framed_by_nobody_and_kept_by_nobody(house):
    async with house.browser("ann", html=True) as browser:
        for path in ("/agent/", "/agent/sign-in", "/nope", "/agent/inbox/x"):
            answer = await browser.get(path)
            assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
            assert answer.headers["cache-control"] == "no-store"
            assert answer.headers["cross-origin-opener-policy"] == "same-origin"
        assert (await browser.get("/api/me")).headers["cache-control"] == "no-store"


async def test_a_nonce_is_new_every_time_and_on_every_script(house):
    seen = set()
    async with house.browser("ann", html=True) as browser:
        for _ in range(3):
            answer = await browser.get("/agent/")
            policy = answer.headers["content-security-policy"]
            nonce = policy.partition("'nonce-")[2].partition("'")[0]
            assert f'nonce="{nonce}"' in answer.text
            assert f'"nonce":"{nonce}"' in answer.text
            seen.add(nonce)
    assert len(seen) == 3


async def test_the_consoles_policy_reaches_its_socket_and_nothing_else(house):
    async with house.browser("ann", html=True) as browser:
        policy = (await browser.get("/agent/")).headers["content-security-policy"]
    assert "connect-src 'self' wss://chat.example;" in policy


@pytest.mark.parametrize(
    ("path", "accept", "is_page"),
    [
        ("/nope", "text/html,*/*", True),
        ("/nope", "*/*", False),
        ("/nope", "", False),
        ("/api/nope", "text/html", False),
        ("/assets/nope", "text/html", False),
        ("/invitations/nope", "text/html", True),
    ],
)
async def test_people_get_a_page_and_programs_get_json(house, path, accept, is_page):
    async with house.browser(Accept=accept) as browser:
        answer = await browser.get(path)
    assert answer.headers["content-type"].startswith("text/html") == is_page
    if not is_page:
        assert set(answer.json()["error"]) == {
            "code",
            "message",
            "temporary",
            "retry_after",
            "fields",
        }


async def test_an_error_page_speaks_the_readers_language(house):
    async with house.browser(html=True) as browser:
        answer = await browser.get("/nope", headers={"Accept-Language": "zh-CN,zh;q=0.9"})
    assert answer.status_code == 404
    assert '<html lang="zh-CN" dir="ltr">' in answer.text


@pytest.mark.parametrize("path", ["/agent/sign-in", "/agent/"])
async def test_a_browser_from_taiwan_reads_the_words_of_taiwan(house, path):
    who = None if path.endswith("sign-in") else "ann"
    async with house.browser(who, html=True) as browser:
        answer = await browser.get(path, headers={"Accept-Language": "zh-TW,zh;q=0.9,en;q=0.8"})
    assert answer.status_code == 200
    assert '<html lang="zh-TW"' in answer.text
    words = "登入後即可回覆訪客" if who is None else "主控台需要啟用 JavaScript"
    assert words in answer.text


async def test_a_large_body_is_refused_wherever_it_goes(house):
    async def endless():
        for _ in range(40):
            yield b"x" * 10_000

    big = b'{"name": "' + b"x" * 300_000 + b'"}'
    kind = {"Content-Type": "application/json"}
    async with house.browser("adam") as browser:
        for content in (big, endless()):
            answer = await browser.post("/api/sites", content=content, headers=kind)
            assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too_large")
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = await browser.post("/agent/sign-in", content=b"email=" + big, headers=form)
        assert answer.status_code == 413


async def test_a_form_of_a_million_fields_is_refused(house):
    async with house.browser() as browser:
        content = b"&".join(b"a=b" for _ in range(50_000))
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = await browser.post("/agent/sign-in", content=content, headers=kind)
    assert answer.status_code == 400


async def test_a_csrf_token_may_come_in_a_form(house):
    async with house.browser("ann", html=True) as browser:
        token = browser.headers.pop("X-CSRF-Token")
        assert (await browser.post("/agent/sign-out")).status_code == 403
        assert (await browser.post("/agent/sign-out", data={"csrf": "x"})).status_code == 403
        answer = await browser.post("/agent/sign-out", data={"csrf": token})
        assert (answer.status_code, answer.headers["location"]) == (303, "/agent/sign-in")


# Files


async def test_a_built_file_is_kept_for_ever(house):
    async with house.browser() as browser:
        answer = await browser.get("/assets/widget/main-Aaaaaaaa.js")
        assert answer.text == "/* main */"
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        sheet = await browser.get("/assets/pages/pages.css")
        assert sheet.headers["cache-control"] == "public, max-age=300"
        page = await browser.get("/agent/sign-in")
        path = page.text.partition('<link rel="stylesheet" href="')[2].partition('"')[0]
        assert "immutable" in (await browser.get(path)).headers["cache-control"]


@pytest.mark.parametrize(
    ("accepted", "coding", "content"),
    [
        ("br, gzip", "br", b"brotli"),
        ("gzip, deflate", "gzip", b"gzip"),
        ("identity", None, b"/* main */"),
        ("", None, b"/* main */"),
    ],
)
async def test_a_file_comes_as_small_as_it_is_taken(house, accepted, coding, content):
    async with house.browser() as browser:
        request = browser.build_request(
            "GET", "/assets/widget/main-Aaaaaaaa.js", headers={"Accept-Encoding": accepted}
        )
        answer = await browser.send(request, stream=True)
        raw = b"".join([part async for part in answer.aiter_raw()])
    assert (answer.headers.get("content-encoding"), raw) == (coding, content)
    assert answer.headers["vary"] == "accept-encoding"
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"


@pytest.mark.parametrize(
    "path",
    [
        "/assets/widget/../outside.js",
        "/assets/widget/..%2foutside.js",
        "/assets/widget/%2e%2e/outside.js",
        "/assets/widget/..%5coutside.js",
        "/assets/widget//etc/passwd",
        "/assets/widget/private.txt",
        "/assets/widget/manifest.json",
        "/assets/widget/main-Aaaaaaaa.js.br",
        "/assets/widget/main-Aaaaaaaa.js%00",
        "/assets/widget/",
        "/assets/widget",
        "/assets/nope/main.js",
        "/assets/../build/outside.js",
        "/assets/widget/.hidden.js",
        "/assets/widget/" + "x" * 5000 + ".js",
    ],
)
async def test_no_other_file_leaves(house, path):
    async with house.browser() as browser:
        answer = await browser.get(f"https://chat.example{path}")
    assert answer.status_code == 404
    assert "not for anybody" not in answer.text


async def test_without_built_front_ends_the_answer_says_so(house, tmp_path):
    for file in (tmp_path / "build").rglob("manifest.json"):
        file.unlink()
    async with house.browser("ann", html=True) as browser:
        answer = await browser.get("/agent/")
        assert answer.status_code == 503
        assert "Not ready yet" in answer.text
        site = house.sites["acme"].key
        json = await browser.get(f"/frame?site={site}", headers={"Accept": "*/*"})
        assert json.json()["error"]["code"] == "unavailable"
        assert "make run" in json.json()["error"]["message"]
