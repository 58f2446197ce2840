"""What leaves the service on paper, as a file or by mail holds what people wrote as text alone."""

import email
import re
from email.policy import default
from html.parser import HTMLParser
from itertools import islice

import pytest

from chatserver.conversation.commands import SendMessage
from chatserver.errors import ChatError
from chatserver.features import csat, transcripts
from chatserver.features.mail.letters import Letters
from chatserver.features.mail.message import Sender, to_bytes
from chatserver.features.mail.model import Letter, State
from chatserver.mail import Answer, checked
from chatserver.protocol.text import check_text
from tests.support.payloads import PAYLOADS, REFUSED
from tests.support.slices import guest, open_world, staff

NAME_CHARS = 100
STAMP = re.compile(r"\[\d\d [A-Z][a-z]{2} \d{4}, \d\d:\d\d:\d\d\] ")
FORMULA = ("=", "+", "-", "@", "\t", "\r", "|", "%")


class Page(HTMLParser):
    """What a browser would make of it: elements with their attributes, and the words of each."""

    def __init__(self, source):
        super().__init__(convert_charrefs=True)
        self.shapes, self.addresses, self.words = set(), set(), []
        self.feed(source)

    def handle_starttag(self, tag, attrs):
        self.shapes.add((tag, *sorted(name for name, _ in attrs)))
        self.addresses |= {value for name, value in attrs if name in {"href", "src"}}
        self.words.append("")

    def handle_endtag(self, tag):
        self.words.append("")

    def handle_data(self, data):
        if self.words:
            self.words[-1] += data


@pytest.fixture
async def world(database, clock):
    return await open_world(database, clock)


@pytest.fixture
def feature(world):
    return transcripts.build(database=world.database, pages=world.pages, ratings=csat.store)


async def talk(world, visitor, texts):
    """Both say each of them."""
    state = await world.open(visitor)
    for text in texts:
        for speaker in (guest(visitor), staff(world.ann)):
            state = await world.do(speaker, SendMessage(world.ids.new(), text, False), state.id)
    return state


def batched(texts, size):
    while pack := tuple(islice(texts, size)):
        yield pack


def stored(texts):
    """As the door of every message lets them in; several to a message, for a commit takes time."""
    packs = ["\n".join(pack) for pack in batched(iter(texts), 12)]
    return [check_text(pack, 9999) for pack in packs]


def test_what_no_store_takes_is_refused_at_the_door():
    for text in REFUSED:
        with pytest.raises(ChatError):
            check_text(text, 4000)


async def test_a_transcript_on_paper_is_built_of_the_same_elements_whatever_was_said(
    world, feature
):
    calm = await talk(world, await world.visitor("Vera"), ["Hello", "one\ntwo"])
    texts = stored(PAYLOADS)
    hostile = await talk(world, await world.visitor(PAYLOADS[0][:NAME_CHARS]), texts)
    await world.feed(feature)
    async with world.browser([feature], world.ann) as browser:
        known, page = [
            Page((await browser.get(f"/agent/transcripts/{state.id}/print")).text)
            for state in (calm, hostile)
        ]
    assert page.shapes == known.shapes
    assert page.addresses == known.addresses
    said = [text.split() for text in texts]
    shown = [words.split() for words in page.words]
    assert [words for words in said if shown.count(words) < 2] == []


async def test_every_line_of_a_text_begins_with_its_time_and_no_formula(world, feature):
    texts = stored(PAYLOADS)
    state = await talk(world, await world.visitor(PAYLOADS[0][:NAME_CHARS]), texts)
    await world.feed(feature)
    async with world.browser([feature], world.ann) as browser:
        answer = await browser.get(f"/api/transcripts/{state.id}/text")
    head, _, body = answer.text.partition("\n\n")
    lines = body.splitlines()
    assert len(lines) == 2 * len(texts)
    assert [line for line in lines if not STAMP.match(line)] == []
    assert [line for line in head.splitlines() if line.startswith(FORMULA)] == []
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", answer.text)


@pytest.mark.parametrize("kind", ["answers", "invitation", "test"])
def test_a_mail_is_built_of_the_same_elements_whatever_the_names(kind, clock):
    calm = letter(kind, "Ann", clock)
    for text in (*PAYLOADS, *(text.replace("\ud800", "") for text in REFUSED)):
        text = text.encode(errors="ignore").decode()
        sent = letter(kind, text, clock)
        assert sorted(sent.keys()) == sorted(calm.keys()), text
        known, page = (Page(part_of(mail, "html")) for mail in (calm, sent))
        assert page.shapes == known.shapes, text
        assert page.addresses == known.addresses, text
        assert "\n" not in sent["Subject"]


def letter(kind, text, clock):
    values = {"name": text, "workspace": text, "until": "2026", "link": "https://chat.example/i"}
    values |= {"site": text, "earlier": "2", "days": "7", "refusal": "https://chat.example/no"}
    said = Answer(text, f"{text}\nand more", files=(f"{text}.pdf",), quote=f"> {text}")
    mail = checked(Letters().write(kind, "bo@new.example", "en", answers=[said], **values))
    now = clock.now()
    made = Letter(
        id="abc",
        workspace_id="acme",
        kind=kind,
        recipient=mail.to,
        subject=mail.subject,
        text=mail.text,
        html=mail.html,
        headers=mail.headers,
        message_id="<abc@shop.example>",
        state=State.QUEUED,
        attempts=0,
        next_at=now,
        error="",
        created_at=now,
        updated_at=now,
    )
    wire = to_bytes(made, Sender("Shop", "chat@shop.example"))
    return email.message_from_bytes(wire, policy=default)


def part_of(mail, kind):
    return mail.get_body((kind,)).get_content()
