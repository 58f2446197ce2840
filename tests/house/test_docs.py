"""What the log holds is explained in docs/; the rest of the manual has `test_manual_fresh`."""

import re
from pathlib import Path
from typing import get_args

import pytest

from chatserver.conversation.events import Event, kind_of
from chatserver.protocol.shared import FactKind

DOCS = Path(__file__).resolve().parents[2] / "docs"
KINDS = get_args(FactKind)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_fact_is_explained(kind: str) -> None:
    pages = [path.read_text(encoding="utf-8") for path in DOCS.rglob("*.md")]
    assert any(kind in page for page in pages)


def test_every_event_has_its_name_on_the_wire() -> None:
    """`projection` hands one over as the other."""
    assert {kind_of(event) for event in get_args(Event)} == set(KINDS)


def test_every_event_for_host_pages_is_explained() -> None:
    """Those that come from the frame; the loader adds a few of its own."""
    widget = DOCS.parent / "widget"
    bridge = (widget / "src" / "bridge.ts").read_text(encoding="utf-8")
    found = re.findall(r'"([\w:]+)"', " ".join(re.findall(r't: "event"; name: ([^;]+)', bridge)))
    table = (widget / "README.md").read_text(encoding="utf-8").partition("## Events")[2]
    assert len(found) >= 4
    assert [name for name in found if f"`{name}`" not in table] == []
