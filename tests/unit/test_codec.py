"""Bytes become frames or clean errors, whatever the bytes."""

import json
from contextlib import suppress

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatserver.errors import BadFrame, UnknownType
from chatserver.protocol import agent, shared, visitor
from chatserver.protocol.codec import Reader, agent_decoder, encode, visitor_decoder
from chatserver.protocol.shared import VERSION

DECODERS = [visitor_decoder, agent_decoder]
FRAME = '{"t":"send","id":1,"conversation":"c","client_id":"m","text":"Hi"}'


def outcome(decoder, data):
    """The frame, or the code of the refusal; anything else is a bug."""
    try:
        return decoder.decode(data)
    except BadFrame as error:
        return error.code


@pytest.mark.parametrize("decoder", DECODERS)
@pytest.mark.parametrize("data", [FRAME, FRAME.encode()])
def test_a_frame_is_read_from_text_and_from_bytes(decoder, data):
    frame = decoder.decode(data)
    assert (frame.id, frame.conversation, frame.client_id, frame.text) == (1, "c", "m", "Hi")


@pytest.mark.parametrize("decoder", DECODERS)
@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"null",
        b"[]",
        b"42",
        b"{}",
        b'"send"',
        b'{"t":',
        b"\xff\xfe",
        b'{"t":"send","id":1,"conversation":"c","client_id":"m","text":"\xff"}',
        b'{"t":"send","id":NaN,"conversation":"c","client_id":"m","text":"Hi"}',
        b'{"t":"send","id":1e400,"conversation":"c","client_id":"m","text":"Hi"}',
        b'{"t":"send","id":"1","conversation":"c","client_id":"m","text":"Hi"}',
        b'{"t":"send","id":1,"conversation":"c","client_id":"m"}',
        b'{"t":"send","id":1,"conversation":"c","client_id":"m","text":null}',
        b'{"t":["send"]}',
        b'{"t":1}',
        b"[" * 100_000,
        b'{"t":"send","id":' + b"9" * 10_000 + b"}",
        b'{"a":' * 50_000,
        FRAME.encode() + b"{}",
        FRAME.replace("Hi", "\\ud800").encode(),
        FRAME.replace("Hi", "\ud800"),
    ],
)
def test_what_is_no_frame_is_a_bad_frame(decoder, data):
    assert outcome(decoder, data) == "bad_frame"


@pytest.mark.parametrize("decoder", DECODERS)
@pytest.mark.parametrize("tag", ["sned", "", "welcome", "fact", "T" * 1000])
def test_an_unknown_kind_of_frame_has_a_code_of_its_own(decoder, tag):
    with pytest.raises(UnknownType):
        decoder.decode(json.dumps({"t": tag, "x": 1}))


@pytest.mark.parametrize("tag", ["assign", "status", "thread", "reopen"])
def test_a_visitor_does_not_speak_the_agents_language(tag):
    with pytest.raises(UnknownType):
        visitor_decoder.decode(json.dumps({"t": tag}))


def test_a_visitors_message_cannot_be_private():
    with pytest.raises(BadFrame):
        visitor_decoder.decode(FRAME.replace('"text"', '"private":true,"text"'))


@pytest.mark.parametrize("decoder", DECODERS)
def test_a_typing_error_in_a_field_does_not_pass_in_silence(decoder):
    with pytest.raises(BadFrame):
        decoder.decode(FRAME.replace('"text"', '"clientid":"m","text"'))


@pytest.mark.parametrize("decoder", DECODERS)
def test_the_last_of_two_equal_keys_counts(decoder):
    assert decoder.decode(FRAME.replace('"text"', '"text":"no","text"')).text == "Hi"


@pytest.mark.parametrize("conversation", ["", "a\\u0000b", "\\n", "x" * 65, "ü", "a b"])
def test_what_cannot_be_the_name_of_a_conversation_is_no_frame(conversation):
    """It would reach the database, and one that the database cannot take fails a whole batch."""
    data = FRAME.replace('"c"', f'"{conversation}"')
    assert outcome(agent_decoder, data) == "bad_frame"
    assert outcome(visitor_decoder, data) == "bad_frame"


@pytest.mark.parametrize("number", [-1, 2**31, 2**63, 2**70])
@pytest.mark.parametrize(
    "frame",
    [
        {"t": "history", "id": 1, "conversation": "c", "before": ...},
        {"t": "history", "id": 1, "conversation": "c", "after": ...},
        {"t": "read", "conversation": "c", "seq": ...},
        {"t": "close", "id": 1, "conversation": "c", "expect_seq": ...},
    ],
)
def test_a_number_that_no_conversation_can_have_is_no_frame(frame, number):
    data = json.dumps({key: number if value is ... else value for key, value in frame.items()})
    assert outcome(agent_decoder, data) == "bad_frame"
    assert outcome(visitor_decoder, data) == "bad_frame"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@pytest.mark.parametrize("decoder", DECODERS)
