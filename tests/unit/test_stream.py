"""No fact twice, none out of order, no hole: whatever order the hints and the store come in."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from chatserver.protocol.shared import Author, Fact
from chatserver.realtime.effects import Follow, Send, SendBytes
from chatserver.realtime.stream import Hole, Stream
from chatserver.realtime.streaming import BYTES_PER_FRAME, FACTS_PER_FRAME, caught_up, offer

AUTHOR = Author("visitor", "vera")


def fact(seq, text="Hi"):
    return Fact("c", seq, "message.sent", AUTHOR, "2026-03-02T08:00:00.000Z", text=text)


def frame(seq):
    return str(seq).encode()


def test_live_facts_pass_in_their_order():
    stream = Stream()
    assert [stream.offer(seq, frame(seq)) for seq in (1, 2, 3)] == [b"1", b"2", b"3"]


def test_a_fact_passes_once():
    stream = Stream()
    assert stream.offer(1, b"1") == b"1"
    assert stream.offer(1, b"1") is None


def test_a_missing_fact_is_a_hole_behind_what_was_sent():
    stream = Stream()
    stream.offer(1, b"1")
    assert stream.offer(3, b"3") == Hole(1)
    assert stream.last == 1


def test_live_facts_wait_while_the_store_is_read():
    stream = Stream()
    stream.hold(2)
    assert stream.is_catching_up
    assert [stream.offer(seq, frame(seq)) for seq in (5, 3, 4)] == [None, None, None]
    assert stream.release(3) == ([b"4", b"5"], None)
    assert not stream.is_catching_up


def test_what_is_still_missing_after_the_reading_is_a_hole():
    stream = Stream()
    stream.hold(0)
    stream.offer(4, b"4")
    assert stream.release(2) == ([], Hole(2))


def test_a_long_catch_up_comes_in_several_frames():
    facts = [fact(seq) for seq in range(1, 2 * FACTS_PER_FRAME + 2)]
    stream = Stream()
    stream.hold(0)
    frames = [effect.frame for effect in caught_up(stream, "c", facts, more=False)]
    assert [len(one.facts) for one in frames] == [FACTS_PER_FRAME, FACTS_PER_FRAME, 1]
    assert [one.more for one in frames] == [True, True, False]
    assert [f for one in frames for f in one.facts] == facts


def test_long_texts_come_in_frames_that_a_socket_can_take():
    stream = Stream()
    stream.hold(0)
    facts = [fact(seq, "陶" * 4000) for seq in range(1, 30)]
    for effect in caught_up(stream, "c", facts, more=False)[:-1]:
        assert len(msgspec.json.encode(effect.frame)) <= BYTES_PER_FRAME


class Wire:
    """A stream, the store behind it, hints that get lost and double, and readings that take time.

    `sent` is what the client was sent, in that order.
    """

    def __init__(self) -> None:
        self.stream = Stream()
        self.stored = 0
        self.hints: list[int] = []
        self.readings: list[list[Fact]] = []
        self.asked: list[int] = []
        self.sent: list[int] = []
        self.ask(0)

    def ask(self, after):
        self.stream.hold(after)
        self.asked.append(after)

    def act(self, step):
        kind, number = step
        match kind:
            case "write":
                self.stored += 1
                self.hints += [self.stored] * number
            case "hint" if self.hints:
                seq = self.hints.pop(number % len(self.hints))
                self.do(offer(self.stream, "c", seq, frame(seq)))
            case "read" if self.asked:
                after = self.asked.pop(0)
                self.readings.append([fact(seq) for seq in range(after + 1, self.stored + 1)])
            case "answer" if self.readings:
                self.do(caught_up(self.stream, "c", self.readings.pop(0), more=False))
            case "refill":
                self.ask(self.stream.last)

    def do(self, effects):
        for effect in effects:
            match effect:
                case SendBytes():
                    self.sent.append(int(effect.data))
                case Send():
                    self.sent += [one.seq for one in effect.frame.facts]
                case Follow():
                    self.asked.append(effect.after)

    def settle(self):
        """Everything under way arrives, and the tail repeats the last fact."""
        while self.asked or self.readings:
            self.act(("read", 0))
            self.act(("answer", 0))
        if self.stored:
            self.do(offer(self.stream, "c", self.stored, frame(self.stored)))
        if self.asked:
            self.settle()


# A write is hinted never, once or twice; hints overtake each other.
STEP = st.tuples(
    st.sampled_from(["write", "write", "hint", "hint", "hint", "read", "answer", "refill"]),
    st.integers(0, 2),
)


@given(st.lists(STEP, max_size=60))
def test_any_order_of_hints_and_readings_is_a_prefix_of_the_store_and_ends_complete(steps):
    wire = Wire()
    for step in steps:
        wire.act(step)
        assert wire.sent == list(range(1, len(wire.sent) + 1))
    wire.settle()
    assert wire.sent == list(range(1, wire.stored + 1))
