"""What may stand in a mail: no line of anybody becomes a header, no try differs from the last."""

import email
import re
from datetime import UTC, datetime
from email.policy import default

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatserver.config import BadSettings, load_settings
from chatserver.errors import Invalid
from chatserver.features.mail.letters import Letters
from chatserver.features.mail.message import Sender, message_id, sender_of, to_bytes
from chatserver.features.mail.model import BACKOFF, Failure, Letter, State, retry_at
from chatserver.mail import Answer, Mail, checked, is_address
from chatserver.web.languages import LANGUAGES, VISITORS, direction

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MAIL = Mail("test", "bo@new.example", "Hello", "Hello Bo")
SENDER = Sender("Shop", "chat@shop.example")
# H03: what has become a header elsewhere.
INJECTIONS = (
    "Hi\r\nBcc: all@evil.example",
    "Hi\nBcc: all@evil.example",
    "Hi\rBcc: all@evil.example",
    "Hi\u2028Bcc: all@evil.example",
    "Hi\x85Bcc: all@evil.example",
    "Hi\x0bBcc: all@evil.example",
    "Hi\x00\r\n\r\n<h1>body</h1>",
    "=?utf-8?q?Hi=0D=0ABcc:_all@evil.example?=",
    "=?utf-8?b?SGkNCkJjYzogYWxsQGV2aWwuZXhhbXBsZQ==?=",
    "=?utf-8?q?Hi=0ABcc=3A=20all@evil.example?= 你好",
)


def letter(mail=MAIL):
    mail = checked(mail)
    return Letter(
        id="abc",
        workspace_id="acme",
        kind=mail.kind,
        recipient=mail.to,
        subject=mail.subject,
        text=mail.text,
        html=mail.html,
        headers=mail.headers,
        message_id=message_id("abc", SENDER),
        state=State.QUEUED,
        attempts=0,
        next_at=NOW,
        error="",
        created_at=NOW,
        updated_at=NOW,
    )


def sent(mail=MAIL, sender=SENDER):
    return email.message_from_bytes(to_bytes(letter(mail), sender), policy=default)


def with_subject(subject):
    return msgspec.structs.replace(MAIL, subject=subject)


def test_a_mail_has_these_headers_and_no_more():
    found = sent()
    assert {name: str(value) for name, value in found.items()} == {
        "MIME-Version": "1.0",
        "Content-Type": 'text/plain; charset="utf-8"',
        "Content-Transfer-Encoding": "quoted-printable",
        "From": "Shop <chat@shop.example>",
        "To": "bo@new.example",
        "Subject": "Hello",
        "Date": "Mon, 02 Mar 2026 09:00:00 +0000",
        "Message-ID": "<abc@shop.example>",
        "Auto-Submitted": "auto-generated",
    }


@pytest.mark.parametrize("words", INJECTIONS)
def test_words_in_a_subject_or_a_name_never_become_a_header(words):
    for found in (sent(with_subject(words)), sent(sender=Sender(words, "chat@shop.example"))):
        assert found["Bcc"] is None
        assert [name for name in found if name == "Subject"] == ["Subject"]
        assert found["From"].addresses[0].addr_spec == "chat@shop.example"
        assert found.get_content().strip() == "Hello Bo"


def test_what_looks_encoded_is_shown_as_it_was_written():
    words = "=?utf-8?q?Free_money?="
    assert str(sent(with_subject(words))["Subject"]) == words


@given(st.text(min_size=1))
def test_any_subject_is_one_line_of_the_mail(subject):
    try:
        raw = to_bytes(letter(with_subject(subject)), SENDER)
    except Invalid:
        return
    head = raw.partition(b"\r\n\r\n")[0]
    unfolded = head.replace(b"\r\n ", b"").split(b"\r\n")
    assert len(unfolded) == len({line.partition(b":")[0] for line in unfolded}) == 9
    assert raw.replace(b"\r\n", b"").count(b"\n") == raw.replace(b"\r\n", b"").count(b"\r") == 0


@given(st.text(min_size=1, max_size=300), st.text(max_size=300))
def test_any_text_arrives_as_it_was_written(text, html):
    found = sent(msgspec.structs.replace(MAIL, text=text, html=html))
    plain = found.get_body(("plain",))
    assert _lines(plain.get_content()) == _lines(text)
    if html:
        assert _lines(found.get_body(("html",)).get_content()) == _lines(html)


def _lines(text):
    return text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n")


def test_two_tries_are_the_same_bytes():
    mail = msgspec.structs.replace(MAIL, html="<p>Hello</p>")
    assert to_bytes(letter(mail), SENDER) == to_bytes(letter(mail), SENDER)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "bo",
        "bo@",
        "@new.example",
        "a@b@c",
        "bo@new.example, al@evil.example",
        "bo@new.example\n",
    ]
    + ["Bo <bo@new.example>", "bo @new.example", "bo\r\n@new.example", '"bo"@new.example']
    + ["bo@new.example\0", "bo@[127.0.0.1]", "bø@new.example", "x" * 65 + "@new.example"],
)
def test_only_one_bare_address_is_an_address(address):
    assert not is_address(address)
    with pytest.raises(Invalid) as caught:
        checked(msgspec.structs.replace(MAIL, to=address))
    assert caught.value.fields == {"to": "unknown"}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"subject": "\u200b\r\n"}, "subject"),
        ({"text": ""}, "text"),
        ({"text": "\ud800"}, "text"),
        ({"text": "x" * 100_001}, "text"),
        ({"html": "x" * 100_001}, "html"),
        ({"kind": "Big News"}, "kind"),
        ({"headers": {"Bcc": "al@evil.example"}}, "headers"),
        ({"headers": {"Reply-To": "a@b.example\r\nBcc: al@evil.example"}}, "headers"),
        ({"headers": {"Reply-To": "ü@b.example"}}, "headers"),
    ],
)
def test_a_mail_that_cannot_be_sent_is_refused(change, field):
    with pytest.raises(Invalid) as caught:
        checked(msgspec.structs.replace(MAIL, **change))
    assert caught.value.fields == {field: "unknown"}


