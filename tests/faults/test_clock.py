"""Somebody sets the clock of a machine while people chat on it: order stays."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.flow import QUICK, stored_messages
from tests.support.running import Running, run_service
from tests.support.sockets import Wire, open_chat, open_visitor, site_key
from tests.support.turned import turn

pytestmark = pytest.mark.slow

ANN = "ann@teahouse.example"
JUMPS = (1, -1, 24, 0, -24)
# Of the lease of a killed process, and some for a busy machine.
PATIENCE_SECONDS = 40


@pytest.fixture
def hands(tmp_path: Path) -> Path:
    """The file that says by how much the service's clock is ahead."""
    file = tmp_path / "hands"
    turn(file, 0)
    return file


@pytest.fixture
def service(tmp_path: Path, hands: Path) -> Iterator[Running]:
    folder = tmp_path / "data"
    with run_service(folder, test_clock=str(hands), idle_close_hours="1", **QUICK) as service:
        yield service


async def say(wire: Wire, conversation: str, text: str) -> int:
    client_id = text.replace(" ", "-")
    message = {"t": "send", "conversation": conversation, "client_id": client_id, "text": text}
    seq: int = (await wire.ask(message))["ok"]["seq"]
    return seq


async def test_a_chat_goes_on_whatever_the_clock_does(service: Running, hands: Path) -> None:
    said = []
    async with open_visitor(service, await site_key(service)) as vera:
        conversation = await open_chat(vera)
        for number, hours in enumerate(JUMPS):
            said.append(f"after {number} jumps")
            assert await say(vera, conversation, said[-1]) == number + 2  # 1 is the opening
            turn(hands, hours)
        turn(hands, -24)
    service.stop()
    stored = [(text, seq) for text, seq in await stored_messages(service) if text in said]
    assert stored == list(zip(said, range(2, 2 + len(said)), strict=True))
    assert "Traceback" not in service.log
