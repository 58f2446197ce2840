"""An acknowledged message survives a power cut: the disk has said so before the visitor is told. It
is seen from outside, in the calls that the process makes to the kernel."""

import re
from pathlib import Path

import pytest

from tests.support.running import run_service
from tests.support.sockets import open_chat, open_visitor, site_key
from tests.support.tracing import require_strace, traced

CALLS = "pwrite64,write,writev,sendto,sendmsg,fsync,fdatasync"
WORDS = "Is this on the disk"

CALL = re.compile(r"^(\d+) +(?:<\.\.\. )?(\w+)(\(| resumed>)(.*)$")


@pytest.mark.slow
async def test_the_disk_has_it_before_the_visitor_is_told(tmp_path: Path) -> None:
    require_strace()
    with run_service(tmp_path / "data") as service:
        async with open_visitor(service, await site_key(service)) as wire:
            conversation = await open_chat(wire)
            with traced(service, tmp_path / "trace", CALLS) as trace:
                for number in range(5):
                    text = f"{WORDS} {number}?"
                    message = {"t": "send", "conversation": conversation, "text": text}
                    reply = await wire.ask(message | {"client_id": f"c{number}"})
                    assert reply["ok"]["client_id"] == f"c{number}"
    for number in range(5):
        steps = steps_of(trace.read_text(), f"{WORDS} {number}?", f"c{number}")
        assert steps[:3] == ["written to the log", "on the disk", "told"], trace.read_text()


def steps_of(trace: str, text: str, client_id: str) -> list[str]:
    """What happened to one message, in order, from its first byte in the database's log on. A call
    counts when it begins; a synchronisation when it has returned."""
    steps: list[str] = []
    syncing: set[str] = set()
    for line in trace.splitlines():
        thread, name, begins, rest = CALL.match(line).groups()  # type: ignore[union-attr]
        if name in ("fsync", "fdatasync"):
            if "-wal>" in rest:
                syncing.add(thread)
            if thread in syncing and rest.endswith("= 0") and steps:
                syncing.discard(thread)
                steps.append("on the disk")
        elif name == "pwrite64" and "-wal>" in rest and text in rest:
            steps.append("written to the log")
        elif begins == "(" and '{\\"t\\":\\"reply\\"' in rest and f'\\"{client_id}\\"' in rest:
            steps.append("told")
    return [step for n, step in enumerate(steps) if n == 0 or step != steps[n - 1]]