def test_an_allowed_header_is_sent():
    found = sent(msgspec.structs.replace(MAIL, headers={"Reply-To": "al@shop.example"}))
    assert str(found["Reply-To"]) == "al@shop.example"


# Templates

BATTERY = "<img src=x onerror=alert(1)>{{7*7}}{% raw %}{link}${1}{0.__class__}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_invitation_says_the_same_in_both_forms(language):
    link = "https://chat.example/invitations/abc"
    mail = Letters().write(
        "invitation", "bo@new.example", language, name="Ann", workspace="Acme", until="x", link=link
    )
    assert checked(mail) == mail
    assert link in mail.text
    assert f'<a href="{link}"' in mail.html
    assert f'<html lang="{language}" dir="ltr">' in mail.html
    for word in ("Ann", "Acme"):
        assert word in mail.subject
        assert word in mail.text


@pytest.mark.parametrize("language", VISITORS)
def test_a_visitor_who_left_is_written_to_in_every_language(language):
    link, refusal = "https://chat.example/back/abc", "https://chat.example/no-mail/abc"
    mail = Letters().write(
        "answers",
        "bo@new.example",
        language,
        answers=[Answer("Ann", "Yes <b>it</b> is\nreally", ("tea.pdf",))],
        site="Teahouse",
        earlier="2",
        link=link,
        days="7",
        refusal=refusal,
    )
    assert checked(mail) == mail
    assert "Teahouse" in mail.subject
    assert f'<html lang="{language}" dir="{direction(language)}">' in mail.html
    for said in (mail.text, mail.html):
        assert all(word in said for word in ("Ann", "tea.pdf", "7", link, refusal))
    assert "Yes &lt;b&gt;it&lt;/b&gt; is<br>really" in mail.html


@pytest.mark.parametrize(
    ("language", "way", "start"), [("he", "rtl", "right"), ("de", "ltr", "left")]
)
def test_a_letter_runs_as_its_language_where_only_its_inside_is_shown(language, way, start):
    """Mail programs drop what stands around a mail's body."""
    mail = Letters().write(
        "answers",
        "bo@new.example",
        language,
        answers=[Answer("Ann", "Yes", quote="Is it here?")],
        **dict.fromkeys(("site", "earlier", "link", "days", "refusal"), "1"),
    )
    blocks = re.findall(r"<(?:div|p)\b[^>]*max-width[^>]*>", mail.html)
    assert len(blocks) == 2
    assert all(f'dir="{way}"' in block for block in blocks)
    assert f"border-{start}:2px" in mail.html
    assert '<p dir="auto" style="margin:0;overflow-wrap:anywhere">Yes</p>' in mail.html


def test_words_of_people_stay_words():
    mail = Letters().write(
        "invitation", "bo@new.example", "en", name=BATTERY, workspace=BATTERY, until="x", link="y"
    )
    assert BATTERY in mail.text
    assert "<img" not in mail.html
    assert "&lt;img src=x onerror=alert(1)&gt;{{7*7}}{% raw %}{link}" in mail.html


def test_nothing_is_loaded_from_anywhere():
    for kind, values in (
        ("test", {"name": "Ann"}),
        ("invitation", {"name": "A", "workspace": "B", "until": "x", "link": "https://c.example/"}),
    ):
        html = Letters().write(kind, "bo@new.example", "en", **values).html
        for word in ("src=", "url(", "<link", "<script", "<style", "@import", "<form"):
            assert word not in html


# Tries


def test_the_pause_grows_until_nobody_tries_any_more():
    failure, tries = Failure("451 later"), range(1, len(BACKOFF) + 1)
    waits = [retry_at(attempts, failure, NOW) - NOW for attempts in tries]
    assert waits == list(BACKOFF) == sorted(BACKOFF)
    assert retry_at(len(BACKOFF) + 1, failure, NOW) is None


def test_a_final_no_is_not_asked_again():
    assert retry_at(1, Failure("550 unknown", is_final=True), NOW) is None


def test_a_servers_answer_is_kept_as_one_short_line():
    assert str(Failure("550 a\r\nb\x00" + "x" * 999)) == "550 a b " + "x" * 292


# Settings

FULL = {"smtp_host": "mail.example", "mail_from": "Shop <chat@shop.example>"}


def test_the_sender_has_a_name_or_none():
    assert sender_of("Shop <chat@shop.example>") == SENDER
    assert sender_of("chat@shop.example") == Sender("", "chat@shop.example")


@pytest.mark.parametrize(
    "settings",
    [
        {"smtp_host": "mail.example"},
        {"mail_from": "chat@shop.example"},
        FULL | {"mail_from": "not an address"},
        FULL | {"mail_from": "Shop <chat@shop.example>\r\nBcc: x@y.example"},
        FULL | {"smtp_security": "ssl"},
        FULL | {"smtp_user": "post"},
        FULL | {"smtp_password": "secret"},
        FULL | {"smtp_user": "post", "smtp_password": "secret", "smtp_security": "none"},
    ],
)
def test_half_a_configuration_stops_the_start(settings):
    with pytest.raises(BadSettings):
        load_settings({}, None, **settings)


def test_the_password_is_not_printed_with_the_settings():
    settings = load_settings({}, None, **FULL, smtp_user="post", smtp_password="hunter2hunter2")
    assert "hunter2" not in repr(settings)
