"""What both sessions do with a stream of facts: send what is next, mend what is missing. Pure."""

from chatserver.protocol.shared import Fact, Facts
from chatserver.realtime.effects import Effect, Follow, Send, SendBytes
from chatserver.realtime.stream import Hole, Stream

# Most facts and, roughly, bytes of one catch-up frame. Text is at most 4,000 characters a fact.
FACTS_PER_FRAME = 100
BYTES_PER_FRAME = 65536
# What is said of a file: its name, 120 characters at most, and a few numbers.
FILE_BYTES = 600
# Frames of one reading; what is left is read when these are on their way, so that nobody who does
# not read can make us hold much.
FRAMES_PER_PAGE = 4


def offer(stream: Stream, conversation_id: str, seq: int, frame: bytes) -> list[Effect]:
    """A live fact: send it, keep it, or read what is missing."""
    found = stream.offer(seq, frame)
    if found is None:
        return []
    if isinstance(found, Hole):
        stream.hold(found.after)
        return [Follow(conversation_id, found.after)]
    return [SendBytes(found)]


def caught_up(
    stream: Stream, conversation_id: str, facts: list[Fact], *, more: bool
) -> list[Effect]:
    """Sends what was read, then what happened meanwhile; with `more`, the store has facts behind
    these. Two readings may be under way at once: what the other one brought is left out."""
    chunks = _chunks([fact for fact in facts if fact.seq > stream.last])
    page, left = chunks[:FRAMES_PER_PAGE], bool(chunks[FRAMES_PER_PAGE:]) or (more and bool(chunks))
    effects: list[Effect] = [
        Send(Facts(conversation_id, chunk, more=left or chunk is not page[-1])) for chunk in page
    ]
    last = page[-1][-1].seq if page else stream.last
    if left:
        stream.hold(last)
        return [*effects, Follow(conversation_id, last)]
    frames, hole = stream.release(last)
    effects.extend(SendBytes(frame) for frame in frames)
    if hole is not None:
        stream.hold(hole.after)
        effects.append(Follow(conversation_id, hole.after))
    return effects


def _chunks(facts: list[Fact]) -> list[list[Fact]]:
    chunks: list[list[Fact]] = []
    size = 0
    for fact in facts:
        cost = 200 + 3 * len(fact.text or "") + FILE_BYTES * len(fact.files)
        if not chunks or len(chunks[-1]) >= FACTS_PER_FRAME or size + cost > BYTES_PER_FRAME:
            chunks.append([])
            size = 0
        chunks[-1].append(fact)
        size += cost
    return chunks
