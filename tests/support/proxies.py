"""nginx, HAProxy and Caddy as deploy/ configures them, on ports of their own before a real service.

Only what a machine must have is exchanged: ports, certificates, temporary folders, users.
"""

import os
import re
import signal
import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import trustme

from tests.support.machine import program
from tests.support.running import reserved_port

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
DOMAIN = "chat.example.com"
# A machine that does much else starts programs slowly.
PATIENCE_SECONDS = 60

# For HTTP and for HTTPS. Held by us all the while: a port that was only free a moment ago may be
# another test's by the time a proxy asks for it.
Ports = tuple[int, int]


@dataclass
class Proxy:
    """A running proxy. `reload` makes it read its configuration anew."""

    port: int
    tls: ssl.SSLContext
    process: "subprocess.Popen[bytes]"
    reload: Callable[[], None]


@contextmanager
def run_nginx(folder: Path, node: int) -> Iterator[Proxy]:
    authority = trustme.CA()
    with reserved_port() as port, reserved_port() as plain:
        config = nginx_config(folder, node, (plain, port), _certificate(authority, folder))
        command = [_program("nginx"), "-c", str(config), "-p", str(folder), "-e", "stderr"]
        with _running(command, folder) as process:
            yield _ready(port, authority, process, _by_signal(process, signal.SIGHUP))


@contextmanager
def run_front(folder: Path, port: int, nodes: Sequence[int]) -> Iterator[Callable[[], None]]:
    """nginx as we ship it before several nodes, without TLS; says by `X-Served-By` who answered.
    Yields what makes it read its configuration anew."""
    config = front_config(folder, port, nodes)
    command = [_program("nginx"), "-c", str(config), "-p", str(folder), "-e", "stderr"]
    with _running(command, folder) as process:
        _wait(lambda: _listens(port), process, folder)
        yield _by_signal(process, signal.SIGHUP)


@contextmanager
def run_haproxy(folder: Path, node: int) -> Iterator[Proxy]:
    authority = trustme.CA()
    with reserved_port() as port, reserved_port() as plain:
        config = haproxy_config(folder, node, (plain, port), _certificate(authority, folder))
        with _running([_program("haproxy"), "-W", "-f", str(config)], folder) as process:
            yield _ready(port, authority, process, _by_signal(process, signal.SIGUSR2))


@contextmanager
def run_caddy(folder: Path, node: int) -> Iterator[Proxy]:
    with reserved_port() as port, reserved_port() as plain, reserved_port() as admin:
        yield from _run_caddy(folder, node, (plain, port), admin)


def _run_caddy(folder: Path, node: int, ports: Ports, admin: int) -> Iterator[Proxy]:
    _, port = ports
    config = caddy_config(folder, ports, admin)
    at = {"CHAT_DOMAIN": f"https://{DOMAIN}:{port}", "CHAT_NODES": f"127.0.0.1:{node}"}
    environment = {**os.environ, "HOME": str(folder), **at}
    named = ["--config", str(config), "--adapter", "caddyfile"]

    def reload() -> None:
        command = [
            _program("caddy"),
            "reload",
            *named,
            "--force",
            "--address",
            f"127.0.0.1:{admin}",
        ]
        subprocess.run(command, env=environment, check=True, capture_output=True)

    with _running([_program("caddy"), "run", *named], folder, environment) as process:
        root = folder / "caddy" / "pki" / "authorities" / "local" / "root.crt"
        _wait(root.exists, process, folder)
        tls = ssl.create_default_context(cafile=str(root))
        _wait(lambda: _answers(port, tls), process, folder)
        yield Proxy(port, tls, process, reload)


def nginx_config(folder: Path, node: int, ports: Ports, pem: Path) -> Path:
    """A main file around the one that is shipped."""
    plain, port = ports
    shipped = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    site = re.sub(r"(?m)^.*listen \[::\].*\n", "", shipped)
    site = site.replace("listen 80;", f"listen 127.0.0.1:{plain};")
    site = site.replace("listen 443 ", f"listen 127.0.0.1:{port} ")
    site = re.sub(r"/etc/letsencrypt/\S+\.pem", str(pem), site)
    (folder / "site.conf").write_text(site.replace("127.0.0.1:8000", f"127.0.0.1:{node}"))
    return _main_config(folder, connections=512)


def _main_config(folder: Path, *, connections: int) -> Path:
    temporary = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    main = [
        "daemon off;",
        "user root;" if os.geteuid() == 0 else "",
        f"pid {folder}/nginx.pid;",
        "error_log stderr notice;",
        f"events {{ worker_connections {connections}; }}",
        "http {",
        *(f"{name}_temp_path {folder}/{name};" for name in temporary),
        f"include {folder}/site.conf;",
        "}",
    ]
    (folder / "nginx.conf").write_text("\n".join(main))
    return folder / "nginx.conf"


