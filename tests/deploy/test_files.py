"""What else is in deploy/: schemas accept it, programs check it, and its numbers fit each other."""

import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import yaml

from chatserver.config import PREFIX, Settings, load_settings
from chatserver.serving import GRACE_SECONDS
from tests.support.machine import program, require

pytestmark = pytest.mark.deploy

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
KUSTOMIZATIONS = ("base", "overlays/nodes")
# What a stop takes at most: telling clients to go, ending requests, and closing the store.
STOP_SECONDS = Settings().drain_seconds + 3 * GRACE_SECONDS
NAMES = {f"{PREFIX}{field.name.upper()}" for field in fields(Settings)}


def run(*command: str | Path) -> str:
    words = [str(program(str(command[0])) or command[0]), *map(str, command[1:])]
    answer = subprocess.run(words, capture_output=True, text=True, cwd=ROOT)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    return answer.stdout + answer.stderr


def text(name: str) -> str:
    return (DEPLOY / name).read_text(encoding="utf-8")


def seconds(words: str) -> float:
    number, unit = re.fullmatch(r"(\d+)(s|m|h)?", words.strip()).groups()  # type: ignore[union-attr]
    return float(number) * {"s": 1, "m": 60, "h": 3600, None: 1}[unit]


# Container


def test_the_linter_finds_nothing_in_the_dockerfile() -> None:
    require("hadolint")
    assert run("hadolint", "--no-color", DEPLOY / "Dockerfile") == ""


def test_the_image_runs_without_rights_and_without_what_builds_it() -> None:
    stages = re.split(r"(?m)^FROM ", text("Dockerfile"))[1:]
    assert len(stages) == 2
    last = stages[-1]
    assert re.search(r"^USER 10001:10001$", last, re.MULTILINE)
    assert "pip install" not in last
    assert "npm" not in last
    assert re.search(r'^ENTRYPOINT \["', last, re.MULTILINE), "signals must reach the service"


def test_the_image_is_built_from_what_is_sent_to_the_builder() -> None:
    """The list of what is sent names all that the package is built of, and no secrets or data."""
    sent = (ROOT / ".dockerignore").read_text().split()
    assert sent[0] == "*"
    packed = re.search(
        r"only-include = \[(.*?)\]", (ROOT / "pyproject.toml").read_text(), re.DOTALL
    )
    assert packed is not None
    wanted = set(re.findall(r'"([^"]+)"', packed[1])) | {"pyproject.toml", "requirements-run.lock"}
    assert {name[1:] for name in sent if name.startswith("!")} == wanted


# Compose


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(text("compose.yaml"))
    return loaded


def test_the_schema_accepts_the_compose_file() -> None:
    run("check-jsonschema", "--builtin-schema", "vendor.compose-spec", DEPLOY / "compose.yaml")


def test_one_node_needs_nothing_else(compose: dict[str, Any]) -> None:
    services = compose["services"]
    always = {name for name, service in services.items() if "profiles" not in service}
    assert always == {"chat"}
    scaled = {name for name, s in services.items() if "scale" in s.get("profiles", ["scale"])}
    assert scaled == {"chat", "chat-b", "redis", "postgres", "proxy"}
    assert all(not one["required"] for one in services["chat"]["depends_on"].values())


def test_only_the_proxy_is_open_to_the_world(compose: dict[str, Any]) -> None:
    open_ports = {
        name: [port for port in service.get("ports", []) if not port.startswith("127.0.0.1:")]
        for name, service in compose["services"].items()
    }
    assert {name for name, ports in open_ports.items() if ports} == {"proxy"}


def test_our_containers_cannot_write_but_where_data_is(compose: dict[str, Any]) -> None:
    for name in ("chat", "chat-b"):
        service = compose["services"][name]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["volumes"] == ["data:/data"]
        assert seconds(service["stop_grace_period"]) > STOP_SECONDS


def test_the_nodes_believe_only_their_own_network(compose: dict[str, Any]) -> None:
    subnet = compose["networks"]["chat"]["ipam"]["config"][0]["subnet"]
    for name in ("chat", "chat-b"):
        assert compose["services"][name]["environment"][f"{PREFIX}TRUSTED_PROXIES"] == subnet


def test_every_setting_in_the_compose_file_exists(compose: dict[str, Any]) -> None:
    for name in ("chat", "chat-b"):
        assert set(compose["services"][name]["environment"]) <= NAMES


# Kubernetes


def built(folder: str) -> list[dict[str, Any]]:
    require("kubectl")
    return list(yaml.safe_load_all(run("kubectl", "kustomize", DEPLOY / "kustomize" / folder)))


def one(kind: str, objects: list[dict[str, Any]]) -> dict[str, Any]:
    (found,) = (thing for thing in objects if thing["kind"] == kind)
    return found


@pytest.mark.parametrize("folder", KUSTOMIZATIONS)
def test_kubernetes_accepts_every_object(folder: str, tmp_path: Path) -> None:
    require("kubernetes-validate")
    file = tmp_path / "all.yaml"
    file.write_text(yaml.safe_dump_all(built(folder)))
    said = run("kubernetes-validate", "--strict", file)
    assert said.count("passed") == len(built(folder))


