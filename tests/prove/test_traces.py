"""The simulator's client and the widget obey the same traces; `widget/tests/traces.test.ts` replays
them to the widget."""

import json
from pathlib import Path

import pytest

from tests.prove.replay import Replay

TRACES = sorted((Path(__file__).parent / "traces").glob("*.json"))


def test_there_are_traces() -> None:
    assert len(TRACES) >= 10


@pytest.mark.parametrize("path", TRACES, ids=lambda path: path.stem)
def test_the_python_client_does_what_the_trace_says(path: Path) -> None:
    replay = Replay()
    for number, step in enumerate(json.loads(path.read_text(encoding="utf-8")), start=1):
        if "expect" not in step:
            replay.play(step)
            continue
        expected = step["expect"]
        state = replay.state()
        if "sent" in expected:
            state["sent"] = replay.sent_since()
        assert {name: state[name] for name in expected} == expected, f"step {number}"
