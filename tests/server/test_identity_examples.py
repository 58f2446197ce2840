"""The examples of docs/identity.md, run as a site's server would: what they sign is believed."""

import json
import subprocess
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from tests.support.examples import ROOT, example, examples
from tests.support.identifying import key_of
from tests.support.inside import Inside, run_inside
from tests.support.machine import require
from tests.support.project import node, require_node
from tests.support.sockets import open_visitor, site_key

pytestmark = pytest.mark.asyncio(loop_scope="module")

MANUAL = "docs/identity.md"
CUSTOMER = {
    "id": 42,
    "name": 'Véra "Vee" O\'Neil / Lamps+',
    "email": "vera@shop.example",
    "plan": "pro",
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Inside]:
    async with run_inside(tmp_path_factory.mktemp("identity")) as inside:
        yield inside


def in_python(secret: str, _: Path) -> str:
    names: dict[str, Any] = {}
    exec(compile(example(MANUAL, "python"), MANUAL, "exec"), names)
    token: str = names["chat_token"](
        secret, str(CUSTOMER["id"]), CUSTOMER["name"], CUSTOMER["email"]
    )
    return token


def in_node(secret: str, folder: Path) -> str:
    require_node()
    (folder / "node_modules").symlink_to(ROOT / "node_modules")
    (folder / "token.mjs").write_text(example(MANUAL, "js"))
    call = f"await chatToken({json.dumps(secret)}, {json.dumps(CUSTOMER)})"
    script = f'import {{ chatToken }} from "./token.mjs";\nprocess.stdout.write({call});'
    (folder / "run.mjs").write_text(script)
    return printed([node(), "run.mjs"], folder)


def in_php(secret: str, folder: Path) -> str:
    """The page's own line too: what is inside `<?= … ?>` there is said by the server."""
    php = str(require("php"))
    page = next(text for text in examples(MANUAL, "html") if "<?=" in text)
    customer = php_text(json.dumps(CUSTOMER))
    given = f"$secret = {php_text(secret)}; $customer = json_decode({customer}, true);"
    (folder / "page.php").write_text(f"<?php\n{given}\n{example(MANUAL, 'php')}?>{page}")
    shown = printed([php, "page.php"], folder)
    assert "<?" not in shown
    return shown.partition('"identify", "')[2].partition('"')[0]


def php_text(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def printed(command: list[str], folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("sign", [in_python, in_node, in_php])
async def test_what_an_example_signs_is_believed(
    house: Inside, tmp_path: Path, sign: Callable[[str, Path], str]
) -> None:
    site = await site_key(house)
    async with key_of(house, site) as secret:
        token = sign(secret, tmp_path)
        async with open_visitor(house, site, identity=token) as wire:
            you = wire.welcome["you"]
            assert (you["verified"], you["name"], you["email"]) == (
                True,
                CUSTOMER["name"],
                CUSTOMER["email"],
            )
