"""The npm package: made from this checkout, imported by a page, checked by a compiler."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.async_api import expect

import hatch_build
from tests.support.browser import CI, Browsers
from tests.support.hostile import Hosts, visiting
from tests.support.website import WebPage

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "dist" / "npm"
EMBEDDING = (ROOT / "docs" / "embedding.md").read_text("utf-8")


@pytest.fixture(scope="module")
def package() -> Path:
    if not hatch_build.find_npm() or not (ROOT / "node_modules").exists():
        reason = "making the package needs node and its packages"
        pytest.fail(reason) if CI else pytest.skip(reason)
    command = [sys.executable, "hatch_build.py", "npm", "run", "package", "--workspace", "widget"]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return PACKAGE


def test_it_holds_what_it_says_and_may_be_published(package: Path) -> None:
    manifest = json.loads((package / "package.json").read_text())
    assert "private" not in manifest
    named = [manifest["exports"]["."]["types"], manifest["exports"]["."]["default"]]
    for name in (*named, *manifest["files"]):
        assert (package / name).is_file(), name


def test_on_a_server_it_does_nothing(package: Path) -> None:
    npm = hatch_build.find_npm()
    assert npm
    script = f"""
      import {{ loadChat }} from "{(package / "index.js").as_uri()}";
      loadChat({{ origin: "https://chat.example", site: "KEY" }})("open");
      console.log("rendered");
    """
    node = [npm[0] if "node" in Path(npm[0]).name else "node", "--input-type=module"]
    done = subprocess.run(node, input=script, text=True, capture_output=True, check=True)
    assert done.stdout == "rendered\n"


def test_the_examples_of_the_manual_compile(package: Path, tmp_path: Path) -> None:
    """The one for Vue is left out: nothing here needs Vue."""
    found = re.findall(r"^```(tsx?)\n(.*?)^```", EMBEDDING, re.MULTILINE | re.DOTALL)
    for number, (ending, text) in enumerate(found):
        if '"vue"' not in text:
            (tmp_path / f"example{number}.{ending}").write_text(text)
    types = str(ROOT / "node_modules" / "@types" / "*" / "index.d.ts")
    paths = {"chatserver-widget": [str(package / "index.d.ts")], "*": [types]}
    options = {"noEmit": True, "jsx": "react-jsx", "types": [], "paths": paths}
    config = {"extends": str(ROOT / "tsconfig.base.json"), "compilerOptions": options}
    (tmp_path / "tsconfig.json").write_text(json.dumps(config))
    tsc = [str(ROOT / "node_modules" / ".bin" / "tsc"), "-p", str(tmp_path)]
    done = subprocess.run(tsc, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.asyncio(loop_scope="session")
async def test_a_page_imports_it_as_frameworks_do(
    browsers: Browsers, hosts: Hosts, package: Path
) -> None:
    """Mounted, unmounted and mounted again in one turn; calls from the first moment."""
    module = (package / "index.js").read_text()
    hosts.website.pages["/package/chat.js"] = WebPage(module)
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
