"""A transcript as text: what it holds, and what cannot be smuggled into it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from chatserver.conversation.events import Assigned, Closed, MessageSent, Opened, Reopened
from chatserver.conversation.facts import Body, Fact, File
from chatserver.conversation.model import SYSTEM, Actor, AuthorKind
from chatserver.errors import Invalid
from chatserver.features.transcripts import export
from chatserver.features.transcripts.export import disposition, head, line, zone
from chatserver.features.transcripts.model import Person, Transcript
from chatserver.features.transcripts.telling import happening, size
from chatserver.web.languages import Words

FOLDER = Path(export.__file__).parent / "visitor_text"
ENGLISH = Words([FOLDER]).translator("en")
CHINESE = Words([FOLDER]).translator("zh-CN")
AT = datetime(2026, 3, 1, 22, 30, 5, tzinfo=UTC)
VERA = Actor(AuthorKind.VISITOR, "vera", "Vera")
ANN = Actor(AuthorKind.AGENT, "ann", "Ann")


def card(**changes):
    values = {
        "conversation_id": "c0ffee00112233",
        "workspace_id": "acme",
        "site_id": "shop",
        "visitor_id": "vera",
        "visitor_name": "Vera",
        "visitor_email": "vera@mail.example",
        "agents": (Person("ann", "Ann"), Person("bob", "Bob")),
        "phase": "closed",
        "opened_at": AT,
        "closed_at": AT + timedelta(hours=2),
        "last_at": AT + timedelta(hours=1),
        "messages": 3,
        "position": 9,
    }
    return Transcript(**values | changes)


def fact(event, author=VERA, text=None, agent=None):
    body = Body(text=text, author_name=author.name, agent_name=agent)
    return Fact(1, "acme", "c", 1, None, author, AT, event, body)


def test_the_head_names_site_people_times_and_zone():
    assert head(card(), "Shop", ENGLISH, zone("+08:00")).splitlines() == [
        "Chat transcript",
        "Site: Shop",
        "Visitor: Vera <vera@mail.example>",
        "Agents: Ann, Bob",
        "Opened: 02 Mar 2026, 06:30:05 (UTC+08:00)",
        "Closed: 02 Mar 2026, 08:30:05 (UTC+08:00)",
        "Status: closed",
        "Messages: 3",
        "",
    ]


def test_an_anonymous_open_chat_has_a_head_too():
    text = head(
        card(visitor_name=None, visitor_email=None, agents=(), phase="queued", closed_at=None),
        "店",
        CHINESE,
        UTC,
    )
    assert "访客: –" in text
    assert "状态: 排队中" in text
    assert "最后消息: 2026-03-01 23:30:05 (UTC)" in text


def test_a_message_is_one_line_whatever_breaks_it_holds():
    forged = "hi\n[2026-03-01 22:31:00] Ann: you get a refund\u2028x\x85y\x0bz"
    text = line(fact(MessageSent(), text=forged), ENGLISH, UTC, notes=False)
    assert text is not None
    assert len(text.splitlines()) == 1
    assert text.startswith("[01 Mar 2026, 22:30:05] Vera: hi ⏎ [2026")


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@sum", "\tx", "＝1"])
def test_no_line_starts_with_what_a_spreadsheet_would_run(start):
    author = Actor(AuthorKind.VISITOR, "v", start)
    text = line(fact(MessageSent(), author, start), ENGLISH, UTC, notes=False)
    assert text is not None
    assert text.startswith("[")


def test_names_cannot_turn_the_line_around():
    author = Actor(AuthorKind.VISITOR, "v", "Vera\u202e nnA\nAnn")
    text = line(fact(MessageSent(), author, "a\u202eb"), ENGLISH, UTC, notes=False)
    assert text == "[01 Mar 2026, 22:30:05] Vera nnA Ann: ab\n"


def test_a_note_is_left_out_unless_asked_for_and_then_marked():
    note = fact(MessageSent(private=True), ANN, "secret")
    assert line(note, ENGLISH, UTC, notes=False) is None
    assert line(note, ENGLISH, UTC, notes=True) == (
        "[01 Mar 2026, 22:30:05] Ann (internal note): secret\n"
    )


def test_an_erased_message_says_so():
    erased = Fact(1, "acme", "c", 1, 1, Actor(AuthorKind.VISITOR, "v"), AT, MessageSent())
    assert line(erased, ENGLISH, UTC, notes=False) == (
        "[01 Mar 2026, 22:30:05] Visitor: (text was erased)\n"
    )


@pytest.mark.parametrize(
    ("event", "author", "words"),
    [
        (Opened("s", "v"), VERA, "Vera opened the chat"),
        (Assigned("ann"), SYSTEM, "Ann took over"),
        (Closed("agent"), ANN, "Ann closed the chat"),
        (Closed("idle"), SYSTEM, "Closed after a long silence"),
        (
            Reopened(),
            Actor(AuthorKind.VISITOR, "v", "{agent}{who}"),
            "{agent}{who} reopened the chat",
        ),
    ],
)
def test_happenings_are_told_in_words_and_names_stay_names(event, author, words):
    assert happening(fact(event, author, agent="Ann"), ENGLISH) == words


def test_a_message_is_no_happening():
    assert happening(fact(MessageSent(), text="x"), ENGLISH) is None


@pytest.mark.parametrize(
    ("text", "hours"),
    [(None, 0), ("", 0), ("Z", 0), ("+08:00", 8), (" 08:00", 8), ("-0330", -3.5), ("+14:00", 14)],
)
def test_an_offset_is_read(text, hours):
    assert zone(text).utcoffset(None) == timedelta(hours=hours)


@pytest.mark.parametrize(
    "text", ["8", "+15:00", "+99:99", "Asia/Shanghai", "+08:00\r\nX: y", "+٠٨:٠٠"]
)
def test_an_offset_that_is_none_is_refused(text):
    with pytest.raises(Invalid):
        zone(text)


def test_the_file_name_is_plain_ascii_with_the_visitors_name_beside_it():
    assert disposition(card(visitor_name="维拉"), UTC) == (
        'attachment; filename="chat-2026-03-01-c0ffee00.txt"; '
        "filename*=UTF-8''chat%202026-03-01%20%E7%BB%B4%E6%8B%89.txt"
    )
    assert disposition(card(visitor_name=None), UTC) == (
        'attachment; filename="chat-2026-03-01-c0ffee00.txt"'
    )


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd", 'a"; x="b', "a\r\nSet-Cookie: x=1", "..", "con\0", "x" * 300, "\u202etxt"],
)
def test_no_name_breaks_the_header_or_the_folder(name):
    header = disposition(card(visitor_name=name), UTC)
    assert header.isascii()
    assert header.isprintable()
    assert len(header) < 300
    assert header.count('"') == 2
    assert "%2F" not in header
    assert "%5C" not in header


def carrying(text, *names):
    files = tuple(File(f"f{i}", name, "image/png", 81_234) for i, name in enumerate(names))
    event = MessageSent(files=tuple(file.id for file in files))
    return Fact(1, "acme", "c", 1, 1, VERA, AT, event, Body(text, "Vera", files=files))


def test_files_are_listed_by_name_and_size():
    said = carrying("Look", "cup.png", "茶.png")
    assert line(said, ENGLISH, UTC, notes=False) == (
        "[01 Mar 2026, 22:30:05] Vera: Look ⏎ [File: cup.png, 81 kB] ⏎ [File: 茶.png, 81 kB]\n"
    )
    alone = line(carrying("", "cup.png"), CHINESE, UTC, notes=False)
    assert alone == "[2026-03-01 22:30:05] Vera: ［文件：cup.png，81 kB］\n"


def test_the_files_of_an_erased_message_have_no_names():
    erased = replace(carrying("Look", "cup.png"), body=None)
    assert "(text was erased)" in line(erased, ENGLISH, UTC, notes=False)


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0 B"), (999, "999 B"), (1000, "1 kB"), (999_499, "999 kB"), (20_971_520, "21.0 MB")],
)
def test_sizes_are_named_as_people_do(count, text):
    assert size(count) == text
