"""A mail as any slice writes one, and what may stand in its lines. Pure.

It lies below the slices because several of them write mails and one of them sends them.
"""

import re
import unicodedata
from collections.abc import Mapping

import msgspec
from msgspec import Struct

from chatserver.errors import Invalid

SUBJECT_CHARS = 200
TEXT_CHARS = 100_000
# What a slice may set beside From, To, Subject, Date and Message-ID.
HEADERS = frozenset({"Reply-To", "In-Reply-To", "References", "List-Unsubscribe"})
# Nothing that a header's grammar knows: one address is one address, whoever reads it.
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,190}")
# Control, format (bidi, zero width), surrogate, private use, unassigned, line and paragraph ends.
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_KIND = re.compile(r"[a-z_]{1,32}")


class Mail(Struct, frozen=True):
    """`kind` is what the outbox calls it; without `html` it is plain text alone."""

    kind: str
    to: str
    subject: str
    text: str
    html: str = ""
    headers: Mapping[str, str] = {}


class Answer(Struct, frozen=True):
    """What an agent wrote to a visitor who was not there to read it. `quote`: what it answers."""

    name: str
    text: str
    files: tuple[str, ...] = ()
    quote: str = ""


class Answers(Struct, frozen=True):
    """What a mail to that visitor says. `earlier`: so many answers before these; `link` leads back
    into the chat for `days`, `refusal` to where one wants no more of these mails. `language` is a
    tag as browsers send it."""

    to: str
    language: str
    site: str
    answers: tuple[Answer, ...]
    earlier: int
    link: str
    days: int
    refusal: str


def checked(mail: Mail) -> Mail:
    """The mail with a subject of one line. Raises Invalid with every field that is wrong."""
    tidy = msgspec.structs.replace(mail, subject=line(mail.subject)[:SUBJECT_CHARS].strip())
    problems = {
        "kind": _KIND.fullmatch(tidy.kind),
        "to": is_address(tidy.to),
        "subject": tidy.subject,
        "text": tidy.text and _is_text(tidy.text),
        "html": _is_text(tidy.html),
        "headers": all(_is_header(name, value) for name, value in tidy.headers.items()),
    }
    if wrong := {name: "unknown" for name, is_fine in problems.items() if not is_fine}:
        raise Invalid("this mail cannot be sent", fields=wrong)
    return tidy


def is_address(text: str) -> bool:
    """Whether it is one bare address in ASCII. What needs SMTPUTF8 is not sent yet."""
    return bool(_ADDRESS.fullmatch(text))


def line(text: str) -> str:
    """The text on one line, without what ends, hides or turns around a line."""
    spaced = "".join(" " if char.isspace() else char for char in text)
    visible = (char for char in spaced if unicodedata.category(char) not in _INVISIBLE)
    return " ".join("".join(visible).split())


def _is_text(text: str) -> bool:
    """Half surrogates cannot be written as bytes."""
    return len(text) <= TEXT_CHARS and text == text.encode(errors="ignore").decode()


def _is_header(name: str, value: str) -> bool:
    return name in HEADERS and value.isascii() and value == line(value) and len(value) <= 900
