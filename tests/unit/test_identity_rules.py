"""The pure rules of identity: roles, signatures, sites, browsers."""

import msgspec
import pytest

from chatserver.errors import Forbidden, Invalid, Unauthenticated
from chatserver.identity import permissions, site_rules
from chatserver.identity.browsing import browser_and_system, locale_tag, page_columns, web_address
from chatserver.identity.model import Role, SiteFields
from chatserver.identity.people import check_grant
from chatserver.identity.signing import Signing, keys_of
from chatserver.protocol.shared import Page
from tests.support.world import site

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/141.0.0.0 Safari/537.36"
)
SAFARI = (
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.1 Safari/605.1.15"
)


def test_an_unknown_action_is_nobodys():
    assert not any(permissions.may(role, "no.such") for role in Role)
    with pytest.raises(Unauthenticated):
        permissions.require(None, "no.such")
    with pytest.raises(Forbidden):
        permissions.require(Role.OWNER, "no.such")


def test_a_stronger_role_may_all_that_a_weaker_one_may():
    order = [Role.AGENT, Role.SUPERVISOR, Role.ADMIN, Role.OWNER]
    granted = [set(permissions.granted(role)) for role in order]
    assert all(weak <= strong for weak, strong in zip(granted, granted[1:], strict=False))


def test_nobody_grants_what_stands_above_them():
    check_grant(Role.ADMIN, Role.ADMIN)
    with pytest.raises(Forbidden):
        check_grant(Role.ADMIN, Role.OWNER)


def test_a_signature_is_for_one_purpose_and_outlives_a_new_key():
    old = Signing(keys_of("first-key"))
    new = Signing(keys_of("second-key, first-key"))
    signed = old.sign("frame", "shop|1")
    assert new.read("frame", signed) == "shop|1"
    assert new.read("agent", signed) is None
    assert old.read("frame", new.sign("frame", "x")) is None
    assert new.read("frame", signed[:-1] + ("A" if signed[-1] != "A" else "B")) is None
    for noise in ("", ".", "shop|1", "shop|1.", "ü.ü", "\ud800.x"):
        assert new.read("frame", noise) is None


def test_without_a_key_nothing_starts():
    with pytest.raises(ValueError, match="secret key"):
        Signing(keys_of(" , "))


def test_a_blurred_name_is_stable_and_not_the_name():
    signing = Signing(("key",))
    assert signing.blur("address", "192.0.2.1") == signing.blur("address", "192.0.2.1")
    assert signing.blur("address", "192.0.2.1") != signing.blur("account", "192.0.2.1")
    assert "192" not in signing.blur("address", "192.0.2.1")


def test_a_site_keeps_what_is_not_mentioned():
    old = site()
    new = site_rules.changed(old, SiteFields(color="#ABCDEF"))
    assert new == msgspec.structs.replace(old, color="#abcdef")


@pytest.mark.parametrize(
    ("fields", "problems"),
    [
        (SiteFields(color="red"), {"color": "not_a_colour"}),
        (SiteFields(color="#12345g"), {"color": "not_a_colour"}),
        (SiteFields(color="#123456;}"), {"color": "not_a_colour"}),
        (SiteFields(position="middle"), {"position": "unknown"}),
        (SiteFields(locale="xx"), {"locale": "unknown"}),
        (SiteFields(greeting="x" * 301), {"greeting": "too_long"}),
        (SiteFields(name=" "), {"name": "required"}),
        (SiteFields(name="x" * 101, color=""), {"name": "too_long", "color": "not_a_colour"}),
    ],
)
def test_a_wrong_field_of_a_site_is_named(fields, problems):
    with pytest.raises(Invalid) as caught:
        site_rules.changed(site(), fields)
    assert caught.value.fields == problems


@pytest.mark.parametrize(
    ("said", "known"),
    [
        (CHROME, ("Chrome 141", "Windows 10/11")),
        (SAFARI, ("Safari 18", "macOS")),
        ("", (None, None)),
        (None, (None, None)),
        ("<script>alert(1)</script>", (None, None)),
        ("Chrome/" + "9" * 100_000, (None, None)),
    ],
)
def test_a_browser_is_named_and_never_quoted(said, known):
    browser, system = browser_and_system(said)
    assert (browser, system) == known or (known == (None, None) and len(browser or "") <= 64)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("https://shop.example/tea?x=1#top", "https://shop.example/tea?x=1#top"),
        ("https://ann:word@shop.example:8443/", "https://shop.example:8443/"),
        ("http://[::1]:80/", "http://[::1]:80/"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("file:///etc/passwd", None),
        ("https://", None),
        ("https://[", None),
        ("https://shop.example:x/", None),
        ("", None),
        ("https://shop.example/?" + "x" * 3000, "https://shop.example/"),
        ("https://shop.example/" + "x" * 3000, None),
        ("https://shop.example/\u202egpj.exe", "https://shop.example/gpj.exe"),
    ],
)
def test_a_page_is_an_address_without_secrets(said, kept):
    assert web_address(said) == kept


def test_a_page_that_is_none_changes_nothing():
    assert page_columns(None) == {}
    assert page_columns(Page("about:blank", "x")) == {}
    assert page_columns(Page("https://a.example/", " T\n", "nothing")) == {
        "page_url": "https://a.example/",
        "page_title": "T",
    }


@pytest.mark.parametrize("tag", ["en", "zh-CN", "sr-Latn-RS"])
def test_a_language_tag_is_kept(tag):
    assert locale_tag(tag) == tag


@pytest.mark.parametrize("tag", ["", None, "x", "en-", "en;drop", "zh-CN\n", "a" * 50])
def test_what_is_no_language_tag_is_dropped(tag):
    assert locale_tag(tag) is None
