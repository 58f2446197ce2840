"""The manual says what the code does: settings, frames with examples, close codes, error codes."""

import json
import re
from pathlib import Path
from typing import Any, get_args

import click
import msgspec
import pytest
from msgspec.structs import fields

from chatserver import errors
from chatserver.cli import main as cli
from chatserver.protocol import agent, shared, visitor
from chatserver.protocol.codes import CloseCode
from chatserver.web.edge import STATUS
from tests.support import text_keys
from tests.support.manual import METRICS_PAGE, PAGE, metrics_page, settings_page

DOCS = PAGE.parent
WIRE = (DOCS / "protocol.md").read_text(encoding="utf-8")
SECTIONS: dict[str, Any] = {
    "Visitors send": visitor.ClientMessage,
    "Agents send": agent.ClientMessage,
    "Visitors receive": visitor.ServerMessage,
    "Agents receive": agent.ServerMessage,
}
# What both sides receive is told once, with the visitors.
COMMON = set(get_args(visitor.ServerMessage)) & set(get_args(agent.ServerMessage))

Frame = type[msgspec.Struct]


def section(title: str) -> str:
    return WIRE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def entries(title: str) -> dict[str, str]:
    """What is said of each frame, by its `t`."""
    parts = re.split(r"^### (\w+)\n", section(title), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def frames_of(title: str) -> list[Frame]:
    members = get_args(SECTIONS[title])
    return [m for m in members if title != "Agents receive" or m not in COMMON]


def tag_of(frame: Frame) -> str:
    return str(frame.__struct_config__.tag)


def examples(text: str) -> list[str]:
    return re.findall(r"```json\n(.*?)```", text, re.DOTALL)


def errors_of(kind: type[errors.ChatError]) -> set[type[errors.ChatError]]:
    return {kind}.union(*(errors_of(below) for below in kind.__subclasses__()))


def test_the_settings_page_is_fresh() -> None:
    assert PAGE.read_text(encoding="utf-8") == settings_page(), (
        "run `.venv/bin/python -m tests.support.manual` and commit the file"
    )


def test_the_metrics_page_is_fresh() -> None:
    assert METRICS_PAGE.read_text(encoding="utf-8") == metrics_page(), (
        "run `.venv/bin/python -m tests.support.manual` and commit the file"
    )


def test_the_list_of_the_widgets_texts_is_fresh() -> None:
    assert text_keys.MODULE.read_text(encoding="utf-8") == text_keys.module(), (
        "run `.venv/bin/python -m tests.support.manual` and commit the file"
    )


@pytest.mark.parametrize("title", SECTIONS)
def test_every_frame_is_described_and_no_other(title: str) -> None:
    assert set(entries(title)) == {tag_of(frame) for frame in frames_of(title)}


@pytest.mark.parametrize("title", SECTIONS)
def test_every_example_is_a_frame_and_names_every_field(title: str) -> None:
    """Decoding finds what is wrong; encoding again finds fields that do not exist."""
    decoder = msgspec.json.Decoder(SECTIONS[title])
    told = entries(title)
    for frame in frames_of(title):
        text = told[tag_of(frame)]
        assert examples(text), f"{tag_of(frame)} needs an example"
        for example in examples(text):
            decoded = decoder.decode(example)
            assert type(decoded) is frame
            assert_no_stray_fields(json.loads(example), decoded)
        absent = [
            f.encode_name for f in fields(frame) if not re.search(rf"\b{f.encode_name}\b", text)
        ]
        assert absent == [], f"{title}, {tag_of(frame)}"


def assert_no_stray_fields(example: dict[str, Any], frame: msgspec.Struct) -> None:
    known = json.loads(msgspec.json.encode(frame))
    assert {name: value for name, value in known.items() if name in example} == example


def test_every_kind_of_fact_on_the_wire_is_described() -> None:
    assert [kind for kind in get_args(shared.FactKind) if f"| `{kind}` |" not in WIRE] == []


def test_every_close_code_is_described_with_what_the_client_does() -> None:
    rows = dict(re.findall(r"^\| (\d{4}) \| `\w+` \| .* \| (.*) \|$", WIRE, re.MULTILINE))
    assert set(rows) == {str(code.value) for code in CloseCode}
    for code in CloseCode:
        assert f"| {code.value} | `{code.name}` |" in WIRE
        assert ("reconnects" in rows[str(code.value)]) == code.reconnects, code


def test_every_error_code_is_described_with_its_status() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| (\d{3}) \| ", section("Error codes"), re.MULTILINE))
    own = {kind for kind in errors_of(errors.ChatError) if kind.__module__ == errors.__name__}
    status = {
        kind.code: str(next(STATUS[base] for base in kind.__mro__ if base in STATUS))
        for kind in own
    }
    assert rows == status


def test_every_command_is_named_in_the_readme() -> None:
    readme = " ".join((DOCS.parent / "README.md").read_text(encoding="utf-8").split())
    assert [name for name in commands_of(cli) if f"chatserver {name}" not in readme] == []


def commands_of(group: click.Group, before: str = "") -> list[str]:
    found: list[str] = []
    for name, command in group.commands.items():
        full = f"{before}{name}"
        found += commands_of(command, f"{full} ") if isinstance(command, click.Group) else [full]
    return found


@pytest.mark.parametrize("document", sorted(DOCS.rglob("*.md")), ids=lambda path: path.name)
def test_no_link_between_the_pages_is_dead(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    targets = re.findall(r"\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)", text)
    assert [target for target in targets if not (document.parent / target).exists()] == []