@given(data=st.binary())
def test_any_bytes_are_a_frame_or_a_clean_error(decoder, data):
    outcome(decoder, data)


@pytest.mark.parametrize("decoder", DECODERS)
@given(data=st.text(st.characters()))
def test_any_text_is_a_frame_or_a_clean_error(decoder, data):
    outcome(decoder, data)


TAGS = st.sampled_from(["hello", "open", "send", "history", "read", "thread", "assign", "refresh"])
FIELDS = ["id", "v", "conversation", "client_id", "text", "seq", "limit", "resume", "threads", "on"]


@pytest.mark.parametrize("decoder", DECODERS)
@given(tag=TAGS | JSON, fields=st.dictionaries(st.sampled_from(FIELDS), JSON))
def test_any_fields_are_a_frame_or_a_clean_error(decoder, tag, fields):
    outcome(decoder, json.dumps({"t": tag, **fields}))


def samples(module):
    """One example of every frame that the server of this side sends."""
    author = shared.Author("agent", "ann", "Ann")
    fact = shared.Fact("c", 1, "message.sent", author, "2026-03-02T08:00:00.000Z", text="Hi")
    common = [
        shared.Reply(1, ok=shared.Ok(conversation="c", seq=1)),
        shared.Error(shared.Problem("bad_frame", "no")),
        fact,
        shared.Facts("c", [fact]),
        shared.Signal("c", author, True),
        shared.Ping(1),
        shared.ServerPong(1),
        shared.Reset("e"),
        shared.Expiring(60),
        shared.Drain(100),
    ]
    limits = shared.Limits(4000, 16384, 100)
    if module is visitor:
        you = visitor.You("vera")
        welcome = visitor.Welcome(1, "s", you, "e", "now", 25, limits, "online")
        return [*common, welcome, visitor.State("availability", availability="online")]
    me = agent.You("ann", "Ann", "owner")
    welcome = agent.Welcome(1, "s", me, "e", "now", 25, limits, 1, "online")
    row = agent.InboxRow("c", 1)
    return [*common, welcome, agent.Inbox(1, [row]), agent.State("unread", "c", unread=1)]


@pytest.mark.parametrize("module", [visitor, agent])
def test_every_frame_of_the_server_is_read_back_as_it_was(module):
    frames = samples(module)
    assert {type(frame) for frame in frames} == set(module.ServerMessage.__args__)
    decoder = msgspec.json.Decoder(module.ServerMessage)
    assert [decoder.decode(encode(frame)) for frame in frames] == frames


# Version skew

NEWER = {
    "visitor": (
        visitor_decoder,
        {"t": "hello", "v": VERSION + 1, "site": "s", "ticket": "x", "tab": "t", "mood": "good",
         "resume": {"conversation": "c", "epoch": "e", "seq": 3, "shape": {"seq": 1}}},
    ),
    "agent": (
        agent_decoder,
        {"t": "hello", "v": VERSION + 1, "ticket": "x", "tab": "t", "mood": "good",
         "threads": {"c": 4}, "resume": {"epoch": "e", "position": 3, "shape": 1}},
    ),
}  # fmt: skip


@pytest.mark.parametrize("side", NEWER)
def test_a_newer_client_is_read_as_far_as_its_words_are_known(side):
    decoder, hello = NEWER[side]
    reader = Reader(decoder)
    frame = reader.read(json.dumps(hello))
    assert (frame.v, frame.ticket, reader.ignored) == (VERSION + 1, "x", 2)
    assert frame.resume.epoch == "e"
    assert getattr(frame, "threads", {"c": 4}) == {"c": 4}
    assert reader.read(FRAME.replace('"text"', '"tone":"dry","text"')).text == "Hi"
    assert reader.read('{"t":"wave","id":7}') is None
    assert reader.ignored == 4
    with pytest.raises(BadFrame):
        reader.read('{"t":"send","id":"1"}')


@pytest.mark.parametrize("version", [2, 1, 0, -1, True, 3.5, "3", None])
@pytest.mark.parametrize("side", NEWER)
def test_at_our_own_version_or_an_older_one_an_unknown_field_is_refused(side, version):
    decoder, hello = NEWER[side]
    reader = Reader(decoder)
    with pytest.raises(BadFrame):
        reader.read(json.dumps({**hello, "v": version}))
    with pytest.raises(UnknownType):
        reader.read('{"t":"wave"}')
    assert reader.ignored == 0


def test_only_the_first_frame_says_which_version_is_spoken():
    reader = Reader(visitor_decoder)
    reader.read(FRAME)
    with pytest.raises(BadFrame):
        reader.read(json.dumps(NEWER["visitor"][1]))


@pytest.mark.parametrize("decoder", DECODERS)
@given(tag=TAGS | JSON, fields=st.dictionaries(st.sampled_from(FIELDS) | st.text(), JSON))
def test_whatever_a_newer_client_says_is_a_frame_or_a_clean_error(decoder, tag, fields):
    with suppress(BadFrame):
        decoder.decode_newer(json.dumps({"t": tag, **fields}))