def front_config(folder: Path, port: int, nodes: Sequence[int]) -> Path:
    site = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    site = re.sub(r"(?ms)^server \{\n    listen 80;.*?^\}\n", "", site)
    site = re.sub(r"(?m)^.*(listen \[::\]|ssl_).*\n", "", site)
    site = site.replace("listen 443 ssl http2;", f"listen 127.0.0.1:{port};")
    one = "    server 127.0.0.1:8000 max_fails=2 fail_timeout=5s;\n"
    site = site.replace(one, "".join(one.replace("8000", str(node)) for node in nodes))
    served = "server_tokens off;\n    add_header X-Served-By $upstream_addr always;"
    site = site.replace("server_tokens off;", served)
    (folder / "site.conf").write_text(site)
    return _main_config(folder, connections=16384)


def haproxy_config(folder: Path, node: int, ports: Ports, pem: Path) -> Path:
    plain, port = ports
    config = (DEPLOY / "haproxy.cfg").read_text(encoding="utf-8")
    config = re.sub(r"(?m)^ +(user|group) haproxy\n", "", config)
    config = config.replace("bind :80", f"bind 127.0.0.1:{plain}")
    config = re.sub(r"bind :443 ssl crt \S+", f"bind 127.0.0.1:{port} ssl crt {pem}", config)
    config = config.replace("127.0.0.1:8000", f"127.0.0.1:{node}")
    # What the system allows a test is less than what a proxy needs.
    config = config.replace("maxconn 50000", "maxconn 200").replace("maxconn 25000", "maxconn 100")
    (folder / "haproxy.cfg").write_text(config)
    return folder / "haproxy.cfg"


def caddy_config(folder: Path, ports: Ports, admin: int) -> Path:
    """The shipped file behind the options of a machine that nobody knows by name."""
    plain, port = ports
    options = [
        f"admin 127.0.0.1:{admin}",
        "local_certs",
        "skip_install_trust",
        f"http_port {plain}",
        f"https_port {port}",
        f"storage file_system {folder}/caddy",
    ]
    shipped = (DEPLOY / "Caddyfile").read_text(encoding="utf-8")
    block = "\n".join(["{", *(f"\t{option}" for option in options), "}", ""])
    (folder / "Caddyfile").write_text(f"{block}\n{shipped}")
    return folder / "Caddyfile"


def checks(name: str, config: Path) -> list[str]:
    """The command with which the program reads a configuration and does nothing else."""
    program = _program(name)
    match name:
        case "nginx":
            return [program, "-t", "-c", str(config), "-p", str(config.parent), "-e", "stderr"]
        case "haproxy":
            return [program, "-c", "-f", str(config)]
        case _:
            return [program, "validate", "--config", str(config), "--adapter", "caddyfile"]


def certificate(folder: Path) -> Path:
    return _certificate(trustme.CA(), folder)


def _certificate(authority: trustme.CA, folder: Path) -> Path:
    """Key and chain in one file, as HAProxy wants it; nginx finds both in it."""
    file = folder / "certificate.pem"
    authority.issue_cert(DOMAIN).private_key_and_cert_chain_pem.write_to_path(str(file))
    return file


def _ready(
    port: int,
    authority: trustme.CA,
    process: "subprocess.Popen[bytes]",
    reload: Callable[[], None],
) -> Proxy:
    tls = ssl.create_default_context()
    authority.configure_trust(tls)
    _wait(lambda: _answers(port, tls), process, None)
    return Proxy(port, tls, process, reload)


def _by_signal(process: "subprocess.Popen[bytes]", number: signal.Signals) -> Callable[[], None]:
    """Returns when the master has started a worker that was not there before."""

    def reload() -> None:
        before = _children(process.pid)
        process.send_signal(number)
        _wait(lambda: bool(_children(process.pid) - before), process, None)

    return reload


def _children(pid: int) -> set[str]:
    return set(Path(f"/proc/{pid}/task/{pid}/children").read_text().split())


@contextmanager
def _running(
    command: list[str], folder: Path, environment: dict[str, str] | None = None
) -> Iterator["subprocess.Popen[bytes]"]:
    with (folder / "proxy.log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:  # it waits for sockets that are still open
            process.kill()
            process.wait(10)


def _wait(
    is_so: Callable[[], bool], process: "subprocess.Popen[bytes]", folder: Path | None
) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        if process.poll() is not None or time.monotonic() > deadline:
            said = (folder / "proxy.log").read_text() if folder else ""
            raise AssertionError(f"the proxy did not get there:\n{said}")
        time.sleep(0.02)


def _listens(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), 1):
            return True
    except OSError:
        return False


def _answers(port: int, tls: ssl.SSLContext) -> bool:
    try:
        with (
            socket.create_connection(("127.0.0.1", port), 1) as plain,
            tls.wrap_socket(plain, server_hostname=DOMAIN),
        ):
            return True
    except OSError:
        return False


def _program(name: str) -> str:
    return str(program(name) or name)
