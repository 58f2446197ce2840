"""What the edge reads out of a request: addresses, origins, languages, bodies, cursors."""

from datetime import datetime

import pytest
from msgspec import Struct
from starlette.requests import Request

from chatserver.config import Settings
from chatserver.errors import BadRequest, Invalid, NotFound
from chatserver.features.people.sign_in import safe_next
from chatserver.identity.model import LOCALES, SITE_LOCALES
from chatserver.web import languages, params
from chatserver.web.addresses import Addresses, is_same_origin, own_origins, socket_origin


class Body(Struct, forbid_unknown_fields=True):
    name: str
    count: int = 0


def request(body=b"", query="", headers=(), path=None):
    async def receive():
        return {"type": "http.request", "body": body}

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/",
        "query_string": query.encode(),
        "headers": [(n.encode(), v.encode()) for n, v in headers],
        "path_params": path or {},
    }
    return Request(scope, receive)


JSON = (("content-type", "application/json; charset=utf-8"),)


async def test_a_body_becomes_a_struct():
    assert await params.body(request(b'{"name":"a"}', headers=JSON), Body) == Body("a")


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        (b"{}", {"name": "required"}),
        (b'{"name":1}', {"name": "unknown"}),
        (b'{"name":null}', {"name": "unknown"}),
        (b'{"name":["a"]}', {"name": "unknown"}),
        (b'{"name":"a","count":"1"}', {"count": "unknown"}),
        (b'{"name":"a","role":"owner"}', {"role": "unknown"}),
        (b'{"name":"a","__proto__":{}}', {"__proto__": "unknown"}),
        (b'{"name":"a","count":1e400}', None),
        (b"[]", None),
        (b"", None),
        (b"name=a", None),
        (b'{"name":"\xff"}', None),
        (b"[" * 100_000, None),
    ],
)
async def test_a_wrong_body_is_refused_and_its_field_named(text, fields):
    with pytest.raises(BadRequest) as caught:
        await params.body(request(text, headers=JSON), Body)
    assert fields is None or caught.value.fields == fields


@pytest.mark.parametrize("kind", ["text/plain", "", "application/x-www-form-urlencoded", "json"])
async def test_only_json_is_read_as_json(kind):
    with pytest.raises(BadRequest):
        await params.body(request(b'{"name":"a"}', headers=[("content-type", kind)]), Body)


@pytest.mark.parametrize("value", ["", "a/b", "..", "a b", "x" * 65, "a\n", "ü", "%00", "'--"])
def test_a_malformed_id_does_not_exist(value):
    with pytest.raises(NotFound):
        params.path_id(request(path={"id": value}))


def test_a_list_has_fifty_rows_and_never_more_than_a_hundred():
    assert params.limit(request()) == 50
    assert params.limit(request(query="limit=7")) == 7
    assert params.limit(request(query="limit=100000")) == 100


@pytest.mark.parametrize("value", ["0", "-1", "1e3", "a", "99999999999", "９", "2147483648"])
def test_a_number_out_of_range_is_refused(value):
    with pytest.raises(Invalid):
        params.limit(request(query=f"limit={value}"))


def test_a_cursor_comes_back_as_it_was():
    place = (datetime.fromisoformat("2026-03-02T09:00:00+00:00"), "id")
    text = params.next_cursor(place)
    assert params.cursor(request(query=f"cursor={text}"), tuple[datetime, str]) == place
    assert params.cursor(request(), tuple[datetime, str]) is None


@pytest.mark.parametrize("value", ["x", "!!!", "eyJhIjoxfQ", "WzFd", "A" * 5000, "ü"])
def test_a_made_up_cursor_is_refused(value):
    with pytest.raises(Invalid):
        params.cursor(request(query=f"cursor={value}"), tuple[datetime, str])


@pytest.mark.parametrize(
    ("client", "forwarded", "address"),
    [
        ("192.0.2.9", "", "192.0.2.9"),
        ("192.0.2.9", "198.51.100.1", "192.0.2.9"),
        ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "203.0.113.7, 198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "198.51.100.1, 10.0.0.2", "198.51.100.1"),
        ("10.0.0.1", "198.51.100.1, nonsense", "10.0.0.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2::/64"),
        ("unix", "198.51.100.1", "unix"),
    ],
)
def test_only_named_proxies_are_believed(client, forwarded, address):
    addresses = Addresses("10.0.0.0/8, ::1")
    assert addresses.of((client, 1), forwarded) == address


def test_a_request_without_an_address_is_somebody():
    assert Addresses("").of(None, "198.51.100.1") == ""


OURS = frozenset({"https://chat.example", "https://widget.example"})


