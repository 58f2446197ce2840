"""What people type as names, addresses and origins, and what becomes of it."""

import pytest

from chatserver.errors import Invalid
from chatserver.identity.origins import normal_origin, site_origins
from chatserver.identity.words import email_address, one_line, person_name


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("https://shop.example", "https://shop.example"),
        ("  HTTPS://Shop.Example/ ", "https://shop.example"),
        ("https://shop.example:443", "https://shop.example"),
        ("https://shop.example:8443", "https://shop.example:8443"),
        ("http://localhost:3000", "http://localhost:3000"),
        ("http://shop.localhost:80", "http://shop.localhost"),
        ("http://127.0.0.1", "http://127.0.0.1"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("https://bücher.example", "https://xn--bcher-kva.example"),
        ("https://straße.example", "https://xn--strae-oqa.example"),
        ("https://商店.example", "https://xn--czrs0t.example"),
        ("https://[2001:DB8::0:1]", "https://[2001:db8::1]"),
    ],
)
def test_an_origin_is_stored_as_a_browser_sends_it(typed, stored):
    assert normal_origin(typed) == stored


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "null",
        "*",
        "shop.example",
        "http://shop.example",
        "ftp://shop.example",
        "javascript://shop.example",
        "https://*.shop.example",
        "https://shop.example.",
        "https://shop.example/path",
        "https://shop.example?x",
        "https://shop.example#x",
        "https://user@shop.example",
        "https://user:word@shop.example",
        "https://shop.example:0",
        "https://shop.example:70000",
        "https://shop.example:x",
        "https://shop example",
        "https://shop.example\\@evil.example",
        "https://shop.example\nhttps://evil.example",
        "https://a;script-src *",
        "https://a 'unsafe-inline'",
        "https://-shop.example",
        "https://shop..example",
        "https://2130706433",
        "https://0x7f.1",
        "https://127.0.0.1.",
        "https://127.1",
        "https://[::1",
        "https://[zz]",
        "https://shop／evil.example",
        "https://" + "a" * 64 + ".example",
        "https://" + "a." * 200 + "example",
        "http://localhost.evil.example",
    ],
)
def test_what_is_no_origin_is_refused(typed):
    assert normal_origin(typed) is None


def test_equal_origins_are_kept_once_and_in_order():
    typed = ["https://b.example", "https://A.example", "https://a.example:443/"]
    assert site_origins(typed) == ("https://b.example", "https://a.example")


def test_a_wrong_origin_names_the_field():
    with pytest.raises(Invalid) as caught:
        site_origins(["https://a.example", "b"])
    assert caught.value.fields == {"origins": "not_an_origin"}
    with pytest.raises(Invalid) as caught:
        site_origins([f"https://a{n}.example" for n in range(51)])
    assert caught.value.fields == {"origins": "too_long"}


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("Ann@Example.COM", "ann@example.com"),
        (" ann+chat@shop.example ", "ann+chat@shop.example"),
        ("ann@bücher.example", "ann@xn--bcher-kva.example"),
        ("ａｎｎ@example.com", "ann@example.com"),
        ("o'neil@example.com", "o'neil@example.com"),
        ("root@localhost", "root@localhost"),
    ],
)
def test_an_address_has_one_spelling(typed, stored):
    assert email_address(typed) == stored


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "required"),
        ("  ", "required"),
        ("ann", "not_an_email"),
        ("ann@", "not_an_email"),
        ("@example.com", "not_an_email"),
        ("ann@example", "not_an_email"),
        ("ann@exa mple.com", "not_an_email"),
        ("ann smith@example.com", "not_an_email"),
        ("ann@example.com\r\nBcc: eve@example.com", "not_an_email"),
        ("<ann@example.com>", "not_an_email"),
        ("ann@evil@example.com", "not_an_email"),
        ("ann\u202e@example.com", "not_an_email"),
        (".ann@example.com", "not_an_email"),
        ("a" * 65 + "@example.com", "not_an_email"),
        ("a" * 300, "too_long"),
        ("@" * 199, "not_an_email"),
    ],
)
def test_what_is_no_address_is_refused(typed, code):
    with pytest.raises(Invalid) as caught:
        email_address(typed)
    assert caught.value.fields == {"email": code}


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Vera", "Vera"),
        ("  Vera \t van\n Dam ", "Vera van Dam"),
        ("\u202eecila", "ecila"),
        ("Sup\u200bport", "Support"),
        ("a\x00b\x1b[31mc", "ab[31mc"),
        ("\ud800x", "x"),
        ("李\u2028明", "李 明"),
        ("👩", "👩"),
    ],
)
def test_a_name_is_one_visible_line(typed, shown):
    assert one_line(typed, 100) == shown


def test_a_name_has_a_least_and_a_most():
    assert person_name("x" * 100) == "x" * 100
    for typed, code in (("\u200b", "required"), ("x" * 101, "too_long")):
        with pytest.raises(Invalid) as caught:
            person_name(typed)
        assert caught.value.fields == {"name": code}
