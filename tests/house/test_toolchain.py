"""What must never slip in: addresses, built files, a second version, too much weight or length."""

import ast
import gzip
import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

import hatch_build

ROOT = Path(__file__).resolve().parents[2]
BUILT = ROOT / "chatserver" / "static" / "build"
KB = 1000  # the unit Vite prints

# Written in halves, so that this file does not name what it forbids.
REGISTRY_HOSTS = [
    "pypi" + ".org",
    "pythonhosted" + ".org",
    "npmjs" + ".org",
    "yarnpkg" + ".com",
    "deb.debian" + ".org",
    "proxy.golang" + ".org",
]
MACHINE_PATH = re.compile(r"(?<![\w./-])/(?:work|root|Users)" + r"/\w")

LONGEST_FILE = 400
LONGEST_FUNCTION = 60
LOADER_BUDGET = 5 * KB  # every page of a customer's site pays for it
GREETINGS_BUDGET = 4 * KB  # every page of a site that has some
PANEL_BUDGET = 30 * KB  # what a visitor waits for after the first click


def git_files(*patterns: str) -> list[Path]:
    """Files of the checkout that are tracked or about to be."""
    listing = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", "--"]
    answer = subprocess.run([*listing, *patterns], cwd=ROOT, capture_output=True, check=True)
    names = [name for name in answer.stdout.decode().split("\0") if name]
    return [path for name in names if (path := ROOT / name).is_file()]


def offenders(pattern: re.Pattern[str]) -> list[str]:
    """Where the pattern stands, as file:line."""
    found = []
    for path in git_files():
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError:
            continue
        place = path.relative_to(ROOT)
        found += [f"{place}:{n}" for n, line in enumerate(lines, 1) if pattern.search(line)]
    return found


def test_no_file_names_a_package_registry() -> None:
    assert offenders(re.compile("|".join(map(re.escape, REGISTRY_HOSTS)))) == []


def test_no_file_names_a_place_on_somebodys_machine() -> None:
    assert offenders(MACHINE_PATH) == []


def test_built_assets_are_not_tracked() -> None:
    assert git_files("chatserver/static/build", "*/node_modules/*", "dist") == []


def test_the_npm_lock_holds_hashes_but_no_addresses() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    resolved = {name: package.get("resolved", "") for name, package in packages.items()}
    assert [name for name, address in resolved.items() if "://" in address] == []
    unhashed = [
        name
        for name, package in packages.items()
        if name.startswith("node_modules/") and not (package.get("link") or "integrity" in package)
    ]
    assert unhashed == []


def test_the_npm_lock_serves_every_platform() -> None:
    """`npm ci` refuses a lock without them, on all platforms; some releases are incomplete."""
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    locked = {name.rpartition("node_modules/")[2] for name in packages}
    wanted = {
        name for package in packages.values() for name in package.get("optionalDependencies", {})
    }
    assert wanted - locked == set()


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-run.lock"])
def test_every_locked_python_package_carries_a_hash(lock: str) -> None:
    requirements = (ROOT / lock).read_text().replace("\\\n", " ").splitlines()
    pinned = [line for line in requirements if "==" in line.split("#")[0]]
    assert pinned
    assert [line.split("=")[0] for line in pinned if "--hash=sha256:" not in line] == []


def test_both_python_locks_agree_on_every_version() -> None:
    pins = [locked_versions(name) for name in ("requirements.lock", "requirements-run.lock")]
    assert pins[1].items() <= pins[0].items()


def locked_versions(lock: str) -> dict[str, str]:
    return dict(re.findall(r"^([\w.-]+)==([^\s;]+)", (ROOT / lock).read_text(), re.MULTILINE))


def test_all_mantine_packages_have_one_version() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    versions = {
        package["version"] for name, package in packages.items() if "node_modules/@mantine/" in name
    }
    assert len(versions) == 1, versions


def test_a_build_is_stale_after_a_change_of_sources_but_not_of_tests(tmp_path: Path) -> None:
    for name in (*hatch_build.SOURCE_FILES, "widget/src/main.tsx", "widget/src/main.test.tsx"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("before")
    before = hatch_build.sources_hash(tmp_path)
    (tmp_path / "widget/src/main.test.tsx").write_text("after")
    assert hatch_build.sources_hash(tmp_path) == before
    (tmp_path / "widget/src/main.tsx").write_text("after")
    assert hatch_build.sources_hash(tmp_path) != before


@pytest.fixture
def built() -> Path:
    if not (BUILT / "build.json").exists():
        message = "the front ends are not built; `make run` builds them"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return BUILT


def test_the_loader_stays_within_its_budget(built: Path) -> None:
    assert gzipped(built / "widget" / "loader.js") <= LOADER_BUDGET


def test_greetings_stay_within_their_budget(built: Path) -> None:
    assert gzipped(built / "widget" / "greetings.js") <= GREETINGS_BUDGET


def test_the_panels_first_load_stays_within_its_budget(built: Path) -> None:
    weights = {name: gzipped(built / "widget" / name) for name in first_load(built / "widget")}
    assert sum(weights.values()) <= PANEL_BUDGET, weights


@pytest.mark.parametrize("app", ["widget", "agent"])
def test_every_asset_worth_it_is_compressed_beforehand(built: Path, app: str) -> None:
    assets = [path for path in (built / app).rglob("*") if path.suffix in {".js", ".css"}]
    assert assets
    for asset in assets:
        for suffix in (".br", ".gz"):
            compressed = asset.with_name(asset.name + suffix)
            assert compressed.exists() or asset.stat().st_size < 256, compressed.name


def first_load(folder: Path) -> set[str]:
    """The entry, what it imports at once, the styles of both, and the heaviest language."""
    manifest = json.loads((folder / "manifest.json").read_text())
    entry = next(chunk for chunk in manifest.values() if chunk.get("isEntry"))
    loaded = files_of(entry, manifest)
    languages = [chunk["file"] for key, chunk in manifest.items() if "/text/" in key]
    heaviest = max(languages, key=lambda name: gzipped(folder / name), default=None)
    return loaded | {heaviest} if heaviest else loaded


def files_of(chunk: dict[str, Any], manifest: dict[str, Any]) -> set[str]:
    files = {chunk["file"], *chunk.get("css", [])}
    for key in chunk.get("imports", []):
        files |= files_of(manifest[key], manifest)
    return files


def gzipped(path: Path) -> int:
    return len(gzip.compress(path.read_bytes(), 9))


def test_no_source_file_is_too_long() -> None:
    sources = [
        path for path in git_files("*.py", "*.ts", "*.tsx", "*.css") if ".gen." not in path.name
    ]
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for path in sources
    }
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FILE} == {}


def test_no_python_function_is_too_long() -> None:
    """A migration is a list, made by a tool and never edited."""
    paths = [path for path in git_files("*.py") if path.parent.name != "versions"]
    assert [name for path in paths for name in long_functions(path)] == []


def long_functions(path: Path) -> list[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = [
        node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    return [
        f"{path.relative_to(ROOT)}:{node.name}"
        for node in functions
        if (node.end_lineno or node.lineno) - node.lineno + 1 > LONGEST_FUNCTION
    ]