@pytest.mark.parametrize("folder", KUSTOMIZATIONS)
def test_a_pod_is_probed_and_given_time_to_drain(folder: str) -> None:
    pod = one("Deployment", built(folder))["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    pause = float(container["lifecycle"]["preStop"]["exec"]["command"][1])
    assert pod["terminationGracePeriodSeconds"] > pause + STOP_SECONDS
    assert container["livenessProbe"]["httpGet"]["path"] == "/healthz"
    assert container["readinessProbe"]["httpGet"]["path"] == "/readyz"
    assert container["securityContext"]["readOnlyRootFilesystem"] is True
    assert pod["securityContext"]["runAsUser"] == 10001


@pytest.mark.parametrize("folder", KUSTOMIZATIONS)
def test_every_selector_finds_the_pods(folder: str) -> None:
    objects = built(folder)
    labels = one("Deployment", objects)["spec"]["template"]["metadata"]["labels"]
    for selector in (
        one("Deployment", objects)["spec"]["selector"]["matchLabels"],
        one("Service", objects)["spec"]["selector"],
        one("PodDisruptionBudget", objects)["spec"]["selector"]["matchLabels"],
        one("NetworkPolicy", objects)["spec"]["podSelector"]["matchLabels"],
    ):
        assert selector
        assert selector.items() <= labels.items()


def test_one_file_has_one_process_and_nodes_are_exchanged_one_by_one() -> None:
    alone = one("Deployment", built("base"))["spec"]
    assert (alone["replicas"], alone["strategy"]["type"]) == (1, "Recreate")
    many = one("Deployment", built("overlays/nodes"))["spec"]
    assert many["replicas"] > 1
    assert many["strategy"]["rollingUpdate"]["maxUnavailable"] == 0
    assert one("PodDisruptionBudget", built("overlays/nodes"))["spec"]["maxUnavailable"] == 1


@pytest.mark.parametrize("folder", KUSTOMIZATIONS)
def test_every_setting_in_the_manifests_exists(folder: str) -> None:
    given = one("ConfigMap", built(folder))["data"]
    assert load_settings(given).public_url == "https://chat.example.com"


# systemd


@pytest.fixture
def unit(tmp_path: Path) -> Path:
    """The unit, for a program that this machine has: what systemd says of it is what it would say
    of ours."""
    require("systemd-analyze")
    file = tmp_path / "chatserver.service"
    shipped = text("chatserver.service")
    file.write_text(shipped.replace("/opt/chatserver/bin/chatserver", sys.executable))
    return file


def test_systemd_has_nothing_to_say_against_the_unit(unit: Path) -> None:
    """Its exit code is 0 for broken ones too: what counts is that it is silent."""
    assert run("systemd-analyze", "verify", unit) == ""


def test_the_unit_is_locked_up(unit: Path) -> None:
    said = run("systemd-analyze", "security", "--offline=true", "--no-pager", unit)
    found = re.search(r"exposure level for chatserver.service: ([\d.]+)", said)
    assert found is not None, said
    assert float(found[1]) <= 1.5


def test_the_unit_leaves_time_to_drain() -> None:
    found = re.search(r"^TimeoutStopSec=(\d+)$", text("chatserver.service"), re.MULTILINE)
    assert found is not None
    assert float(found[1]) > STOP_SECONDS


# All of them


def test_every_setting_in_the_example_exists_and_fits(tmp_path: Path) -> None:
    lines = re.findall(r"^#?(CHATSERVER_\w+)=(.*)$", text("env.example"), re.MULTILINE)
    assert {name for name, _ in lines} <= NAMES
    on = dict(re.findall(r"^(CHATSERVER_\w+)=(.*)$", text("env.example"), re.MULTILINE))
    load_settings(on)
    load_settings({name: value or "x" * 48 for name, value in lines})


def test_proxies_wait_longer_than_the_service_pings() -> None:
    longest = max(Settings().ping_seconds + Settings().pong_seconds, 30)
    waits = [
        *re.findall(r"proxy_(?:read|send)_timeout (\w+);", text("nginx.conf")),
        *re.findall(r"timeout (?:client|server|tunnel) (\w+)", text("haproxy.cfg")),
        *re.findall(r'-timeout: "(\d+)"', text("kustomize/overlays/nodes/ingress.yaml")),
    ]
    assert len(waits) == 7
    assert all(seconds(wait) > longest for wait in waits), waits


def test_proxies_let_the_largest_upload_through() -> None:
    largest = max(Settings().body_bytes, getattr(Settings(), "upload_bytes", 0))
    megabytes = [
        *re.findall(r"client_max_body_size (\d+)m", text("nginx.conf")),
        *re.findall(r"max_size (\d+)MB", text("Caddyfile")),
        *re.findall(r"proxy-body-size: (\d+)m", text("kustomize/overlays/nodes/ingress.yaml")),
    ]
    assert len(megabytes) == 3
    assert all(int(number) * 10**6 > largest for number in megabytes)


def test_caddy_would_not_write_its_file_otherwise() -> None:
    require("caddy")
    assert run("caddy", "fmt", DEPLOY / "Caddyfile") == text("Caddyfile")
