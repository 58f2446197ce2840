"""Builds the container image and, as root with buildah, starts it once as a cluster would: on a
disk it cannot write, without rights. Standard library only: it runs before anything is installed.

CHATSERVER_TEST_PYTHON_IMAGE names another base image, CHATSERVER_TEST_BUILD_ARGS more arguments
for the builder (a proxy, a certificate, a folder of wheels).
"""

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
IMAGE = "chatserver:latest"
UID = "10001"
PORT = 18123
START_SECONDS = 60
PLACES = ("proc", "dev")


def main() -> int:
    builder = next(filter(shutil.which, ("docker", "podman", "buildah")), None)
    builder = os.environ.get("CHATSERVER_TEST_BUILDER", builder)
    if builder is None:
        print("docker, podman or buildah is needed", file=sys.stderr)
        return 1
    build(builder)
    if builder != "buildah" or os.geteuid() != 0:
        print(f"{IMAGE} is built; start it with: {builder} run --read-only --tmpfs /tmp {IMAGE}")
        return 0
    with ExitStack() as exits:
        root = exits.enter_context(read_only_root())
        try_out(exits, root)
    print(f"{IMAGE} is built, and it serves on a read-only disk as uid {UID}")
    return 0


def build(builder: str) -> None:
    verb = "bud" if builder == "buildah" else "build"
    base = os.environ.get("CHATSERVER_TEST_PYTHON_IMAGE")
    given = ["--build-arg", f"PYTHON_IMAGE={base}"] if base else []
    more = shlex.split(os.environ.get("CHATSERVER_TEST_BUILD_ARGS", ""))
    named = ["--file", "deploy/Dockerfile", "--tag", IMAGE]
    subprocess.run([builder, verb, *given, *more, *named, "."], cwd=ROOT, check=True)


@contextmanager
def read_only_root() -> Iterator[Path]:
    """The image's files, mounted so that nobody writes them, with /data and /tmp in memory."""
    container = output("buildah", "from", IMAGE)
    try:
        files = output("buildah", "mount", container)
        with tempfile.TemporaryDirectory() as name, ExitStack() as exits:
            root = Path(name)
            mount(exits, root, "--bind", files)
            subprocess.run(["mount", "-o", "remount,ro,bind", root], check=True)
            for place in PLACES:
                mount(exits, root / place, "--rbind", f"/{place}")
            for place in ("data", "tmp"):
                owned = ("-o", f"mode=0700,uid={UID},gid={UID}")
                mount(exits, root / place, "-t", "tmpfs", *owned, "tmpfs")
            yield root
    finally:
        output("buildah", "rm", container)


def try_out(exits: ExitStack, root: Path) -> None:
    """Raises when it does not become ready, can write its disk, or does not end when asked."""
    inside = ["setpriv", "--reuid", UID, "--regid", UID, "--clear-groups", "--no-new-privs"]
    inside += ["--bounding-set=-all", "--inh-caps=-all", "chroot", str(root)]
    # chroot itself needs a right, so it comes first.
    inside = ["chroot", str(root), *inside[:-2]]
    environment = {
        "PATH": "/opt/chatserver/bin:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin",
        "CHATSERVER_DATA_DIR": "/data",
        "CHATSERVER_PORT": str(PORT),
        "CHATSERVER_DRAIN_SECONDS": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    refused = subprocess.run([*inside, "touch", "/opt/x"], env=environment, capture_output=True)
    assert b"Read-only" in refused.stderr, refused.stderr
    missing = subprocess.run([*inside, "sh", "-c", "command -v node npm pip gcc"], env=environment)
    assert missing.returncode != 0, "what builds the image is still in it"
    process = subprocess.Popen([*inside, "chatserver", "serve"], env=environment)
    exits.callback(process.kill)
    deadline = time.monotonic() + START_SECONDS
    while not is_ready():
        is_late = process.poll() is not None or time.monotonic() > deadline
        assert not is_late, "it did not become ready"
        time.sleep(0.2)
    assert get("/widget.js").startswith(b"("), "the front ends are not in the image"
    process.terminate()
    assert process.wait(20) in (0, -15)


def is_ready() -> bool:
    try:
        return b'"ok"' in get("/readyz")
    except OSError:
        return False


def get(path: str) -> bytes:
    with urllib.request.urlopen(f"http://127.0.0.1:{PORT}{path}", timeout=3) as answer:
        content: bytes = answer.read()
        return content


def mount(exits: ExitStack, target: Path, *words: str) -> None:
    subprocess.run(["mount", *words, target], check=True)
    exits.callback(subprocess.run, ["umount", "--lazy", target], check=True)


def output(*command: str) -> str:
    found = subprocess.run(command, check=True, capture_output=True, text=True)
    return found.stdout.strip()


if __name__ == "__main__":
    sys.exit(main())
