"""The npm package: made from this checkout, imported by pages, also by strict ones."""

import json

import pytest
from playwright.async_api import expect

from tests.support.browser import Browsers
from tests.support.hostile import Hosts, chats, visiting
from tests.support.project import Project, make_project
from tests.support.website import WebPage

pytestmark = pytest.mark.browser

TYPES = "require-trusted-types-for 'script'"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return make_project(tmp_path_factory.mktemp("project"))


def test_it_holds_what_it_says_and_may_be_published(project: Project) -> None:
    manifest = json.loads((project.package / "package.json").read_text())
    assert "private" not in manifest
    named = [manifest["exports"]["."]["types"], manifest["exports"]["."]["default"]]
    for name in (*named, *manifest["files"]):
        assert (project.package / name).is_file(), name


def test_on_a_server_it_does_nothing(project: Project) -> None:
    script = """
      import { loadChat } from "chatserver-widget";
      loadChat({ origin: "https://chat.example", site: "KEY" })("open");
      console.log("rendered");
    """
    assert project.run(script) == "rendered\n"


@pytest.mark.asyncio(loop_scope="session")
async def test_a_page_imports_it_as_frameworks_do(
    browsers: Browsers, hosts: Hosts, project: Project
) -> None:
    """Mounted, unmounted and mounted again in one turn; calls from the first moment."""
    serve(hosts, project)
    script = f"""
      <script type="module">
        import {{ loadChat }} from "/package/chat.js";
        const mount = () => loadChat({{ origin: "{hosts.chat}", site: "{hosts.keys[0]}",
          position: "left", offsetSide: 40 }});
        window.heard = [];
        mount()("destroy");
        const chat = mount();
        chat("on", "open", () => heard.push("open"));
        chat("startConversation", "From a framework");
        mount();
        window.chat = chat;
      </script>
    """
    async with visiting(browsers.blocking, hosts.show(script, path="/package")) as widget:
        await expect(widget.composer).to_have_value("From a framework")
        await expect(widget.page.locator("chat-widget")).to_have_count(1)
        box = await widget.launcher.bounding_box()
        assert box is not None
        assert box["x"] == 40
        assert await widget.page.evaluate("heard") == ["open"]
        await widget.page.evaluate("chat('destroy')")
        await expect(widget.page.locator("chat-widget")).to_have_count(0)


def serve(hosts: Hosts, project: Project) -> None:
    module = (project.package / "index.js").read_text()
    hosts.website.pages["/package/chat.js"] = WebPage(module)


def strict(hosts: Hosts, policy: str) -> str:
    """The address of a page where a nonce and this policy are all there is."""
    needed = f"default-src 'none'; script-src 'nonce-lamp' 'strict-dynamic'; frame-src {hosts.chat}"
    headers = {"Content-Security-Policy": f"{needed}; connect-src {hosts.chat}; {policy}"}
    script = f"""
      <script type="module" nonce="lamp">
        import {{ loadChat }} from "/package/chat.js";
        const nonce = "lamp";
        window.chat = loadChat({{ origin: "{hosts.chat}", site: "{hosts.keys[0]}", nonce }});
        window.goesOn = true;
      </script>
    """
    return hosts.show(script, path="/strict-package", headers=headers)


@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.parametrize("policy", [TYPES, f"{TYPES}; trusted-types chatserver-widget"])
async def test_a_page_that_trusts_no_mere_text_gets_the_chat(
    browsers: Browsers, hosts: Hosts, project: Project, policy: str
) -> None:
    serve(hosts, project)
    async with visiting(browsers.blocking, strict(hosts, policy)) as widget:
        await expect(widget.launcher).to_have_css("background-color", "rgb(122, 31, 92)")
        await chats(widget)
        await widget.page.evaluate("chat('destroy')")
        await expect(widget.page.locator("chat-widget")).to_have_count(0)


@pytest.mark.asyncio(loop_scope="session")
async def test_a_page_that_allows_no_such_policy_goes_on_without_the_chat(
    browsers: Browsers, hosts: Hosts, project: Project
) -> None:
    """What the browser says of it is the only trace: no error of ours reaches the page."""
    serve(hosts, project)
    address = strict(hosts, f"{TYPES}; trusted-types 'none'")
    refused = ("Content Security Policy", "TrustedTypePolicy", "TrustedScriptURL")
    async with visiting(browsers.blocking, address, forgives=refused) as widget:
        await widget.page.wait_for_load_state("load")
        assert await widget.page.evaluate("goesOn") is True
        await widget.page.evaluate("chat('open')")
        await expect(widget.page.locator("chat-widget")).to_have_count(0)
