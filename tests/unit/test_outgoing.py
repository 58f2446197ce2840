"""The queue before the bus: in order, bounded, and honest about what it dropped."""

from chatserver.broker.outgoing import BATCH, Outgoing


def opened(**bounds: int) -> Outgoing:
    queue = Outgoing(**bounds)
    queue.is_open = True
    return queue


async def test_hints_leave_in_order_and_in_batches():
    queue = opened()
    for number in range(BATCH + 1):
        queue.put("c:1", b"%d" % number)
    first, second = await queue.take(), await queue.take()
    assert [data for _, data in first + second] == [b"%d" % n for n in range(BATCH + 1)]
    assert len(second) == 1
    assert not queue.admit_loss()


async def test_a_full_queue_drops_the_newest_and_says_so_once():
    queue = opened(most_hints=2)
    for data in (b"one", b"two", b"three"):
        queue.put("c:1", data)
    assert [data for _, data in await queue.take()] == [b"one", b"two"]
    assert queue.admit_loss()
    assert not queue.admit_loss()
    assert queue.lost == 1


async def test_bytes_are_bounded_too_and_room_comes_back():
    queue = opened(most_bytes=10)
    queue.put("c:1", b"x" * 11)
    queue.put("c:1", b"dropped")
    assert await queue.take() == [("c:1", b"x" * 11)]
    queue.put("c:1", b"fits")
    assert await queue.take() == [("c:1", b"fits")]
    assert queue.admit_loss()


async def test_without_a_connection_nothing_waits():
    queue = opened()
    queue.put("c:1", b"stale")
    queue.close()
    assert len(queue) == 0
    queue.put("c:1", b"nowhere to go")
    assert queue.admit_loss()
    assert queue.lost == 2
    queue.is_open = True
    queue.put("c:1", b"fresh")
    assert await queue.take() == [("c:1", b"fresh")]
