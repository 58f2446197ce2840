"""Every example of docs/embedding.md, taken from there and used as its readers use it."""

import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Page, expect

from tests.support.browser import Browsers
from tests.support.browser_visitor import Widget
from tests.support.examples import example, examples, page_of, placed
from tests.support.hostile import Hosts, visiting
from tests.support.identifying import key_of, signed
from tests.support.machine import require
from tests.support.project import Project, make_project
from tests.support.website import WebPage

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

MANUAL = "docs/embedding.md"
LINK = "https://chat.example.com/chat/PUBLIC_KEY"
MOUNT = "<main></main>"
LISTEN = """
ChatWidget("on", "identity", (told) => (window.told ||= []).push(told));
"""
IN_REACT = """
import { StrictMode, useState } from "react";
import { createRoot } from "react-dom/client";
import { Chat } from "./chat";

function App() {
  const [token, setToken] = useState<string | null>(null);
  const [isHere, setHere] = useState(true);
  Object.assign(window, { setToken, setHere });
  return isHere && <Chat token={token} />;
}
createRoot(document.querySelector("main")!).render(<StrictMode><App /></StrictMode>);
"""
IN_VUE = """
import { createApp, ref } from "vue";
import { useChat } from "./chat";

const token = ref<string | null>(null);
const app = createApp({
  setup() {
    const chat = useChat(token);
    Object.assign(window, { chat });
    return () => "A shop";
  },
});
app.mount("main");
Object.assign(window, { setToken: (now: string | null) => (token.value = now), app });
"""
ON_THE_SERVER = """
import { prerender } from "react-dom/static";
import Layout from "./layout";

const page = <Layout><h1>Lamps</h1></Layout>;
const { prelude } = await prerender(page, { bootstrapModules: ["/next.js"] });
process.stdout.write(await new Response(prelude).text());
"""
IN_THE_BROWSER = """
import { hydrateRoot } from "react-dom/client";
import Layout from "./layout";

hydrateRoot(document, <Layout><h1>Lamps</h1></Layout>);
"""
# What WordPress does with a plugin's words.
WORDPRESS = """<?php
$done = [];
function add_action($hook, $work) { global $done; $done[$hook] = $work; }
function add_filter($hook, $work, $order, $count) { global $done; $done[$hook] = $work; }
function wp_enqueue_script($handle, $src, $needs, $version, $how) {
    global $done;
    $done['tag'] = [$handle, "<script src='$src' id='$handle-js' {$how['strategy']}></script>"];
}
EXAMPLE
$done['wp_enqueue_scripts']();
[$handle, $tag] = $done['tag'];
echo $done['script_loader_tag']($tag, $handle, '');
echo $done['script_loader_tag']("<script src='/other.js'></script>", 'other', '');
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return make_project(tmp_path_factory.mktemp("project"))


def here(text: str, hosts: Hosts) -> str:
    return placed(text, hosts.chat, hosts.keys[0])


@asynccontextmanager
async def token_of(hosts: Hosts) -> AsyncIterator[str]:
    """Of a customer of the site, made by its server."""
    async with key_of(hosts.service, hosts.keys[0]) as secret:
        yield signed(secret, "vera-of-the-lamps")


async def is_believed(page: Page) -> None:
    await page.wait_for_function("window.told?.some(({ verified }) => verified)")


@pytest.mark.parametrize("number", range(len(examples(MANUAL, "html"))))
async def test_a_page_shows_the_chat(browsers: Browsers, hosts: Hosts, number: int) -> None:
    async with token_of(hosts) as token:
        text = here(examples(MANUAL, "html")[number], hosts).replace("JWT", token)
        body = text if "widget.js" in text else text + hosts.tag()
        async with visiting(browsers.blocking, hosts.show(body, path="/embedding")) as widget:
            await expect(widget.page.locator("chat-widget")).to_have_count(1)
            await widget.page.evaluate(LISTEN)
            if "data-inline" not in text:
                await widget.launcher.click()
            await expect(widget.composer).to_be_visible()
            if token in text:
                await is_believed(widget.page)


async def test_a_link_needs_no_script(browsers: Browsers, hosts: Hosts) -> None:
    assert LINK in page_of(MANUAL)
    async with visiting(browsers.blocking, here(f"{LINK}?lang=de", hosts)) as widget:
        field = widget.page.get_by_role("textbox", name=Widget(widget.page, "de").t("compose"))
        await expect(field).to_be_visible()


async def test_all_of_them_compile(project: Project) -> None:
    project.add(
        {
            "plain.ts": example(MANUAL, "ts", below="## The package").replace("JWT", "j"),
            "chat.tsx": example(MANUAL, "tsx", below="### React"),
            "layout.tsx": example(MANUAL, "tsx", below="### Next.js"),
            "vue-chat.ts": example(MANUAL, "ts", below="### Vue"),
        }
    )
    project.compile()


async def test_the_package_takes_calls_from_the_first_moment(
    browsers: Browsers, hosts: Hosts, project: Project
) -> None:
    async with token_of(hosts) as token:
        text = here(example(MANUAL, "ts", below="## The package"), hosts).replace("JWT", token)
        project.add({"plain.ts": text + LISTEN.replace("ChatWidget", "chat")})
        async with in_bundle(browsers, hosts, project, "plain.ts") as widget:
            await widget.open()
            box = await widget.launcher.bounding_box()
            assert box is not None
            assert box["x"] < 100
            await is_believed(widget.page)


@asynccontextmanager
async def in_bundle(
    browsers: Browsers, hosts: Hosts, project: Project, entry: str
) -> AsyncIterator[Widget]:
    """A page of a front end that was built of it."""
    hosts.website.pages["/bundle.js"] = WebPage(project.bundle(entry))
    body = f'{MOUNT}<script type="module" src="/bundle.js"></script>'
    async with visiting(browsers.allowing, hosts.show(body, path="/bundled")) as widget:
        await expect(widget.page.locator("chat-widget")).to_have_count(1)
        yield widget


async def test_react_in_strict_mode(browsers: Browsers, hosts: Hosts, project: Project) -> None:
    chat = here(example(MANUAL, "tsx", below="### React"), hosts)
    project.add({"chat.tsx": chat, "react.tsx": IN_REACT})
    async with in_bundle(browsers, hosts, project, "react.tsx") as widget:
        await signs_in_and_out(widget, hosts)
        page = widget.page
        await page.evaluate("setHere(false)")
        await expect(page.locator("chat-widget")).to_have_count(0)
        await page.evaluate("setHere(true)")
        await widget.open()
        await expect(page.locator("chat-widget")).to_have_count(1)


async def signs_in_and_out(widget: Widget, hosts: Hosts) -> None:
    """Who signs in goes on with their chat, who signs out leaves nothing of it."""
    page = widget.page
    await page.evaluate(LISTEN)
    await widget.open()
    await widget.say("Before I signed in")
    await expect(widget.status()).to_have_text(widget.t("sent"))
    async with token_of(hosts) as token:
        await page.evaluate("(token) => { setToken(token) }", token)
        await is_believed(page)
    await expect(widget.message("Before I signed in")).to_be_visible()
    await page.evaluate("setToken(null)")
    await expect(widget.composer).to_be_hidden()
    await widget.open()
    await expect(widget.texts()).to_have_count(0)


async def test_vue(browsers: Browsers, hosts: Hosts, project: Project) -> None:
    chat = here(example(MANUAL, "ts", below="### Vue"), hosts)
    project.add({"vue.ts": IN_VUE.replace("./chat", "./vue-chat"), "vue-chat.ts": chat})
    async with in_bundle(browsers, hosts, project, "vue.ts") as widget:
        await signs_in_and_out(widget, hosts)
        await widget.page.evaluate("app.unmount()")
        await expect(widget.page.locator("chat-widget")).to_have_count(0)


async def test_next_renders_the_layout_on_the_server_and_the_chat_in_the_browser(
    browsers: Browsers, hosts: Hosts, project: Project
) -> None:
    """What Next does with them, done by React itself: Next is too large to be taken along. Whatever
    React finds different in the browser would be an error in its console."""
    chat = here(example(MANUAL, "tsx", below="### React"), hosts)
    assert chat.startswith('"use client";')
    layout = example(MANUAL, "tsx", below="### Next.js")
    files = {"chat.tsx": chat, "layout.tsx": layout}
    project.add({**files, "render.tsx": ON_THE_SERVER, "next.tsx": IN_THE_BROWSER})
    page = project.render("render.tsx")
    assert "<h1>Lamps</h1>" in page
    hosts.website.pages["/next.js"] = WebPage(project.bundle("next.tsx"))
    hosts.website.pages["/next"] = WebPage(page)
    address = hosts.website.origin("lamps") + "/next"
    async with visiting(browsers.blocking, address) as widget:
        await widget.open()
        await expect(widget.page.get_by_role("heading", name="Lamps")).to_be_visible()


async def test_a_single_page_app_says_where_it_is(browsers: Browsers, hosts: Hosts) -> None:
    command = example(MANUAL, "js", below="## Single-page apps")
    async with visiting(browsers.blocking, hosts.show(hosts.tag(), path="/app")) as widget:
        await expect(widget.launcher).to_be_visible()
        heard = "window.heard = []; ChatWidget('on', 'said:page', () => heard.push('page'))"
        wrong = "ChatWidget('on', 'error', ({ code }) => heard.push(code))"
        await widget.page.evaluate(f"{{ {heard}; {wrong} }}")
        await widget.page.evaluate(command)
        await widget.page.wait_for_function("heard.length > 0")
        assert await widget.page.evaluate("heard") == ["page"]


def by_php(source: str) -> str:
    php = str(require("php"))
    done = subprocess.run([php], input=source, capture_output=True, text=True, check=True)
    return done.stdout


async def test_wordpress(browsers: Browsers, hosts: Hosts) -> None:
    plugin = WORDPRESS.replace("EXAMPLE", here(example(MANUAL, "php"), hosts))
    tag, _, other = by_php(plugin).partition("</script>")
    assert "data-site" not in other
    async with visiting(browsers.blocking, hosts.show(f"{tag}</script>", path="/wp")) as widget:
        await widget.open()
