"""What happens while a console opens a thread comes behind the page that it gets, never before: it
takes a message that comes first for one that the page will contain."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from chatserver.conversation import mark_store
from tests.support.inside import run_inside
from tests.support.sockets import open_agent, open_chat, open_visitor, site_key


class LateAnswer:
    """A database that takes its time to say how far a visitor has read."""

    def __init__(self, ask: Callable[..., Awaitable[Any]]) -> None:
        self._ask = ask
        self.was_asked, self.may_answer = asyncio.Event(), asyncio.Event()

    async def __call__(self, *args: Any) -> Any:
        answer = await self._ask(*args)
        self.was_asked.set()
        await self.may_answer.wait()
        return answer


async def test_nothing_overtakes_the_page_of_a_thread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = LateAnswer(mark_store.furthest_marks)
    async with run_inside(tmp_path) as house:
        site = await site_key(house)
        async with (
            open_visitor(house, site) as vera,
            open_agent(house, "ann@teahouse.example") as ann,
        ):
            chat = await open_chat(vera)
            said = {"t": "send", "conversation": chat}
            await vera.ask({**said, "client_id": "one", "text": "one"})
            monkeypatch.setattr(mark_store, "furthest_marks", late)
            await ann.send({"t": "thread", "id": 7, "conversation": chat})
            await late.was_asked.wait()
            await vera.ask({**said, "client_id": "two", "text": "two"})
            late.may_answer.set()
            seqs: list[int] = []
            while 3 not in seqs or 1 not in seqs:
                frame = await ann.read()
                if frame["t"] in ("fact", "facts") and frame["conversation"] == chat:
                    seqs += [fact["seq"] for fact in frame.get("facts", [frame])]
    assert seqs == [1, 2, 3]
