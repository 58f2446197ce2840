"""What the service promises of conversations, on every engine."""

import asyncio

from chatserver.conversation.commands import Open
from tests.support.world import VERA, VIC


async def test_two_tabs_that_open_at_once_get_one_conversation(spine):
    command = Open("shop", "vera")
    first, second = await asyncio.gather(
        spine.submit(VERA, "", command), spine.submit(VERA, "", command)
    )
    assert first.state.id == second.state.id
    assert (first.duplicate, second.duplicate) == (False, True)


async def test_each_visitor_has_a_conversation_of_their_own(spine):
    assert await spine.open(VERA) != await spine.open(VIC)