@pytest.mark.parametrize(
    "sent",
    [
        {"origin": "https://chat.example"},
        {"origin": "https://chat.example", "sec-fetch-site": "same-origin"},
        {"sec-fetch-site": "same-origin"},
    ],
)
def test_our_own_pages_may_ask(sent):
    assert is_same_origin(sent, OURS)


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"origin": "null"},
        {"origin": ""},
        {"origin": "https://evil.example"},
        {"origin": "http://chat.example"},
        {"origin": "https://chat.example."},
        {"origin": "https://chat.example:444"},
        {"origin": "https://CHAT.example"},
        {"origin": "https://chat.example.evil.example"},
        {"origin": "https://evilchat.example"},
        {"origin": "https://chat.example@evil.example"},
        {"origin": "https://chat.example", "sec-fetch-site": "cross-site"},
        {"origin": "https://chat.example", "sec-fetch-site": "same-site"},
        {"origin": "https://evil.example", "sec-fetch-site": "same-origin"},
        {"sec-fetch-site": "none"},
    ],
)
def test_nobody_elses_page_may_ask(sent):
    assert not is_same_origin(sent, OURS)
    assert not is_same_origin(sent, "https://chat.example")


def test_the_widget_and_the_console_may_live_apart():
    settings = Settings(public_url="https://a.example", console_url="https://c.example/")
    assert own_origins(settings) == {"https://a.example", "https://c.example"}
    assert socket_origin("https://a.example") == "wss://a.example"
    assert socket_origin("http://127.0.0.1:8000") == "ws://127.0.0.1:8000"


@pytest.mark.parametrize(
    ("asked", "preferred", "accept", "language"),
    [
        (None, None, "", "en"),
        (None, None, "zh-TW,zh;q=0.9,en;q=0.8", "zh-TW"),
        (None, None, "de, zh-HK;q=0.8, en;q=0.5", "zh-TW"),
        ("zh_TW", "zh-CN", "en", "zh-TW"),
        (None, "zh-TW", "zh-CN", "zh-TW"),
        (None, None, "fr-FR, en-GB;q=0.5, zh;q=0.7", "zh-CN"),
        (None, None, "fr", "en"),
        (None, "zh-CN", "en", "zh-CN"),
        (None, "auto", "zh", "zh-CN"),
        ("en", "zh-CN", "zh", "en"),
        ("xx", "zh-CN", "en", "zh-CN"),
        ("../../etc/passwd", None, "en;q=x, zh;q=0.1", "zh-CN"),
    ],
)
def test_a_page_speaks_the_nearest_language(asked, preferred, accept, language):
    assert languages.choose(asked, preferred, accept) == language


@pytest.mark.parametrize(
    ("language", "tags"),
    {
        "zh-TW": "zh-TW zh-HK zh-MO zh-Hant zh-Hant-TW zh-Hant-SG zh_tw ZH-HANT",
        "zh-CN": "zh zh-CN zh-SG zh-MY zh-Hans zh-Hans-HK",
        "en": "en en-GB EN_us",
        None: "fr yue-HK auto x-tw hant",
    }.items(),
)
def test_a_tag_is_served_by_the_language_its_reader_reads(language, tags):
    assert {languages.nearest(tag) for tag in tags.split()} == {language}


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("pt", "pt-BR"),
        ("pt-PT", "pt-BR"),
        ("iw", "he"),
        ("he-IL", "he"),
        ("es-419", "es"),
        ("fr-CA", "fr"),
        ("de_AT", "de"),
        ("ja-JP", "ja"),
        ("ar-EG", "ar"),
        ("zh-HK", "zh-TW"),
        ("sv", None),
    ],
)
def test_visitors_are_served_in_twelve_languages(tag, language):
    assert languages.nearest(tag, languages.VISITORS) == language
    assert languages.nearest(tag) == (language if language in languages.LANGUAGES else None)


def test_only_arabic_and_hebrew_are_written_from_right_to_left():
    right = {tag for tag in languages.VISITORS if languages.direction(tag) == "rtl"}
    assert right == {"ar", "he"}


def test_whoever_may_be_chosen_for_has_words():
    assert set(LOCALES) == {"auto", *languages.LANGUAGES}
    assert set(SITE_LOCALES) == {"auto", *languages.VISITORS}


@pytest.mark.parametrize("path", ["/agent/", "/agent/inbox/abc", "/agent/transcripts/a-b_c.d"])
def test_after_signing_in_one_comes_back_into_the_console(path):
    assert safe_next(path) == path


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "https://evil.example/",
        "//evil.example/agent/",
        "/agent",
        "/agent/../setup",
        "/agent//evil.example",
        "/agent/\\evil.example",
        "/agent/%2f%2fevil.example",
        "/agent/@evil.example",
        "/agent/\r\nSet-Cookie: a=b",
        "/agent/sign-in",
        "/agent/sign-out",
        "/agent/?next=x",
        "javascript:alert(1)",
        "/agent/" + "x" * 400,
    ],
)
def test_after_signing_in_one_goes_nowhere_else(path):
    assert safe_next(path) == "/agent/"
