"""Host pages with strict policies: what the manual says they need is enough."""

import pytest
from playwright.async_api import expect

from tests.support.browser import Browsers
from tests.support.hostile import Hosts, chats, visiting

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

REFUSED = "Content Security Policy"


def csp(policy: str) -> dict[str, str]:
    return {"Content-Security-Policy": policy}


async def test_script_and_frame_sources_are_enough(browsers: Browsers, hosts: Hosts) -> None:
    """The launcher cannot ask for its settings: the tag's attributes and defaults serve."""
    address = hosts.show(
        hosts.tag('data-color="#0a5c36" data-position="left"'),
        path="/strict",
        headers=csp(f"default-src 'none'; script-src {hosts.chat}; frame-src {hosts.chat}"),
    )
    async with visiting(browsers.blocking, address, forgives=(REFUSED,)) as widget:
        await expect(widget.launcher).to_have_css("background-color", "rgb(10, 92, 54)")
        box = await widget.launcher.bounding_box()
        assert box is not None
        assert box["x"] < 100
        await chats(widget)


async def test_a_nonce_is_enough(browsers: Browsers, hosts: Hosts) -> None:
    policy = f"default-src 'none'; script-src 'nonce-lamp'; frame-src {hosts.chat}"
    headers = csp(f"{policy}; connect-src {hosts.chat}")
    address = hosts.show(hosts.tag('nonce="lamp"'), path="/nonce", headers=headers)
    async with visiting(browsers.blocking, address) as widget:
        await expect(widget.launcher).to_have_css("background-color", "rgb(122, 31, 92)")
        await chats(widget)


async def test_the_stub_takes_a_nonce_too(browsers: Browsers, hosts: Hosts) -> None:
    stub = (
        '<script nonce="lamp">'
        "window.ChatWidget ||= (...call) => (ChatWidget.q ||= []).push(call);"
        'ChatWidget("open");</script>'
    )
    policy = f"script-src 'nonce-lamp' 'strict-dynamic'; frame-src {hosts.chat}; connect-src *"
    address = hosts.show(stub + hosts.tag('nonce="lamp"'), path="/stub", headers=csp(policy))
    async with visiting(browsers.blocking, address) as widget:
        await expect(widget.composer).to_be_visible()


async def test_trusted_types_find_nothing_to_refuse(browsers: Browsers, hosts: Hosts) -> None:
    policy = "require-trusted-types-for 'script'; trusted-types 'none'"
    address = hosts.show(hosts.tag(), path="/trusted", headers=csp(policy))
    async with visiting(browsers.blocking, address) as widget:
        await chats(widget)


async def test_the_loader_is_what_its_hash_says_or_nothing(
    browsers: Browsers, hosts: Hosts
) -> None:
    async with visiting(browsers.blocking, hosts.show("", path="/empty")) as widget:
        answer = await widget.page.request.get(f"{hosts.chat}/widget/loader")
        found = await answer.json()
    tag = (
        f'<script async src="{hosts.chat}{found["path"]}" integrity="{found["integrity"]}"'
        f' crossorigin="anonymous" data-site="{hosts.keys[0]}"></script>'
    )
    async with visiting(browsers.blocking, hosts.show(tag, path="/pinned")) as widget:
        await chats(widget)
    wrong = tag.replace(found["integrity"], f"sha384-{'A' * 64}")
    address = hosts.show(wrong, path="/wrong")
    async with visiting(browsers.blocking, address, forgives=("integrity",)) as widget:
        await widget.page.wait_for_load_state("networkidle")
        await expect(widget.launcher).to_have_count(0)


async def test_a_page_that_forbids_frames_gets_a_link(browsers: Browsers, hosts: Hosts) -> None:
    """Soon, and not when the patience with a slow server ends. It leads to the chat as a page of
    its own, where everything works."""
    policy = f"script-src {hosts.chat}; connect-src {hosts.chat}; frame-src 'none'"
    address = hosts.show(hosts.tag(), path="/frameless", headers=csp(policy))
    async with visiting(browsers.blocking, address, forgives=(REFUSED, "postMessage")) as widget:
        await widget.launcher.click()
        link = widget.page.locator("chat-widget a")
        await expect(link).to_be_visible()
        async with widget.page.context.expect_page() as opening:
            await link.click()
        page = await opening.value
        field = page.get_by_role("textbox", name=widget.t("compose"))
        await field.fill("From a page of its own")
        await field.press("Enter")
        await expect(page.locator(".own .meta-status").last).to_have_text(widget.t("sent"))
        assert f"/chat/{hosts.keys[0]}" in page.url
