"""What a content security policy lets our snippet do, and which addresses are public."""

import pytest

from chatserver.features.sitecheck import policy
from chatserver.features.sitecheck.fetching import is_public
from chatserver.features.sitecheck.model import Tag, read_page
from chatserver.features.sitecheck.rules import judge
from tests.support.world import site

CHAT = "https://chat.example"
PAGE = "https://shop.example/cart"
KEY = site("shop", "acme").key
SNIPPET = f'<script async src="{CHAT}/widget.js" data-site="{KEY}"></script>'


def codes(text, *headers, address=PAGE, widget=CHAT):
    page = read_page(address, text, headers)
    return [finding.code for finding in judge(page, site("shop", "acme"), widget)]


@pytest.mark.parametrize(
    ("source", "address", "fits"),
    [
        ("*", f"{CHAT}/widget.js", True),
        ("https:", f"{CHAT}/widget.js", True),
        ("http:", f"{CHAT}/widget.js", True),
        ("https:", "http://chat.example/widget.js", False),
        ("'self'", f"{CHAT}/widget.js", False),
        ("'self'", "https://shop.example/widget.js", True),
        ("chat.example", f"{CHAT}/widget.js", True),
        ("CHAT.example", f"{CHAT}/widget.js", True),
        ("*.example", f"{CHAT}/widget.js", True),
        ("*.chat.example", f"{CHAT}/widget.js", False),
        ("https://chat.example:443", f"{CHAT}/widget.js", True),
        ("https://chat.example:8443", f"{CHAT}/widget.js", False),
        ("https://chat.example:*", "https://chat.example:8443/widget.js", True),
        ("chat.example", "https://chat.example:8443/widget.js", False),
        ("https://chat.example/widget.js", f"{CHAT}/widget.js", True),
        ("https://chat.example/other.js", f"{CHAT}/widget.js", False),
        ("https://chat.example/assets/", f"{CHAT}/widget.js", False),
        ("'none'", f"{CHAT}/widget.js", False),
        ("'unsafe-inline'", f"{CHAT}/widget.js", False),
    ],
)
def test_a_source_fits_an_address_as_in_browsers(source, address, fits):
    assert policy.allows([source], address, "https://shop.example") is fits


def test_the_most_special_directive_that_is_there_decides():
    both = "default-src 'none'; script-src a.example; script-src b.example"
    assert policy.governing(both, policy.SCRIPT) == ("script-src", ["a.example"])
    assert policy.governing("default-src 'self'", policy.FRAME) == ("default-src", ["'self'"])
    assert policy.governing("img-src *", policy.FRAME) is None


def test_with_strict_dynamic_only_a_nonce_or_a_hash_helps():
    sources = ["'strict-dynamic'", "'nonce-abc'", CHAT]
    plain, known = Tag(f"{CHAT}/widget.js", KEY), Tag(f"{CHAT}/widget.js", KEY, nonce="abc")
    assert not policy.allows_script(sources, plain, "https://shop.example")
    assert policy.allows_script(sources, known, "https://shop.example")
    hashed = Tag(f"{CHAT}/widget.js", KEY, integrity="sha384-x")
    assert policy.allows_script(["'sha384-x'"], hashed, "https://shop.example")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (SNIPPET, ["snippet_found", "csp_none"]),
        (SNIPPET * 2, ["snippet_found", "snippet_twice", "csp_none"]),
        ("<h1>Nothing</h1>", ["snippet_missing", "csp_none"]),
        (SNIPPET.replace(KEY, "other"), ["snippet_other_site", "csp_none"]),
        (SNIPPET.replace("chat.", "old."), ["snippet_other_server", "csp_none"]),
        (f"<!-- {SNIPPET} -->", ["snippet_missing", "csp_none"]),
        (
            f'<base href="{CHAT}/"><script src="widget.js" data-site="{KEY}"></script>',
            ["snippet_found", "csp_none"],
        ),
        ("<script src='http://[' data-site=x>", ["snippet_missing", "csp_none"]),
    ],
)
def test_the_snippet_is_found_as_a_browser_finds_it(text, found):
    assert codes(text) == found


@pytest.mark.parametrize(
    ("headers", "found"),
    [
        (["default-src 'self'"], ["csp_script", "csp_frame", "csp_connect"]),
        ([f"script-src {CHAT}; frame-src {CHAT}; connect-src 'self'"], ["csp_connect"]),
        ([f"default-src {CHAT}"], ["csp_fine"]),
        (["img-src 'self'"], ["csp_fine"]),
        ([f"script-src 'strict-dynamic' 'nonce-x' {CHAT}"], ["csp_nonce"]),
        ([f"default-src {CHAT}, frame-src 'none'"], ["csp_frame"]),
        ([f"default-src {CHAT}", "script-src 'self'"], ["csp_script"]),
    ],
)
def test_every_policy_must_allow_it(headers, found):
    assert codes(SNIPPET, *headers) == ["snippet_found", *found]


def test_a_policy_in_the_page_counts_like_one_in_a_header():
    meta = '<meta http-equiv="Content-Security-Policy" content="frame-src \'self\'">'
    assert codes(meta + SNIPPET) == ["snippet_found", "csp_frame"]


def test_what_to_change_is_named():
    page = read_page(PAGE, SNIPPET, ("default-src 'self'",))
    about = judge(page, site("shop", "acme"), CHAT)[1].about
    assert about == {"add": CHAT, "directive": "script-src", "now": "default-src 'self'"}


def test_a_secure_page_cannot_load_from_an_insecure_server():
    text = SNIPPET.replace("https://chat", "http://chat")
    assert "insecure_server" in codes(text, widget="http://chat.example")


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1%eth0",
        "fc00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2001:0:1::",
        "no address",
    ],
)
def test_no_way_leads_into_our_own_network(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_the_public_network_is_open(address):
    assert is_public(address)
